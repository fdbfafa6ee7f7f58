//! Letters as a recipient sees them.

use handoffd::letters::Organisation;
use handoffd::letters::compose::{Head, compose};
use handoffd::letters::render::Templates;
use handoffd::referral::address::EmailAddress;
use handoffd::referral::letter::Body;
use handoffd::referral::packet::Field;

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn organisation() -> Organisation {
    Organisation {
        name: "Hudson Legal Aid".to_owned(),
        short_from_name: "Front desk".to_owned(),
        phone: "518 555 0100".to_owned(),
        phone_hours: "Monday to Friday, 9 to 5".to_owned(),
        callback_plan: "If we miss you, leave a safe number. We call back the same day.".to_owned(),
        acceptance_rules: Some("People who live in Hudson County.".to_owned()),
        interim_options: Some("The court help desk is open every morning.".to_owned()),
        zone: chrono_tz::America::New_York,
        inbox: address("intake@example.org"),
        required: Field::REQUIRED.to_vec(),
    }
}

#[test]
fn every_letter_renders_in_every_language() {
    let templates = Templates::load(None).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    assert_eq!(templates.check(&organisation()), []);
}

#[test]
fn print_all() {
    let templates = Templates::load(None).unwrap();
    let org = organisation();
    for body in Body::samples() {
        for language in templates.languages(body.kind()) {
            let rendered = templates.render(&body, &language, &org, &org.inbox.with_tag("t0ken")).unwrap();
            if let Some(html) = &rendered.html {
                std::fs::write(format!("/tmp/letters-{}.html", body.kind()), html).unwrap();
            }
            println!("=== {} {language}\n{}\n\n{}", body.kind(), rendered.subject, rendered.text);
            let to = address("ann@example.org");
            let head = Head {
                from_name: "Front desk",
                from: &org.inbox,
                to: &to,
                reply_to: &org.inbox,
                message_id: "abc@example.org",
                date: "2026-11-20T15:00:00Z".parse().unwrap(),
                answers: Some("x@y"),
                thread: &[],
                bulk: false,
            };
            let bytes = compose(&rendered, &head).unwrap();
            if body.kind() == "client-confirmation" {
                println!("{}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn print_digest() {
    let templates = Templates::load(None).unwrap();
    let org = organisation();
    let figures = handoffd::report::digest::sample();
    let rendered = handoffd::report::digest::write(&figures, &templates, &org).unwrap();
    println!("{}\n\n{}", rendered.subject, rendered.text);
    std::fs::write("/tmp/letters-digest.html", rendered.html.unwrap_or_default()).unwrap();
    let wrong = handoffd::report::digest::Figures {
        mails: handoffd::report::digest::Mails { received: 49, ..figures.mails },
        ..figures.clone()
    };
    let rendered = handoffd::report::digest::write(&wrong, &templates, &org).unwrap();
    std::fs::write("/tmp/letters-wrong.html", rendered.html.unwrap_or_default()).unwrap();
    assert_eq!(handoffd::report::digest::check(&templates, &org), []);
}
