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
