//! The decision: what follows from this event at this time, and when must I be asked again.
//!
//! Every answer is a [`Decision`]: the record as it should be, what happened, and the letters to send. Whoever asks
//! commits all of it at once or nothing. Asking too often changes nothing.

mod anew;
mod arrive;
mod ask;
mod attempts;
mod beside;
mod bounce;
mod client;
mod command;
mod complete;
mod conflict;
mod consent;
mod contradiction;
mod dates;
mod details;
mod due;
mod eligibility;
mod escalation;
mod hold;
mod lost;
mod mark;
mod message;
mod obey;
mod onward;
mod outcome;
mod permission;
mod safe_email;
mod sender;
mod theirs;
mod time;
mod update;
mod urgency;

pub use arrive::arrive;
pub use ask::about_phone;
pub use attempts::{may_be_tried, next_attempt};
pub use onward::offer;
pub use outcome::likely;

use chrono::{DateTime, Utc};

use super::address::EmailAddress;
use super::calendar::Calendar;
use super::eligibility::Eligibility;
use super::event::Event;
use super::letter::{Body, Letter, Part, Recipient, Task};
use super::packet::Field;
use super::party::{Actor, Party};
use super::policy::{Ladder, Policy, Span, Terms, Tier};
use super::reason::Reasons;
use super::record::{Fact, FactKind, NextAction, Referral, Status};
use super::roster::{Mode, Roster, Staff, StaffId};
use super::safety::{self, Beside, ClientMail};
use super::verbs::Verbs;

/// The line that logs a try; which channel it names follows from what was tried.
const CALL: &str = "attempt call no answer";

/// Everything the rules are made of. Plain data from settings; the same for every referral.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Who is who.
    pub roster: Roster,
    /// Business time.
    pub calendar: Calendar,
    /// The policies by name; the first one is the default.
    pub policies: Vec<Policy>,
    /// Why a contact is given up, and what happens instead.
    pub reasons: Reasons,
    /// Whom we take.
    pub eligibility: Eligibility,
    /// Fields a packet must have.
    pub required: Vec<Field>,
    /// Letters to clients.
    pub client_mail: ClientMail,
    /// A sender outside the roster gets a neutral receipt.
    pub neutral_receipts: bool,
    /// Hears of a safety referral that is overdue, beside the workflow owner (requirement 31).
    pub alert_address: Option<EmailAddress>,
    /// Our own address.
    pub inbox: EmailAddress,
    /// Letters to staff show the client's initials.
    pub staff_initials: bool,
    /// Who may ask what by mail.
    pub verbs: Verbs,
}

/// What follows from one event.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// The record as it should be.
    pub referral: Referral,
    /// What happened, in order.
    pub facts: Vec<Fact>,
    /// The letters to send.
    pub letters: Vec<Letter>,
    /// What became of each line an admin said on the host, who gets no letter: one sentence each.
    pub said: Vec<String>,
}

impl Decision {
    /// Its letters named after the mail it follows from: two mails of one moment are two questions, and each has an
    /// answer of its own.
    #[must_use]
    pub fn follow_from(mut self, mail_id: i64) -> Decision {
        for letter in &mut self.letters {
            letter.follow_from(mail_id);
        }
        self
    }
}

/// What follows from an event that happens to a referral at this time.
#[must_use]
pub fn decide(rules: &Rules, referral: &Referral, event: &Event, now: DateTime<Utc>) -> Decision {
    let mut course = Course::of(rules, referral.clone(), referral.terms.as_ref(), now);
    happens(&mut course, referral, event);
    course.end()
}

