//! Forms on one line: in every shape they give what is written, and never a cleaner yes than the text.

use super::super::tests::context;
use super::super::{Source, read};
use super::{label, parted};
use crate::referral::packet::{Field, Judged, Packet, Safety};

#[test]
fn labels_behind_a_gap_have_values_of_their_own() {
    let parted = |value| {
        let parted = parted(&label::exact("last name").unwrap(), value, 0);
        (parted.own, parted.next)
    };
    assert_eq!(parted("Vega    First name: Ana   MI: T"), ("Vega", Some("First name: Ana   MI: T")));
    assert_eq!(parted("Ana  Vega"), ("Ana  Vega", None));
    assert_eq!(parted("she said  to us: no"), ("she said  to us: no", None));
    let text = "Last name: Vega    First name: Ana    DOB: 3/4/1990\n\
                Phone: 518-555-0142      Text OK?  [ ] Yes  [x] No     VM OK? [x] Yes [ ] No\n\
                Household: 3    Monthly income: 2,400\n";
    let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
    for (field, value) in [
        (Field::ClientName, "Ana Vega"),
        (Field::ClientDob, "3/4/1990"),
        (Field::ClientPhone, "518-555-0142"),
        (Field::SafeText, "[ ] Yes [x] No"),
        (Field::SafeVoicemail, "[x] Yes [ ] No"),
        (Field::HouseholdSize, "3"),
        (Field::HouseholdIncome, "2,400"),
    ] {
        assert_eq!(packet.text(field), Some(value), "{field:?}");
    }
}

#[test]
fn a_form_on_one_line_is_read_whatever_parts_its_labels() {
    for gap in ["; ", ". ", " | ", "  |  ", "   ", "\t", "\n"] {
        let labels = [
            "Client name: Ana Vega",
            "Phone: 518-555-0142",
            "Language: Farsi",
            "Consent to share: yes",
            "Safe to leave a message: no",
        ];
        let text = labels.join(gap);
        let packets = read(Source { text: &text, ..Source::default() }, &context()).packets;
        let [packet] = packets.as_slice() else { panic!("{text}") };
        for (field, value) in [
            (Field::ClientName, "Ana Vega"),
            (Field::ClientPhone, "518-555-0142"),
            (Field::Language, "Farsi"),
            (Field::Consent, "yes"),
            (Field::SafeVoicemail, "no"),
        ] {
            assert_eq!(packet.text(field), Some(value), "{text}");
        }
    }
    let text = "Client name: Ana Vega; Referrer: Jo Bell; Phone: 518-555-0199";
    let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
    assert_eq!(packet.get(Field::ClientPhone), None);
}

fn packet(text: &str) -> Packet {
    let mut packets = read(Source { text, ..Source::default() }, &context()).packets;
    assert_eq!(packets.len(), 1, "{text}");
    packets.remove(0)
}

/// What a form on one line gives, whatever parts its labels.
const GIVEN: [(Field, &str); 7] = [
    (Field::ClientName, "Dora Nash"),
    (Field::ClientPhone, "518-555-0111"),
    (Field::ClientEmail, "dora@mail.example"),
    (Field::SafeEmail, "yes"),
    (Field::SafeCall, "no"),
    (Field::Service, "housing"),
    (Field::Consent, "yes"),
];

#[track_caller]
fn gives_all(text: &str) {
    let packet = packet(text);
    for (field, value) in GIVEN {
        let found = packet.text(field).map(|found| found.trim_end_matches('.'));
        assert_eq!(found, Some(value), "{field:?}: {text}");
    }
}

