//! What the client told one of us of email, and what was said against it, as plain values.

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::command::Command;
use handoffd::referral::contact::{Channel, Contact, ContactResult};
use handoffd::referral::decide::{Decision, Rules, decide};
use handoffd::referral::event::Event;
use handoffd::referral::letter::Part;
use handoffd::referral::packet::consent::How;
use handoffd::referral::packet::{Confidence, Field, Found, Judged, Packet};
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::record::{BounceReason, Referral};
use handoffd::referral::roster::Mode;
use handoffd::referral::safety::Withheld;

use super::office::{at, opened, packet, rules};

fn email(judged: Judged) -> Packet {
    let mut packet = Packet::default();
    let (value, place) = ("as said".to_owned(), "text line 1".to_owned());
    packet.put(Field::SafeEmail, Found { value, judged, confidence: Confidence::High, place });
    packet
}

fn said(command: Command) -> Event {
    Event::Commanded { by: Actor::Host, commands: vec![command] }
}

fn doubt() -> Event {
    let doubt = email(Judged::Unclear("a warning".to_owned()));
    Event::Warned { doubt, then: Box::new(Event::PersonWrote { who: Party::Sender }) }
}

fn safe(asked_at: DateTime<Utc>) -> Event {
    said(Command::EmailSafe { how: How::Phone, asked_at: Some(asked_at) })
}

/// A referral, and an hour between any two things that happen to it.
struct Life {
    rules: Rules,
    referral: Referral,
    now: DateTime<Utc>,
}

impl Life {
    fn opened(missing: Vec<Field>) -> Life {
        let (rules, now) = (rules(Mode::Enforce), at("2026-11-24T15:00:00Z"));
        let mut carried = Packet::default();
        for (field, found) in packet("normal").iter().filter(|(field, _)| !missing.contains(field)) {
            carried.put(field, found.clone());
        }
        let referral = opened(&rules, carried, missing, now).referral;
        Life { rules, referral, now }
    }

    fn happens(&mut self, event: &Event) -> Decision {
        self.now += TimeDelta::hours(1);
        let decision = decide(&self.rules, &self.referral, event, self.now);
        self.referral = decision.referral.clone();
        decision
    }
}

fn to_client(decision: &Decision) -> usize {
    decision.letters.iter().filter(|letter| letter.to.part == Part::Client).count()
}

#[test]
fn a_senders_yes_that_was_asked_for_is_none_once_somebody_spoke_against_email() {
    for against in [said(Command::EmailNotSafe { why: String::new() }), doubt()] {
        let mut life = Life::opened(vec![Field::SafeEmail]);
        life.happens(&against);
        assert_eq!(life.referral.missing, [], "the sender is not asked any more");
        assert_eq!(life.referral.status.word(), "Under Review");
        let yes = Event::Supplemented { packet: email(Judged::Yes), conflicts: Vec::new() };
        // Asked for all the same, by somebody's word.
        life.referral.missing.push(Field::SafeEmail);
        let decision = life.happens(&yes);
        assert_eq!(to_client(&decision), 0, "{:?}", decision.facts);
        let known = life.referral.packet.get(Field::SafeEmail).map(|found| found.judged.clone());
        assert_ne!(known, Some(Judged::Yes));
    }
    let mut life = Life::opened(vec![Field::SafeEmail]);
    let yes = Event::Supplemented { packet: email(Judged::Yes), conflicts: Vec::new() };
    life.happens(&yes);
    let known = life.referral.packet.get(Field::SafeEmail).map(|found| found.judged.clone());
    assert_eq!(known, Some(Judged::Yes), "where nobody did, it is one");
}

#[test]
fn tries_by_email_while_it_was_unsafe_prove_nothing_after_it_was_told_safe() {
    let attempt = || said(Command::Attempt { channel: Channel::Email, result: ContactResult::NoAnswer });
    let bounce = || said(Command::Bounce { reason: BounceReason::BadContactInfo, added: None });
    for (then, counts) in [(attempt(), true), (said(Command::Note { text: "n".to_owned() }), false)] {
        let mut life = Life::opened(Vec::new());
        life.happens(&doubt());
        life.happens(&attempt());
        let asked_at = life.now;
        life.happens(&safe(asked_at));
        assert!(life.referral.email_told.is_some());
        life.happens(&then);
        life.happens(&bounce());
        let Contact::Bounced { attempts_logged, .. } = life.referral.contact else { panic!("given up") };
        assert_eq!(attempts_logged, counts);
    }
}

#[test]
fn a_doubt_of_another_referral_that_withheld_a_letter_is_asked_about_here_and_settled_by_a_later_answer() {
    let mut life = Life::opened(Vec::new());
    let written_at = life.now;
    let why = Withheld::DoubtedAddress;
    life.happens(&Event::LetterWithheld { why, written_at, is_first: false });
    assert_eq!(life.referral.address_doubted_at, Some(life.now));
    life.happens(&safe(written_at));
    assert!(life.referral.email_told.is_none(), "an answer to an earlier letter");
    let asked_at = life.now;
    life.happens(&safe(asked_at));
    assert!(life.referral.email_told.is_some());
}

#[test]
fn the_host_reads_which_doubt_its_word_goes_over() {
    let mut life = Life::opened(Vec::new());
    life.happens(&doubt());
    let asked_at = life.now + TimeDelta::hours(1);
    let told = life.happens(&safe(asked_at)).said.join(" ");
    assert!(told.contains("over the doubt of 2026-11-24 11:00"), "{told}");
}