/// What one event does. `referral` is the record as it was before.
fn happens(course: &mut Course<'_>, referral: &Referral, event: &Event) {
    match event {
        Event::TimePassed(service) => time::passes(course, *service),
        Event::Commanded { by, commands } => obey::obey(course, by, commands),
        Event::Supplemented { packet, conflicts } => {
            message::supplemented(course, packet);
            eligibility::screened(course, Some(&referral.packet));
            conflict::seen(course, &referral.packet, conflicts);
        }
        Event::SentAgain { sender, packet, conflicts } => {
            message::sent_again(course, sender, packet);
            eligibility::screened(course, Some(&referral.packet));
            conflict::seen(course, &referral.packet, conflicts);
        }
        Event::Answered { by, commands } => onward::answered(course, by, commands),
        Event::PersonWrote { who } => message::person_wrote(course, *who),
        Event::SomebodyWrote { is_unread } => message::somebody_wrote(course, *is_unread),
        Event::Warned { doubt, then } => {
            message::warned(course, doubt);
            // What they say closes email: it may be somebody else who says it.
            if matches!(**then, Event::SomebodyWrote { .. }) && doubt.get(Field::SafeEmail).is_some() {
                message::somebody_wrote(course, true);
            } else {
                happens(course, referral, then);
            }
            // Whoever wrote besides doing something is read too.
            if matches!(**then, Event::Answered { .. }) {
                message::person_wrote(course, Party::Receiver);
            }
        }
        Event::Stopped => message::stopped(course),
        Event::KnownBeside { beside, then } => {
            course.beside = *beside;
            happens(course, referral, then);
        }
        Event::DoubtedBeside(against) => beside::doubted(course, *against),
        Event::LetterWithheld { why, written_at, is_first } => {
            lost::withheld(course, *why, *written_at);
            client::first_is_unsent(course, *is_first);
        }
        Event::DeliveryFailed { who, hard, to } => lost::came_back(course, *who, *hard, to.as_ref()),
        Event::Complained { who, to } => lost::complained(course, *who, to.as_ref()),
        Event::LetterLost { who, how, written_at, to, is_first } => {
            lost::never_left(course, *who, *how, *written_at, to);
            client::first_is_unsent(course, *is_first);
        }
    }
}

/// A decision in the making.
struct Course<'a> {
    rules: &'a Rules,
    now: DateTime<Utc>,
    ladder: &'a Ladder,
    grace_hours: u32,
    needs_info_cap: Span,
    conflict_check: Span,
    referral: Referral,
    facts: Vec<Fact>,
    letters: Vec<Letter>,
    said: Vec<String>,
    /// What else speaks for or against the client's address, where one of us lets letters go.
    beside: Beside,
}

