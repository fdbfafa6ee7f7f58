//! The gate: may this client get this letter at this address now? It fails closed: unknown is no (requirement 122).
//!
//! | question | withheld when |
//! |---|---|
//! | does the organisation write to clients at all? | the setting says no |
//! | did the client say stop? | yes, about this referral or another one at the same address |
//! | is contact given up as unsafe, or not wanted? | yes |
//! | is the sender of the referral proven? | no: nobody outside the roster makes us write to a third person |
//! | did the client consent? | anything but a clear yes, in the packet or to one of us; also one that ran out, or whose end nobody could read |
//! | who gave the consent? | the opposing party; somebody else; a parent, unless the client is a child; a name that is not the client's |
//! | how was it given? | by a helper, unless it is said whose consent the helper passed on; a way nobody could read |
//! | what does it cover? | not contact by email; something nobody could read |
//! | is there an address? | none, or one that cannot be right |
//! | is *this* address marked safe for email? | anything but a clear yes, of the packet or later of the client to one of us |
//! | whose address is it? | the sender's, a partner's, staff's, our own, one at a partner's or our domain, the opposing party's |
//! | who else reads it? | an address that looks like a desk's (`info@`), a family's or a couple's; one that stands for another client too |
//! | does another referral speak against it? | it says that email to the address is not safe, or its client told us no, and nobody has asked since |
//! | who sits at the address? | somebody wrote from it who may not be the client, and nobody has said yet that they looked |
//! | how old is the last word on safety? | older than the setting (30 days), or than a store that was put back from a backup |
//! | can the client's safe times be read? | words nobody can read as hours, and no person has asked since |
//! | is there a safe hour? | none of the settings' hours lies inside the client's safe times in every time zone the client may be in ([`super::zone`]) |
//! | is it a safe hour? | never withheld: sent at the next safe hour |
//!
//! The first row that speaks against it is the reason; of the four about consent, that the opposing party gave it comes
//! first. It is asked at the decision and again before the letter is sent.

mod address;
mod agency;
mod beside;
mod by;
mod circumstances;
mod consent;
mod hours;
mod looks;
mod times;
mod word;

pub use address::is_role_address;
pub use beside::{
    Against, Beside, has_fresh_phones, is_newly_against_phone, phones, phones_doubted, phones_doubted_by,
};
pub use circumstances::{Circumstances, Consent, Whose, Withheld};
pub use word::{both_times, is_consent, is_guarded, is_in_doubt, safer_word, taken_away};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use consent::Purpose;
use times::{Times, Week};

use super::address::EmailAddress;
use super::calendar::Calendar;
use super::contact::Contact;
use super::packet::consent::Told;
use super::packet::{Channels, Field, Judged, Packet, Person, Safety, name_form};
use super::record::{BounceReason, Referral};
use super::roster::{Partner, Roster};
use super::zone;

/// What the settings say about letters to clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientMail {
    /// Clients are written to at all.
    pub enabled: bool,
    /// A word on safety counts for so many days.
    pub recheck_days: u32,
    /// No word on safety from before this instant counts: the store was put back from a backup then, and who said stop
    /// since that backup is not known.
    pub put_back_at: Option<DateTime<Utc>>,
    /// Letters leave only between these local times, in the client's zone.
    pub hours: (NaiveTime, NaiveTime),
}

/// The gate's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// Now.
    Send,
    /// Not before then.
    SendAt(DateTime<Utc>),
    /// Not at all, and why.
    Withhold(Withheld),
}

/// Whether the client of this referral may be written to now, and at which address.
///
/// # Errors
/// [`Withheld`] with the first reason of the table above.
pub fn client_address(
    referral: &Referral,
    roster: &Roster,
    own: &EmailAddress,
    rules: ClientMail,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<EmailAddress, Withheld> {
    let address = referral.client_address();
    let unsafe_contact =
        matches!(referral.contact, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. });
    let checked_at = safety_checked_at(referral);
    let fresh = now - checked_at <= TimeDelta::days(i64::from(rules.recheck_days));
    let zones = zone::of(&referral.packet, calendar.zone);
    let week = safe_week(referral, rules.hours);
    Circumstances {
        enabled: rules.enabled,
        stopped: referral.stopped,
        do_not_contact: referral.contact == Contact::DoNotContact || unsafe_contact,
        proven: referral.sender.trusted,
        consent: consent_to_email(referral, roster, calendar, now),
        whose: address
            .as_ref()
            .map_or(Whose::Nobody, |address| address::whose(address, referral, roster, own)),
        email: email_safety(referral),
        was_marked: was_marked_safe(referral),
        doubted: is_doubted(referral),
        unread: referral.unread_since.is_some(),
        fresh: fresh && rules.put_back_at.is_none_or(|at| checked_at > at),
        times_are_clear: week.is_some(),
        has_safe_hour: week.is_none_or(|week| hours::next(&week, &zones, now).is_some()),
    }
    .judge()?;
    address.ok_or(Withheld::NoAddress)
}

