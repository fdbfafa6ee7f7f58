//! Letters as a recipient, a mail program and an attacker see them.

mod answers;
mod clients;

use std::collections::BTreeSet;
use std::fs;

use handoffd::letters::compose::{Head, compose, message_id};
use handoffd::letters::render::Templates;
use handoffd::letters::token::SecretKey;
use handoffd::letters::{Organisation, Rendered, WayBack};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::letter::Body;
use handoffd::referral::packet::Field;
use handoffd::report::figures::Figures;
use handoffd::report::measures::sheet;
use handoffd::report::{digest, periodic, pilot};

/// What people and robots put into fields to break a mail.
const HOSTILE: [&str; 14] = [
    "Ann\r\nBcc: victim@example.org",
    "Ann\nBcc: victim@example.org\n\nSecond body",
    "nul\0bell\u{7}escape\u{1b}[31m",
    "exe\u{202e}fdp \u{2066}isolated\u{2069} zero\u{200b}width \u{feff}",
    "line\u{2028}paragraph\u{2029}next\u{85}line",
    "{{ 7*7 }} {% for x in y %} ${7*7} #{7*7} <%= 7*7 %>",
    "</p><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\n.\n",
    "\r\n.\r\n",
    "\r.\r",
    "=?utf-8?Q?Ann=0D=0ABcc:_victim=40example.org?=",
    "\"Ann\" <ann@example.org>, victim@example.org",
    "ünïcødé 漢字 🙂 ﷽",
    "From someone",
];

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn organisation() -> Organisation {
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
        reasons: Vec::new(),
    }
}

pub(crate) fn templates() -> Templates {
    Templates::load(None).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

fn render(body: &Body, language: &str) -> Rendered {
    let organisation = organisation();
    templates()
        .render(body, language, &organisation, &WayBack::to(organisation.inbox.with_tag("token")))
        .unwrap()
}

fn sample(kind: &str) -> Body {
    Body::samples().into_iter().find(|body| body.kind() == kind).unwrap()
}

fn mail_from(name: &str, answers: Option<&str>, bulk: bool, rendered: &Rendered) -> Vec<u8> {
    let organisation = organisation();
    let id = message_id("7 receipt ann day-1", Some("token"), &SecretKey::of([7; 32]), "example.org");
    let head = Head {
        from_name: name,
        from: &organisation.inbox,
        to: &address("ann@partner.example.org"),
        reply_to: &organisation.inbox.with_tag("token"),
        message_id: &id,
        date: "2026-11-20T15:00:00Z".parse().unwrap(),
        answers,
        thread: &[],
        bulk,
    };
    compose(rendered, &head).unwrap()
}

fn mail(rendered: &Rendered) -> Vec<u8> {
    mail_from("Hudson Legal Aid", Some("abc@partner.example.org"), false, rendered)
}

/// The header fields as (name, whole field); the test fails on anything a strict relay would mind.
fn lint(bytes: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(bytes).expect("mails of ours are ASCII, so UTF-8");
    assert!(bytes.is_ascii(), "a byte outside ASCII");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "a bare CR or LF");
    assert!(!text.contains('\0'), "a NUL");
    assert!(text.split("\r\n").all(|line| line.len() <= 998), "a line over 998");
    let (header, _) = text.split_once("\r\n\r\n").expect("a header and a body");
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in header.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            fields.last_mut().expect("a field before its continuation").1.push_str(line);
        } else {
            let (name, _) = line.split_once(':').expect("a name before the colon");
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{name}");
            fields.push((name.to_ascii_lowercase(), line.to_owned()));
        }
        let long_id = ["Message-ID", "In-Reply-To", "References"].iter().any(|id| line.starts_with(id));
        assert!(line.len() <= 78 || long_id, "a long header line: {line}");
    }
    for once in ["from", "to", "date", "message-id", "subject", "reply-to", "auto-submitted", "mime-version"]
    {
        assert_eq!(fields.iter().filter(|(name, _)| name == once).count(), 1, "{once}");
    }
    assert!(fields.iter().all(|(name, _)| name != "bcc" && name != "cc"));
    let field = |name: &str| &fields.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(field("to"), "To: ann@partner.example.org");
    assert_eq!(field("x-auto-response-suppress"), "X-Auto-Response-Suppress: All");
    fields
}

