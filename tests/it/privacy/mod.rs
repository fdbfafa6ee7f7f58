//! Nobody gets hurt by a mail: who is written to, who stops it, what lies on the disk, what goes away (issue 5).

mod canary;
mod keys;
mod looking;
mod modes;
mod office;
mod oracle;
mod types;

use chrono::TimeDelta;
use handoffd::referral::letter::Part;
use handoffd::referral::record::FactKind;
use office::{Office, referral};

const PARTNER: &str = "intake@partner.example";

fn pair(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

#[tokio::test]
async fn a_client_is_written_to_in_their_language_and_a_stop_reaches_what_was_not_sent() {
    for (from, subject, words) in [
        ("ann@client.example", "Re: Your request", "xin đừng gửi nữa"),
        ("Ann+x@client.example", "STOP", ""),
        ("ann@client.example", "Automatic reply: Your request", "STOP\nI am away."),
    ] {
        let mut office = Office::open().await;
        office
            .mail(
                PARTNER,
                "Referral",
                &referral("Ann Smith", "518 555 0141", "ann@client.example", "Language: Vietnamese"),
            )
            .await;
        assert_eq!(office.client_letters().await, [pair("client-confirmation", "queued")]);
        office.mail(from, subject, words).await;
        office.send().await;
        assert_eq!(office.client_letters().await, [pair("client-confirmation", "withheld")], "{words}");
        let letters = office.desk.store.letters_since(0).await.unwrap();
        assert!(
            letters.iter().any(|line| line.kind == "stopped" && line.part == Part::Staff),
            "staff is told"
        );
        // A later referral of the same person at the same address is stopped too, until staff takes it back.
        office
            .mail(PARTNER, "Referral again", &referral("Ann Smith", "518 555 0142", "ann@client.example", ""))
            .await;
        office.send().await;
        assert_eq!(office.client_letters().await.len(), 1);
    }
}

#[tokio::test]
async fn a_letter_that_was_let_go_is_sent_in_the_clients_language() {
    let mut office = Office::open().await;
    office
        .mail(
            PARTNER,
            "Referral",
            &referral("Ann Smith", "518 555 0141", "ann@client.example", "Language: Vietnamese"),
        )
        .await;
    office.send().await;
    assert_eq!(office.client_letters().await, [pair("client-confirmation", "sent")]);
    office.mail("ann@client.example", "Re: Your request", "When is my appointment?").await;
    office.mail("ann@client.example", "Re: Your request", "Hello?").await;
    office.send().await;
    let letters = office.client_letters().await;
    assert_eq!(
        letters,
        [pair("client-confirmation", "sent"), pair("client-answer", "sent")],
        "one answer until somebody looked"
    );
    let sent = office::files(&office.dir.path().join("outbox"));
    assert!(sent.iter().any(|(_, mail)| office::holds(mail, "Ch=C3=BAng t=C3=B4i")), "in Vietnamese");
}

#[tokio::test]
async fn an_address_of_two_clients_gets_no_letter_not_even_the_one_that_waits() {
    let mut office = Office::open().await;
    office.mail(PARTNER, "Referral", &referral("Ann Smith", "518 555 0141", "ann@client.example", "")).await;
    office.mail(PARTNER, "Referral", &referral("Bo Jones", "518 555 0177", "ann@client.example", "")).await;
    office.send().await;
    assert_eq!(office.client_letters().await, [pair("client-confirmation", "withheld")]);
}

#[tokio::test]
async fn staff_takes_a_stop_back_with_a_reason_only() {
    let mut office = Office::open().await;
    office.mail(PARTNER, "Referral", &referral("Ann Smith", "518 555 0141", "ann@client.example", "")).await;
    office.mail("ann@client.example", "Re: Your request", "stop").await;
    let reference = office.newest().await;
    let refused = office.run(&["act", "--config-first", &reference, "allow", "contact"]);
    assert!(!refused.status.success(), "{refused:?}");
    let words =
        ["act", "--config-first", &reference, "allow", "contact", "she", "told", "Maria", "by", "phone"];
    let done = office.run(&words);
    assert!(done.status.success(), "{done:?}");
    let stored = office.desk.store.list(true, 1).await.unwrap();
    assert!(!stored[0].referral.stopped);
}

#[tokio::test]
async fn an_admin_says_on_the_host_that_the_client_called_email_safe_and_the_history_names_the_host() {
    let mut office = Office::open().await;
    let warned =
        referral("Ann Smith", "518 555 0141", "ann@client.example", "Notes: Her husband reads her mail.");
    office.mail(PARTNER, "Referral", &warned).await;
    assert!(office.client_letters().await.is_empty());
    let reference = office.newest().await;
    let refused = office.run(&["act", "--config-first", &reference, "email", "safe"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("email safe, by phone"), "{said}");
    let told =
        ["act", "--config-first", &reference, "email", "safe,", "by", "phone,", "from", "the", "client"];
    let done = office.run(&told);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && said.contains("email to the client is noted as safe"), "{done:?}");
    assert_eq!(office.client_letters().await, [pair("client-confirmation", "queued")]);
    let history = office.run(&["history", &reference]).stdout;
    let history = String::from_utf8_lossy(&history).into_owned();
    assert!(history.contains("email told to us: safe, on the phone (host)"), "{history}");
    let letters = |office: &Office| String::from_utf8(office.run(&["show", &reference]).stdout).unwrap();
    assert!(letters(&office).contains("may go to the client in safe hours"));
    assert!(office.run(&["act", "--config-first", &reference, "email", "not", "safe"]).status.success());
    assert!(letters(&office).contains("email was not marked as safe"));
}

#[tokio::test]
async fn what_is_shown_of_a_consent_is_what_the_gate_says_of_it() {
    let mut office = Office::open().await;
    let unclear = referral("Ann Smith", "518 555 0141", "ann@client.example", "Referrer name: John Doe")
        .replace("Consent to share: yes", "Consent to share: verbal, see notes");
    office.mail(PARTNER, "Referral", &unclear).await;
    let reference = office.newest().await;
    let shown = |office: &Office| {
        let json = office.run(&["show", &reference, "--json"]).stdout;
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let text = String::from_utf8(office.run(&["show", &reference]).stdout).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("Letters ")).unwrap().trim().to_owned();
        (json["client"]["consent"].as_bool().unwrap(), line)
    };
    assert_eq!(shown(&office), (false, "there is no clear consent".to_owned()));
    let yes =
        ["act", "--config-first", &reference, "consent", "yes,", "by", "phone,", "from", "the", "client"];
    assert!(office.run(&yes).status.success());
    assert_eq!(shown(&office), (true, "may go to the client in safe hours".to_owned()));
    office.mail(PARTNER, &format!("Re: {reference}"), "Opposing party: John Doe\n").await;
    let why = "the opposing party seems to have given the consent";
    assert_eq!(shown(&office), (false, why.to_owned()), "a yes that was told is none the gate refuses");
}

