//! What becomes of a mail, with the cause: every mail ends in exactly one disposition (DESIGN §3).
//!
//! It stands here, below the rooms that need it: intake foresees it of one mail, the loops carry it out, the store
//! keeps it.

/// What a mail turned out to be, with what there is to say of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// It opened one or more referrals.
    Referral,
    /// A person wrote about a referral.
    Reply,
    /// Somebody said what to do, or asked.
    Command,
    /// The same without the proofs for it: nothing was done, and the digest counts it.
    UnprovenCommand,
    /// An out-of-office or the like.
    AutoReply,
    /// A report about a mail of ours.
    DeliveryReport,
    /// One more of something we have.
    Duplicate(Likeness),
    /// A person must look.
    Parked(ParkCause),
    /// Nothing for us.
    Ignored(IgnoreCause),
}

impl Disposition {
    /// The pile it is counted on.
    #[must_use]
    pub const fn pile(self) -> Pile {
        match self {
            Disposition::Referral => Pile::Referral,
            Disposition::Reply => Pile::Reply,
            Disposition::Command | Disposition::UnprovenCommand => Pile::Command,
            Disposition::AutoReply => Pile::AutoReply,
            Disposition::DeliveryReport => Pile::DeliveryReport,
            Disposition::Duplicate(_) => Pile::Duplicate,
            Disposition::Parked(_) => Pile::Parked,
            Disposition::Ignored(_) => Pile::Ignored,
        }
    }

    /// The cause beside it, as the store keeps it and a person reads it.
    #[must_use]
    pub const fn cause(self) -> Option<&'static str> {
        match self {
            Disposition::Referral
            | Disposition::Reply
            | Disposition::Command
            | Disposition::AutoReply
            | Disposition::DeliveryReport => None,
            Disposition::UnprovenCommand => Some(ParkCause::Unproven.code()),
            Disposition::Duplicate(likeness) => likeness.cause(),
            Disposition::Parked(cause) => Some(cause.code()),
            Disposition::Ignored(cause) => Some(cause.words()),
        }
    }
}

/// The piles of the digest: a disposition without its cause.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Pile {
    /// Mails that opened referrals.
    Referral,
    /// What persons wrote about referrals.
    Reply,
    /// Commands and questions, proven or not.
    Command,
    /// Out-of-office mails and the like.
    AutoReply,
    /// Reports about mails of ours.
    DeliveryReport,
    /// More of the same.
    Duplicate,
    /// What a person must look at.
    Parked,
    /// Nothing for us.
    Ignored,
}

impl Pile {
    /// Every pile, in the order of the digest.
    pub const ALL: [Pile; 8] = [
        Pile::Referral,
        Pile::Reply,
        Pile::Command,
        Pile::AutoReply,
        Pile::DeliveryReport,
        Pile::Duplicate,
        Pile::Parked,
        Pile::Ignored,
    ];

    /// The word in the store, in JSON and in the digest.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Pile::Referral => "referral",
            Pile::Reply => "reply",
            Pile::Command => "command",
            Pile::AutoReply => "auto_reply",
            Pile::DeliveryReport => "delivery_report",
            Pile::Duplicate => "duplicate",
            Pile::Parked => "parked",
            Pile::Ignored => "ignored",
        }
    }

    /// The pile of such a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Pile> {
        Pile::ALL.into_iter().find(|pile| pile.word() == word)
    }
}

/// In what a mail is one more of something we have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Likeness {
    /// The bytes of an earlier mail.
    Bytes,
    /// The words of an earlier mail, by another road.
    Words,
    /// Nobody in it who is not in our records.
    People,
    /// One referral in other words; its history says so.
    Referral,
}

impl Likeness {
    const fn cause(self) -> Option<&'static str> {
        match self {
            Likeness::Bytes => Some("the same bytes"),
            Likeness::Words => Some("the same words"),
            Likeness::People => Some("the same people"),
            Likeness::Referral => None,
        }
    }
}

/// Why a person must look at a mail before anything else happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParkCause {
    /// Larger than the limit; only the headers were read.
    TooLarge,
    /// Nested deeper than the limit.
    TooDeep,
    /// More parts, headers or header bytes than the limit.
    TooMany,
    /// Nothing in it at all.
    Empty,
    /// Not a mail: no header that means anything.
    NotAMail,
    /// It stopped the process twice; it was not parsed again.
    Poison,
    /// It comes from a registered partner's address, but the trusted authserv-id says it is forged.
    Forged,
    /// It belongs to a record, but the proof that its author may act is missing or wrong.
    Unproven,
    /// A record it may be about does not open; a replay after the mend handles it as if it had just arrived.
    DamagedRecord,
    /// Its own bytes do not open.
    DoesNotOpen,
}

impl ParkCause {
    /// The code in the store and in lists.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            ParkCause::TooLarge => "too_large",
            ParkCause::TooDeep => "too_deep",
            ParkCause::TooMany => "too_many",
            ParkCause::Empty => "empty",
            ParkCause::NotAMail => "not_a_mail",
            ParkCause::Poison => "poison",
            ParkCause::Forged => "forged",
            ParkCause::Unproven => "unproven",
            ParkCause::DamagedRecord => "a record it may be about cannot be read",
            ParkCause::DoesNotOpen => "does_not_open",
        }
    }

    /// The same in words for a person.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            ParkCause::TooLarge => "the mail is larger than the limit; only its header was read",
            ParkCause::TooDeep => "the mail is nested deeper than the limit; only its header was read",
            ParkCause::TooMany => {
                "the mail has more parts or header fields than the limit; only its header was read"
            }
            ParkCause::Empty => "there is nothing in it",
            ParkCause::NotAMail => "it has no header of a mail",
            ParkCause::Poison => "reading it stopped the program twice; it was not read again",
            ParkCause::Forged => "it comes from a partner's address, but the mail server says it is forged",
            ParkCause::Unproven => {
                "it belongs to a record, but the proof that its author may act is missing or wrong"
            }
            ParkCause::DamagedRecord => "a record it may be about cannot be read",
            ParkCause::DoesNotOpen => "its bytes in the store do not open",
        }
    }
}

/// Why a mail is nothing for us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IgnoreCause {
    /// Our own mail that came back.
    Own,
    /// A newsletter, or a mail of a list.
    Bulk,
    /// A program wrote it, without a packet.
    Machine,
    /// It was parked and somebody read it: in the mailbox, or here where only its record does not open.
    ReadByAPerson,
}

impl IgnoreCause {
    /// In words, as the store keeps it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            IgnoreCause::Own => "our own mail",
            IgnoreCause::Bulk => "list or bulk mail",
            IgnoreCause::Machine => "a machine wrote, and there is no referral in it",
            IgnoreCause::ReadByAPerson => "a person read it",
        }
    }
}