/// The consent to be written to by us, as it stands now.
#[must_use]
pub fn consent_to_email(
    referral: &Referral,
    roster: &Roster,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Consent {
    let zones = zone::of(&referral.packet, calendar.zone).zones;
    consent::of_referral(referral, Purpose::Email, &[&roster.house], &zones, now)
}

/// Whether the person clearly agreed that we share what they told us with this partner: consent to be contacted is not
/// enough, nor is a yes they only spoke to us; one that names others is not for it, and one that ran out or that the
/// other side gave is none.
#[must_use]
pub fn may_share(referral: &Referral, with: &Partner, calendar: &Calendar, now: DateTime<Utc>) -> bool {
    let zones = zone::of(&referral.packet, calendar.zone).zones;
    consent::of_referral(referral, Purpose::Share, &[&with.name, &with.id.0], &zones, now) == Consent::Given
}

/// When another referral of the same address last spoke against writing there: email is not safe by what came in, or by
/// a later word, or its client told one of us no. `None` where it says nothing of the kind.
#[must_use]
pub fn doubt_of(other: &Referral) -> Option<DateTime<Utc>> {
    let came = is_unsafe_for_email(&other.packet).then_some(other.received_at);
    let spoke = came.max(other.email_doubted_at).filter(|_| email_told_at(other).is_none());
    let told = other.consent_told.filter(|heard| heard.told == Told::No).map(|heard| heard.at);
    spoke.max(told)
}

/// What a record says against writing to its client's address that it did not say before, or said of another address:
/// whether that is a stop. Whoever else has a referral of the address must hear of it.
#[must_use]
pub fn newly_against(before: Option<&Referral>, after: &Referral) -> Option<bool> {
    let address = after.client_address()?;
    let is_of_it =
        |before: &&Referral| before.client_address().is_some_and(|old| old.shares_mailbox(&address));
    let known = before.filter(is_of_it);
    // A stop that a record came with is that of the others.
    let stops = after.stopped && before.is_some() && !known.is_some_and(|known| known.stopped);
    let doubts = doubt_of(after) > known.and_then(doubt_of);
    (stops || doubts).then_some(stops)
}

/// Whether this word about safety leaves any doubt that email is safe.
#[must_use]
pub const fn doubts_email(field: Field, judged: &Judged) -> bool {
    let is_no = matches!(
        judged,
        Judged::No | Judged::Unclear(_) | Judged::Channels(Channels { email: Safety::NotSafe, .. })
    );
    matches!(field, Field::SafeEmail) && !matches!(judged, Judged::Yes)
        || matches!(field, Field::SafeToContact) && is_no
}

/// The safety of every channel as it stands now: what the client later told one of us of email goes before the packet.
#[must_use]
pub fn channels(referral: &Referral) -> Channels {
    let said = referral.packet.channels();
    if email_told_at(referral).is_some() { Channels { email: Safety::Safe, ..said } } else { said }
}

/// Whether a packet says plainly that email, or any contact, is not safe, as opposed to leaving it in doubt.
#[must_use]
pub fn says_no_to_email(packet: &Packet) -> bool {
    let is = |field, judged: &Judged| packet.get(field).is_some_and(|found| found.judged == *judged);
    let general = packet.get(Field::SafeToContact).map(|found| &found.judged);
    is(Field::SafeEmail, &Judged::No)
        || is(Field::SafeToContact, &Judged::No)
        || matches!(general, Some(Judged::Channels(Channels { email: Safety::NotSafe, .. })))
}

/// Whether a word of the client to one of us may say that email is safe: it settles a doubt, or says a yes once more.
/// It undoes neither the referral's own plain no nor one to any contact, and is no answer to what nobody asked.
#[must_use]
pub fn may_be_told_safe(referral: &Referral) -> bool {
    !is_email_refused(referral) && (email_safety(referral) == Safety::Safe || is_email_in_doubt(referral))
}

fn is_email_refused(referral: &Referral) -> bool {
    let general = referral.packet.get(Field::SafeToContact);
    let is_by_itself = referral.email_refused_at.is_some() && says_no_to_email(&referral.packet);
    is_by_itself || general.is_some_and(|found| found.judged == Judged::No)
}

/// Whether something speaks against writing to the client's address, so that somebody must ask them: a packet that says
/// plainly that email is not safe, or says nothing of it, was not asked about.
#[must_use]
pub fn is_email_in_doubt(referral: &Referral) -> bool {
    let is_unclear =
        |field| matches!(referral.packet.get(field).map(|found| &found.judged), Some(Judged::Unclear(_)));
    let is_asked = referral.email_doubted_at.is_some()
        || is_unclear(Field::SafeEmail)
        || is_unclear(Field::SafeToContact);
    let is_unsafe = email_safety(referral) != Safety::Safe && is_asked;
    let is_open = referral.client_address().is_some() && !is_email_refused(referral);
    is_open && (is_unsafe || is_doubted(referral))
}

/// Whether a packet says of email that it is anything but safe.
#[must_use]
pub fn is_unsafe_for_email(packet: &Packet) -> bool {
    packet.channels().email == Safety::NotSafe
}

/// A doubt about the address counts until the client said to one of us that email is safe.
fn is_doubted(referral: &Referral) -> bool {
    let asked_at = asked_at(referral);
    referral.address_doubted_at.is_some_and(|at| asked_at.is_none_or(|asked| asked <= at))
}

/// Whether two packets name one address for two people. The same name, in the form by which people are looked up, is one
/// person, unless their days of birth differ; without a name nobody knows, and that counts as two.
#[must_use]
pub fn share_an_address(one: &Packet, other: &Packet) -> bool {
    let mailbox = |packet: &Packet| Some(EmailAddress::parse(packet.client_email()?).ok()?.mailbox());
    let name = |packet: &Packet| packet.text(Field::ClientName).map(name_form).unwrap_or_default();
    let is_one_name = !name(one).is_empty() && name(one) == name(other);
    mailbox(one).is_some() && mailbox(one) == mailbox(other) && (!is_one_name || one.is_another_person(other))
}

/// Whether two packets name two people: both have a name, and the names differ however they are written.
#[must_use]
pub fn are_named_apart(one: &Packet, other: &Packet) -> bool {
    Person::of(one).is_named_apart(&Person::of(other))
}

/// Whether email is safe. A general answer that nobody could read leaves every yes beside it open, until the client was
/// asked.
fn email_safety(referral: &Referral) -> Safety {
    if email_told_at(referral).is_some() {
        return Safety::Safe;
    }
    let general = referral.packet.get(Field::SafeToContact);
    let is_open = general.is_some_and(|found| matches!(found.judged, Judged::Unclear(_)));
    let said = referral.packet.channels().email;
    if said == Safety::Safe && is_open { Safety::Unknown } else { said }
}

/// Whether the form said yes to email, which something else then made doubtful: words beside it, or that it may be
/// somebody else's yes.
fn was_marked_safe(referral: &Referral) -> bool {
    const YES: [&str; 9] = ["yes", "y", "si", "oui", "sim", "true", "x", "ok", "okay"];
    let Some(found) = referral.packet.get(Field::SafeEmail) else { return false };
    let said = super::fold::fold(&found.value);
    let is_yes = said.split(|c: char| !c.is_alphanumeric()).next().is_some_and(|first| YES.contains(&first));
    is_yes && matches!(&found.judged, Judged::Unclear(_))
}

/// The last word that email is safe: the referral's, or a later one of the client to one of us.
fn safety_checked_at(referral: &Referral) -> DateTime<Utc> {
    asked_at(referral).map_or(referral.received_at, |at| at.max(referral.received_at))
}

/// When the client last told one of us that email is safe, or the way.
fn asked_at(referral: &Referral) -> Option<DateTime<Utc>> {
    email_confirmed_at(referral).max(email_told_at(referral))
}

/// When the client told one of us that email to the address they have now is safe. A later doubt ends it, and so does
/// one of the same instant.
fn email_told_at(referral: &Referral) -> Option<DateTime<Utc>> {
    let told = referral.email_told.as_ref()?;
    let is_theirs = referral.client_address().is_some_and(|address| address.shares_mailbox(&told.address));
    let is_last = referral.email_doubted_at.is_none_or(|doubted| doubted < told.at);
    (is_theirs && is_last).then_some(told.at)
}

/// When the client last said to one of us that email is the way, and at which times. Who was asked about calls only was
/// not asked about this; who is not reached any more is asked anew.
fn email_confirmed_at(referral: &Referral) -> Option<DateTime<Utc>> {
    referral.email_confirmed_at.filter(|_| matches!(referral.contact, Contact::Confirmed { .. }))
}

/// The gate for one letter to one address. An address that is no longer the client's is withheld too.
#[must_use]
pub fn gate(
    referral: &Referral,
    address: &EmailAddress,
    roster: &Roster,
    own: &EmailAddress,
    rules: ClientMail,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Gate {
    match client_address(referral, roster, own, rules, calendar, now) {
        Err(why) => Gate::Withhold(why),
        Ok(safe) if safe != *address => Gate::Withhold(Withheld::NotMarkedSafe),
        Ok(_) => {
            let Some(week) = safe_week(referral, rules.hours) else {
                return Gate::Withhold(Withheld::SafeTimesUnclear);
            };
            match hours::next(&week, &zone::of(&referral.packet, calendar.zone), now) {
                Some(at) if at <= now => Gate::Send,
                Some(at) => Gate::SendAt(at),
                None => Gate::Withhold(Withheld::NoSafeHour),
            }
        }
    }
}

/// The settings' hours inside the client's own safe times; `None` if nobody can read these. What the client said when
/// they were reached is newer than the packet, unless it was only that the old words still hold.
fn safe_week(referral: &Referral, hours: (NaiveTime, NaiveTime)) -> Option<Week> {
    const AS_BEFORE: [&str; 10] =
        ["ok", "okay", "yes", "same", "verified", "confirmed", "as before", "unchanged", "si", "igual"];
    let week = Week::daily(hours);
    let told = match &referral.contact {
        Contact::Confirmed { with, .. } => with.safe_times.as_deref(),
        Contact::NotStarted | Contact::Attempting | Contact::Bounced { .. } | Contact::DoNotContact => None,
    };
    let told = told.filter(|said| !AS_BEFORE.contains(&super::fold::fold(said).trim()));
    match told.or_else(|| referral.packet.text(Field::BestTime)).map(times::read) {
        None | Some(Times::Any) => Some(week),
        Some(Times::Hours(said)) => Some(week.and(&said)),
        Some(Times::Unclear) => None,
    }
}

/// The words of a text that can be somebody's name: three letters or more, in plain letters.
fn names(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 3).map(plain).collect()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two texts name one mailbox.
fn same(address: &EmailAddress, text: &str) -> bool {
    // Asked of every word of a packet: most are told from an address at a glance.
    text.contains('@') && EmailAddress::parse(text).is_ok_and(|other| other.shares_mailbox(address))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::packet::{Confidence, Found, Judged};
    use super::*;

    /// A packet of these values.
    pub(super) fn packet(fields: &[(Field, &str, Judged)]) -> Packet {
        let mut packet = Packet::default();
        for (field, value, judged) in fields {
            let found = Found {
                value: (*value).to_owned(),
                judged: judged.clone(),
                confidence: Confidence::High,
                place: "line 1".to_owned(),
            };
            packet.put(*field, found);
        }
        packet
    }

    #[test]
    fn one_address_is_shared_unless_the_names_are_the_same() {
        let of = |name: &str, address: &str| {
            let address = Judged::Email { address: address.to_owned(), problem: None };
            packet(&[(Field::ClientName, name, Judged::Text), (Field::ClientEmail, "x", address)])
        };
        let born = |name: &str, year: i32| {
            let mut packet = of(name, "ann@example.org");
            let date = NaiveDate::from_ymd_opt(year, 5, 1).unwrap();
            let judged = Judged::Date { date, time: None, ambiguous: false };
            let (value, place) = (date.to_string(), String::new());
            packet.put(Field::ClientDob, Found { value, judged, confidence: Confidence::High, place });
            packet
        };
        for (one, other, shared) in [
            (of("Ann Smith", "ann@example.org"), of("ann  SMITH", "Ann+x@example.org"), false),
            (of("Ann Smith", "ann@example.org"), of("ann  smith", "ann@example.org"), false),
            (of("Ann Smith", "ann@example.org"), of("SMITH, Ánn", "ann@example.org"), false),
            (of("Ann Smith", "ann@example.org"), of("Ann M. Smith", "ann@example.org"), true),
            (born("Ann Smith", 1960), born("Smith, Ann", 1960), false),
            (born("Ann Smith", 1960), born("Ann Smith", 1999), true),
            (of("Ann Smith", "ann@example.org"), of("Bo Jones", "ann@example.org"), true),
            (of("", "ann@example.org"), of("", "ann@example.org"), true),
            (of("Ann Smith", "ann@example.org"), of("Bo Jones", "bo@example.org"), false),
        ] {
            assert_eq!(share_an_address(&one, &other), shared);
        }
    }
}