impl<'a> Course<'a> {
    /// Under the terms that are kept, or without them under those of today.
    fn of(rules: &'a Rules, referral: Referral, kept: Option<&'a Terms>, now: DateTime<Utc>) -> Course<'a> {
        let today = rules.policy_labelled(&referral.policy);
        Course {
            rules,
            now,
            ladder: kept.map_or_else(|| today.ladder(referral.tier), |kept| &kept.ladder),
            grace_hours: kept.map_or(today.grace_hours, |kept| kept.grace_hours),
            needs_info_cap: kept.map_or(today.needs_info_cap, |kept| kept.needs_info_cap),
            conflict_check: kept.map_or(today.conflict_check, |kept| kept.conflict_check),
            referral,
            facts: Vec::new(),
            letters: Vec::new(),
            said: Vec::new(),
            beside: Beside::default(),
        }
    }

    /// Its clocks are set anew, and so under the policy of its name as it stands today, for this tier.
    fn run_under_today(&mut self, tier: Tier) {
        let today = self.rules.policy_labelled(&self.referral.policy);
        self.referral.tier = tier;
        self.referral.policy = today.label();
        self.referral.terms = Some(today.terms(tier));
        self.ladder = today.ladder(tier);
        self.grace_hours = today.grace_hours;
        self.needs_info_cap = today.needs_info_cap;
        self.conflict_check = today.conflict_check;
    }

    /// Works out the next action and when to be asked again, which follow from the rest of the record.
    fn end(mut self) -> Decision {
        update::keep(&mut self);
        let (action, due_at) = self.next_action();
        self.referral.next_action = action;
        self.referral.next_action_at = due_at;
        self.referral.look_at = time::next_look(&self);
        Decision { referral: self.referral, facts: self.facts, letters: self.letters, said: self.said }
    }

    fn fact(&mut self, kind: FactKind, by: Option<&Actor>, words: impl Into<String>) {
        self.facts.push(Fact { at: self.now, kind, by: by.cloned(), words: words.into() });
    }

    fn ladder(&self) -> &'a Ladder {
        self.ladder
    }

    fn mode(&self) -> Mode {
        self.referral.mode
    }

    fn is_closed(&self) -> bool {
        self.referral.is_closed()
    }

    /// Gives it to another owner; returns who had it.
    fn hand_over(&mut self, to: &StaffId) -> StaffId {
        let before = std::mem::replace(&mut self.referral.owner, to.clone());
        self.referral.handovers.hand_over(before.clone(), to);
        before
    }

    fn owner_name(&self) -> String {
        self.rules.name_of(&self.referral.owner)
    }

    /// Who reads what is meant for the owner: the workflow owner covers for one who is away.
    fn reader(&self) -> StaffId {
        self.rules.reader_of(&self.referral.owner, self.now)
    }

    /// Writes to staff; a person who left the roster is covered by the workflow owner.
    fn write_staff(&mut self, id: &StaffId, step: impl Into<String>, body: Body) {
        let Some(staff) = self.rules.staff_or_workflow_owner(id) else { return };
        let to = Recipient { part: Part::Staff, address: staff.address.clone() };
        let mut body = body;
        if let Some(task) = body.task_mut() {
            task.is_late = task.due_at < self.now;
            conflict::show(self, &staff.id, task);
            safe_email::show(self, &staff.id, task);
        }
        let letter = Letter { to, body, step: step.into(), answers: None };
        if !self.letters.iter().any(|known| known.to == letter.to && known.body.kind() == letter.body.kind())
        {
            self.letters.push(letter);
        }
    }

    /// Answers the sender, if the sender may be answered.
    fn write_sender(&mut self, step: impl Into<String>, body: Body) {
        let sender = &self.referral.sender;
        let Some(address) = sender.answer_to.clone() else { return };
        let to = Recipient { part: Part::Sender, address };
        let answers = sender.message_id.clone();
        self.letters.push(Letter { to, body, step: step.into(), answers });
    }

    fn task(&self, answers: Vec<&'static str>) -> Task {
        let answers = answers.into_iter().filter_map(|line| {
            if line == CALL { attempts::next_attempt(&self.referral) } else { Some(line) }
        });
        let answers: Vec<&str> = answers.collect();
        let (action, due_at) = self.next_action();
        let questions = self.referral.questions.iter().cloned();
        let questions = questions.chain(eligibility::questions(self)).chain(safe_email::question(self));
        // What a screen proposes comes first; a letter that offers nothing is none that asks.
        let proposals = if answers.is_empty() { Vec::new() } else { eligibility::proposals(self) };
        Task {
            reference: self.referral.reference.clone(),
            owner: self.owner_name(),
            initials: self.initials(),
            next_action: action.words(),
            due_at,
            is_late: due_at < self.now,
            status: self.referral.status.word(),
            contact: self.referral.contact.shown(),
            tier: self.referral.tier.word(),
            attempts: self.referral.attempts.len(),
            received_at: self.referral.received_at,
            missing: self.referral.missing.iter().map(|field| field.label()).collect(),
            questions: questions.collect(),
            answers: proposals.into_iter().chain(answers.into_iter().map(str::to_owned)).collect(),
        }
    }

    /// `A. C.`, if the house wants that in letters to staff (RELIABILITY §4: default no, opt-in).
    fn initials(&self) -> Option<String> {
        let name = self.referral.packet.text(Field::ClientName).filter(|_| self.rules.staff_initials)?;
        let first =
            |word: &str| word.chars().find(|c| c.is_alphabetic()).into_iter().flat_map(char::to_uppercase);
        let initials: Vec<String> = name
            .split_whitespace()
            .map(|word| first(word).collect())
            .filter(|one: &String| !one.is_empty())
            .collect();
        let shown = initials.iter().take(3).map(|one| format!("{one}.")).collect::<Vec<_>>().join(" ");
        (!shown.is_empty()).then_some(shown)
    }

    /// The next action and its due time, from the rest of the record: never empty while open (requirement 32).
    fn next_action(&self) -> (NextAction, DateTime<Utc>) {
        let referral = &self.referral;
        if self.is_closed() {
            return (NextAction::Nothing, self.now);
        }
        if let Some(hold) = &referral.held {
            return (NextAction::ReadMessage, hold.clock.due_at);
        }
        if referral.contact.is_running() {
            let due_at = due::contact_due(self);
            return (self.reach_or_prepare(), due_at);
        }
        let decide_at = time::decision_due(self);
        let confirmed = matches!(referral.contact, super::contact::Contact::Confirmed { .. });
        if let Some(clock) = referral.conflict.clock.filter(|_| confirmed) {
            return (NextAction::CheckConflict, clock.due_at);
        }
        if let Some(onward) = &referral.onward {
            return (NextAction::AwaitPartner, onward.decision.due_at);
        }
        match &referral.contact {
            super::contact::Contact::Bounced { .. } => (NextAction::AfterBounce, decide_at),
            super::contact::Contact::DoNotContact => (NextAction::FindSafeWay, decide_at),
            super::contact::Contact::Confirmed { .. }
            | super::contact::Contact::NotStarted
            | super::contact::Contact::Attempting => match referral.status {
                Status::Accepted => (NextAction::CarryOut, decide_at),
                Status::NeedsInfo { .. } => (NextAction::CompletePacket, decide_at),
                Status::Received
                | Status::UnderReview
                | Status::Redirected { .. }
                | Status::Closed { .. } => (NextAction::Decide, decide_at),
            },
        }
    }

    fn reach_or_prepare(&self) -> NextAction {
        use super::packet::Safety;
        let channels = safety::channels(&self.referral);
        let all = [channels.call, channels.text, channels.email, channels.letter, channels.voicemail];
        if self.referral.transcribe {
            NextAction::Transcribe
        } else if all.iter().all(|safety| *safety == Safety::NotSafe) {
            NextAction::FindSafeWay
        } else if self.referral.attempts.is_empty() {
            NextAction::ReachClient
        } else {
            NextAction::ReachClientAgain
        }
    }
}

