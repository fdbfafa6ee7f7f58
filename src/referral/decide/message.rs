//! What others write: more of the packet, the same again, a sign of life, a stop.

use super::super::letter::{Body, KnownLine};
use super::super::packet::{Deadline, Field, Found, Grounds, Judged, Packet};
use super::super::party::{Party, Sender};
use super::super::record::FactKind;
use super::super::safety;
use super::ask::{ask, doubt_about};
use super::complete::complete;
use super::hold::hold;
use super::{Course, client, consent, dates, safe_email, urgency};

/// The sender filled in what was missing. A value that differs from the one we hold is a question for a person, and a
/// new way to reach the client holds the ladder until somebody looked.
pub(super) fn supplemented(course: &mut Course<'_>, packet: &Packet) {
    // What the client told us counts until the sender says something about it that is no plain yes, be it once more.
    if packet.iter().any(|(field, found)| safety::is_consent(field) && found.judged != Judged::Yes) {
        consent::forget_yes(course);
    }
    if !take_over(course, packet) {
        person_wrote(course, Party::Sender);
    }
}

/// What of a packet was new to the record.
#[derive(Default)]
struct Taken {
    filled: Vec<Field>,
    /// The labels of what contradicts it.
    differs: Vec<&'static str>,
}

impl Taken {
    /// Somebody must look: it contradicts the record, or leads to the client by another way.
    fn must_be_seen(&self) -> bool {
        let reaches = |field: &Field| {
            matches!(
                field,
                Field::ClientPhone | Field::ClientPhoneOther | Field::ClientEmail | Field::SafeToContact
            )
        };
        !self.differs.is_empty() || self.filled.iter().any(reaches)
    }
}

fn taken(course: &mut Course<'_>, packet: &Packet) -> Taken {
    let Taken { mut filled, mut differs } = Taken::default();
    course.referral.packet.because_later(packet.grounds());
    for (field, found) in packet.iter() {
        note_doubt(course, field, found);
        let is_new = |known: &Found| known.judged != found.judged || !says_the_same(known, found);
        if !course.referral.packet.get(field).is_none_or(is_new) {
            continue;
        }
        if safety::is_consent(field) && found.judged != Judged::Yes {
            consent::forget_yes(course);
        }
        let known = course.referral.packet.get(field);
        // A "no" about consent or safety counts at once, whoever of the sender's house said yes before.
        if let Some(judged) = known.and_then(|known| safety::safer_word(field, &known.judged, &found.judged))
        {
            course.referral.packet.put(field, Found { judged, ..found.clone() });
            differs.push(field.label());
            continue;
        }
        if let Some(value) = known.and_then(|known| safety::both_times(field, &known.value, &found.value)) {
            course.referral.packet.put(field, Found { value, ..found.clone() });
            differs.push(field.label());
            continue;
        }
        if is_a_yes_after_a_doubt(course, field, found) {
            differs.push(field.label());
            continue;
        }
        match known {
            Some(known) if known.value == found.value => {}
            Some(known) if !course.referral.missing.contains(&field) => {
                if dates::is_safer(course, field, known, found) {
                    course.referral.packet.put(field, found.clone());
                }
                differs.push(field.label());
            }
            Some(_) | None => {
                course.referral.packet.put(field, found.clone());
                course.referral.missing.retain(|missing| *missing != field);
                filled.push(field);
            }
        }
    }
    Taken { filled, differs }
}

/// Once somebody spoke against email, a yes of the sender takes nothing of that back, be it that it was asked for: the
/// client is asked.
fn is_a_yes_after_a_doubt(course: &Course<'_>, field: Field, found: &Found) -> bool {
    let referral = &course.referral;
    let is_open = match referral.packet.get(field) {
        Some(known) => safety::doubts_email(field, &known.judged),
        None => field == Field::SafeEmail,
    };
    referral.email_doubted_at.is_some() && is_open && !safety::doubts_email(field, &found.judged)
}

