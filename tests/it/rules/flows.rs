//! Ten thousand generated flows, as plain values: what a packet says and what happens to it is drawn from a seed. Of
//! each letter it is looked at whether it may be and what facts it holds, of some what their reader sees (RELIABILITY
//! §4, P1 to P14). Whether a client may be written to is said by the draws themselves, not by the rules.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use handoffd::letters::render::Templates;
use handoffd::letters::{Organisation, WayBack, revealing};
use handoffd::referral::command::Command;
use handoffd::referral::conflict::Finding;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Channel, ContactResult};
use handoffd::referral::decide::{Decision, Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::letter::{Letter, Part};
use handoffd::referral::packet::consent::{By, How, Scope};
use handoffd::referral::packet::{Confidence, Field, Found, Judged, Packet};
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::policy::Tier;
use handoffd::referral::record::{BounceReason, Referral, Status};
use handoffd::referral::roster::{Mode, StaffId};
use handoffd::referral::safety::{Gate, Withheld, gate};

use super::office::{CANARY, CLIENT, OPPOSING, address, at, holds, later, opened, packet, rules};
use crate::letters;
use crate::rig::draws::Draws;

const FLOWS: usize = 10_000;
/// What happens after the referral came.
const STEPS: usize = 4;

/// The kinds of letters about one referral that follow from what happens here.
const KINDS: [&str; 20] = [
    "assignment",
    "bounce-notice",
    "client-alternatives",
    "client-answer",
    "client-confirmation",
    "client-trying",
    "client-update",
    "done",
    "escalation",
    "final-warning",
    "loop-back",
    "needs-info",
    "outcome",
    "person-wrote",
    "receipt",
    "redirect-news",
    "redirect-offer",
    "redirect-over",
    "reminder",
    "stopped",
];

fn put(packet: &mut Packet, field: Field, judged: Judged) {
    let (value, confidence) = (CANARY.to_owned(), Confidence::High);
    packet.put(field, Found { value, judged, confidence, place: "text line 1".to_owned() });
}

fn unclear() -> Judged {
    Judged::Unclear("perhaps".to_owned())
}

fn until(date: &str) -> Judged {
    Judged::YesUntil { date: date.parse().unwrap(), time: None }
}

/// One way in which a packet speaks against a letter: which of its fields does.
fn speak_against(packet: &mut Packet, draws: &mut Draws) -> Field {
    let mail = |address: &str| Judged::Email { address: address.to_owned(), problem: None };
    let no_email = Scope { share: true, ..Scope::default() };
    let (field, judged) = match draws.below(17) {
        0 => (Field::Consent, Judged::No),
        1 => (Field::Consent, unclear()),
        2 => (Field::Consent, until("2026-11-22")),
        3 => (Field::ConsentContact, Judged::No),
        4 => (Field::ConsentBy, Judged::By(By::OpposingParty)),
        5 => (Field::ConsentBy, Judged::By(By::SomebodyElse)),
        6 => (Field::ConsentScope, Judged::Scope(no_email)),
        7 => (Field::ConsentUntil, unclear()),
        8 => (Field::SafeEmail, Judged::No),
        9 => (Field::SafeEmail, unclear()),
        10 => (Field::SafeEmail, Judged::Text),
        11 => (Field::ClientEmail, mail("intake@harbor.example")),
        12 => (Field::ClientEmail, mail("info@mail.example")),
        13 => (Field::ClientEmail, mail("maria@example.org")),
        14 => (Field::ClientEmail, mail(&format!("{OPPOSING}@mail.example"))),
        15 => (Field::ClientEmail, Judged::Text),
        _ => (Field::BestTime, Judged::Text),
    };
    put(packet, field, judged);
    field
}

fn said(command: Command) -> Event {
    Event::Commanded { by: Actor::Staff(StaffId("maria".to_owned())), commands: vec![command] }
}

/// What something that happens means for letters to the client.
enum Turn {
    Nothing,
    Stop,
    StopTakenBack,
    Doubt,
    /// In answer to a letter of this instant.
    ToldSafe(DateTime<Utc>),
}

/// Something that happens, and what it means for letters to the client.
fn happening(draws: &mut Draws, now: DateTime<Utc>) -> (Event, Turn) {
    let because = || "because".to_owned();
    let event = match draws.below(24) {
        0 => said(Command::Attempt { channel: Channel::Call, result: ContactResult::NoAnswer }),
        1 => said(Command::Confirmed(Confirmation::default())),
        2 => said(Command::Conflict(Finding::Clear)),
        3 => said(Command::Conflict(Finding::Found { words: because() })),
        4 | 5 => said(Command::Accept),
        6 => said(Command::Decline { reason: because() }),
        7 => said(Command::Redirect { to: "North Clinic".to_owned(), reason: because() }),
        8 => said(Command::Needs { fields: vec![Field::Language] }),
        9 => {
            let reasons = [BounceReason::LanguageAccessGap, BounceReason::BadContactInfo];
            said(Command::Bounce { reason: reasons[draws.below(2)], added: None })
        }
        10 => said(Command::Close { reason: because() }),
        11 => said(Command::Reopen { reason: because() }),
        12 => said(Command::Raise { tier: Tier::Safety }),
        13 => Event::PersonWrote { who: Party::Client },
        14 => Event::DeliveryFailed { who: Party::Client, hard: true, to: None },
        15 => return (said(Command::DoNotContact), Turn::Stop),
        16 => return (Event::Stopped, Turn::Stop),
        17 => return (said(Command::AllowContact { reason: because() }), Turn::StopTakenBack),
        18 | 19 => {
            let before = [0, draws.below(24 * 60)][draws.below(2)];
            let asked_at = later(now, -i64::try_from(before).unwrap());
            let told = Command::EmailSafe { how: How::Phone, asked_at: Some(asked_at) };
            return (said(told), Turn::ToldSafe(asked_at));
        }
        20 => return (said(Command::EmailNotSafe { why: because() }), Turn::Doubt),
        21 | 22 => {
            let mut packet = Packet::default();
            put(&mut packet, Field::SafeEmail, Judged::Yes);
            Event::Supplemented { packet, conflicts: Vec::new() }
        }
        _ => {
            let mut doubt = Packet::default();
            put(&mut doubt, Field::SafeEmail, unclear());
            let then = Box::new(Event::PersonWrote { who: Party::Sender });
            return (Event::Warned { doubt, then }, Turn::Doubt);
        }
    };
    (event, Turn::Nothing)
}

/// What speaks against a letter to the client, as the draws have it.
#[derive(Default)]
struct Against {
    /// The packet, in a way that nothing here mends.
    for_good: bool,
    stopped: bool,
    /// Since when the packet or a later word speaks against email.
    unsafe_since: Option<DateTime<Utc>>,
    told_safe: bool,
    /// The referral says plainly that email is not safe.
    refused: Option<Field>,
}

impl Against {
    const fn is_any(&self) -> bool {
        self.for_good || self.stopped || self.unsafe_since.is_some() && !self.told_safe
    }

    /// A word of the client counts for what was said before it, while the referral is open.
    fn turn(&mut self, turn: &Turn, referral: &Referral, now: DateTime<Utc>) {
        let is_closed = matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. });
        match turn {
            Turn::Nothing => {}
            Turn::Stop => (self.stopped, self.told_safe) = (true, false),
            Turn::StopTakenBack => self.stopped = false,
            Turn::Doubt => (self.unsafe_since, self.told_safe) = (Some(now), false),
            Turn::ToldSafe(asked_at) => {
                let had_read = |since| since < now && since <= *asked_at;
                self.told_safe |=
                    !is_closed && self.refused.is_none() && self.unsafe_since.is_none_or(had_read);
            }
        }
    }
}

