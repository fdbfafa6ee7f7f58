//! What letters state: plain facts, each group for one letter or for one line of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::address::EmailAddress;
use super::super::reference::Reference;

/// The facts of a full receipt.
#[derive(Clone, PartialEq, Serialize)]
pub struct Receipt {
    /// One entry a person.
    pub referrals: Vec<ReceiptLine>,
}

/// One person's lines in a receipt. No name: the sender knows whom they sent, in this order.
#[derive(Clone, PartialEq, Serialize)]
pub struct ReceiptLine {
    /// Its number.
    pub reference: Reference,
    /// Its place in the mail, from 1.
    pub place: u32,
    /// The sender's own reference, if it is a short plain word.
    pub partner_reference: Option<String>,
    /// The owner's name.
    pub owner: String,
    /// When the person will have been tried.
    pub contact_by: DateTime<Utc>,
    /// When the decision is due.
    pub decision_by: DateTime<Utc>,
    /// Labels that were not found.
    pub missing: Vec<&'static str>,
    /// What is wrong with a value, without the value.
    pub remarks: Vec<String>,
    /// 42 CFR part 2 protects something in it.
    pub part_two: bool,
}

/// What staff needs to act: reference, due, state; no client data.
#[derive(Clone, PartialEq, Serialize)]
pub struct Task {
    /// Its number.
    pub reference: Reference,
    /// The owner's name.
    pub owner: String,
    /// The client's initials, where the house chose to have them in letters to staff.
    pub initials: Option<String>,
    /// What is to be done.
    pub next_action: &'static str,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// That was before the letter was written.
    pub is_late: bool,
    /// Status word.
    pub status: &'static str,
    /// Contact word.
    pub contact: &'static str,
    /// Tier word.
    pub tier: &'static str,
    /// Tries so far.
    pub attempts: usize,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Labels nobody has given yet.
    pub missing: Vec<&'static str>,
    /// What a person must settle.
    pub questions: Vec<String>,
    /// Lines staff can answer with, most likely first.
    pub answers: Vec<String>,
}

/// What a partner is asked: the number, the age, who asks, by when; no client data (RELIABILITY §4).
#[derive(Clone, PartialEq, Serialize)]
pub struct Offer {
    /// Its number.
    pub reference: Reference,
    /// Which ask of this referral it is, counted from 1; a later one is another question.
    pub ask: u32,
    /// Why this letter: `new`, `reminder`, `received`, `unclear`, `reason`, `consent` or `proof`.
    pub about: &'static str,
    /// Our owner's name, who is to be called.
    pub owner: String,
    /// When they were asked first.
    pub asked_at: DateTime<Utc>,
    /// They said that they have it.
    pub received: bool,
    /// By when they should say so.
    pub receipt_by: DateTime<Utc>,
    /// By when they should say yes or no.
    pub answer_by: DateTime<Utc>,
    /// The person clearly agreed that we share; without that they are asked to call.
    pub consented: bool,
    /// Lines they can answer with.
    pub answers: Vec<&'static str>,
}

/// One referral in a letter about many.
#[derive(Clone, PartialEq, Serialize)]
pub struct SummaryLine {
    /// Its number.
    pub reference: Reference,
    /// Who owns it.
    pub owner: String,
    /// `will be given up`, `given up: …`, `overdue`, `due soon`.
    pub news: String,
    /// What is to be done.
    pub next_action: &'static str,
    /// When it was or is due: their order among equals.
    pub due_at: DateTime<Utc>,
    /// When it was due, if that is news.
    pub was_due_at: Option<DateTime<Utc>>,
    /// Until when there is time.
    pub until: DateTime<Utc>,
    /// Lines to answer with, most likely first.
    pub answers: Vec<String>,
    /// Where such a line goes as a mail of its own; `None` far down in a long list.
    pub reply_to: Option<EmailAddress>,
    /// The line below it that proves who answers, and about which one; `None` where the address itself does.
    pub proof: Option<String>,
}

/// That somebody is away or back.
#[derive(Clone, PartialEq, Serialize)]
pub struct Absence {
    /// Whose name.
    pub name: String,
    /// Away until then; `None` means here again.
    pub until: Option<DateTime<Utc>>,
    /// Who reads meanwhile what is meant for them; `None` when nobody covers.
    pub cover: Option<String>,
    /// It goes to themselves.
    pub to_themselves: bool,
    /// How many open referrals are theirs.
    pub open: u32,
    /// Those with something due while they are away, for who covers; the first ones.
    pub due: Vec<StatusLine>,
}

/// A referral that we have already.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KnownLine {
    /// Its number.
    pub reference: Reference,
    /// Its status.
    pub status: &'static str,
    /// 42 CFR part 2 protects something in it.
    pub part_two: bool,
}

/// What is needed to call the client, and nothing else of the packet.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Details {
    /// Its number.
    pub reference: Reference,
    /// The client asked us not to write.
    pub stopped: bool,
    /// What is known about each way to reach them.
    pub ways: Vec<Way>,
    /// What the packet says, as it was written.
    pub lines: Vec<Line>,
    /// Labels of what we hold but do not show, since that way is not safe.
    pub withheld: Vec<&'static str>,
    /// By when they are to be reached.
    pub due_at: DateTime<Utc>,
    /// Lines that work as an answer: no try by a way that is not safe.
    pub answers: Vec<&'static str>,
}

/// One way to reach a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Way {
    /// `call`, `voicemail`, `text`, `email`, `letter`.
    pub way: &'static str,
    /// `safe`, `not safe`, `nobody knows`.
    pub safety: &'static str,
}

/// One line of what we hold about a client.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its label.
    pub label: &'static str,
    /// As it was written.
    pub value: String,
}

impl std::fmt::Debug for Line {
    /// Shows the label, never the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("label", &self.label).finish_non_exhaustive()
    }
}

/// The four questions about one referral (requirement 66).
#[derive(Clone, PartialEq, Serialize)]
pub struct StatusLine {
    /// Its number.
    pub reference: Reference,
    /// Who owns it.
    pub owner: String,
    /// How many of the required items we hold, of how many.
    pub items: (usize, usize),
    /// Status word.
    pub status: &'static str,
    /// Contact word.
    pub contact: &'static str,
    /// What is to be done next.
    pub next_action: &'static str,
    /// When the next action is due.
    pub next_at: DateTime<Utc>,
    /// 42 CFR part 2 protects something in it.
    pub part_two: bool,
    /// Lines that staff may answer with, where it stands in a list.
    pub answers: Vec<&'static str>,
    /// Where such a line goes as a mail of its own.
    pub reply_to: Option<EmailAddress>,
    /// The line below it that proves who answers, and about which one; `None` where the address itself does.
    pub proof: Option<String>,
}