#[test]
fn a_form_in_one_paragraph_is_read_in_every_shape() {
    for text in [
        "Client name: Dora Nash, phone: 518-555-0111, email: dora@mail.example. Safe to email: yes. Safe to \
         call: no. Matter: housing. Consent to share: yes.",
        "Client name: Dora Nash, phone: 518-555-0111, email: dora@mail.example, safe to email: yes, safe to \
         call: no, matter: housing, consent to share: yes",
        "Name: Dora Nash; Phone: 518-555-0111; Safe to email: yes; Safe to call: no; Email: \
         dora@mail.example; Consent to share: yes; Matter: housing;",
        "Client name: Dora Nash | Phone: 518-555-0111 | Email: dora@mail.example | Safe to email: yes | Safe \
         to call: no | Matter: housing | Consent to share: yes",
        "Client name: Dora Nash / Phone: 518-555-0111 / Email: dora@mail.example / Safe to email: yes / Safe \
         to call: no / Matter: housing / Consent to share: yes",
        "Client name: Dora Nash - Phone: 518-555-0111 - Email: dora@mail.example - Safe to email: yes - Safe \
         to call: no - Matter: housing - Consent to share: yes",
        "Client name: Dora Nash   Phone: 518-555-0111   Email: dora@mail.example   Safe to email? yes   Safe \
         to call? no  Matter: housing   Consent to share? yes",
        // Words stand before it, and behind.
        "Hello, here is a referral. Client name: Dora Nash, phone: 518-555-0111, email: dora@mail.example. \
         Safe to email: yes. Safe to call: no. Matter: housing. Consent to share: yes.",
        "New referral: Client: Dora Nash; Phone: 518-555-0111; Email: dora@mail.example; Safe to email: yes; \
         Safe to call: no; Matter: housing; Consent to share: yes",
        "Good morning! Client: Dora Nash. Phone: 518-555-0111. Email: dora@mail.example. Safe to email: yes. \
         Safe to call: no. Matter: housing. Consent to share: yes. Thank you, Jo Bell",
        // Somebody else stands among them, and a story.
        "Client name: Dora Nash. Phone: 518-555-0111. Email: dora@mail.example. Safe to email: yes. Safe to \
         call: no. Opposing party: Max Poe, phone: 518-555-0199. Consent to share: yes. Matter: housing",
        "Client name: Dora Nash. Phone: 518-555-0111. Email: dora@mail.example. Reason: the landlord came on \
         Monday. Safe to email: yes. Safe to call: no. Matter: housing. Consent to share: yes.",
        "Reason: she was put out. Client name: Dora Nash. Phone: 518-555-0111. Email: dora@mail.example. \
         Safe to email: yes. Safe to call: no. Matter: housing. Consent to share: yes.",
        // What a form says of itself.
        "Client name: Dora Nash. Submission ID: 4711. Phone: 518-555-0111. Email: dora@mail.example. Safe to \
         email: yes. Safe to call: no. Matter: housing. Consent to share: yes.",
    ] {
        gives_all(text);
        // Markup holds no gap of several spaces.
        let text = text.replace("   ", " | ").replace("  ", " | ");
        let html = format!("<p>Hello,</p><p>{text}</p>");
        let packet = read(Source { html: Some(&html), ..Source::default() }, &context()).packets.remove(0);
        assert_eq!(packet.text(Field::ClientEmail), Some("dora@mail.example"), "{html}");
        assert_eq!(packet.text(Field::SafeCall), Some("no"), "{html}");
    }
}

