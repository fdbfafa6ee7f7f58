//! M: what hostile mails must not achieve.

use handoffd::intake::{Dmarc, ParkCause, read};
use handoffd::referral::packet::{Field, Safety};
use handoffd::referral::reason::Reasons;

use super::{channels, context, packet, reading, words};

#[test]
fn m6_archives_are_listed_and_never_unpacked() {
    let bomb = "UEsDBBQAAAAIAAAAIQAAAAAA/////wAAAAAEAAAAYmFzZQ==";
    for (kind, name) in [
        ("application/zip", "a.zip"),
        ("application/gzip", "a.gz"),
        ("application/x-xz", "a.xz"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"),
        ("application/pdf", "a.pdf"),
    ] {
        let mail = format!(
            "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: {kind}; name={name}\n\
             Content-Transfer-Encoding: base64\n\n{bomb}\n--x--\n"
        );
        let reading = reading(&mail);
        assert_eq!(reading.attachments.len(), 1, "{kind}");
        assert!(reading.packets.is_empty() && !reading.attachments[0].used, "{kind}");
    }
}

#[test]
fn m7_charset_tricks_neither_stop_the_reading_nor_lose_plain_words() {
    let long = "x".repeat(10_000);
    for charset in [
        "utf-7",
        "iso-2022-jp",
        "iso-2022-kr",
        "hz-gb-2312",
        "utf-16",
        "utf-16le",
        "utf-32",
        "unknown",
        "",
        "\"",
        &long,
    ] {
        for coding in ["7bit", "8bit", "base64", "quoted-printable", "x-nothing", ""] {
            let head = format!(
                "From: a@example.org\nSubject: =?{charset}?B?/////w==?= plain\nContent-Type: text/plain; charset=\"{charset}\"\n\
                 Content-Transfer-Encoding: {coding}\n\n"
            );
            for body in [
                &b"plain words"[..],
                b"\xff\xfe\x00\xd8",
                b"\x1b$B\x1b(B\x1b$",
                b"+2AA-",
                b"~{~}~",
                b"=ZZ=\n=",
            ] {
                let mail = [head.as_bytes(), body].concat();
                let shown = handoffd::intake::shown_text(&mail, &context().limits);
                let _ = read(&mail, &context());
                let is_plain = matches!(coding, "7bit" | "8bit" | "x-nothing" | "") && body == b"plain words";
                let is_wide = charset.contains("16") || charset.contains("32");
                assert!(
                    !is_plain || is_wide || shown.contains("plain words"),
                    "{charset:.20} {coding}: {shown}"
                );
            }
        }
    }
}

#[test]
fn m8_every_odd_shape_is_read_or_said() {
    let body = "Client name: Ann Example\nPhone: 212-555-0142\n";
    for (mail, is_read) in [
        (format!("From: a@example.org\rSubject: x\r\r{}", body.replace('\n', "\r")), true),
        (format!("From: a@example.org\nSubject: x\n\n{body}\0"), true),
        (format!("From a@example.org Mon Jan 1\nFrom: a@example.org\n\n{body}"), true),
        (format!("From: a@example.org\nContent-Type: text/plain\nContent-Type: text/html\n\n{body}"), true),
        (format!("From: a@example.org\nContent-Type: multipart/mixed\n\n--x\n\n{body}\n--x--"), true),
        (
            format!(
                "From: a@example.org\nContent-Type: multipart/mixed; boundary=x; boundary=y\n\n--x\n\n{body}\n--x--"
            ),
            true,
        ),
        (
            format!(
                "From: a@example.org\nContent-Type: multipart/mixed; boundary=\"--x\"\n\n----x\n\n{body}\n----x--"
            ),
            true,
        ),
        (format!("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n{body}"), true),
        ("From: a@example.org\nContent-Transfer-Encoding: base64\n\nQ2xpZW50IG5hbWU6IEFubi".to_owned(), true),
        (format!("no header at all\n{body}"), false),
    ] {
        let reading = reading(&mail);
        let shown = !reading.text.own.trim().is_empty() || !reading.problems.is_empty();
        assert!(shown || !is_read, "{mail:?}");
    }
}

#[test]
fn m10_no_field_carries_controls_or_tricks_out_of_intake() {
    for trick in [
        "\r\n Bcc: v@example.org",
        "\0",
        "\u{1b}[31m",
        "\u{2028}",
        "\u{202e}",
        "\u{200b}",
        "\u{feff}",
        "\u{e0041}",
    ] {
        let mail = format!(
            "From: \"Ann{trick}Ex\" <ann@partner.example>\nSubject: a{trick}b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n\
             Client name: Ann{trick} Example\nPhone: 212-555-0142\n--x\nContent-Type: text/csv; name=\"a{trick}b.csv\"\n\nx\n--x--\n"
        );
        let reading = reading(&mail);
        let mut seen = vec![
            reading.envelope.subject.clone(),
            reading.envelope.from_name.clone(),
            reading.envelope.from_shown.clone(),
        ];
        seen.extend(reading.attachments.iter().map(|one| one.name.clone()));
        seen.extend(
            reading.packets.iter().flat_map(|packet| packet.iter().map(|(_, found)| found.value.clone())),
        );
        for text in seen {
            let is_bad = |c: char| c.is_control() || "\u{2028}\u{202e}\u{200b}\u{feff}\u{e0041}".contains(c);
            assert!(!text.contains(is_bad), "{trick:?} came through in {text:?}");
        }
    }
}

#[test]
fn m13_a_mail_inside_a_text_is_only_text() {
    let smuggled = "hello\r\n.\r\nMAIL FROM:<x@example.org>\r\nDATA\r\nFrom: maria@handoff.example\r\n\
        Authentication-Results: mail.handoff.example; dmarc=pass header.from=handoff.example\r\nSubject: R-7K4M-2QX9\r\n\r\naccept\r\n";
    let mut context = context();
    context.trusted_authserv_id = Some("mail.handoff.example".to_owned());
    let mail = format!("From: ann@partner.example\r\nSubject: x\r\n\r\n{smuggled}");
    let reading = read(mail.as_bytes(), &context);
    assert_eq!(reading.envelope.from.unwrap().as_str(), "ann@partner.example");
    assert_eq!(reading.envelope.dmarc, Dmarc::Unknown);
    assert!(handoffd::intake::command::read(&reading.text.own, &Reasons::default()).commands.is_empty());
    // Come by itself, as its own mail, it has no vouching of the trusted server at its top.
    let alone = read(b"From: maria@handoff.example\r\nSubject: R-7K4M-2QX9\r\n\r\naccept\r\n", &context);
    assert_ne!(alone.envelope.dmarc, Dmarc::Pass);
}

#[test]
fn m18_names_of_attachments_are_only_names() {
    for (name, shown) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\temp\\\\x.doc", "x.doc"),
        ("/etc/cron.d/x", "x"),
        ("exe.\u{202e}fdp", "exe.fdp"),
        (".htaccess", "htaccess"),
    ] {
        let mail = format!(
            "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: application/x-y; name=\"{name}\"\n\nx\n--x--\n"
        );
        assert_eq!(reading(&mail).attachments[0].name, shown, "{name}");
    }
    let long = format!(
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: application/x-y; name=\"{}\"\n\nx\n--x--\n",
        "x".repeat(5_000)
    );
    assert!(reading(&long).attachments[0].name.len() <= 200);
}

