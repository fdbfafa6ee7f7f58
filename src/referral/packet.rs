//! The packet: what a referral carries (requirements 68 to 70).
//!
//! A value is kept as it was written, beside what we made of it, where it stood and how sure we are.
//! Nothing here guesses: a value nobody could judge stays [`Judged::Unclear`], and the rules treat that as *not safe*.

mod channels;
pub mod consent;
mod deadline;
mod found;
mod grounds;
mod judged;
mod person;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use channels::{Channels, Safety};
pub use deadline::Deadline;
pub use found::{Confidence, Found};
pub use grounds::Grounds;
pub use judged::{Judged, WARNED};
pub use person::{Person, name_form};

/// One thing a packet can say. The key is the word used in label files, in `explain --json` and in the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The person's name.
    ClientName,
    /// Date of birth.
    ClientDob,
    /// First phone number.
    ClientPhone,
    /// Another phone number.
    ClientPhoneOther,
    /// The person's own email address.
    ClientEmail,
    /// Postal address.
    ClientAddress,
    /// Which channels are safe, as a sentence or a yes/no.
    SafeToContact,
    /// Is a phone call safe?
    SafeCall,
    /// Is a voicemail safe?
    SafeVoicemail,
    /// Is a text message safe?
    SafeText,
    /// Is an email safe?
    SafeEmail,
    /// Is a letter by post safe?
    SafeLetter,
    /// Times at which contact is safe.
    BestTime,
    /// The person's time zone, as named.
    TimeZone,
    /// The channel the person prefers.
    PreferredContact,
    /// Language.
    Language,
    /// Is an interpreter needed?
    Interpreter,
    /// Gender or pronouns, as given.
    GenderPronouns,
    /// People in the household.
    HouseholdSize,
    /// Household income, as given.
    HouseholdIncome,
    /// County or district.
    County,
    /// Kind of matter: housing, family, immigration …
    Service,
    /// The story: why this person is referred.
    Reason,
    /// How urgent, in the sender's words.
    Urgency,
    /// A court date.
    CourtDate,
    /// A filing or answer deadline.
    FilingDeadline,
    /// A lockout or eviction date.
    LockoutDate,
    /// Any other date that must not pass.
    OtherDeadline,
    /// Documents that exist or are attached.
    Documents,
    /// The other side; feeds the conflict check.
    OpposingParty,
    /// Consent to share information.
    Consent,
    /// Consent to be contacted.
    ConsentContact,
    /// What the consent covers.
    ConsentScope,
    /// Until when the consent holds.
    ConsentUntil,
    /// How the consent was given.
    ConsentHow,
    /// Who gave the consent.
    ConsentBy,
    /// When the consent was given.
    ConsentGiven,
    /// The organizations it names, if it is for some only.
    ConsentWith,
    /// Whether a record of substance use treatment is among it, which 42 CFR part 2 protects.
    PartTwo,
    /// Safety notes: never in any outgoing mail (requirement 124).
    SafetyNotes,
    /// Who refers.
    ReferrerName,
    /// The referring organisation.
    ReferrerOrg,
    /// The referrer's phone.
    ReferrerPhone,
    /// The referrer's email.
    ReferrerEmail,
    /// The referrer's relationship to the person.
    Relationship,
    /// The partner's own reference for this person.
    PartnerReference,
    /// The date the referral was written.
    ReferralDate,
}

