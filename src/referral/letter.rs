//! Letters as values: what is to be said to whom. Each kind carries exactly its own facts and nothing else; how it
//! reads is for `letters`.
//!
//! No letter carries a name, a phone number, a matter type or a note (DESIGN §4), but for one: [`Details`], to the
//! registered address of who is to call the person and asked for it with both proofs (RELIABILITY §4).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::address::EmailAddress;
use super::reference::Reference;

mod facts;

pub use facts::{
    Absence, Details, KnownLine, Line, Offer, Receipt, ReceiptLine, StatusLine, SummaryLine, Task, Way,
};

/// A letter that could not be sent for so many days is given up.
pub const KEPT_DAYS: i64 = 5;

/// A letter to one person.
#[derive(Clone, PartialEq)]
pub struct Letter {
    /// Whom it goes to.
    pub to: Recipient,
    /// What it says.
    pub body: Body,
    /// Distinguishes letters of one kind to one person about one referral: `day-1`, `2`.
    pub step: String,
    /// The foreign Message-ID it answers; never set in client letters.
    pub answers: Option<String>,
}

impl Letter {
    /// Names it after the mail it follows from, so that two mails of one moment have an answer each. That we have the
    /// referral is said to the client once, whichever mail it follows from.
    pub fn follow_from(&mut self, mail_id: i64) {
        if !matches!(self.body, Body::ClientConfirmation { .. }) {
            self.step = format!("{}-mail-{mail_id}", self.step);
        }
    }
}

/// One recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// In which part.
    pub part: Part,
    /// The one address.
    pub address: EmailAddress,
}

/// In which part somebody gets a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Who sent the referral.
    Sender,
    /// The person it is about: only through the gate.
    Client,
    /// The partner that was asked to take it on.
    Receiver,
    /// Owner, workflow owner or other staff.
    Staff,
    /// Who runs the service.
    Admin,
}

impl Part {
    /// Each of them.
    pub const ALL: [Part; 5] = [Part::Sender, Part::Client, Part::Receiver, Part::Staff, Part::Admin];

    /// The word that the outbox keeps.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Part::Sender => "sender",
            Part::Client => "client",
            Part::Receiver => "receiver",
            Part::Staff => "staff",
            Part::Admin => "admin",
        }
    }

    /// The part of such a word; `None` for any other.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// What a letter says; one variant is one template folder.