/// The same letter with `text` wherever a letter can hold text from outside.
fn with_text(body: Body, text: &str) -> Body {
    let set = |field: &mut String| text.clone_into(field);
    let mut body = body;
    match &mut body {
        Body::Receipt(receipt) => {
            for line in &mut receipt.referrals {
                line.partner_reference = Some(text.to_owned());
                set(&mut line.owner);
                line.remarks.iter_mut().for_each(set);
            }
        }
        Body::Outcome { partner_reference, .. } => *partner_reference = Some(text.to_owned()),
        Body::Assignment(task)
        | Body::ConflictFlag(task)
        | Body::Reminder(task)
        | Body::Escalation(task)
        | Body::Stopped(task)
        | Body::FinalWarning { task, .. }
        | Body::BounceNotice { task, .. }
        | Body::PersonWrote { task, .. } => {
            set(&mut task.owner);
            task.initials.iter_mut().for_each(set);
            task.questions.iter_mut().for_each(set);
        }
        Body::RedirectOffer(offer) => set(&mut offer.owner),
        Body::RedirectOver { owner, .. } => set(owner),
        Body::RedirectNews { task, partner, .. } => {
            set(&mut task.owner);
            set(partner);
            task.questions.iter_mut().for_each(set);
        }
        Body::Done { task, done, asked, refused, .. } => {
            set(&mut task.owner);
            done.iter_mut().chain(asked).chain(refused).for_each(set);
        }
        Body::NotDone { suggestions, .. } => suggestions.iter_mut().for_each(set),
        Body::Absence(absence) => {
            set(&mut absence.name);
            absence.cover.iter_mut().for_each(set);
            absence.due.iter_mut().for_each(|line| set(&mut line.owner));
        }
        Body::Summary { referrals, .. } => {
            for line in referrals {
                set(&mut line.owner);
                set(&mut line.news);
                line.answers.iter_mut().for_each(set);
            }
        }
        Body::Details(details) => details.lines.iter_mut().for_each(|line| set(&mut line.value)),
        Body::History { lines, .. } => lines.iter_mut().for_each(set),
        Body::StatusAnswer { referrals, .. } => referrals.iter_mut().for_each(|line| set(&mut line.owner)),
        Body::Alert { what, remedy } => {
            set(what);
            set(remedy);
        }
        Body::NeutralReceipt { .. }
        | Body::AlreadyHave { .. }
        | Body::NeedsInfo { .. }
        | Body::LoopBack { .. }
        | Body::ClientConfirmation { .. }
        | Body::ClientUpdate { .. }
        | Body::ClientTrying { .. }
        | Body::ClientAlternatives { .. }
        | Body::ClientAnswer { .. }
        | Body::BlankForm
        | Body::Help { .. } => {}
    }
    body
}

#[test]
fn every_letter_renders_in_every_language_with_every_sample() {
    assert_eq!(templates().check(&organisation()), []);
    assert_eq!(digest::check(&templates(), &organisation()), []);
    assert_eq!(pilot::check(&templates(), &organisation()), []);
    assert_eq!(sheet::check(&templates(), &organisation()), []);
    assert_eq!(periodic::check(&templates(), &organisation()), []);
    assert!(Templates::load_checked(None, &organisation(), |_| Vec::new()).is_ok());
}

#[test]
fn every_kind_of_letter_has_an_english_text_and_every_folder_a_kind() {
    let kinds: BTreeSet<String> = Body::samples().iter().map(|body| body.kind().to_owned()).collect();
    for kind in &kinds {
        assert!(templates().languages(kind).contains(&"en".to_owned()), "{kind}");
    }
    let folders = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap();
    let mut folders: BTreeSet<String> =
        folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(
        ["parts", "digest", "pilot", "measures", "weekly", "monthly"]
            .iter()
            .all(|other| folders.remove(*other))
    );
    assert_eq!(folders, kinds);
}