impl Field {
    /// Every field, in the order a form asks for them.
    pub const ALL: [Field; 47] = [
        Field::ClientName,
        Field::ClientDob,
        Field::ClientPhone,
        Field::ClientPhoneOther,
        Field::ClientEmail,
        Field::ClientAddress,
        Field::SafeToContact,
        Field::SafeCall,
        Field::SafeVoicemail,
        Field::SafeText,
        Field::SafeEmail,
        Field::SafeLetter,
        Field::BestTime,
        Field::TimeZone,
        Field::PreferredContact,
        Field::Language,
        Field::Interpreter,
        Field::GenderPronouns,
        Field::HouseholdSize,
        Field::HouseholdIncome,
        Field::County,
        Field::Service,
        Field::Reason,
        Field::Urgency,
        Field::CourtDate,
        Field::FilingDeadline,
        Field::LockoutDate,
        Field::OtherDeadline,
        Field::Documents,
        Field::OpposingParty,
        Field::Consent,
        Field::ConsentContact,
        Field::ConsentScope,
        Field::ConsentUntil,
        Field::ConsentHow,
        Field::ConsentBy,
        Field::ConsentGiven,
        Field::ConsentWith,
        Field::PartTwo,
        Field::SafetyNotes,
        Field::ReferrerName,
        Field::ReferrerOrg,
        Field::ReferrerPhone,
        Field::ReferrerEmail,
        Field::Relationship,
        Field::PartnerReference,
        Field::ReferralDate,
    ];

    /// The fields whose absence turns a referral into *Needs Info* unless settings say otherwise
    /// (requirements 48 and 69).
    pub const REQUIRED: [Field; 6] = [
        Field::ClientName,
        Field::ClientPhone,
        Field::SafeToContact,
        Field::Language,
        Field::Service,
        Field::Consent,
    ];

    /// The word for this field in label files, JSON and the store.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Field::ClientName => "client_name",
            Field::ClientDob => "client_dob",
            Field::ClientPhone => "client_phone",
            Field::ClientPhoneOther => "client_phone_other",
            Field::ClientEmail => "client_email",
            Field::ClientAddress => "client_address",
            Field::SafeToContact => "safe_to_contact",
            Field::SafeCall => "safe_call",
            Field::SafeVoicemail => "safe_voicemail",
            Field::SafeText => "safe_text",
            Field::SafeEmail => "safe_email",
            Field::SafeLetter => "safe_letter",
            Field::BestTime => "best_time",
            Field::TimeZone => "time_zone",
            Field::PreferredContact => "preferred_contact",
            Field::Language => "language",
            Field::Interpreter => "interpreter",
            Field::GenderPronouns => "gender_pronouns",
            Field::HouseholdSize => "household_size",
            Field::HouseholdIncome => "household_income",
            Field::County => "county",
            Field::Service => "service",
            Field::Reason => "reason",
            Field::Urgency => "urgency",
            Field::CourtDate => "court_date",
            Field::FilingDeadline => "filing_deadline",
            Field::LockoutDate => "lockout_date",
            Field::OtherDeadline => "other_deadline",
            Field::Documents => "documents",
            Field::OpposingParty => "opposing_party",
            Field::Consent => "consent",
            Field::ConsentContact => "consent_contact",
            Field::ConsentScope => "consent_scope",
            Field::ConsentUntil => "consent_until",
            Field::ConsentHow => "consent_how",
            Field::ConsentBy => "consent_by",
            Field::ConsentGiven => "consent_given",
            Field::ConsentWith => "consent_with",
            Field::PartTwo => "part_two",
            Field::SafetyNotes => "safety_notes",
            Field::ReferrerName => "referrer_name",
            Field::ReferrerOrg => "referrer_org",
            Field::ReferrerPhone => "referrer_phone",
            Field::ReferrerEmail => "referrer_email",
            Field::Relationship => "relationship",
            Field::PartnerReference => "partner_reference",
            Field::ReferralDate => "referral_date",
        }
    }

    /// The label in the blank form and in "please fill in": what intake reads back.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Field::ClientName => "Client name",
            Field::ClientDob => "Date of birth",
            Field::ClientPhone => "Phone",
            Field::ClientPhoneOther => "Other phone",
            Field::ClientEmail => "Email",
            Field::ClientAddress => "Address",
            Field::SafeToContact => "Safe to contact",
            Field::SafeCall => "Safe to call",
            Field::SafeVoicemail => "Safe to leave voicemail",
            Field::SafeText => "Safe to text",
            Field::SafeEmail => "Safe to email",
            Field::SafeLetter => "Safe to send letters",
            Field::BestTime => "Safe times",
            Field::TimeZone => "Time zone",
            Field::PreferredContact => "Preferred contact method",
            Field::Language => "Language",
            Field::Interpreter => "Interpreter needed",
            Field::GenderPronouns => "Pronouns",
            Field::HouseholdSize => "Household size",
            Field::HouseholdIncome => "Household income",
            Field::County => "County",
            Field::Service => "Matter type",
            Field::Reason => "Reason for referral",
            Field::Urgency => "Urgency",
            Field::CourtDate => "Court date",
            Field::FilingDeadline => "Filing deadline",
            Field::LockoutDate => "Lockout date",
            Field::OtherDeadline => "Other deadline",
            Field::Documents => "Documents",
            Field::OpposingParty => "Opposing party",
            Field::Consent => "Consent to share",
            Field::ConsentContact => "Consent to contact",
            Field::ConsentScope => "Consent covers",
            Field::ConsentUntil => "Consent holds until",
            Field::ConsentHow => "Consent given how",
            Field::ConsentBy => "Consent given by",
            Field::ConsentGiven => "Consent given on",
            Field::ConsentWith => "Consent to share with",
            Field::PartTwo => "Protected by 42 CFR part 2",
            Field::SafetyNotes => "Safety notes",
            Field::ReferrerName => "Referrer name",
            Field::ReferrerOrg => "Referring organization",
            Field::ReferrerPhone => "Referrer phone",
            Field::ReferrerEmail => "Referrer email",
            Field::Relationship => "Relationship to client",
            Field::PartnerReference => "Your reference",
            Field::ReferralDate => "Referral date",
        }
    }

    /// The field of this key, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.key() == key)
    }
}