#[derive(Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// To a rostered sender: what we hold and what happens next.
    Receipt(Receipt),
    /// To a sender outside the roster: the number and what happens next, nothing else.
    NeutralReceipt {
        /// The numbers, one a person.
        references: Vec<Reference>,
        /// 42 CFR part 2 protects something in one of them.
        part_two: bool,
    },
    /// To a rostered sender: we already have these.
    AlreadyHave {
        /// One entry a person of the mail whom we know.
        referrals: Vec<KnownLine>,
    },
    /// To a rostered sender: exactly these lines are missing.
    NeedsInfo {
        /// Its number.
        reference: Reference,
        /// Labels to fill in.
        missing: Vec<&'static str>,
    },
    /// To a rostered sender on day 2: is there a better way to reach the person?
    LoopBack {
        /// Its number.
        reference: Reference,
        /// Tries so far.
        attempts: usize,
    },
    /// To the sender: accepted, redirected, closed, or contact given up; reasons look alike outside.
    Outcome {
        /// Its number.
        reference: Reference,
        /// The partner's own reference, if it is a short plain word.
        partner_reference: Option<String>,
        /// One of `accepted`, `redirected`, `closed`, `no contact`, `untried`, `delayed`; of one that a partner of ours
        /// took on, `passed on` or `ended there`.
        outcome: &'static str,
    },
    /// To the client: the five sentences.
    ClientConfirmation {
        /// The number.
        reference: Reference,
        /// When they will hear from us.
        hear_by: DateTime<Utc>,
    },
    /// To the client: the status changed.
    ClientUpdate {
        /// The number.
        reference: Reference,
        /// One of `accepted`, `redirected`, `closed`, `reviewing`, `open`.
        update: &'static str,
    },
    /// To the client: we are still trying to reach you.
    ClientTrying {
        /// The number.
        reference: Reference,
    },
    /// To the client after a bounce: we stop trying; how to come back, and what may help meanwhile.
    ClientAlternatives {
        /// The number.
        reference: Reference,
    },
    /// To a client who wrote: a person will read it. Nothing of what they wrote is repeated.
    ClientAnswer {
        /// The number.
        reference: Reference,
        /// When they will hear from us.
        hear_by: DateTime<Utc>,
    },
    /// To the new owner: what is to be done by when.
    Assignment(Task),
    /// To the reviewers, who are the owner and the data owner: a name also stands in another referral.
    ConflictFlag(Task),
    /// To the owner: it is due soon, or overdue.
    Reminder(Task),
    /// To the workflow owner: the owner's due time has passed.
    Escalation(Task),
    /// To the owner and the workflow owner: the contact will be given up then.
    FinalWarning {
        /// The task.
        task: Task,
        /// When.
        bounce_at: DateTime<Utc>,
    },
    /// To the owner and the workflow owner: given up, why, and what happens instead.
    BounceNotice {
        /// The task.
        task: Task,
        /// The reason in words.
        reason: String,
        /// What happens instead.
        instead: String,
        /// Attempts had been logged.
        attempts_logged: bool,
    },
    /// To the owner: somebody wrote; the ladder stands still until you answer.
    PersonWrote {
        /// The task.
        task: Task,
        /// `client` or `sender`.
        who: &'static str,
        /// It came from there, and may be somebody else's.
        is_doubted: bool,
    },
    /// To a partner of ours: will you take it on?
    RedirectOffer(Offer),
    /// To the partner that was asked: it is over.
    RedirectOver {
        /// Its number.
        reference: Reference,
        /// Which ask it ends, counted from 1.
        ask: u32,
        /// `accepted`, `declined`, `ended`, or `noted` after they said how it went on.
        outcome: &'static str,
        /// Our owner's name.
        owner: String,
    },
    /// To the owner: what the partner that was asked did, and what follows.
    RedirectNews {
        /// The task as it stands.
        task: Task,
        /// The partner's name.
        partner: String,
        /// What it did.
        news: &'static str,
        /// What follows.
        instead: &'static str,
    },
    /// To the owner: we were asked to stop; what is not done any more, and what you can do.
    Stopped(Task),
    /// To staff: what was done on your word or somebody else's, and what is still asked.
    Done {
        /// The task as it stands.
        task: Task,
        /// One sentence a command.
        done: Vec<String>,
        /// What is still to be said.
        asked: Vec<String>,
        /// What was not done, and why: one sentence a command.
        refused: Vec<String>,
        /// Its reader did nothing: somebody else wrote.
        is_news: bool,
    },
    /// To staff: nothing was changed; what was understood, and the nearest right lines.
    NotDone {
        /// The number, if the mail belonged to one.
        reference: Option<Reference>,
        /// Why.
        why: Cow<'static, str>,
        /// Lines that would work.
        suggestions: Vec<String>,
    },
    /// To the owner or the workflow owner, who asked: what is needed to call the client.
    Details(Details),
    /// To staff: the record's history.
    History {
        /// Its number.
        reference: Reference,
        /// `2026-11-20 15:00 attempted call no answer (maria)`.
        lines: Vec<String>,
        /// Lines that work as an answer: no try by a way that is not safe.
        answers: Vec<&'static str>,
    },
    /// To who said that they are away or back, and to the workflow owner, who covers.
    Absence(Absence),
    /// To staff, when many of their referrals want something at once: one letter in place of one each.
    Summary {
        /// One entry a referral, the gravest first.
        referrals: Vec<SummaryLine>,
        /// More of which the contact will be given up.
        given_up_too: Vec<Reference>,
        /// So many more want something than have lines here.
        more: usize,
        /// 42 CFR part 2 protects something in one of them.
        part_two: bool,
    },
    /// To a partner, or to staff about what they own: the four lines, without client data.
    StatusAnswer {
        /// One entry a referral.
        referrals: Vec<StatusLine>,
        /// So many more are open than are listed.
        more: usize,
        /// It goes to one of us.
        to_staff: bool,
        /// Lines that work as an answer to it: none where it is about several, or about nobody's in particular.
        answers: Vec<&'static str>,
    },
    /// To anybody: the blank packet form.
    BlankForm,
    /// To staff: the verbs.
    Help {
        /// The likely ones next.
        answers: Vec<&'static str>,
    },
    /// To an admin: something a person must act on.
    Alert {
        /// What, in one sentence.
        what: String,
        /// How to mend it.
        remedy: String,
    },
}

