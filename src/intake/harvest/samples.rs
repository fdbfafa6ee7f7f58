//! Mails whose answer stands elsewhere than in the form: whatever speaks against a yes is heard.

use crate::intake::{Reading, read, tests::context};
use crate::referral::packet::{Field, Judged, Packet, Safety};

/// The list that says yes to everything.
const LIST: &str = "Client name,Phone,Safe to email,Safe to call,Consent to share,Email\nAnn Lee,518-555-0101,yes,yes,yes,ann@m.example\n";

/// A mail with a body and files, each with its name, which tells its type.
fn mail(body: &str, files: &[(&str, &str)]) -> Reading {
    let file = |(name, text): &(&str, &str)| {
        format!(
            "--x\nContent-Type: application/octet-stream; name={name}\nContent-Disposition: attachment\n\n{text}\n"
        )
    };
    let files: String = files.iter().map(file).collect();
    let mail = format!(
        "From: Jo <jo@partner.example>\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{body}\n{files}--x--\n"
    );
    read(mail.as_bytes(), &context())
}

fn judged(packet: &Packet, field: Field) -> Option<&Judged> {
    packet.get(field).map(|found| &found.judged)
}

/// Whether some packet of the mail may be written to.
fn believes(reading: &Reading) -> bool {
    assert!(!reading.packets.is_empty());
    reading.packets.iter().any(|packet| packet.channels().email == Safety::Safe)
}

fn consents(reading: &Reading) -> bool {
    reading.packets.iter().any(|packet| judged(packet, Field::Consent) == Some(&Judged::Yes))
}

#[test]
fn a_no_behind_another_sentence_of_its_line_is_heard() {
    const FORM: &str = "Client name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    const BEFORE: &str = "She called me back this morning and has changed her mind about it all.";
    assert!(believes(&mail(FORM, &[])) && consents(&mail(FORM, &[])));
    for no in ["Safe to email: no, he reads her mail", "Safe to email: no", "Do not email: yes"] {
        assert!(!believes(&mail(&format!("{FORM}\n{BEFORE} {no}"), &[])), "{no}");
    }
    for no in ["Consent to share: no", "Consent to share: no, not any more"] {
        assert!(!consents(&mail(&format!("{FORM}\n{BEFORE} {no}"), &[])), "{no}");
    }
    let call = mail(&format!("{FORM}\n{BEFORE} Safe to call: no"), &[]);
    assert!(believes(&call) && call.packets[0].channels().call != Safety::Safe);
    assert!(believes(&mail(&format!("{FORM}\n{BEFORE} Safe to email: yes"), &[])));
    // Nothing reads it as a form.
    for name in ["note.txt", "note.md"] {
        assert!(!believes(&mail(FORM, &[(name, "Safe to email: no\n")])), "{name}");
    }
}

#[test]
fn a_sentence_behind_an_initial_is_heard_by_itself() {
    const FORM: &str = "Client name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\n";
    for line in [
        "Safe to leave a voicemail: yes, ask for Maria G. He reads her email.",
        "Consent given on: 11/3/2026 by Maria G. Her husband reads her email.",
    ] {
        assert!(!believes(&mail(&format!("{FORM}{line}"), &[])), "{line}");
    }
    let form = FORM.replace("Email:", "Opposing party: Robert O. Ray\nEmail:");
    assert!(!believes(&mail(&format!("{form}\nMr. O. Ray reads her mail."), &[])));
}
