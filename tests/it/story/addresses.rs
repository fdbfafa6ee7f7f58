//! One address and what several people said about it: the word that keeps letters away counts, whoever said it first.

use handoffd::referral::packet::{Field, Safety};
use handoffd::referral::record::FactKind;

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, referral, referral_with};
use crate::world::{OFFICE, World};

const REACHED: &str =
    "confirmed method email, language English, safe times any, next step clinic, deadline none";
const DOUBTED: &str = "another referral says not to write to that address";

/// The reasons in the record for which letters to the client were held back.
fn withheld(world: &World, place: usize) -> Vec<String> {
    let facts = world.history(place).into_iter();
    facts.filter(|fact| fact.kind == FactKind::ClientLetterWithheld).map(|fact| fact.words).collect()
}

/// The same person by the other partner, who says that writing to her is not safe.
fn by_another() -> Mail {
    let body = ANA.replace("Safe to email: yes", "Safe to email: no");
    Mail::from(OTHER_PARTNER).subject("Referral").body(&body)
}

#[test]
fn where_two_partners_disagree_about_an_address_no_letter_leaves_until_the_client_was_asked() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&by_another());
    world.receive(&referral());
    assert!(world.letters_to(CLIENT).is_empty());
    let hers = world.records().iter().position(|record| !withheld_by_its_own(record)).unwrap();
    assert_eq!(withheld(&world, hers), [DOUBTED]);
    assert!(world.record(hers).questions.iter().any(|question| question.contains(DOUBTED)));
    assert!(world.last_to(MARIA).text.replace('\n', " ").contains(DOUBTED), "the owner is told");
    // She was asked, and says that she reads her mail alone.
    world.pass("1h");
    world.answer(MARIA, REACHED);
    world.answer(MARIA, "accept");
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.end();
}

fn withheld_by_its_own(record: &handoffd::referral::record::Referral) -> bool {
    record.packet.text(Field::SafeEmail) == Some("no")
}

#[test]
fn a_no_that_another_partner_says_while_the_letter_waits_holds_it_back() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    world.receive(&by_another());
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty());
    let hers = world.records().iter().position(|record| !withheld_by_its_own(record)).unwrap();
    assert_eq!(withheld(&world, hers), [format!("a letter to the client was not sent: {DOUBTED}")]);
    world.end();
}

#[test]
fn a_stop_from_another_address_counts_where_it_answers_a_letter_to_the_client() {
    for (words, answers, counts) in [
        ("STOP", true, true),
        ("Please stop writing to me.", true, true),
        ("Thank you.", true, false),
        ("STOP", false, false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let task = world.last_to(MARIA);
        let answer =
            if answers { world.last_to(CLIENT).answer(words) } else { Mail::from(CLIENT).body(words) };
        let answer = answer.sent_by("ana.c@other.example").subject("Re: your mail");
        world.receive(&answer);
        world.receive(&task.answer("accept"));
        world.pass("1h");
        // Also who says no stop has a letter that was the client's: nobody knows who reads there.
        assert_eq!(world.letters_to(CLIENT).len(), 2 - usize::from(answers), "{words}");
        assert_eq!(world.record(0).stopped, counts, "{words}");
        assert!(world.letters_to("ana.c@other.example").is_empty() || !answers, "{words}");
        world.end();
    }
}

/// What a provider sends when somebody there presses "spam" (`abuse`), or takes it back (`not-spam`).
fn complaint(kind: &str, to: &str, message_id: &str) -> Mail {
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n--b\r\n\
         Content-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nUser-Agent: Loop/1\r\nVersion: 1\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: referrals@example.org\r\nTo: {to}\r\n\
         Message-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    );
    Mail::from("feedback@provider.example")
        .subject("Report")
        .header("MIME-Version", "1.0")
        .header("Content-Type", "multipart/report; report-type=feedback-report; boundary=b")
        .body(&body)
        .robot()
}