/// What letters are looked at with.
struct Reader {
    rules: Rules,
    templates: Templates,
    organisation: Organisation,
    /// Letters to clients, and others.
    read: (usize, usize),
    /// The kinds of letters that were read.
    kinds: BTreeSet<&'static str>,
    /// The subjects that clients saw, by kind and language.
    subjects: BTreeMap<(&'static str, String), String>,
}

impl Reader {
    fn looks(&mut self, decision: &Decision, is_against: bool, now: DateTime<Utc>) {
        for letter in &decision.letters {
            let is_clients = letter.to.part == Part::Client;
            let (kind, referral) = (letter.body.kind(), &decision.referral);
            assert!(
                !is_clients || !is_against,
                "a {kind} that must not be: {referral:?} {:?}",
                decision.facts
            );
            let (read, every) = if is_clients { (&mut self.read.0, 4) } else { (&mut self.read.1, 16) };
            *read += 1;
            if read.is_multiple_of(every) {
                self.reads(letter, &decision.referral);
            }
            if is_clients {
                leaves_in_safe_hours(&self.rules, &decision.referral, now);
            }
        }
    }

    fn reads(&mut self, letter: &Letter, referral: &Referral) {
        let (kind, is_clients) = (letter.body.kind(), letter.to.part == Part::Client);
        self.kinds.insert(kind);
        let language = referral.packet.language().filter(|_| is_clients).unwrap_or("en");
        let way = WayBack::to(self.organisation.inbox.clone());
        let rendered = self.templates.render(&letter.body, language, &self.organisation, &way).unwrap();
        let html = rendered.html.clone().unwrap_or_default();
        for text in [&rendered.subject, &rendered.text, &html] {
            let lower = text.to_lowercase();
            for value in [CANARY, OPPOSING] {
                assert!(!lower.contains(&value.to_lowercase()), "{kind}: a value of the packet in {text}");
            }
            assert!(!text.lines().any(|line| line.starts_with('>')), "{kind} quotes: {text}");
        }
        if !is_clients {
            return;
        }
        assert_eq!((rendered.html.as_ref(), letter.answers.as_ref()), (None, None), "{kind}");
        let text = rendered.text.to_lowercase();
        assert!(!["http:", "https:", "www."].iter().any(|link| text.contains(link)), "{kind}: {text}");
        let shown = revealing::word_on_screen(&rendered.subject, &rendered.text, &[]);
        assert_eq!(shown, None, "{kind} in {language}: {}", rendered.subject);
        // But for the number it is the same for everybody.
        let subject = rendered.subject.replace(referral.reference.as_str(), "");
        let known = self.subjects.entry((kind, language.to_owned())).or_insert_with(|| subject.clone());
        assert_eq!(*known, subject, "{kind} in {language}");
    }
}

/// It leaves when the packet says, "weekdays 9am to 8pm" in New York, and the hour that the gate names is a good one.
fn leaves_in_safe_hours(rules: &Rules, referral: &Referral, now: DateTime<Utc>) {
    let ask = |at| {
        gate(referral, &address(CLIENT), &rules.roster, &rules.inbox, rules.client_mail, &rules.calendar, at)
    };
    let leaves_at = match ask(now) {
        Gate::Send => now,
        // It is asked again when the letter is to leave.
        Gate::SendAt(later) if ask(later) == Gate::Withhold(Withheld::ConsentExpired) => return,
        Gate::SendAt(later) => {
            assert!(later > now && ask(later) == Gate::Send, "{later}");
            later
        }
        Gate::Withhold(why) => panic!("decided, and withheld at once: {why:?}"),
    };
    let local = leaves_at.with_timezone(&chrono_tz::America::New_York);
    assert!((9..20).contains(&local.hour()), "{local}");
    assert!(chrono::Datelike::weekday(&local).num_days_from_monday() < 5, "{local}");
}

#[test]
fn p1_to_p14_no_letter_of_ten_thousand_generated_flows_is_sent_or_shows_what_it_must_not() {
    let mut draws = Draws(0x2545_f491_4f6c_dd1d);
    let mut reader = Reader {
        rules: rules(Mode::Enforce),
        templates: letters::templates(),
        organisation: letters::organisation(),
        read: (0, 0),
        kinds: BTreeSet::new(),
        subjects: BTreeMap::new(),
    };
    for _ in 0..FLOWS {
        flow(&mut reader, &mut draws);
    }
    let (to_clients, to_others) = reader.read;
    assert!(
        to_clients > FLOWS / 2 && to_others > FLOWS * 4,
        "{to_clients} to clients, {to_others} to others"
    );
    assert_eq!(reader.kinds, BTreeSet::from(KINDS), "every kind that these flows can lead to was read");
}

fn flow(reader: &mut Reader, draws: &mut Draws) {
    let rules = reader.rules.clone();
    let mut carried = packet(draws.of(&["normal", "urgent", "danger"]));
    let tongue = draws.of(&["en", "es", "ar", "ru", "ko", "ht", "vi", "so", "zh-Hans"]).to_owned();
    put(&mut carried, Field::Language, Judged::Language(tongue));
    if draws.below(4) == 0 {
        put(&mut carried, Field::ConsentHow, Judged::How(How::Phone));
    }
    let mut against = Against::default();
    if draws.below(2) == 0 {
        let is_of_email = speak_against(&mut carried, draws) == Field::SafeEmail;
        against.for_good = !is_of_email;
        let is_no = carried.get(Field::SafeEmail).is_some_and(|found| found.judged == Judged::No);
        against.refused = is_no.then_some(Field::SafeEmail);
        against.unsafe_since = is_of_email.then_some(DateTime::<Utc>::MIN_UTC);
    }
    let mut missing = if draws.below(3) == 0 { vec![Field::Language] } else { Vec::new() };
    // The sender is asked about it, and may answer after a doubt.
    if draws.below(3) == 0 && !against.is_any() {
        missing.push(Field::SafeEmail);
    }
    let from = at("2026-11-24T00:00:00Z");
    let mut now = later(from, i64::try_from(draws.below(60 * 24 * 14)).unwrap());
    // A consent that ends while the flow goes on, to the minute of its last local day.
    let ends_at = (draws.below(4) == 0 && !against.is_any()).then(|| at("2026-12-01T05:00:00Z"));
    if ends_at.is_some() {
        put(&mut carried, Field::Consent, until("2026-11-30"));
    }
    let is_over = |now| ends_at.is_some_and(|end| now >= end);
    let opening = opened(&rules, carried, missing, now);
    holds(&rules, None, &opening, now);
    reader.looks(&opening, against.is_any() || is_over(now), now);
    let mut referral = opening.referral;
    for _ in 0..STEPS {
        now += TimeDelta::minutes(i64::try_from(draws.below(2 * 24 * 60)).unwrap());
        let (event, turn) = happening(draws, now);
        against.turn(&turn, &referral, now);
        // Nothing else may take a stop away.
        let is_stopped = |referral: &Referral| referral.stopped && !matches!(turn, Turn::StopTakenBack);
        for event in [event, Event::TimePassed(Service::default())] {
            let decision = decide(&rules, &referral, &event, now);
            let before = Referral { stopped: is_stopped(&referral), ..referral.clone() };
            holds(&rules, Some(&before), &decision, now);
            reader.looks(&decision, against.is_any() || is_over(now), now);
            referral = decision.referral;
        }
    }
}
