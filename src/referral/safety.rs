//! The gate: may this client get this letter at this address now? It fails closed: unknown is no (requirement 122).
//!
//! | question | withheld when |
//! |---|---|
//! | does the organisation write to clients at all? | the setting says no |
//! | did the client say stop, or is contact unsafe? | yes |
//! | is the sender of the referral proven? | no: nobody outside the roster makes us write to a third person |
//! | did the client consent? | anything but a clear yes |
//! | is *this* address marked safe for email? | anything but a clear yes |
//! | whose address is it? | the sender's, a partner's, staff's, our own, or a role address such as `info@` |
//! | how old is the last word on safety? | older than the setting (30 days) |
//! | is it a safe hour? | never withheld: sent at the next safe hour |
//!
//! It is asked at the decision and again when the letter is claimed for sending.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::address::EmailAddress;
use super::calendar::Calendar;
use super::packet::Safety;
use super::record::{Contact, Referral};
use super::roster::Roster;

/// What the settings say about letters to clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientMail {
    /// Clients are written to at all.
    pub enabled: bool,
    /// A word on safety counts for so many days.
    pub recheck_days: u32,
    /// Letters leave only between these local times.
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

/// Why a client gets no letter. The words are in the record and in measure 109.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Withheld {
    /// The setting says no.
    SwitchedOff,
    /// The client said stop.
    Stopped,
    /// Staff marked the client as not to be contacted.
    DoNotContact,
    /// The sender of the referral is not proven.
    SenderNotProven,
    /// No clear consent.
    NoConsent,
    /// No address, or one that cannot be right.
    NoAddress,
    /// Email was not said to be safe.
    NotMarkedSafe,
    /// The address belongs to the sender, a partner, staff or ourselves.
    NotTheirOwn,
    /// A role address that others may read.
    RoleAddress,
    /// The last word on safety is too old.
    SafetyTooOld,
}

impl Withheld {
    /// The reason in words, for the record and for staff.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Withheld::SwitchedOff => "letters to clients are switched off",
            Withheld::Stopped => "the client asked us not to write",
            Withheld::DoNotContact => "the client is not to be contacted",
            Withheld::SenderNotProven => "the sender of the referral is not a proven partner",
            Withheld::NoConsent => "there is no clear consent",
            Withheld::NoAddress => "there is no usable email address",
            Withheld::NotMarkedSafe => "email was not marked as safe",
            Withheld::NotTheirOwn => "the address belongs to somebody else",
            Withheld::RoleAddress => "others may read that address",
            Withheld::SafetyTooOld => "the last word on safety is too old",
        }
    }
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
    now: DateTime<Utc>,
) -> Result<EmailAddress, Withheld> {
    let packet = &referral.packet;
    let refused = |refused: bool, why: Withheld| if refused { Err(why) } else { Ok(()) };
    refused(!rules.enabled, Withheld::SwitchedOff)?;
    refused(referral.stopped, Withheld::Stopped)?;
    refused(referral.contact == Contact::DoNotContact, Withheld::DoNotContact)?;
    refused(!referral.sender.trusted, Withheld::SenderNotProven)?;
    refused(!packet.consents(), Withheld::NoConsent)?;
    let address =
        packet.client_email().and_then(|text| EmailAddress::parse(text).ok()).ok_or(Withheld::NoAddress)?;
    refused(packet.channels().email != Safety::Safe, Withheld::NotMarkedSafe)?;
    refused(belongs_to_others(&address, referral, roster, own), Withheld::NotTheirOwn)?;
    refused(is_role(&address), Withheld::RoleAddress)?;
    let age = now - referral.received_at;
    refused(age > TimeDelta::days(i64::from(rules.recheck_days)), Withheld::SafetyTooOld)?;
    Ok(address)
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
    match client_address(referral, roster, own, rules, now) {
        Err(why) => Gate::Withhold(why),
        Ok(safe) if safe != *address => Gate::Withhold(Withheld::NotMarkedSafe),
        Ok(_) => {
            let at = next_safe_hour(rules, calendar, now);
            if at <= now { Gate::Send } else { Gate::SendAt(at) }
        }
    }
}

/// `now` if it is a safe hour, else the next beginning of the safe hours.
fn next_safe_hour(rules: ClientMail, calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    let local = calendar.local(now);
    let (opens, closes) = rules.hours;
    if (opens..closes).contains(&local.time()) {
        return now;
    }
    let days = u64::from(local.time() >= opens);
    local
        .date_naive()
        .checked_add_days(chrono::Days::new(days))
        .map_or(now, |day| calendar.instant(day, opens))
}

fn belongs_to_others(
    address: &EmailAddress,
    referral: &Referral,
    roster: &Roster,
    own: &EmailAddress,
) -> bool {
    let mailbox = address.mailbox();
    let is = |other: &EmailAddress| other.mailbox() == mailbox;
    is(own)
        || referral.sender.answer_to.as_ref().is_some_and(is)
        || roster.staff.iter().any(|staff| is(&staff.address))
        || roster.partner_by_address(address).is_some()
}

/// Addresses that several people usually read.
fn is_role(address: &EmailAddress) -> bool {
    const ROLES: [&str; 17] = [
        "info",
        "office",
        "admin",
        "contact",
        "family",
        "help",
        "support",
        "mail",
        "hello",
        "team",
        "intake",
        "reception",
        "frontdesk",
        "postmaster",
        "webmaster",
        "house",
        "home",
    ];
    let local = address.mailbox();
    let local = local.split('@').next().unwrap_or_default();
    ROLES.contains(&local)
}