/// One person's referral as a set of fields.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Packet {
    fields: BTreeMap<Field, Found>,
    /// Why its mail is taken to speak against what it says.
    #[serde(default, skip_serializing_if = "Grounds::is_empty")]
    grounds: Grounds,
}

impl Packet {
    /// The value of a field, if the mail had one.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Found> {
        self.fields.get(&field)
    }

    /// The words of a field as written.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        self.get(field).map(|found| found.value.as_str())
    }

    /// Puts a value in its place; an earlier one is replaced and handed back.
    pub fn put(&mut self, field: Field, found: Found) -> Option<Found> {
        self.fields.insert(field, found)
    }

    /// Makes a question of a yes, or of no answer, which then stands at `place`. A no stays, whoever doubts it.
    pub fn unbelieve(&mut self, field: Field, why: &str, place: &str) {
        let judged = Judged::Unclear(why.to_owned());
        let known = match self.get(field) {
            Some(known) if known.judged == Judged::No => return,
            Some(known) => known.clone(),
            None => Found {
                value: String::new(),
                judged: judged.clone(),
                confidence: Confidence::Medium,
                place: place.to_owned(),
            },
        };
        self.put(field, Found { judged, ..known });
    }

    /// Every field with its value, in form order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Found)> {
        self.fields.iter().map(|(field, found)| (*field, found))
    }

    /// Why a mail is taken to speak against a way to reach the client, or against consent.
    #[must_use]
    pub const fn grounds(&self) -> &Grounds {
        &self.grounds
    }

    /// Adds why another part of the same mail does so.
    pub fn because(&mut self, grounds: &Grounds) {
        self.grounds.join(grounds);
    }

    /// Adds why a later mail does so.
    pub fn because_later(&mut self, grounds: &Grounds) {
        self.grounds.renew(grounds);
    }

    /// Nothing yet but why its mail is taken to speak against something: for what some of the values go into.
    #[must_use]
    pub fn emptied(&self) -> Packet {
        Packet { grounds: self.grounds.clone(), ..Packet::default() }
    }

    /// Whether nothing was found at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The person's email address, if it could be read and nothing is wrong with it.
    #[must_use]
    pub fn client_email(&self) -> Option<&str> {
        let Judged::Email { address, problem: None } = &self.get(Field::ClientEmail)?.judged else {
            return None;
        };
        Some(address)
    }

    /// The BCP 47 tag of the person's language, if it was understood.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        let Judged::Language(tag) = &self.get(Field::Language)?.judged else { return None };
        Some(tag)
    }

    /// Consent to be contacted and to share: only a clear yes is a yes, and a no anywhere wins. A yes with an end
    /// counts; whether it has ended is for [`super::safety`].
    #[must_use]
    pub fn consents(&self) -> bool {
        let mut said =
            [Field::Consent, Field::ConsentContact].into_iter().filter_map(|field| self.get(field));
        let clear = |found: &Found| matches!(found.judged, Judged::Yes | Judged::YesUntil { .. });
        said.next().is_some_and(clear) && said.all(clear) && self.has_no_limit()
    }

    /// Whether nothing beside the yes takes part of it away at first sight.
    fn has_no_limit(&self) -> bool {
        consent::TERMS.into_iter().filter_map(|field| self.get(field)).all(|found| match &found.judged {
            Judged::Yes | Judged::YesUntil { .. } | Judged::How(_) | Judged::Date { .. } => true,
            Judged::Scope(scope) => *scope == consent::Scope::ALL,
            Judged::By(by) => *by < consent::By::SomebodyElse,
            Judged::Text
            | Judged::No
            | Judged::Unclear(_)
            | Judged::Channels(_)
            | Judged::Phone { .. }
            | Judged::Email { .. }
            | Judged::Language(_) => false,
        })
    }

    /// Whether 42 CFR part 2 protects something in it; anything but a clear no counts.
    #[must_use]
    pub fn is_part_two(&self) -> bool {
        self.get(Field::PartTwo).is_some_and(|found| found.judged != Judged::No)
    }

    /// The safety of every channel: the general field first, then each channel's own field; the safer reading wins. Beside
    /// a general answer that is a question, "through her advocate only", no channel's own yes counts.
    #[must_use]
    pub fn channels(&self) -> Channels {
        let general = match self.get(Field::SafeToContact).map(|found| &found.judged) {
            Some(Judged::Channels(channels)) => *channels,
            Some(Judged::No) => Channels {
                call: Safety::NotSafe,
                voicemail: Safety::NotSafe,
                text: Safety::NotSafe,
                email: Safety::NotSafe,
                letter: Safety::NotSafe,
            },
            _ => Channels::default(),
        };
        Channels {
            call: self.safer(general.call, Field::SafeCall),
            voicemail: self.safer(general.voicemail, Field::SafeVoicemail),
            text: self.safer(general.text, Field::SafeText),
            email: self.safer(general.email, Field::SafeEmail),
            letter: self.safer(general.letter, Field::SafeLetter),
        }
    }

    fn safer(&self, general: Safety, own: Field) -> Safety {
        let own = match self.get(own).map(|found| &found.judged) {
            None => return general,
            Some(Judged::Yes) if !self.is_unclear(Field::SafeToContact) => Safety::Safe,
            Some(_) => Safety::NotSafe,
        };
        if general == Safety::NotSafe { Safety::NotSafe } else { own }
    }

    fn is_unclear(&self, field: Field) -> bool {
        matches!(self.get(field), Some(Found { judged: Judged::Unclear(_), .. }))
    }

    /// The dates that must not pass, with the field that named each.
    pub fn deadlines(&self) -> impl Iterator<Item = Deadline> {
        const KINDS: [Field; 4] =
            [Field::CourtDate, Field::FilingDeadline, Field::LockoutDate, Field::OtherDeadline];
        KINDS.into_iter().filter_map(|kind| {
            let Judged::Date { date, time, ambiguous } = self.get(kind)?.judged else { return None };
            Some(Deadline { kind, date, time, ambiguous })
        })
    }
}