/// Takes over what is new; whether anything was.
fn take_over(course: &mut Course<'_>, packet: &Packet) -> bool {
    let dates_before: Vec<Deadline> = course.referral.packet.deadlines().collect();
    let owes_first = client::owes_first(course);
    let address = course.referral.client_address();
    let taken = taken(course, packet);
    if course.referral.client_address() != address {
        course.referral.address_came_at = Some(course.now);
    }
    for label in &taken.differs {
        ask(course, format!("the sender now says something else under \"{label}\""));
    }
    if taken.filled.is_empty() && taken.differs.is_empty() {
        return false;
    }
    let filled = taken.filled.iter().map(|field| field.label()).collect::<Vec<_>>().join(", ");
    if !filled.is_empty() {
        course.fact(FactKind::Supplemented, None, format!("filled in: {filled}"));
    }
    if !taken.differs.is_empty() {
        let differs = taken.differs.join(", ");
        course.fact(FactKind::Supplemented, None, format!("differs from what we hold: {differs}"));
    }
    urgency::said_later(course, packet);
    let is_first = complete(course, owes_first);
    dates::said_later(course, &dates_before);
    // Last, for a date may have moved the time that is promised. To an address that came later nothing leaves before
    // somebody looked: it may be another's.
    let must_be_seen = taken.must_be_seen();
    if is_first && !must_be_seen {
        client::confirm_owed(course);
    }
    if must_be_seen {
        person_wrote(course, Party::Sender);
    } else {
        tell_owner(course, format!("the sender filled in: {filled}"));
    }
    true
}

/// Whether two values that were judged alike are one: of a number, an address, a day or a language it does not matter
/// how they were written.
fn says_the_same(known: &Found, found: &Found) -> bool {
    let is_exact = matches!(
        found.judged,
        Judged::Phone { problem: None, .. }
            | Judged::Email { problem: None, .. }
            | Judged::Date { ambiguous: false, .. }
            | Judged::Language(_)
    );
    is_exact || known.value == found.value
}

/// Takes over what a mail takes away by its words on consent and safety, and nothing else of it; whether that was
/// anything. A doubt needs no proof, and counts before anything else that follows from the mail.
pub(super) fn warned(course: &mut Course<'_>, packet: &Packet) -> bool {
    course.referral.packet.because_later(packet.grounds());
    taken_away(course, packet)
}

/// The same without why.
fn taken_away(course: &mut Course<'_>, packet: &Packet) -> bool {
    let mut doubted = Vec::new();
    for (field, found) in packet.iter() {
        note_doubt(course, field, found);
        if safety::is_consent(field) && matches!(found.judged, Judged::No | Judged::Unclear(_)) {
            consent::forget_yes(course);
        }
        let known = course.referral.packet.get(field);
        if known.is_some_and(|known| known.value == found.value && known.judged == found.judged) {
            continue;
        }
        let judged = safety::taken_away(field, known.map(|known| &known.judged), &found.judged);
        let times = known.and_then(|known| safety::both_times(field, &known.value, &found.value));
        let left = match (judged, times) {
            (Some(judged), _) => Found { judged, ..found.clone() },
            (None, Some(value)) => Found { value, ..found.clone() },
            (None, None) => continue,
        };
        course.referral.packet.put(field, left);
        doubted.push(field.label());
    }
    for label in &doubted {
        ask(course, doubt_about(label));
    }
    if !doubted.is_empty() {
        course.fact(FactKind::Supplemented, None, format!("taken away by a mail: {}", doubted.join(", ")));
    }
    !doubted.is_empty()
}

/// Remembers when email was last called anything but safe, also where that is nothing new: it may be newer than what
/// the client told us, of this referral or of another one of the address.
fn note_doubt(course: &mut Course<'_>, field: Field, found: &Found) {
    if safety::doubts_email(field, &found.judged) {
        safe_email::doubted(course);
    }
}

fn tell_owner(course: &mut Course<'_>, news: String) {
    let task = course.task(vec!["confirmed", "accept", "decline", "needs"]);
    let (reader, step) = (course.reader(), course.now.timestamp_millis().to_string());
    course.write_staff(
        &reader,
        step,
        Body::Done { task, done: vec![news], asked: Vec::new(), refused: Vec::new(), is_news: true },
    );
}