#[test]
fn no_text_from_outside_reaches_a_header_or_makes_a_line() {
    let (templates, long) = (templates(), "n".repeat(10_000));
    let harmless = "two words";
    for body in Body::samples() {
        let mut organisation = organisation();
        let reply_to = organisation.inbox.with_tag("token");
        let lines = |rendered: &Rendered| rendered.text.lines().count();
        let plain = templates
            .render(&with_text(body.clone(), harmless), "en", &organisation, &WayBack::to(reply_to.clone()))
            .unwrap();
        for hostile in HOSTILE.into_iter().chain([long.as_str()]) {
            organisation.name = hostile.to_owned();
            let body = with_text(body.clone(), hostile);
            let rendered =
                templates.render(&body, "en", &organisation, &WayBack::to(reply_to.clone())).unwrap();
            assert_eq!(lines(&rendered), lines(&plain), "{} with {hostile:?}", body.kind());
            assert!(!rendered.text.contains("49") && rendered.text.len() < 12_000);
            if let Some(html) = &rendered.html {
                assert!(!html.contains("<script") && !html.contains("<img"), "{}", body.kind());
            }
            let fields = lint(&mail_from(hostile, Some(hostile), false, &rendered));
            assert!(fields.iter().all(|(name, _)| name != "in-reply-to"), "{hostile:?}");
            let subject = hostile.chars().take(60).collect();
            let hostile_words = Rendered { subject, text: hostile.to_owned(), html: None };
            lint(&mail(&hostile_words));
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_words_make_a_mail_that_passes_the_lint(name: String, subject in ".{0,60}", text: String, id: String) {
        lint(&mail_from(&name, Some(&id), false, &Rendered { subject, text: text.clone(), html: Some(text) }));
    }
}

#[test]
fn a_long_thread_is_named_by_its_newest_letters() {
    let organisation = organisation();
    let thread: Vec<String> = (0..100).map(|n| format!("{n}@example.org")).collect();
    let head = Head {
        from_name: &organisation.name,
        from: &organisation.inbox,
        to: &address("ann@partner.example.org"),
        reply_to: &organisation.inbox,
        message_id: "id@example.org",
        date: "2026-11-20T15:00:00Z".parse().unwrap(),
        answers: Some("x@partner.example.org"),
        thread: &thread,
        bulk: false,
    };
    let fields = lint(&compose(&render(&sample("receipt"), "en"), &head).unwrap());
    let references = &fields.iter().find(|(name, _)| name == "references").unwrap().1;
    assert!(references.contains("<80@example.org>") && !references.contains("<79@example.org>"));
    assert!(references.ends_with("<99@example.org> <x@partner.example.org>"));
}

#[test]
fn two_other_parsers_read_what_was_written() {
    for body in Body::samples() {
        let rendered = render(&with_text(body, "Zoë Müller: {{ 7*7 }} <b>"), "es");
        let bytes = mail(&rendered);
        lint(&bytes);
        let one = mail_parser::MessageParser::new().parse(&bytes).unwrap();
        let other = mailparse::parse_mail(&bytes).unwrap();
        let text_part = other.subparts.first().unwrap_or(&other);
        let header = |name| mailparse::MailHeaderMap::get_first_value(&other.headers[..], name).unwrap();
        assert_eq!(one.subject().unwrap(), rendered.subject);
        assert_eq!(header("Subject"), rendered.subject);
        assert_eq!(one.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), rendered.text.trim_end());
        assert_eq!(text_part.get_body().unwrap().replace("\r\n", "\n").trim_end(), rendered.text.trim_end());
        assert_eq!(one.message_id(), Some(header("Message-ID").trim_matches(['<', '>'])));
        assert_eq!(one.to().unwrap().first().unwrap().address(), Some("ann@partner.example.org"));
        if let Some(html) = &rendered.html {
            assert_eq!(one.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), html.trim_end());
        }
    }
}

#[test]
fn no_length_of_a_line_costs_a_letter_its_words() {
    for length in 60..1_100 {
        for text in
            [format!("{}\n", "n".repeat(length)), format!("Dear all,\n\n{}\nend\n", "n".repeat(length))]
        {
            let words =
                Rendered { subject: "a line".to_owned(), text: text.clone(), html: Some(text.clone()) };
            let bytes = mail(&words);
            lint(&bytes);
            let read = mail_parser::MessageParser::new().parse(&bytes).unwrap();
            assert_eq!(
                read.body_text(0).unwrap().replace("\r\n", "\n").trim_end(),
                text.trim_end(),
                "{length}"
            );
            assert_eq!(
                read.body_html(0).unwrap().replace("\r\n", "\n").trim_end(),
                text.trim_end(),
                "{length}"
            );
        }
    }
}

#[test]
fn the_same_letter_is_the_same_bytes_every_time() {
    for body in Body::samples() {
        assert_eq!(mail(&render(&body, "en")), mail(&render(&body, "en")), "{}", body.kind());
    }
}