#[test]
fn who_complains_of_a_letter_to_the_client_has_said_stop_and_who_takes_it_back_has_not() {
    for (kind, counts) in [("abuse", true), ("not-spam", false)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let (letter, task) = (world.last_to(CLIENT), world.last_to(MARIA));
        let report = complaint(kind, CLIENT, &letter.message_id);
        world.receive(&report);
        assert_eq!(world.record(0).stopped, counts, "{kind}");
        world.receive(&task.answer("accept"));
        assert_eq!(world.letters_to(CLIENT).len(), 2 - usize::from(counts), "{kind}");
        let told = world.letters_to(MARIA).iter().any(|letter| letter.text.contains("asked to stop"));
        assert_eq!(told, counts, "the owner is told of it: {kind}");
        world.end();
    }
}

#[test]
fn a_complaint_of_a_partner_or_of_staff_is_told_as_what_it_is_and_takes_nothing_back() {
    for (to, named) in [(PARTNER, "the sender"), (OTHER_PARTNER, "North Clinic"), (MARIA, "staff (maria)")] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.answer(MARIA, "redirect to North Clinic: outside our county");
        let letter = world.last_to(to);
        let words = format!("somebody complained about our letter to {named}: it was marked as spam");
        for round in 1..3 {
            let before = world.letters().len();
            world.receive(&complaint("abuse", to, &letter.message_id));
            assert_eq!(world.count(0, FactKind::DeliveryFailed), 0, "it was delivered: {to}");
            assert_eq!(world.history(0).iter().filter(|fact| fact.words == words).count(), round, "{to}");
            assert_eq!(world.letters().len() - before, usize::from(round == 1), "told once: {to}");
        }
        assert!(world.record(0).questions.contains(&words), "{to}");
        assert!(world.letters().last().unwrap().text.contains(&words), "{to}");
        assert!(world.record(0).onward.is_some() && !world.record(0).stopped, "{to}");
        world.end();
    }
}

#[test]
fn a_stop_outlives_the_referral_it_was_said_about_until_staff_takes_it_back() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&Mail::from(CLIENT).subject("Re: Your request").body("stop"));
    let said = world.letters_to(CLIENT).len();
    let first = world.record(0).reference;
    world.forget(&first);
    world.pass("20d");
    // The same person, by a partner who knows nothing of it.
    world.receive(&Mail::from(OTHER_PARTNER).subject("Referral").body(ANA));
    assert_eq!(world.letters_to(CLIENT).len(), said);
    let second = world.records().remove(0);
    assert!(second.reference != first && second.stopped);
    assert!(second.questions.iter().any(|asked| asked.contains("we were asked not to write to the client")));
    world.answer(MARIA, "allow contact she told me on the phone");
    assert_eq!(world.letters_to(CLIENT).len(), said + 1, "staff took it back");
    world.answer(MARIA, "accept");
    assert_eq!(world.letters_to(CLIENT).len(), said + 2);
    // It was no stop of anybody else.
    let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    world.receive(&Mail::from(PARTNER).subject("Another").body(&other));
    assert_eq!(world.letters_to("bea@mail.example").len(), 1);
}

#[test]
fn staff_take_a_stop_back_on_the_day_on_which_the_referral_it_was_said_about_was_forgotten() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&Mail::from(CLIENT).subject("Re: Your request").body("stop"));
    let said = world.letters_to(CLIENT).len();
    let first = world.record(0).reference;
    world.forget(&first);
    world.receive(&Mail::from(OTHER_PARTNER).subject("Referral").body(ANA));
    world.answer(MARIA, "allow contact she told me on the phone");
    assert_eq!(world.letters_to(CLIENT).len(), said + 1, "staff took it back");
    world.answer(MARIA, "accept");
    assert_eq!(world.letters_to(CLIENT).len(), said + 2);
    // Whose letters nobody allowed again gets none, at the same address.
    let other = ANA.replace("Ana", "Bea").replace("0142", "0177");
    world.receive(&Mail::from(PARTNER).subject("Another").body(&other));
    assert_eq!(world.letters_to(CLIENT).len(), said + 2);
}