impl Rules {
    fn reader_of(&self, owner: &StaffId, now: DateTime<Utc>) -> StaffId {
        let away = |staff: &Staff| staff.away_until.is_some_and(|until| until > now);
        let covered = self.roster.staff(owner).is_none_or(away);
        if covered { self.roster.workflow_owner.clone() } else { owner.clone() }
    }

    fn name_of(&self, id: &StaffId) -> String {
        self.roster.staff(id).map_or_else(|| id.to_string(), |staff| staff.name.clone())
    }

    fn staff_or_workflow_owner(&self, id: &StaffId) -> Option<&Staff> {
        self.roster.staff(id).or_else(|| self.roster.staff(&self.roster.workflow_owner))
    }

    /// The seed's policy, for rules without any: the ladder never ends in "nobody".
    fn fallback_policy(&self) -> &Policy {
        static SEED: std::sync::LazyLock<Policy> = std::sync::LazyLock::new(Policy::seed);
        let _ = self;
        &SEED
    }

    /// The policy that this label names today: a version that left the settings is succeeded by the one of its name.
    #[must_use]
    pub fn policy_labelled(&self, label: &str) -> &Policy {
        self.policy(Some(label.rsplit_once(' ').map_or(label, |(name, _)| name)))
    }

    /// The policy of this name, else the default one.
    #[must_use]
    pub fn policy(&self, name: Option<&str>) -> &Policy {
        let named = name.and_then(|name| self.policies.iter().find(|policy| policy.name == name));
        named.or(self.policies.first()).unwrap_or_else(|| self.fallback_policy())
    }
}