#[test]
fn an_answer_says_what_it_answers_and_that_a_machine_wrote_it() {
    let rendered = render(&sample("receipt"), "en");
    let value = |bytes: &[u8], wanted: &str| {
        lint(bytes).into_iter().find(|(name, _)| name == wanted).map(|(_, field)| field)
    };
    let answer = mail(&rendered);
    assert_eq!(value(&answer, "auto-submitted").unwrap(), "Auto-Submitted: auto-replied");
    assert_eq!(value(&answer, "in-reply-to").unwrap(), "In-Reply-To: <abc@partner.example.org>");
    assert_eq!(value(&answer, "references").unwrap(), "References: <abc@partner.example.org>");
    assert_eq!(value(&answer, "precedence"), None);
    let fresh = mail_from("Front desk", None, true, &rendered);
    assert_eq!(value(&fresh, "auto-submitted").unwrap(), "Auto-Submitted: auto-generated");
    assert_eq!(value(&fresh, "references"), None);
    assert_eq!(value(&fresh, "precedence").unwrap(), "Precedence: bulk");
}

#[test]
fn a_message_id_neither_counts_nor_names() {
    let (one, other) = (SecretKey::of([1; 32]), SecretKey::of([2; 32]));
    let id = message_id("R-1 receipt ann 1", None, &one, "example.org");
    assert_eq!(id, message_id("R-1 receipt ann 1", None, &one, "example.org"));
    assert_ne!(id, message_id("R-1 receipt ann 2", None, &one, "example.org"));
    assert_ne!(id, message_id("R-1 receipt ann 1", None, &other, "example.org"));
    assert!(!id.contains("ann") && id.ends_with("@example.org") && id.len() == 24 + 12);
    assert!(message_id("k", Some("token"), &one, "example.org").ends_with(".token@example.org"));
}

#[test]
fn a_partner_learns_the_outcome_and_never_the_reason() {
    let closed = render(&sample_outcome("closed"), "en").text.to_lowercase();
    for word in ["conflict", "capacity", "eligib", "income", "already"] {
        assert!(!closed.contains(word), "{word}");
    }
}

fn sample_outcome(wanted: &str) -> Body {
    let is = |body: &Body| matches!(body, Body::Outcome { outcome, .. } if *outcome == wanted);
    Body::samples().into_iter().find(is).unwrap()
}

#[test]
fn a_language_falls_back_to_its_base_and_then_to_english() {
    let body = sample("client-confirmation");
    assert_eq!(render(&body, "es-MX").text, render(&body, "es").text);
    assert_eq!(render(&body, "ES_mx").text, render(&body, "es").text);
    assert_eq!(render(&body, "so").text, render(&body, "en").text);
    assert_eq!(templates().reviewed_by("client-confirmation", "es").as_deref(), Some("not yet reviewed"));
}

#[test]
fn the_digest_begins_with_the_sum_in_text_and_in_html() {
    let rendered = digest::write(&Figures::sample(), &templates(), &organisation()).unwrap();
    assert_eq!(rendered.subject, "Daily digest 2026-11-20: 3 overdue");
    assert!(rendered.text.starts_with("48 mails in = 12 referrals + "));
    let html = rendered.html.as_deref().unwrap();
    let shown = html.split("<body").nth(1).unwrap();
    assert!(shown.find("48 mails in").unwrap() < shown.find("Fri 20 Nov 2026").unwrap());
    lint(&mail_from("Hudson Legal Aid", None, true, &rendered));
}

#[test]
fn a_digest_that_does_not_add_up_says_so_first_and_in_its_subject() {
    let mut figures = Figures::sample();
    figures.mails.received += 1;
    let rendered = digest::write(&figures, &templates(), &organisation()).unwrap();
    assert_eq!(rendered.subject, "Daily digest 2026-11-20: the sum does not add up, 3 overdue");
    assert!(rendered.text.starts_with("THE SUM DOES NOT ADD UP: 49 mails in, but "));
}

#[test]
fn hostile_figures_stay_text() {
    for hostile in HOSTILE {
        let mut figures = Figures::sample();
        figures.notes = vec![hostile.to_owned()];
        figures.overdue[0].owner = hostile.to_owned();
        figures.delivery_failures[0].letter = hostile.to_owned();
        let rendered = digest::write(&figures, &templates(), &organisation()).unwrap();
        let html = rendered.html.clone().unwrap();
        assert!(!html.contains("<script") && !html.contains("<img"));
        lint(&mail(&rendered));
    }
}