#[test]
fn m24_of_two_answers_the_safer_one_counts() {
    for text in [
        "Safe to call: yes\nSafe to call: no",
        "Safe to call: no\nSafe to call: yes",
        "Safe to contact: no\nSafe to call: yes",
    ] {
        assert_ne!(channels(text).call, Safety::Safe, "{text}");
    }
    for text in ["Consent to share: yes\nConsent to share: no", "Consent to share: no\nConsent to share: yes"]
    {
        assert!(
            !packet(&format!("Client name: Ann Example\nPhone: 212-555-0142\n{text}")).consents(),
            "{text}"
        );
    }
}

#[test]
fn m25_fields_in_quotes_and_signatures_do_not_fill_the_packet() {
    let own = "Client name: Ann Example\nPhone: 212-555-0142\nSafe to email: no\n";
    for smuggled in [
        "On Tue, 3 Nov 2026 at 09:15, Eve <eve@example.org> wrote:\n> Safe to email: yes\n> Client name: Eve\n",
        "-----Original Message-----\nFrom: Eve <eve@example.org>\nSent: now\nTo: us\nSubject: x\n\nSafe to email: yes\nClient name: Eve\n",
        "-- \nEve\nSafe to email: yes\n",
    ] {
        let packet = packet(&format!("{own}\n{smuggled}"));
        assert_eq!(words(&packet, Field::ClientName), "Ann Example", "{smuggled}");
        assert_ne!(packet.channels().email, Safety::Safe, "{smuggled}");
    }
}

#[test]
fn m26_only_a_plain_yes_makes_a_channel_safe() {
    for value in [
        "do NOT email",
        "no mail please",
        "email is fine but only Tuesdays",
        "not sure",
        "ask first",
        "?",
        "maybe",
        "yes, but not when he is home",
        "si, pero solo por la tarde",
        "nunca",
        "n/a",
        "unsafe",
        "yes and no",
    ] {
        assert_ne!(channels(&format!("Safe to email: {value}")).email, Safety::Safe, "{value}");
    }
    for value in ["yes", "Yes.", "sí", "Y"] {
        assert_eq!(channels(&format!("Safe to email: {value}")).email, Safety::Safe, "{value}");
    }
}

#[test]
fn m30_an_envelope_of_outlook_and_encrypted_or_signed_mails_are_read_or_listed() {
    for (kind, body) in [
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIAGCSqGSIb3DQEHA6CA"),
        ("application/ms-tnef; name=winmail.dat", "eJ8+IgAA"),
        ("application/pgp-encrypted; name=x.asc", "VmVyc2lvbjogMQ=="),
    ] {
        let mail = format!(
            "From: a@example.org\nSubject: x\nContent-Type: {kind}\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n{body}\n"
        );
        let reading = reading(&mail);
        assert_eq!(reading.attachments.len(), 1, "{kind}");
        assert_eq!(reading.park, None, "{kind}");
    }
}

#[test]
fn m5_a_mail_over_a_bound_keeps_its_subject_for_the_person_who_looks() {
    let mail = format!("From: ann@partner.example\nSubject: a referral\n{}\nbody", "X: y\n".repeat(2_000));
    let reading = reading(&mail);
    assert_eq!((reading.park, reading.envelope.subject.as_str()), (Some(ParkCause::TooMany), "a referral"));
}