#[tokio::test]
async fn a_forgotten_referral_is_nowhere_and_the_chain_holds() {
    let mut office = Office::open().await;
    office
        .mail(PARTNER, "Referral", &referral("Zanzibara Quixote", "518 555 0141", "ann@client.example", ""))
        .await;
    office.send().await;
    let reference = office.newest().await;
    let forbidden = office.run(&["hold", &reference, "--by", "maria", "--reason", "subpoena"]);
    assert!(forbidden.status.success(), "{forbidden:?}");
    assert!(!office.run(&["forget", &reference]).status.success(), "a hold beats it");
    assert!(!office.run(&["hold", &reference, "--by", "maria"]).status.success(), "a hold says why");
    assert!(!office.run(&["release", &reference, "--by", "sam"]).status.success(), "so does its end");
    let same = office.run(&["release", &reference, "--by", "maria", "--reason", "over"]);
    assert!(!same.status.success(), "the one who placed it cannot lift it");
    assert!(office.run(&["release", &reference, "--by", "sam", "--reason", "over"]).status.success());
    let stored = office.desk.store.list(true, 1).await.unwrap();
    let history = office.desk.store.history(&stored[0]).await.unwrap();
    for (kind, operator) in [(FactKind::LegalHold, "maria"), (FactKind::LegalRelease, "sam")] {
        let fact = history.iter().find(|fact| fact.kind == kind).unwrap();
        assert!(format!("{:?} {}", fact.by, fact.words).contains(operator), "{kind:?} by {operator}");
    }
    let forgotten = office.run(&["forget", &reference]);
    assert!(forgotten.status.success(), "{forgotten:?}");
    let verified = office.run(&["verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    assert!(office.desk.store.list(true, 10).await.unwrap().is_empty());
    let (_, histories) = office.desk.store.audit_head(office.now() + TimeDelta::days(9000)).await.unwrap();
    assert_eq!(histories, 1, "the figures stay");
}

#[tokio::test]
async fn p30_one_of_two_people_in_a_mail_is_forgotten_and_the_other_is_whole() {
    let mut office = Office::open().await;
    let two = referral("Zanzibara Quixote", "518 555 0141", "zq@client.example", "Address: Quixotestreet 5")
        + "\n"
        + &referral("Bo Jones", "518 555 0177", "bo@client.example", "");
    office.mail(PARTNER, "Two people", &two).await;
    office.send().await;
    let all = office.desk.store.list(true, 10).await.unwrap();
    let named = |name: &str| {
        let of = |stored: &&handoffd::store::records::Stored| {
            stored.referral.packet.text(handoffd::referral::packet::Field::ClientName) == Some(name)
        };
        all.iter().find(of).unwrap().referral.clone()
    };
    let (gone, stays) = (named("Zanzibara Quixote"), named("Bo Jones"));
    let forgotten = office.run(&["forget", gone.reference.as_str()]);
    assert!(forgotten.status.success(), "{forgotten:?}");
    assert!(office.desk.store.raw(1).await.is_err(), "the mail held both");
    let left = office.desk.store.list(true, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].referral, stays);
    assert!(!office.desk.store.history(&left[0]).await.unwrap().is_empty());
    for (path, bytes) in office::files(office.dir.path()) {
        let place = path.strip_prefix(office.dir.path()).unwrap();
        if !place.starts_with("inbox") && !place.starts_with("outbox") {
            assert!(!office::holds(&bytes, "Quixote"), "{}", place.display());
        }
    }
    let verified = office.run(&["verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    // The other's clock still runs.
    office.pass(TimeDelta::hours(30)).await;
    let left = office.desk.store.load(std::slice::from_ref(&stays.reference)).await.unwrap();
    assert!(!office.desk.store.history(&left[0]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_old_enough_is_deleted_and_what_is_held_is_not() {
    let mut office = Office::open().await;
    for (name, phone, email) in [
        ("Ann Smith", "518 555 0141", "ann@client.example"),
        ("Bo Jones", "518 555 0177", "bo@client.example"),
    ] {
        office.mail(PARTNER, "Referral", &referral(name, phone, email, "")).await;
        let reference = office.newest().await;
        assert!(office.run(&["act", "--config-first", &reference, "close", "done"]).status.success());
    }
    let held = office.newest().await;
    assert!(office.run(&["hold", &held, "--by", "maria", "--reason", "subpoena"]).status.success());
    office.send().await;
    // `act` ran on the system's clock; a year later both are old by either.
    office.pass(TimeDelta::days(700)).await;
    let left = office.desk.store.list(true, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].referral.reference.to_string(), held);
    assert!(office.desk.store.raw(1).await.is_err(), "the first mail's key is gone");
    assert!(office.desk.store.raw(2).await.unwrap().is_some(), "the held one's is not");
    let verified = office.run(&["verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[tokio::test]
async fn p35_what_has_no_field_and_numbers_that_do_harm_stay_in_the_mail() {
    const HARMFUL: [&str; 4] = ["123-45-6789", "4111 1111 1111 1111", "987654321", "A123456789"];
    let mut office = Office::open().await;
    let more = "SSN: 123-45-6789\nImmigration status: Zanzibara\nReason for referral: rent; her SSN is 123-45-6789, \
                card 4111 1111 1111 1111\nSafety notes: A123456789, ssn 987654321\nFavourite colour: Zanzibara";
    office
        .mail(PARTNER, "Referral", &referral("Ann Smith", "518 555 0141", "ann@client.example", more))
        .await;
    office.send().await;
    let stored = office.desk.store.list(true, 1).await.unwrap();
    let packet = serde_json::to_string(&stored[0].referral).unwrap();
    assert!(
        packet.contains("***-**-****") && packet.contains("rent; her SSN"),
        "the story is there: {packet}"
    );
    let reference = office.newest().await;
    let shown = office.run(&["show", &reference, "--json"]);
    let letters = office::files(&office.dir.path().join("outbox"));
    assert!(!letters.is_empty());
    let raw = office.desk.store.raw(1).await.unwrap().unwrap();
    for word in HARMFUL.into_iter().chain(["Zanzibara"]) {
        assert!(office::holds(&raw, word), "the mail itself holds it: {word}");
        assert!(!packet.contains(word), "{word}");
        assert!(!office::holds(&shown.stdout, word), "{word}");
        assert!(letters.iter().all(|(_, letter)| !office::holds(letter, word)), "{word}");
    }
}
