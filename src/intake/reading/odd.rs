//! Mails whose text stands where programs look for marks, fields or quotes: whatever they warn of is heard.

use super::{ODD, Reading, read};
use crate::intake::Silence;
use crate::intake::tests::context;
use crate::referral::packet::{Field, Judged};

const FORM: &str =
    "Client name: Ann Lee\nEmail: ann@mail.example\nSafe to email: yes\nConsent to share: yes\n";

const WARNS: &str = "Do NOT email her, he reads her mail.";

fn of(fields: &str, body: &str) -> Reading {
    read(format!("From: ann@partner.example\nSubject: x\n{fields}\n{body}").as_bytes(), &context())
}

/// Nobody may take it for safe to write to the client.
fn is_doubted(reading: &Reading) -> bool {
    let mut safe = reading.packets.iter().filter_map(|packet| packet.get(Field::SafeEmail)).peekable();
    safe.peek().is_some() && safe.all(|found| found.judged != Judged::Yes)
}

#[test]
fn a_warning_below_an_unsure_heading_is_heard() {
    for heading in [
        "Court notice of\n11/25/2026 09:15 AM\n\nTo\nAnn Lee\n\nSubject\nEviction",
        "Ann Smith/Harbor\n11/25/2026 09:15 AM\n\nTo\nAnn Lee\n\nSubject\nEviction",
        "From\nAnn Smith\nTo\nAnn Lee\nDate\n11/25/2026 09:15 AM\nSubject\nEviction",
        "        Ann Smith/Harbor\n        11/03/2026 09:15 AM\n                                To:     Intake\n                                \
         cc:\n                                Subject:        Re: Handoff",
    ] {
        assert!(!is_doubted(&of("", &format!("{FORM}\n{heading}\n\nsee you\n"))), "{heading}");
        assert!(is_doubted(&of("", &format!("{FORM}\n{heading}\n\n{WARNS}\n"))), "{heading}");
    }
}

#[test]
fn a_warning_in_what_looks_like_a_notice_or_a_footer_is_heard() {
    for said in [
        "She came from outside of the county to get away from him. Please do not email her, he reads her email and \
         knows her password.",
        "CONFIDENTIALITY NOTICE: this is for the intended recipient. Please do not email her, he reads her email.",
        "Sent from my iPhone\n\nPlease do not email her, he reads her email.",
        "Sent by my neighbor because my husband checks my phone every night\n\nPlease do not email me, he reads my mail.",
        "-- \nAnn Smith\nPlease do not email her, he reads her email.",
    ] {
        assert!(is_doubted(&of("", &format!("{FORM}\n{said}\n"))), "{said}");
    }
    for said in [
        "CONFIDENTIALITY NOTICE: this is for the intended recipient. If you are not, do not read, copy or forward it.",
        "CAUTION: external email: Do not click links or open attachments unless you know that the content is safe.",
        "Sent from my iPhone",
    ] {
        assert!(!is_doubted(&of("", &format!("{FORM}\n{said}\n"))), "{said}");
    }
}

#[test]
fn m8_what_is_dropped_from_among_the_fields_is_heard_and_said() {
    let part = |fields: &str| {
        let fields = format!("Content-Type: multipart/mixed; boundary=b1\n\n--b1\n{fields}\n{FORM}\n--b1--");
        of(&fields, "")
    };
    for reading in [
        of(&format!("Content-Transfer-Encoding: quoted-printable\n{WARNS}\n"), FORM),
        of(&format!("{WARNS}\nContent-Transfer-Encoding: quoted-printable\n"), FORM),
        of(&format!("{WARNS}\nDate: hearing is 12/3\n"), FORM),
        of(&format!("{WARNS}\nHe reads it.\nX-Id: 1\n"), FORM),
        part(&format!("    {WARNS}\n")),
        part("email=no, he reads her mail\n"),
        part(&format!("{WARNS}\nContent-Type: text/plain\n")),
    ] {
        assert!(reading.problems.iter().any(|one| one == ODD), "{:?}", reading.text.own);
        let whole = [reading.text.own.as_str(), &reading.text.removed].concat();
        assert!(whole.contains("reads her mail"), "{whole}");
        assert!(is_doubted(&reading), "{whole}");
    }
    let coded = format!("Content-Transfer-Encoding: base64\n{WARNS}\n");
    let reading = of(
        &coded,
        "Q2xpZW50IG5hbWU6IEFubiBMZWUKRW1haWw6IGFubkBtYWlsLmV4YW1wbGUKU2FmZSB0byBlbWFpbDogeWVzCg==\n",
    );
    assert!(is_doubted(&reading), "{}", reading.text.own);
}

#[test]
fn a7_a_field_below_a_broken_one_still_keeps_us_silent() {
    for (field, silence) in [
        ("Auto-Submitted: auto-replied\nPrecedence: bulk", Silence::AutoSubmitted),
        ("Autosubmitted: auto-replied", Silence::AutoSubmitted),
        ("Precedence: bulk", Silence::Precedence),
        ("Feedback-Id: 1:campaign", Silence::SuppressHeader),
        ("Autorespond: yes", Silence::SuppressHeader),
        ("Mailing-List: list friends@example.org", Silence::MailingList),
    ] {
        let reading = of(&format!("Comments: I am away until\nMonday\n{field}\n"), "Please call Bo.");
        assert_eq!(reading.silence, Some(silence), "{field}");
    }
    assert_eq!(of("Comments: I am away until\nMonday\n \nPrecedence: bulk\n", "text").silence, None);
}
