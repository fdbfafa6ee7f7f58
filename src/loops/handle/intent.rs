//! Intent: what a mail turned out to ask of us. [`super::sort`] finds it, [`super::carry_out`] does it.

use std::borrow::Cow;

use super::presence::Presence;
use crate::referral::address::EmailAddress;
use crate::referral::disposition::{Disposition, ParkCause};
use crate::referral::event::Event;
use crate::referral::party::Sender;
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;
use crate::store::open::Whose;

/// What is to be done about a mail.
pub(super) enum Intent {
    /// Note what it was; nothing follows.
    Settle(Disposition),
    /// Open a record for each person.
    Open(Sender),
    /// Nobody can read it, but the sender is known: the mail is parked for this cause, and a record is opened in which
    /// everything is missing.
    OpenParked(ParkCause, Sender),
    /// Something happened to these referrals.
    Happens(Vec<Reference>, Event, Disposition),
    /// Several things happened, each to its referral: a delivery report, or a machine at an address that has to do with
    /// several.
    Several(Vec<(Reference, Event)>, Disposition),
    /// A member of staff said that they are away or back.
    Presence(StaffId, Presence),
    /// A letter about this referral to this member of staff came into other hands: the mail is parked, and they hear of
    /// it.
    Strayed(Reference, StaffId),
    /// Staff asked; the answer changes nothing.
    Answer(Question, EmailAddress),
}

/// A question that changes nothing.
pub(super) enum Question {
    /// The verbs, in answer to a proven letter about this referral, or to none.
    Help(Option<Reference>),
    /// The blank form.
    Form,
    /// The history of one referral.
    History(Reference),
    /// The four lines of each of these.
    Status(Vec<Reference>),
    /// How everything stands that is open and theirs.
    Open(Whose),
    /// Was it really you? The line to send again as an answer.
    Prove(String),
    /// The partner that was asked to take it on is asked again, at its registered address: nothing proved it.
    Offer(Reference),
    /// Nothing was done: the letter that was answered is from before the referral was handed over.
    HandedOver(Reference),
    /// Nothing was done, since something about the proofs was wrong.
    Unproven(Option<Reference>, &'static str),
    /// Nothing was done, and why.
    NotDone(Option<Reference>, Cow<'static, str>, Vec<String>),
}