impl Body {
    /// The kind: the template's folder, and the word in the outbox, logs and figures.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Body::Receipt(_) => "receipt",
            Body::NeutralReceipt { .. } => "neutral-receipt",
            Body::AlreadyHave { .. } => "already-have",
            Body::NeedsInfo { .. } => "needs-info",
            Body::LoopBack { .. } => "loop-back",
            Body::Outcome { .. } => "outcome",
            Body::ClientConfirmation { .. } => "client-confirmation",
            Body::ClientUpdate { .. } => "client-update",
            Body::ClientTrying { .. } => "client-trying",
            Body::ClientAlternatives { .. } => "client-alternatives",
            Body::ClientAnswer { .. } => "client-answer",
            Body::Assignment(_) => "assignment",
            Body::ConflictFlag(_) => "conflict-flag",
            Body::Reminder(_) => "reminder",
            Body::Escalation(_) => "escalation",
            Body::FinalWarning { .. } => "final-warning",
            Body::BounceNotice { .. } => "bounce-notice",
            Body::PersonWrote { .. } => "person-wrote",
            Body::RedirectOffer(_) => "redirect-offer",
            Body::RedirectOver { .. } => "redirect-over",
            Body::RedirectNews { .. } => "redirect-news",
            Body::Stopped(_) => "stopped",
            Body::Done { .. } => "done",
            Body::NotDone { .. } => "not-done",
            Body::Details(_) => "details",
            Body::Absence(_) => "absence",
            Body::Summary { .. } => "summary",
            Body::History { .. } => "history",
            Body::StatusAnswer { .. } => "status-answer",
            Body::BlankForm => "blank-form",
            Body::Help { .. } => "help",
            Body::Alert { .. } => "alert",
        }
    }

    /// The number in a letter to a client; `None` for every other letter. What this names goes through the gate only,
    /// is plain text, and ties to no thread.
    #[must_use]
    pub const fn client_reference(&self) -> Option<&Reference> {
        match self {
            Body::ClientConfirmation { reference, .. }
            | Body::ClientUpdate { reference, .. }
            | Body::ClientTrying { reference }
            | Body::ClientAlternatives { reference }
            | Body::ClientAnswer { reference, .. } => Some(reference),
            Body::Receipt(_)
            | Body::NeutralReceipt { .. }
            | Body::AlreadyHave { .. }
            | Body::NeedsInfo { .. }
            | Body::LoopBack { .. }
            | Body::Outcome { .. }
            | Body::Assignment(_)
            | Body::ConflictFlag(_)
            | Body::Reminder(_)
            | Body::Escalation(_)
            | Body::FinalWarning { .. }
            | Body::BounceNotice { .. }
            | Body::PersonWrote { .. }
            | Body::RedirectOffer(_)
            | Body::RedirectOver { .. }
            | Body::RedirectNews { .. }
            | Body::Stopped(_)
            | Body::Done { .. }
            | Body::NotDone { .. }
            | Body::Details(_)
            | Body::Absence(_)
            | Body::Summary { .. }
            | Body::History { .. }
            | Body::StatusAnswer { .. }
            | Body::BlankForm
            | Body::Help { .. }
            | Body::Alert { .. } => None,
        }
    }

    /// Whether 42 CFR part 2 protects something in one of the referrals a letter about several names; such a letter
    /// carries the notice, whichever of them comes first.
    #[must_use]
    pub fn names_part_two(&self) -> bool {
        match self {
            Body::Receipt(receipt) => receipt.referrals.iter().any(|line| line.part_two),
            Body::NeutralReceipt { part_two, .. } | Body::Summary { part_two, .. } => *part_two,
            Body::StatusAnswer { referrals, .. } => referrals.iter().any(|line| line.part_two),
            Body::AlreadyHave { referrals } => referrals.iter().any(|line| line.part_two),
            Body::NeedsInfo { .. }
            | Body::LoopBack { .. }
            | Body::Outcome { .. }
            | Body::Assignment(_)
            | Body::ConflictFlag(_)
            | Body::Reminder(_)
            | Body::Escalation(_)
            | Body::FinalWarning { .. }
            | Body::BounceNotice { .. }
            | Body::PersonWrote { .. }
            | Body::RedirectOffer(_)
            | Body::RedirectOver { .. }
            | Body::RedirectNews { .. }
            | Body::Stopped(_)
            | Body::Done { .. }
            | Body::NotDone { .. }
            | Body::Details(_)
            | Body::Absence(_)
            | Body::History { .. }
            | Body::BlankForm
            | Body::Help { .. }
            | Body::Alert { .. }
            | Body::ClientConfirmation { .. }
            | Body::ClientUpdate { .. }
            | Body::ClientTrying { .. }
            | Body::ClientAlternatives { .. }
            | Body::ClientAnswer { .. } => false,
        }
    }

    /// The task in a letter to staff; `None` for a letter without one.
    pub const fn task_mut(&mut self) -> Option<&mut Task> {
        match self {
            Body::Assignment(task)
            | Body::ConflictFlag(task)
            | Body::Reminder(task)
            | Body::Escalation(task)
            | Body::Stopped(task)
            | Body::FinalWarning { task, .. }
            | Body::BounceNotice { task, .. }
            | Body::PersonWrote { task, .. }
            | Body::RedirectNews { task, .. }
            | Body::Done { task, .. } => Some(task),
            Body::Receipt(_)
            | Body::NeutralReceipt { .. }
            | Body::AlreadyHave { .. }
            | Body::NeedsInfo { .. }
            | Body::LoopBack { .. }
            | Body::Outcome { .. }
            | Body::RedirectOffer(_)
            | Body::RedirectOver { .. }
            | Body::NotDone { .. }
            | Body::Details(_)
            | Body::Absence(_)
            | Body::Summary { .. }
            | Body::History { .. }
            | Body::StatusAnswer { .. }
            | Body::BlankForm
            | Body::Help { .. }
            | Body::Alert { .. }
            | Body::ClientConfirmation { .. }
            | Body::ClientUpdate { .. }
            | Body::ClientTrying { .. }
            | Body::ClientAlternatives { .. }
            | Body::ClientAnswer { .. } => None,
        }
    }
}