/// The same referral once more: the same partner hears the number again, and what is new in the copy is taken over
/// (requirement 16); everybody else hears nothing of the first. Of a copy that nothing vouches for only the doubts
/// count, and none of its words come into the record: whoever wrote them may want something done.
pub(super) fn sent_again(course: &mut Course<'_>, sender: &Sender, packet: &Packet) {
    course.fact(FactKind::SentAgain, None, "the same referral arrived again");
    let same = sender.partner.is_some() && sender.partner == course.referral.sender.partner;
    if same && sender.trusted {
        let line = KnownLine {
            reference: course.referral.reference.clone(),
            status: course.referral.status.word(),
            part_two: course.referral.packet.is_part_two(),
        };
        let first = std::mem::replace(&mut course.referral.sender, sender.clone());
        course.write_sender(course.now.timestamp().to_string(), Body::AlreadyHave { referrals: vec![line] });
        course.referral.sender = first;
        take_over(course, packet);
        return;
    }
    course.referral.packet.because_later(&packet.grounds().but(|_| true, Grounds::UNPROVEN));
    if taken_away(course, packet) {
        person_wrote(course, Party::Sender);
    }
}

/// A person wrote: the owner is told, the ladder stands still, nothing is confirmed by itself. Whoever writes again
/// does not put off when somebody must have looked.
pub(super) fn person_wrote(course: &mut Course<'_>, who: Party) {
    let waits_already = course.referral.held.is_some_and(|hold| hold.who == Party::Client);
    read_first(course, who, false);
    // One answer until somebody looked, so that two machines never talk to each other.
    if who == Party::Client && !waits_already && !course.referral.stopped {
        client::answer(course);
    }
}

/// Who sits at the client's address is not plain: a person reads it, and nothing of ours tells that somebody is there.
/// `is_unread` says that nothing may leave until somebody looked, for it may well be somebody else.
pub(super) fn somebody_wrote(course: &mut Course<'_>, is_unread: bool) {
    if is_unread {
        course.referral.unread_since.get_or_insert(course.now);
    }
    read_first(course, Party::Client, is_unread);
}

fn read_first(course: &mut Course<'_>, who: Party, is_doubted: bool) {
    hold(course, who);
    tell_reader(course, who, is_doubted);
}

fn tell_reader(course: &mut Course<'_>, who: Party, is_doubted: bool) {
    let words = match who {
        Party::Client => "client",
        Party::Sender => "sender",
        Party::Receiver => "organization that was asked to take it on",
        Party::Staff => "colleague",
    };
    let lines = match who {
        Party::Client => vec!["resume", "email not safe", "do not contact", "confirmed"],
        Party::Sender | Party::Receiver | Party::Staff => vec!["resume", "confirmed", "note"],
    };
    let task = course.task(lines);
    let owner = course.reader();
    let step = course.now.timestamp_millis().to_string();
    course.write_staff(&owner, step, Body::PersonWrote { task, who: words, is_doubted });
}

/// The client said stop: at once, for everything not yet sent, and staff is told. Undoing it takes staff.
pub(super) fn stopped(course: &mut Course<'_>) {
    let heard = course.referral.consent_told;
    // A yes from before a stop is none after it, whoever takes the stop back.
    consent::forget_yes(course);
    course.referral.email_told = None;
    if course.referral.stopped && course.referral.consent_told == heard {
        return;
    }
    course.referral.stopped = true;
    course.fact(FactKind::Stopped, None, "we were asked not to write to the client");
    hold(course, Party::Client);
    let lines = vec!["do not contact", "resume", "allow contact", "close"];
    let task = course.task(if course.is_closed() { vec!["note", "allow contact"] } else { lines });
    let (reader, step) = (course.reader(), course.now.timestamp_millis().to_string());
    course.write_staff(&reader, step, Body::Stopped(task));
}
