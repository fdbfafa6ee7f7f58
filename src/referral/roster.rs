//! Who is who: staff, partners, roles. Plain data from settings, and the one rule that picks an owner.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::EmailAddress;
use super::calendar::Calendar;
use super::fold::words;
use super::packet::{Field, Packet};
use super::policy::Span;

/// The short name of a member of staff, as in settings: `maria`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffId(pub String);

impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The short name of a partner, as in settings: `harbor-house`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartnerId(pub String);

impl fmt::Display for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who may own referrals and act by mail.
#[derive(Clone)]
pub struct Staff {
    /// The short name.
    pub id: StaffId,
    /// The name in letters.
    pub name: String,
    /// The one registered address.
    pub address: EmailAddress,
    /// Takes new referrals.
    pub takes_referrals: bool,
    /// Languages spoken (BCP 47); empty means nothing in particular.
    pub languages: Vec<String>,
    /// Matter types handled, matched without case within the packet's words; empty means all.
    pub matters: Vec<String>,
    /// Partners whose referrals are theirs first.
    pub partners: Vec<PartnerId>,
    /// Away until then; another person covers.
    pub away_until: Option<DateTime<Utc>>,
}

/// An organisation that hands people to us.
#[derive(Clone, Debug)]
pub struct Partner {
    /// The short name.
    pub id: PartnerId,
    /// The name in letters to staff.
    pub name: String,
    /// Its registered addresses.
    pub addresses: Vec<EmailAddress>,
    /// Whole domains of its own; never a public mail provider's.
    pub domains: Vec<String>,
    /// Where it is asked to take somebody on, if not at its first address.
    pub ask: Option<EmailAddress>,
    /// What kind of source it is: every measure can be split by it.
    pub source: SourceKind,
    /// How far the ladder acts for it.
    pub mode: Mode,
    /// The first day of its pilot; `None` means the day its first referral came in mode pilot.
    pub pilot_since: Option<NaiveDate>,
    /// The policy its referrals run under; none means the default one.
    pub policy: Option<String>,
    /// May be asked on day 2 for a better way to reach the person (requirement 28).
    pub loop_back: bool,
    /// When it works, Monday first, if not as we do: perhaps one day a week.
    pub week: Option<Week>,
    /// A redirect to it is to be confirmed as received after so much of its own time.
    pub redirect_receipt: Span,
    /// A redirect to it is to be answered after so much of its own time.
    pub redirect_decision: Span,
}

/// Opening and closing of each weekday, Monday first.
pub type Week = [Option<(NaiveTime, NaiveTime)>; 7];

impl Partner {
    /// Where it is asked to take somebody on; `None` where settings know only its domains.
    #[must_use]
    pub fn ask_address(&self) -> Option<&EmailAddress> {
        self.ask.as_ref().or(self.addresses.first())
    }

    /// Its own business time, with our zone and holidays.
    #[must_use]
    pub fn calendar(&self, ours: &Calendar) -> Calendar {
        Calendar { week: self.week.unwrap_or(ours.week), ..ours.clone() }
    }
}

/// What kind of source a partner is (requirement 128).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum SourceKind {
    /// A clinic at a court.
    CourtClinic,
    /// What a hotline cannot take itself.
    HotlineOverflow,
    /// Any other organisation.
    #[default]
    Organization,
}

impl SourceKind {
    /// Each of them.
    pub const ALL: [SourceKind; 3] =
        [SourceKind::CourtClinic, SourceKind::HotlineOverflow, SourceKind::Organization];

    /// The word in settings and figures.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            SourceKind::CourtClinic => "court-clinic",
            SourceKind::HotlineOverflow => "hotline-overflow",
            SourceKind::Organization => "organization",
        }
    }
}

/// How far the ladder acts for a partner (requirement 97).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Record, receipt, measure; no escalation mail.
    Observe,
    /// The partner's own targets, and a report at day 30.
    Pilot,
    /// Everything.
    #[default]
    Enforce,
}

impl Mode {
    /// The word in settings and figures.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Observe => "observe",
            Mode::Pilot => "pilot",
            Mode::Enforce => "enforce",
        }
    }
}