#[test]
fn a_spoken_yes_leaves_consent_to_share_among_what_is_missing_and_a_written_one_does_not() {
    for (words, left) in [
        ("consent yes, by phone, from the client", true),
        ("consent yes, in person, from the client", true),
        ("consent yes, in writing, from the client", false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Consent to share", ""));
        assert!(world.record(0).missing.contains(&Field::Consent));
        world.answer(MARIA, words);
        assert_eq!(world.record(0).missing.contains(&Field::Consent), left, "{words}");
        assert!(world.record(0).consent_told.is_some());
        world.answer(MARIA, "accept");
        assert!(!world.letters_to(CLIENT).is_empty(), "{words}: she may be written to");
        world.end();
    }
}

#[test]
fn the_digest_counts_letters_that_were_taken_and_tells_of_those_that_wait_or_were_held_back() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    world.receive(&Mail::from(PARTNER).subject("Another").body(&other));
    world.pass("1m");
    let digest = world.digest();
    assert!(
        digest.contains(
            "Clients written to: 0 of 2 new. Why not: the letter waits for its hour or for the mail server (2)."
        ),
        "{digest}"
    );
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    world.pass("14h");
    let digest = world.digest();
    let line = "Clients written to: 1 of 2 new. Why not: a letter to the client was not sent: we were asked not to \
                write to the client (1).";
    assert!(digest.contains(line), "{digest}");
}

#[test]
fn a_later_no_about_another_referral_outweighs_what_the_client_confirmed_before_it() {
    for (words, counts) in [
        ("Please do not email her, he reads it.", true),
        ("Safe to email: no", true),
        ("Thank you for taking this on.", false),
    ] {
        let mut world = World::at("2026-11-23 10:00");
        let silent =
            ANA.replace("Safe to email: yes\n", "").replace("Safe ways to contact: call, email\n", "");
        world.receive(&Mail::from(OTHER_PARTNER).subject("Referral").body(&silent));
        let receipt = world.last_to(OTHER_PARTNER);
        world.receive(&referral());
        world.pass("1d");
        let hers = world.letter(MARIA, "Action needed");
        world.receive(&hers.answer(REACHED));
        let said = world.letters_to(CLIENT).len();
        world.pass("1d");
        world.receive(&receipt.answer(words));
        world.pass("1h");
        world.receive(&hers.answer("accept"));
        assert_eq!(world.letters_to(CLIENT).len(), said + usize::from(!counts), "{words}");
        world.end();
    }
}

#[test]
fn who_was_asked_about_calls_was_not_asked_about_email_and_who_is_asked_again_is_heard_again() {
    let calls = REACHED.replace("method email", "method call");
    // Reached so before the other partner says no once more, reached so after it.
    for (before, after, leaves) in [
        (calls.as_str(), calls.as_str(), false),
        (REACHED, calls.as_str(), false),
        (calls.as_str(), REACHED, true),
        (REACHED, REACHED, true),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&by_another());
        let receipt = world.last_to(OTHER_PARTNER);
        world.receive(&referral());
        let hers = world.letter(MARIA, "Action needed");
        world.pass("1h");
        world.receive(&hers.answer(before));
        world.pass("1h");
        world.receive(&receipt.answer("Please do not email her, he reads it."));
        world.pass("1h");
        world.receive(&hers.answer(after));
        world.pass("1h");
        world.receive(&hers.answer("accept"));
        assert_eq!(world.letters_to(CLIENT).len(), usize::from(leaves), "{before} / {after}");
        world.end();
    }
}

