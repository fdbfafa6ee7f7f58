//! What a label can mean: which value, and whose; and the keys that stand for it in the language files.

use crate::referral::packet::Field;

/// Bits of the channels a label or a clause speaks of.
pub(crate) mod channel {
    /// Phone call.
    pub(crate) const CALL: u8 = 1;
    /// Voicemail.
    pub(crate) const VOICEMAIL: u8 = 2;
    /// Text message.
    pub(crate) const TEXT: u8 = 4;
    /// Email.
    pub(crate) const EMAIL: u8 = 8;
    /// Letter.
    pub(crate) const LETTER: u8 = 16;
}

/// Whose "Name" a label means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whose {
    /// The label does not say.
    Plain,
    /// The person who fills in the form.
    Your,
    /// The person referred.
    Client,
    /// The person or organisation that refers.
    Referrer,
    /// The other side.
    Opposing,
    /// Somebody a packet has no place for.
    Other,
}

impl Whose {
    /// Whether it is somebody's who is certainly not the client.
    pub(crate) const fn is_of_others(self) -> bool {
        matches!(self, Whose::Referrer | Whose::Opposing | Whose::Other)
    }
}

/// What a label asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Slot {
    /// Whole name.
    Name,
    /// A name beside the name.
    NickName,
    /// Given name.
    FirstName,
    /// Middle name.
    MiddleName,
    /// Family name.
    LastName,
    /// Second family name.
    LastName2,
    /// Phone.
    Phone,
    /// A further phone.
    PhoneOther,
    /// Email.
    Email,
    /// Address or its first line.
    Address,
    /// Second line, flat.
    AddressMore,
    /// Town.
    City,
    /// State.
    State,
    /// Postal code.
    Zip,
    /// The three in one.
    CityStateZip,
    /// A field that belongs to the matter.
    Field(Field),
    /// Are these channels safe? Bits of [`channel`]; none means in general.
    Safe(u8),
    /// These channels are not to be used.
    DoNot(u8),
    /// The kind of legal problem: the service, or, beside one, the reason.
    Matter,
    /// Name and ways to reach a person in one value.
    ContactLine,
    /// `From: Name <address>` in a form's body.
    FromLine,
    /// Known and not wanted.
    Ignore,
}

impl Slot {
    /// Whether it asks who somebody is, or how they are reached.
    pub(crate) const fn is_of_person(self) -> bool {
        matches!(
            self,
            Slot::Name
                | Slot::NickName
                | Slot::FirstName
                | Slot::MiddleName
                | Slot::LastName
                | Slot::LastName2
                | Slot::Phone
                | Slot::PhoneOther
                | Slot::Email
                | Slot::Address
                | Slot::AddressMore
                | Slot::City
                | Slot::State
                | Slot::Zip
                | Slot::CityStateZip
                | Slot::ContactLine
                | Slot::FromLine
        )
    }

    /// Whether it asks for a name, or a part of one.
    pub(crate) const fn is_of_name(self) -> bool {
        matches!(self, Slot::Name | Slot::FirstName | Slot::MiddleName | Slot::LastName | Slot::LastName2)
    }

    /// Whether it asks what is safe for somebody, or is not.
    pub(crate) const fn is_of_safety(self) -> bool {
        matches!(self, Slot::Safe(_) | Slot::DoNot(_))
    }
}

/// A label understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Meaning {
    /// What it asks for.
    pub(crate) slot: Slot,
    /// Of whom.
    pub(crate) whose: Whose,
}

/// The person behind a key of the language files.
pub(super) fn whose_of(key: &str) -> Option<Whose> {
    Some(match key {
        "client" => Whose::Client,
        "referrer" => Whose::Referrer,
        "opposing" => Whose::Opposing,
        "other" => Whose::Other,
        "neutral" => Whose::Plain,
        _ => return None,
    })
}

/// What a part's key asks for.
pub(super) fn slot_of(key: &str) -> Option<Slot> {
    Some(match key {
        "name" => Slot::Name,
        "nick_name" => Slot::NickName,
        "first_name" => Slot::FirstName,
        "middle_name" => Slot::MiddleName,
        "last_name" => Slot::LastName,
        "last_name_2" => Slot::LastName2,
        "phone" => Slot::Phone,
        "phone_other" => Slot::PhoneOther,
        "email" => Slot::Email,
        "address" => Slot::Address,
        "address_more" => Slot::AddressMore,
        "city" => Slot::City,
        "state" => Slot::State,
        "zip" => Slot::Zip,
        "city_state_zip" => Slot::CityStateZip,
        "matter" => Slot::Matter,
        "contact_line" => Slot::ContactLine,
        "from_line" => Slot::FromLine,
        "ignore" => Slot::Ignore,
        "safe_to_contact" => Slot::Safe(0),
        "do_not_contact" => Slot::DoNot(0),
        _ => match key.strip_prefix("do_not_") {
            Some(name) => Slot::DoNot(bit(name)?),
            None => return channels_of(key).or_else(|| Field::from_key(key).map(Slot::Field)),
        },
    })
}

fn channels_of(key: &str) -> Option<Slot> {
    key.split(' ')
        .map(|name| name.strip_prefix("safe_").and_then(bit))
        .try_fold(0, |all, one| Some(all | one?))
        .map(Slot::Safe)
}

fn bit(name: &str) -> Option<u8> {
    Some(match name {
        "call" => channel::CALL,
        "voicemail" => channel::VOICEMAIL,
        "text" => channel::TEXT,
        "email" => channel::EMAIL,
        "letter" => channel::LETTER,
        _ => return None,
    })
}

/// What a label's key means.
pub(super) fn meaning_of(key: &str) -> Option<Meaning> {
    let (slot, whose) = match key {
        "client_name" => (Slot::Name, Whose::Client),
        "client_phone" => (Slot::Phone, Whose::Client),
        "client_phone_other" => (Slot::PhoneOther, Whose::Client),
        "client_email" => (Slot::Email, Whose::Client),
        "client_address" => (Slot::Address, Whose::Client),
        "referrer_name" => (Slot::Name, Whose::Referrer),
        "referrer_phone" => (Slot::Phone, Whose::Referrer),
        "referrer_email" => (Slot::Email, Whose::Referrer),
        "opposing_party" => (Slot::Name, Whose::Opposing),
        _ => (slot_of(key)?, Whose::Plain),
    };
    Some(Meaning { slot, whose })
}