/// What a member of staff said by mail about being away, or an admin on the host for them. The newest word counts: it
/// holds until settings say something else than they did when it was said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Absence {
    /// Who.
    pub staff: StaffId,
    /// Away until then; an instant that is over means here.
    pub until: DateTime<Utc>,
    /// What settings said about them at that time.
    pub settings_said: Option<DateTime<Utc>>,
    /// An admin on the host said it.
    pub by_host: bool,
}

/// Everybody we know.
#[derive(Clone)]
pub struct Roster {
    /// Our own name, as it stands in a consent that names organizations.
    pub house: String,
    /// Staff in the order of settings.
    pub staff: Vec<Staff>,
    /// Partners in the order of settings.
    pub partners: Vec<Partner>,
    /// Steps, schedules, escalations (requirement 60).
    pub workflow_owner: StaffId,
    /// Fields, bounce reasons, reports (requirement 61).
    pub data_owner: StaffId,
    /// Who reads the digest.
    pub admins: Vec<StaffId>,
}

impl Roster {
    /// The member of staff of this name.
    #[must_use]
    pub fn staff(&self, id: &StaffId) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.id == *id)
    }

    /// The member of staff behind an address; `+tags` and case do not matter.
    #[must_use]
    pub fn staff_by_address(&self, address: &EmailAddress) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.address.shares_mailbox(address))
    }

    /// The partner behind an address: a registered address first, then a registered domain.
    #[must_use]
    pub fn partner_by_address(&self, address: &EmailAddress) -> Option<&Partner> {
        let registered =
            |partner: &&Partner| partner.addresses.iter().any(|known| known.shares_mailbox(address));
        let domain = address.domain();
        let is_theirs = |partner: &&Partner| partner.domains.iter().any(|known| known == domain);
        self.partners.iter().find(registered).or_else(|| self.partners.iter().find(is_theirs))
    }

    /// The partner of this name.
    #[must_use]
    pub fn partner(&self, id: &PartnerId) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == *id)
    }

    /// The partner that staff names: by its id or its name, however it is written.
    #[must_use]
    pub fn partner_named(&self, name: &str) -> Option<&Partner> {
        let said = words(name);
        let is = |known: &str| !said.is_empty() && words(known) == said;
        self.partners.iter().find(|partner| is(&partner.id.0) || is(&partner.name))
    }

    /// The one partner that may be meant by a name that is nobody's: a part of its name, or one slip of the pen.
    #[must_use]
    pub fn partner_nearly_named(&self, name: &str) -> Option<&Partner> {
        let said = words(name);
        let near = |known: &str| {
            let known = words(known);
            let part = !said.is_empty() && said.iter().all(|word| known.contains(word));
            part || is_one_slip(&said.concat(), &known.concat())
        };
        let mut meant = self.partners.iter().filter(|partner| near(&partner.id.0) || near(&partner.name));
        meant.next().filter(|_| meant.next().is_none())
    }

    /// Takes over what people said about being away, one word a person.
    pub fn hear(&mut self, absences: &[Absence], now: DateTime<Utc>) {
        for absence in absences {
            let Some(staff) = self.staff.iter_mut().find(|staff| staff.id == absence.staff) else { continue };
            let settings_changed = staff.away_until.is_some_and(|until| until > now)
                && staff.away_until != absence.settings_said;
            if !settings_changed {
                staff.away_until = Some(absence.until);
            }
        }
    }

    /// Picks the owner of a referral: of those who take referrals and are here, the best fit by partner, matter and
    /// language, then the one with the fewest open referrals, then the first in settings. If nobody is here, the
    /// workflow owner: the answer is never "nobody" (requirement 52).
    #[must_use]
    pub fn route(
        &self,
        packet: &Packet,
        from: Option<&PartnerId>,
        open: &BTreeMap<StaffId, u32>,
        now: DateTime<Utc>,
    ) -> StaffId {
        let here =
            |staff: &&Staff| staff.takes_referrals && staff.away_until.is_none_or(|until| until <= now);
        let rank = |staff: &Staff| {
            let load = open.get(&staff.id).copied().unwrap_or(0);
            (std::cmp::Reverse(staff.fit(packet, from)), load)
        };
        self.staff
            .iter()
            .filter(here)
            .min_by_key(|staff| rank(staff))
            .map_or_else(|| self.workflow_owner.clone(), |staff| staff.id.clone())
    }
}