#[test]
fn a_folder_of_the_organisation_replaces_letters_and_their_html() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("assignment")).unwrap();
    let own = "Subject: Yours: {{ letter.reference }}\n\nHello {{ letter.owner }}\n";
    fs::write(folder.path().join("assignment/en.txt"), own).unwrap();
    let (templates, org) = (Templates::load(Some(folder.path())).unwrap(), organisation());
    let rendered =
        templates.render(&sample("assignment"), "en", &org, &WayBack::to(org.inbox.clone())).unwrap();
    assert_eq!(rendered.subject, "Yours: R-N0ZM-MZ5K");
    assert_eq!((rendered.text.as_str(), rendered.html), ("Hello Maria Ortiz\n", None));
}

#[test]
fn all_mistakes_in_templates_are_told_at_once_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("receipt/en.txt", "Subject: Got it\n\nline 3\n{{ letter.refrence }}\n"),
        ("assignment/en.txt", "Subject: x\n\n{% if %}\n"),
        ("needs-info/en.txt", "Dear partner,\n\nplease\n"),
        ("loop-back/en.txt", "Subject: Größe\n\nx\n"),
        ("reciept/en.txt", "Subject: x\n\nx\n"),
        ("help/English.txt", "Subject: x\n\nx\n"),
        ("client-confirmation/en.txt", "Subject: Hi\n\nSee https://example.org/x\n"),
        ("client-confirmation/en.html", "<p>Hi</p>"),
    ] {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    fs::write(folder.path().join("receipt/es.txt"), b"Subject: x\n\n\xff\xfe").unwrap();
    let mistakes =
        Templates::load_checked(Some(folder.path()), &organisation(), |_| Vec::new()).err().unwrap();
    let root = format!("{}/", folder.path().display());
    let mut told: Vec<String> = mistakes.iter().map(|m| m.to_string().replace(&root, "")).collect();
    told.sort();
    insta::assert_snapshot!("mistakes", told.join("\n"));
}

#[test]
fn no_subject_shows_a_value_and_no_locked_phone_the_name_of_the_house() {
    let folder = tempfile::tempdir().unwrap();
    let own = |kind: &str, text: &str| {
        fs::create_dir_all(folder.path().join(kind)).unwrap();
        fs::write(folder.path().join(kind).join("en.txt"), text).unwrap();
        Templates::load_checked(Some(folder.path()), &organisation(), |_| Vec::new())
    };
    let house =
        "Subject: Your request\n\n{{ org.name }} got it. {{ letter.reference }}. Reply STOP to end this.\n";
    let templates = own("client-answer", house).unwrap();
    let notes = templates.lock_screen_notes(&organisation(), &[]);
    assert!(
        notes.iter().any(|note| note.starts_with("client-answer/en.txt: the subject or the first")),
        "{notes:?}"
    );
    let mistakes = own("details", "Subject: About {{ letter.lines[0].value }}\n\nx\n").err().unwrap();
    assert!(mistakes[0].to_string().contains("the subject shows a value of the referral"), "{}", mistakes[0]);
    fs::remove_dir_all(folder.path().join("details")).unwrap();
    let staff = "Subject: {{ letter.task.initials }} A. P. came back\n\nx\n";
    let notes = own("bounce-notice", staff).unwrap().lock_screen_notes(&organisation(), &[]);
    let shows =
        |note: &String| note.starts_with("bounce-notice/en.txt: the subject shows the client's initials");
    assert_eq!(notes.iter().filter(|note| shows(note)).count(), 1, "{notes:?}");
}

#[test]
fn letters_read_like_this() {
    for kind in
        ["receipt", "client-confirmation", "assignment", "needs-info", "outcome", "blank-form", "help"]
    {
        let rendered = render(&sample(kind), "en");
        insta::assert_snapshot!(kind, format!("{}\n\n{}", rendered.subject, rendered.text));
    }
    for kind in ["client-update", "client-trying", "client-alternatives", "client-answer", "summary"] {
        let rendered = render(&sample(kind), "en");
        insta::assert_snapshot!(kind, format!("{}\n\n{}", rendered.subject, rendered.text));
    }
    let whole = mail(&render(&sample("client-confirmation"), "es"));
    insta::assert_snapshot!("mail-client-es", String::from_utf8(whole).unwrap().replace("\r\n", "\n"));
    let rendered = digest::write(&Figures::sample(), &templates(), &organisation()).unwrap();
    insta::assert_snapshot!("digest", format!("{}\n\n{}", rendered.subject, rendered.text));
}
