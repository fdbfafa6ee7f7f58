//! The gate's questions, each in the fewest answers it can have, and the table that judges them. The test at the end
//! walks every combination.

use super::super::packet::Safety;

/// Why a client gets no letter. The words are in the record and in measure 109.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Withheld {
    /// The setting says no.
    SwitchedOff,
    /// The client said stop.
    Stopped,
    /// Contact is not wanted, or was given up as unsafe.
    DoNotContact,
    /// The sender of the referral is not proven.
    SenderNotProven,
    /// No clear consent.
    NoConsent,
    /// The consent has run out.
    ConsentExpired,
    /// The consent has an end that could not be read.
    ConsentEndUnclear,
    /// The opposing party gave the consent.
    ConsentByOpposingParty,
    /// Somebody who cannot give it gave the consent.
    ConsentByAnother,
    /// Nobody could read what the consent covers or how it was given.
    ConsentTermsUnclear,
    /// The consent does not cover a mail to the client.
    ConsentNotForEmail,
    /// No address, or one that cannot be right.
    NoAddress,
    /// Email was not said to be safe.
    NotMarkedSafe,
    /// Email was said to be safe, and something in the mail speaks against it.
    MarkedAndDoubted,
    /// The address belongs to the sender, a partner, staff or ourselves.
    NotTheirOwn,
    /// The address is, or looks like, the opposing party's.
    OpposingParty,
    /// A role address that others may read.
    RoleAddress,
    /// The address stands for another client too.
    SharedAddress,
    /// The address looks like that of a couple or a family.
    JointAddress,
    /// Another referral speaks against writing to the address.
    DoubtedAddress,
    /// Somebody wrote from the address who may not be the client, and nobody has looked yet.
    UnreadMail,
    /// The last word on safety is too old.
    SafetyTooOld,
    /// Nobody could read which times are safe.
    SafeTimesUnclear,
    /// No hour is safe in every zone the client may be in.
    NoSafeHour,
}

impl Withheld {
    /// Whether something in the referral is odd enough that a person must look: the rest is as it should be, was asked
    /// about already, or was somebody's wish.
    #[must_use]
    pub const fn is_a_question(self) -> bool {
        match self {
            Withheld::ConsentExpired
            | Withheld::ConsentByOpposingParty
            | Withheld::ConsentByAnother
            | Withheld::ConsentNotForEmail
            | Withheld::NotTheirOwn
            | Withheld::OpposingParty
            | Withheld::RoleAddress
            | Withheld::SharedAddress
            | Withheld::JointAddress
            | Withheld::DoubtedAddress
            | Withheld::SafetyTooOld
            | Withheld::SafeTimesUnclear
            | Withheld::NoSafeHour => true,
            Withheld::SwitchedOff
            | Withheld::Stopped
            | Withheld::DoNotContact
            | Withheld::SenderNotProven
            | Withheld::NoConsent
            | Withheld::ConsentEndUnclear
            | Withheld::ConsentTermsUnclear
            | Withheld::NoAddress
            | Withheld::NotMarkedSafe
            | Withheld::MarkedAndDoubted
            | Withheld::UnreadMail => false,
        }
    }

    /// The reason in words, for the record and for staff.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Withheld::SwitchedOff => "letters to clients are switched off",
            Withheld::Stopped => "we were asked not to write to the client",
            Withheld::DoNotContact => "the client is not to be contacted",
            Withheld::SenderNotProven => "the sender of the referral is not a proven partner",
            Withheld::NoConsent => "there is no clear consent",
            Withheld::ConsentExpired => "the consent has run out",
            Withheld::ConsentEndUnclear => "nobody could read until when the consent holds",
            Withheld::ConsentByOpposingParty => "the opposing party seems to have given the consent",
            Withheld::ConsentByAnother => "somebody other than the client gave the consent",
            Withheld::ConsentTermsUnclear => "nobody could read what the consent covers or how it was given",
            Withheld::ConsentNotForEmail => "the consent does not cover email to the client",
            Withheld::NoAddress => "there is no usable email address",
            Withheld::NotMarkedSafe => "email was not marked as safe",
            Withheld::MarkedAndDoubted => "email was marked as safe, but that is in doubt",
            Withheld::NotTheirOwn => "the address belongs to somebody else",
            Withheld::OpposingParty => "the address may be the opposing party's",
            Withheld::RoleAddress => "others may read that address",
            Withheld::SharedAddress => "another client has the same address",
            Withheld::JointAddress => "the address looks like several people's",
            Withheld::DoubtedAddress => "another referral says not to write to that address",
            Withheld::UnreadMail => "nobody has read yet what somebody wrote from that address",
            Withheld::SafetyTooOld => "the last word on safety is too old",
            Withheld::SafeTimesUnclear => "nobody could read which times are safe for the client",
            Withheld::NoSafeHour => {
                "no hour of ours is safe for the client in every time zone they may be in"
            }
        }
    }
}