/// One letter is wrong, missing or too many, or two changed places; in short names every letter counts.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let left = one.len().min(other.len()) - before;
    let after = one.iter().rev().zip(other.iter().rev()).take(left).take_while(|(a, b)| a == b).count();
    let (one_apart, other_apart) = (one.len() - before - after, other.len() - before - after);
    let swapped = one_apart == 2 && other_apart == 2 && {
        let (a, b) = (one.get(before..before + 2), other.get(before..before + 2));
        a.zip(b).is_some_and(|(a, b)| a.iter().eq(b.iter().rev()))
    };
    one.len().min(other.len()) > 3 && (swapped || one_apart.max(other_apart) <= 1)
}

impl Staff {
    /// 0 to 7: four points for the partner, two for the matter, one for the language.
    fn fit(&self, packet: &Packet, from: Option<&PartnerId>) -> u8 {
        let partner = from.is_some_and(|from| self.partners.contains(from));
        let service = packet.text(Field::Service).unwrap_or_default().to_lowercase();
        let matter = self.matters.iter().any(|known| service.contains(&known.to_lowercase()));
        let language =
            packet.language().is_some_and(|tag| self.languages.iter().any(|known| speaks(known, tag)));
        u8::from(partner) * 4 + u8::from(matter) * 2 + u8::from(language)
    }
}

/// Whether who speaks one language speaks another: the same, or the same told more closely ("zh" and "zh-Hant").
fn speaks(known: &str, tag: &str) -> bool {
    tag.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_of_the_pen_is_seen_and_two_are_another_name() {
        for (one, other, near) in [
            ("northclinic", "northclinik", true),
            ("northclinic", "nortclinic", true),
            ("northclinic", "norhtclinic", true),
            ("northclinic", "northclinics", true),
            ("northclinic", "southclinic", false),
            ("abc", "abd", false),
            ("", "", false),
            ("aaaa", "aaaaa", true),
        ] {
            assert_eq!(is_one_slip(one, other), near, "{one} {other}");
            assert_eq!(is_one_slip(other, one), near, "{other} {one}");
        }
    }

    #[test]
    fn the_newest_word_about_an_absence_counts() {
        let at = |day: u32| format!("2026-12-{day:02}T05:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let now = at(5);
        for (settings, said_until, settings_said, expected) in [
            (None, at(9), None, Some(at(9))),
            (Some(at(9)), at(4), Some(at(9)), Some(at(4))),
            (Some(at(9)), at(12), Some(at(9)), Some(at(12))),
            // Settings were changed since: theirs is the newer word.
            (Some(at(20)), at(4), Some(at(9)), Some(at(20))),
            (Some(at(20)), at(12), None, Some(at(20))),
            // What settings said is over: it says nothing any more.
            (Some(at(3)), at(12), Some(at(2)), Some(at(12))),
        ] {
            let id = StaffId("maria".to_owned());
            let mut roster = Roster {
                house: "Example Help Center".to_owned(),
                staff: vec![Staff {
                    id: id.clone(),
                    name: "Maria".to_owned(),
                    address: EmailAddress::parse("maria@example.org").unwrap(),
                    takes_referrals: true,
                    languages: Vec::new(),
                    matters: Vec::new(),
                    partners: Vec::new(),
                    away_until: settings,
                }],
                partners: Vec::new(),
                workflow_owner: id.clone(),
                data_owner: id.clone(),
                admins: Vec::new(),
            };
            let stranger = Absence {
                staff: StaffId("left".to_owned()),
                until: at(30),
                settings_said: None,
                by_host: false,
            };
            let said = Absence { staff: id.clone(), until: said_until, settings_said, by_host: true };
            roster.hear(&[stranger, said], now);
            assert_eq!(roster.staff(&id).unwrap().away_until, expected);
        }
    }
}