#[test]
fn a_warning_by_the_client_is_heard_before_she_is_answered() {
    for (words, from, counts) in [
        ("My husband checks this email account, please call me at work.", CLIENT, true),
        ("Client name: Ana Canary\nSafe to email: no\nPhone: 617-555-0142", CLIENT, true),
        ("My husband checks this email account, please call me at work.", "ana.c@other.example", true),
        ("Thank you, please call me at work.", CLIENT, false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let task = world.last_to(MARIA);
        assert_eq!(world.letters_to(CLIENT).len(), 1);
        let answer = world.last_to(CLIENT).answer(words).sent_by(from).subject("Re: your mail");
        world.receive(&answer);
        assert_eq!(world.letters_to(CLIENT).len(), 2 - usize::from(counts), "{words}");
        assert_eq!(world.record(0).packet.channels().email == Safety::NotSafe, counts, "{words}");
        let told = world.last_to(MARIA).text.replace('\n', " ");
        assert_eq!(told.contains("speaks against what we hold"), counts, "{words}: {told}");
        world.receive(&task.answer("accept"));
        assert_eq!(world.letters_to(CLIENT).len(), if counts { 1 } else { 3 }, "{words}");
        world.end();
    }
}

#[test]
fn a_warning_by_the_partner_that_is_asked_to_take_it_on_is_heard_with_what_else_it_says() {
    const WARNING: &str = "Please do not email her, her husband reads her mail.";
    for (words, proven) in [
        (WARNING.to_owned(), true),
        (WARNING.to_owned(), false),
        (format!("decline no room\n\n{WARNING}"), true),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.pass("1h");
        world.answer(MARIA, "redirect to North Clinic: outside our county");
        let offer = world.last_to(OTHER_PARTNER);
        let reference = world.record(0).reference;
        let bare = Mail::from(OTHER_PARTNER).subject(&format!("About {}", reference.as_str())).body(&words);
        let said = world.letters_to(CLIENT).len();
        world.receive(&if proven { offer.answer(&words) } else { bare });
        assert_eq!(world.letters_to(CLIENT).len(), said, "{words}");
        assert_eq!(world.record(0).packet.channels().email, Safety::NotSafe, "{words}");
        assert_eq!(world.record(0).onward.is_none(), words.starts_with("decline"), "{words}");
        let told = world
            .letters_to(MARIA)
            .iter()
            .any(|letter| letter.text.replace('\n', " ").contains("speaks against what we hold"));
        assert!(told, "{words}");
        world.end();
    }
}

#[test]
fn of_a_copy_that_nothing_vouches_for_the_doubts_count_and_nothing_else() {
    let strict =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let pass = |domain: &str| format!("mx.example.org; dmarc=pass header.from={domain}");
    for (safe, counts) in [("no", true), ("yes", false)] {
        let mut world = World::with("2026-11-24 10:00", &strict);
        world.receive(&referral().header("Authentication-Results", &pass("harbor.example")));
        let task = world.last_to(MARIA);
        let said = world.letters_to(CLIENT).len();
        let receipts = world.letters_to(PARTNER).len();
        let note = if counts { "\nNotes: her brother reads her mail" } else { "" };
        let copy = referral_with("Safe to email", &[safe, note].concat());
        world.receive(&copy.subject("New referral, again"));
        let grounds: Vec<String> = world.record(0).packet.grounds().iter().map(str::to_owned).collect();
        assert_eq!(!grounds.is_empty(), counts, "{grounds:?}");
        assert!(!grounds.iter().any(|why| why.contains("brother")), "{grounds:?}");
        assert_eq!(world.records().len(), 1);
        assert_eq!(world.letters_to(PARTNER).len(), receipts, "nobody is answered");
        assert_eq!(world.record(0).packet.channels().email == Safety::NotSafe, counts);
        let told = world.last_to(MARIA).text.replace('\n', " ");
        assert_eq!(told.contains("speaks against what we hold"), counts, "{told}");
        world.receive(&task.answer("accept").header("Authentication-Results", &pass("example.org")));
        assert_eq!(world.letters_to(CLIENT).len(), said + usize::from(!counts));
        world.end();
    }
}