/// What is known about the consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consent {
    /// A clear yes of the client.
    Given,
    /// Nothing, a no, or anything in doubt.
    Unclear,
    /// A yes whose end has passed.
    Expired,
    /// A yes with an end that could not be read.
    EndUnclear,
    /// A yes in which the opposing party is named, or in a referral that it wrote.
    ByOpposingParty,
    /// A yes of somebody who cannot give it: a friend, a spouse, a parent of an adult, a name that is not the client's.
    ByAnother,
    /// A yes of which nobody could read what it covers or how it was given.
    TermsUnclear,
    /// A yes to something else.
    NotCovered,
}

/// Whose address it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// The client's, as far as anybody can tell.
    Client,
    /// There is none.
    Nobody,
    /// The sender's, a partner's, staff's or our own.
    Ours,
    /// The opposing party's, or it looks like it.
    OpposingParty,
    /// A role address.
    Role,
    /// Two clients' at least.
    Shared,
    /// A couple's or a family's, by its looks.
    Joint,
}

/// Everything the gate looks at, each in the fewest values it can have.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own, and the test walks them all"
)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Circumstances {
    /// The setting.
    pub enabled: bool,
    /// The client said stop.
    pub stopped: bool,
    /// Not to be contacted.
    pub do_not_contact: bool,
    /// The sender is proven.
    pub proven: bool,
    /// The consent.
    pub consent: Consent,
    /// The address.
    pub whose: Whose,
    /// What was said about email.
    pub email: Safety,
    /// It was a yes, before something else spoke against it.
    pub was_marked: bool,
    /// Another referral speaks against writing there, and nobody has asked since.
    pub doubted: bool,
    /// Somebody wrote from there, it was not plainly the client, and nobody has looked.
    pub unread: bool,
    /// The last word on safety is young enough.
    pub fresh: bool,
    /// The safe times can be read, or there are none.
    pub times_are_clear: bool,
    /// Some hour is safe wherever the client may be.
    pub has_safe_hour: bool,
}