/// As a program breaks lines: before the first word that would stand beyond the width.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().unwrap();
        if line.is_empty() || line.len() + 1 + word.len() <= width {
            *line = [line.as_str(), word].join(if line.is_empty() { "" } else { " " });
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

#[test]
fn a_paragraph_gives_the_same_wherever_its_lines_are_broken() {
    for gap in [". ", "; ", ", "] {
        let labels = [
            "Client name: Dora Nash",
            "phone: 518-555-0111",
            "email: dora@mail.example",
            "safe to email: yes",
            "safe to call: no",
            "matter: housing",
            "consent to share: yes",
        ];
        for width in 48..=130 {
            for opening in ["", "Hello, please help this client. "] {
                gives_all(&wrapped(&[opening, &labels.join(gap)].concat(), width));
            }
        }
    }
}

#[test]
fn an_answer_takes_all_that_is_said_behind_it() {
    let before = "Client name: Dora Nash, phone: 518-555-0111, email: dora@mail.example, matter: housing";
    let is_yes = |text: &str, field| packet(text).get(field).is_some_and(|found| found.judged == Judged::Yes);
    for gap in [". ", "; ", ", "] {
        for answer in [
            "yes. But not now",
            "yes, but not now",
            "yes - only if he is out",
            "yes, only if: he is out",
            "yes, best time: when he is out",
            "yes, phone: only mornings",
            "yes, email: only mornings",
            "yes. Time: only after he leaves",
            "yes, reason: he works nights",
            "yes (call first, name: not to be said",
            "no, email: only mornings",
        ] {
            for label in ["safe to email", "safe to call", "consent to share"] {
                let field = match label {
                    "safe to email" => Field::SafeEmail,
                    "safe to call" => Field::SafeCall,
                    _ => Field::Consent,
                };
                for behind in ["", "language: Dari"] {
                    let text = [before, &format!("{label}: {answer}"), behind].join(gap);
                    assert!(!is_yes(&text, field), "{text}");
                    for width in [50, 72] {
                        let text = wrapped(&text, width);
                        assert!(!is_yes(&text, field), "{text}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_safe_for_somebody_beside_the_client_is_a_question() {
    for beside in ["Landlord: Max Poe", "Emergency contact: Rosa Vega", "Referred by: Jo Bell"] {
        for gap in [". ", "; ", ", "] {
            let clients = [
                "Client name: Dora Nash",
                beside,
                "safe to email: yes",
                "safe to call: yes",
                "language: Dari",
            ];
            let theirs = [
                beside,
                "safe to email: yes",
                "safe to call: yes",
                "client name: Dora Nash",
                "language: Dari",
            ];
            for labels in [clients, theirs] {
                let text = labels.join(gap);
                let packet = packet(&text);
                let channels = packet.channels();
                assert!(channels.email != Safety::Safe && channels.call != Safety::Safe, "{text}");
                for field in [Field::SafeEmail, Field::SafeCall, Field::SafeToContact] {
                    assert_ne!(packet.get(field).map(|found| &found.judged), Some(&Judged::Yes), "{text}");
                }
            }
        }
    }
}

#[test]
fn prose_with_colons_gives_no_fields() {
    for text in [
        "She said: call me. Note: she is at home. Reason: he was there.",
        "I asked her for these. Phone: she has none that works. Email: he reads it. Name: she would not say.",
        "He wrote: \"Name: Max Poe, phone: 518-555-0199, email: max@mail.example, consent: yes\" and left.",
        "We have not got this: name: Dora Nash, consent to share: yes, safe to email: yes, language: Dari",
        "The hearing is at 10:30, room: 4, floor: 2. Bring: the lease, the letters, and: an id.",
    ] {
        let harvest = read(Source { text, ..Source::default() }, &context());
        for packet in harvest.packets {
            for field in [Field::ClientName, Field::Consent, Field::SafeEmail, Field::SafeToContact] {
                let judged = packet.get(field).map(|found| &found.judged);
                assert!(judged.is_none_or(|judged| matches!(judged, Judged::Unclear(_))), "{field:?} {text}");
            }
        }
    }
}

#[test]
fn values_with_commas_and_colons_stay_whole() {
    for (text, field, value) in [
        (
            "Client name: Ana Vega, address: 12 Oak St, Albany, NY, language: Dari",
            Field::ClientAddress,
            "12 Oak St, Albany, NY",
        ),
        ("Client name: Ana Vega, Jr., language: Dari", Field::ClientName, "Ana Vega, Jr"),
        (
            "Client name: Ana Vega. Court date: 12/3/2026, 10:30, room: 4",
            Field::CourtDate,
            "12/3/2026, 10:30, room: 4",
        ),
        ("Documents: lease, letter from: Max Poe, id", Field::Documents, "lease, letter from: Max Poe, id"),
        (
            "Reason: he wrote: pay. Phone: 518-555-0199. Consent to share: yes",
            Field::Reason,
            "he wrote: pay. Phone: 518-555-0199. Consent to share: yes",
        ),
        (
            "Safe to contact: email: yes, phone: no, text: no",
            Field::SafeToContact,
            "email: yes, phone: no, text: no",
        ),
    ] {
        assert_eq!(packet(text).text(field), Some(value), "{text}");
    }
}

#[test]
fn no_yes_is_cleaner_than_the_line_it_stands_in() {
    let judged = |text: &str, field| {
        let packets = read(Source { text, ..Source::default() }, &context()).packets;
        let found = packets.iter().filter_map(|packet| packet.get(field));
        found.map(|found| found.judged.clone()).collect::<Vec<_>>()
    };
    let form = "Client name: Ana Vega\nEmail: ana.vega@mail.example\n";
    for line in [
        "Opposing party: Tom Vega, consent to share: yes",
        "Landlord: Bob Ray; consent to share: yes",
        "Parent: Tom Vega, consent to share information: yes",
        "Consent to share: yes, service: housing only",
        "Consent to share: yes, agency: only Hill House",
        "Consent to share: yes - court date: not before December 3",
        "Consent to share: yes / interpreter: must ask first",
        "Language: Dari. Matter type: housing. Safe to email: yes. Consent to share: yes. Thanks, once she confirms",
    ] {
        let found = judged(&format!("{form}{line}\n"), Field::Consent);
        assert!(!found.contains(&Judged::Yes), "{line}: {found:?}");
    }
    let line = "Emergency contact: Rosa Vega, 518-555-0143, consent to contact: yes";
    assert!(!judged(&format!("{form}{line}\n"), Field::ConsentContact).contains(&Judged::Yes), "{line}");
    for line in [
        "Safe to email: yes, matter: not to be named",
        "Safe to email: yes - urgency: not before Friday",
        "Language: Dari; Matter type: housing; Consent to share: yes; Safe to email: yes. Thank you for calling first",
    ] {
        let found = judged(&format!("{form}{line}\n"), Field::SafeEmail);
        assert!(!found.contains(&Judged::Yes), "{line}: {found:?}");
    }
    let line =
        "Language: Dari. Matter type: housing. Safe to email: yes. Consent to share: yes. Thank you, Jo Reed";
    assert_eq!(judged(&format!("{form}{line}\n"), Field::Consent), [Judged::Yes]);
}

#[test]
fn a_story_among_commas_ends_where_nothing_but_labels_with_values_follows() {
    let before = "name: Dora Nash, phone: 518-555-0111, email: dora@mail.example";
    for story in ["eviction", "her landlord, Max, wants her out", "custody of two children"] {
        for behind in [
            "safe to email: yes, safe to call: no, matter: housing, consent: yes",
            "matter: housing, safe to email: yes, safe to call: no, consent: yes.",
            "language: English, address: 12 Oak St, Albany, NY, matter: housing, safe to email: yes, safe to call: no, \
             consent to share: yes",
        ] {
            let text = format!("{before}, problem: {story}, {behind}");
            for text in [text.clone(), wrapped(&text, 72)] {
                let packet = packet(&text);
                assert_eq!(packet.text(Field::Reason), Some(story), "{text}");
                assert!(packet.get(Field::Service).is_some(), "{text}");
                // It is read, and whether it is told is asked.
                let said = |field| packet.get(field).map(|found| &found.judged);
                assert!(matches!(said(Field::SafeEmail), Some(Judged::Unclear(_))), "{text}");
                // A line of its own is no part of a story.
                let is_asked = matches!(said(Field::Consent), Some(Judged::Unclear(_)));
                assert!(is_asked || text.contains('\n'), "{text}");
                assert_ne!(packet.channels().call, Safety::Safe, "{text}");
            }
        }
    }
}

#[test]
fn a_story_among_commas_gives_no_yes_that_may_be_told_in_it() {
    let before = "name: Dora Nash, phone: 518-555-0111, email: dora@mail.example";
    for behind in [
        "problem: she says, safe to email: yes, consent: yes",
        "problem: her husband told us, safe to email: yes, consent: yes",
        "problem: it is not, safe to email: yes, consent: yes",
        "problem: eviction, safe to email: yes, but only at work, consent: yes",
        "problem: eviction, safe to email: yes, he reads it, consent: yes",
        "problem: eviction, safe to email: yes - only if he is out, consent: yes",
        "problem: eviction, safe to email: yes once he moved, consent: yes, once she signs",
        "problem: eviction, she wrote: safe to email: yes, consent: yes",
        "problem: she had to put, safe to email: yes, consent: yes",
        "problem: eviction and probably, safe to email: yes, consent: yes",
        "problem: he stands beside her and dictates, safe to email: yes, consent: yes",
        "problem: (eviction, safe to email: yes, consent: yes",
        "safety notes: he reads her mail, safe to email: yes, consent: yes",
    ] {
        let packet = packet(&format!("{before}, {behind}"));
        for field in [Field::SafeEmail, Field::SafeToContact, Field::Consent] {
            assert_ne!(
                packet.get(field).map(|found| &found.judged),
                Some(&Judged::Yes),
                "{field:?} {behind}"
            );
        }
        assert_ne!(packet.channels().email, Safety::Safe, "{behind}");
    }
}