impl Circumstances {
    /// The table above, row by row.
    ///
    /// # Errors
    /// The first row that speaks against it.
    pub fn judge(&self) -> Result<(), Withheld> {
        let consent = match self.consent {
            Consent::Given => None,
            Consent::Unclear => Some(Withheld::NoConsent),
            Consent::Expired => Some(Withheld::ConsentExpired),
            Consent::EndUnclear => Some(Withheld::ConsentEndUnclear),
            Consent::ByOpposingParty => Some(Withheld::ConsentByOpposingParty),
            Consent::ByAnother => Some(Withheld::ConsentByAnother),
            Consent::TermsUnclear => Some(Withheld::ConsentTermsUnclear),
            Consent::NotCovered => Some(Withheld::ConsentNotForEmail),
        };
        let whose = match self.whose {
            Whose::Client | Whose::Nobody => None,
            Whose::Ours => Some(Withheld::NotTheirOwn),
            Whose::OpposingParty => Some(Withheld::OpposingParty),
            Whose::Role => Some(Withheld::RoleAddress),
            Whose::Shared => Some(Withheld::SharedAddress),
            Whose::Joint => Some(Withheld::JointAddress),
        };
        let when = |speaks: bool, why: Withheld| speaks.then_some(why);
        let against = when(!self.enabled, Withheld::SwitchedOff)
            .or(when(self.stopped, Withheld::Stopped))
            .or(when(self.do_not_contact, Withheld::DoNotContact))
            .or(when(!self.proven, Withheld::SenderNotProven))
            .or(consent)
            .or(when(self.whose == Whose::Nobody, Withheld::NoAddress))
            .or(when(self.email != Safety::Safe && self.was_marked, Withheld::MarkedAndDoubted))
            .or(when(self.email != Safety::Safe, Withheld::NotMarkedSafe))
            .or(whose)
            .or(when(self.doubted, Withheld::DoubtedAddress))
            .or(when(self.unread, Withheld::UnreadMail))
            .or(when(!self.fresh, Withheld::SafetyTooOld))
            .or(when(!self.times_are_clear, Withheld::SafeTimesUnclear))
            .or(when(!self.has_safe_hour, Withheld::NoSafeHour));
        against.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSENTS: [Consent; 8] = [
        Consent::Given,
        Consent::Unclear,
        Consent::Expired,
        Consent::EndUnclear,
        Consent::ByOpposingParty,
        Consent::ByAnother,
        Consent::TermsUnclear,
        Consent::NotCovered,
    ];
    const OWNERS: [Whose; 7] = [
        Whose::Client,
        Whose::Nobody,
        Whose::Ours,
        Whose::OpposingParty,
        Whose::Role,
        Whose::Shared,
        Whose::Joint,
    ];
    const SAFETIES: [Safety; 3] = [Safety::Safe, Safety::NotSafe, Safety::Unknown];

    fn all() -> Vec<Circumstances> {
        let mut all = Vec::new();
        for bits in 0..1024_u16 {
            let bit = |at: u8| bits & (1 << at) != 0;
            for consent in CONSENTS {
                for whose in OWNERS {
                    for email in SAFETIES {
                        all.push(Circumstances {
                            enabled: bit(0),
                            stopped: bit(1),
                            do_not_contact: bit(2),
                            proven: bit(3),
                            fresh: bit(4),
                            has_safe_hour: bit(5),
                            times_are_clear: bit(6),
                            doubted: bit(7),
                            was_marked: bit(8),
                            unread: bit(9),
                            consent,
                            whose,
                            email,
                        });
                    }
                }
            }
        }
        all
    }

    #[test]
    fn of_all_circumstances_only_one_lets_a_letter_through() {
        let all = all();
        assert_eq!(all.len(), 1024 * CONSENTS.len() * OWNERS.len() * SAFETIES.len());
        let through: Vec<&Circumstances> = all.iter().filter(|one| one.judge().is_ok()).collect();
        let clear = |was_marked| Circumstances {
            was_marked,
            enabled: true,
            stopped: false,
            do_not_contact: false,
            proven: true,
            consent: Consent::Given,
            whose: Whose::Client,
            email: Safety::Safe,
            doubted: false,
            unread: false,
            fresh: true,
            has_safe_hour: true,
            times_are_clear: true,
        };
        assert_eq!(through, [&clear(false), &clear(true)]);
    }

    #[test]
    fn the_reason_is_always_one_that_holds_and_the_first_of_the_table() {
        for one in all() {
            let Err(why) = one.judge() else { continue };
            let rows = [
                (!one.enabled, Withheld::SwitchedOff),
                (one.stopped, Withheld::Stopped),
                (one.do_not_contact, Withheld::DoNotContact),
                (!one.proven, Withheld::SenderNotProven),
                (one.consent == Consent::Unclear, Withheld::NoConsent),
                (one.consent == Consent::Expired, Withheld::ConsentExpired),
                (one.consent == Consent::EndUnclear, Withheld::ConsentEndUnclear),
                (one.consent == Consent::ByOpposingParty, Withheld::ConsentByOpposingParty),
                (one.consent == Consent::ByAnother, Withheld::ConsentByAnother),
                (one.consent == Consent::TermsUnclear, Withheld::ConsentTermsUnclear),
                (one.consent == Consent::NotCovered, Withheld::ConsentNotForEmail),
                (one.whose == Whose::Nobody, Withheld::NoAddress),
                (one.email != Safety::Safe && one.was_marked, Withheld::MarkedAndDoubted),
                (one.email != Safety::Safe, Withheld::NotMarkedSafe),
                (one.whose == Whose::Ours, Withheld::NotTheirOwn),
                (one.whose == Whose::OpposingParty, Withheld::OpposingParty),
                (one.whose == Whose::Role, Withheld::RoleAddress),
                (one.whose == Whose::Shared, Withheld::SharedAddress),
                (one.whose == Whose::Joint, Withheld::JointAddress),
                (one.doubted, Withheld::DoubtedAddress),
                (one.unread, Withheld::UnreadMail),
                (!one.fresh, Withheld::SafetyTooOld),
                (!one.times_are_clear, Withheld::SafeTimesUnclear),
                (!one.has_safe_hour, Withheld::NoSafeHour),
            ];
            let first = rows.into_iter().find(|(speaks, _)| *speaks).map(|(_, row)| row);
            assert_eq!(Some(why), first, "{one:?}");
        }
    }
}
