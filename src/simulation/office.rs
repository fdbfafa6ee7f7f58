//! The office in virtual time: mails arrive, the clock looks at what is due, people work off one thing after the other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use chrono::{DateTime, TimeDelta, Utc};

use super::chance::Chance;
use super::person::{self, Person};
use super::{Case, Plan, habits, partners};
use crate::referral::command::Command;
use crate::referral::decide::{Decision, Rules, arrive, decide};
use crate::referral::event::{Event, Service};
use crate::referral::letter::{Letter, Part};
use crate::referral::party::{Actor, Party};
use crate::referral::policy::Tier;
use crate::referral::record::FactKind;
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;

/// Sets the chances of partners apart from those of people.
const THEIRS: u64 = 0x9E37_79B9_7F4A_7C15;

/// What lies on top of a pile of work: the gravest tier, then what is due first.
pub(super) type Urgency = (Reverse<Tier>, DateTime<Utc>, usize);

/// Something that will happen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Happening {
    /// The next mail arrives.
    Arrives,
    /// The clock looks at a case, unless it changed since.
    Looks { case: usize, turn: u32 },
    /// Somebody could work on a case, unless it changed since.
    Ready { case: usize, turn: u32 },
    /// A person comes to work.
    Comes { worker: usize },
    /// A person ends one piece of work.
    Ends { worker: usize, case: usize },
    /// The sender fills in what was missing.
    FillsIn { case: usize },
    /// The sender sends the same once more.
    Repeats { case: usize },
    /// The client writes.
    Writes { case: usize },
    /// The partner that was asked answers this question, unless it was taken back.
    Answers { case: usize, ask: u32 },
}

/// One member of staff at work.
pub(super) struct Worker {
    id: StaffId,
    away_until: Option<DateTime<Utc>>,
    pile: BTreeSet<Urgency>,
    busy: bool,
    /// Pieces of work done.
    pub(super) worked: u32,
    /// Referrals that were ever given to this person.
    pub(super) owned: u32,
    /// The most that lay on the pile at once.
    pub(super) most: usize,
}

/// The whole office.
pub(super) struct Office<'a> {
    rules: &'a Rules,
    /// The plan that runs.
    pub(super) plan: &'a Plan,
    until: DateTime<Utc>,
    chance: Chance,
    /// What partners do has chances of its own: who is referred does not depend on it.
    theirs: Chance,
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, u64, Happening)>>,
    noted: u64,
    arrivals: std::vec::IntoIter<DateTime<Utc>>,
    /// Every referral that came.
    pub(super) cases: Vec<Case>,
    /// Everybody of the roster, in the order of settings.
    pub(super) workers: Vec<Worker>,
    /// Who owns how many open ones, for routing.
    open: BTreeMap<StaffId, u32>,
}

impl<'a> Office<'a> {
    /// An office with the mails of the plan on their way.
    pub(super) fn open(rules: &'a Rules, plan: &'a Plan, until: DateTime<Utc>) -> Office<'a> {
        let mut chance = Chance::of(plan.seed);
        let arrivals = person::arrivals(rules, plan, &mut chance).into_iter();
        let workers = rules.roster.staff.iter().map(|staff| Worker {
            id: staff.id.clone(),
            away_until: staff.away_until,
            pile: BTreeSet::new(),
            busy: false,
            worked: 0,
            owned: 0,
            most: 0,
        });
        let workers = workers.collect();
        let mut office = Office {
            rules,
            plan,
            until,
            chance,
            theirs: Chance::of(plan.seed.wrapping_add(THEIRS)),
            agenda: BinaryHeap::new(),
            noted: 0,
            arrivals,
            cases: Vec::new(),
            workers,
            open: BTreeMap::new(),
        };
        office.expect_mail();
        office
    }

    /// Lets the time of the plan go by.
    pub(super) fn run(&mut self) {
        while let Some(Reverse((now, _, happening))) = self.agenda.pop() {
            self.happens(happening, now);
        }
    }

    /// The rules that run.
    pub(super) fn rules(&self) -> &Rules {
        self.rules
    }

    fn note(&mut self, at: DateTime<Utc>, happening: Happening) {
        if at < self.until {
            self.noted += 1;
            self.agenda.push(Reverse((at, self.noted, happening)));
        }
    }

    fn expect_mail(&mut self) {
        if let Some(at) = self.arrivals.next() {
            self.note(at, Happening::Arrives);
        }
    }

    fn happens(&mut self, happening: Happening, now: DateTime<Utc>) {
        match happening {
            Happening::Arrives => self.arrives(now),
            Happening::Looks { case, turn } => {
                if let Some(warned_at) = self.still(case, turn).map(|case| case.warned_at) {
                    let service = Service { inbox_read_at: Some(now), warning_sent_at: warned_at };
                    self.befalls(case, &Event::TimePassed(service), now);
                }
            }
            Happening::Ready { case, turn } => self.lay_on_pile(case, turn, now),
            Happening::Comes { worker } => self.begin(worker, now),
            Happening::Ends { worker, case } => self.end(worker, case, now),
            Happening::FillsIn { case } => self.fills_in(case, now),
            Happening::Repeats { case } => self.repeats(case, now),
            Happening::Writes { case } => self.writes(case, now),
            Happening::Answers { case, ask } => self.answers(case, ask, now),
        }
    }

    /// The case, if it did not change since that turn.
    fn still(&self, case: usize, turn: u32) -> Option<&Case> {
        self.cases.get(case).filter(|case| case.turn == turn)
    }

    fn arrives(&mut self, received_at: DateTime<Utc>) {
        self.expect_mail();
        let person = Person::draw(&mut self.chance);
        let arrival = person::arrival(self.rules, person, received_at, self.open.clone(), &mut self.chance);
        let reference = Reference::draw("S", self.chance.draw());
        let poll = u32::try_from(self.plan.poll.num_seconds()).unwrap_or(0);
        let now = received_at + TimeDelta::seconds(i64::from(self.chance.below(poll)));
        let place = self.cases.len();
        for decision in arrive(self.rules, std::slice::from_ref(&arrival), &[reference], now) {
            let referral = decision.referral.clone();
            self.cases.push(Case {
                referral,
                person,
                facts: Vec::new(),
                receipt_at: None,
                client_confirmed: false,
                letters: [0; 3],
                lacked: arrival.missing.clone(),
                warned_at: None,
                turn: 0,
                place: None,
            });
            self.count_owner(place);
            self.take(place, decision, now);
        }
        let mut later = |percent: u32, from: u32, to: u32, happening: Happening| {
            let hours = from + self.chance.below(to - from);
            (self.chance.percent(percent)).then(|| (now + TimeDelta::hours(i64::from(hours)), happening))
        };
        let fills_in =
            later(60, 2, 48, Happening::FillsIn { case: place }).filter(|_| !arrival.missing.is_empty());
        let repeats = later(3, 24, 120, Happening::Repeats { case: place });
        let writes = later(5, 4, 72, Happening::Writes { case: place });
        for (at, happening) in [fills_in, repeats, writes].into_iter().flatten() {
            self.note(at, happening);
        }
    }

    fn count_owner(&mut self, case: usize) {
        let Some(owner) = self.cases.get(case).map(|case| case.referral.owner.clone()) else { return };
        if let Some(worker) = self.workers.iter_mut().find(|worker| worker.id == owner) {
            worker.owned += 1;
        }
    }

    /// An event befalls a case: the rules decide.
    fn befalls(&mut self, case: usize, event: &Event, now: DateTime<Utc>) {
        let Some(known) = self.cases.get(case) else { return };
        let decision = decide(self.rules, &known.referral, event, now);
        self.take(case, decision, now);
    }

    /// Takes over what was decided, and plans what comes of it.
    fn take(&mut self, place: usize, decision: Decision, now: DateTime<Utc>) {
        self.take_off_pile(place);
        let calendar = &self.rules.calendar;
        let Some(case) = self.cases.get_mut(place) else { return };
        let unmoved = case.turn > 0 && case.referral == decision.referral;
        if case.turn > 0 && !habits::is_over(&case.referral) {
            self.open.entry(case.referral.owner.clone()).and_modify(|open| *open = open.saturating_sub(1));
        }
        if !habits::is_over(&decision.referral) {
            *self.open.entry(decision.referral.owner.clone()).or_insert(0) += 1;
        }
        case.referral = decision.referral;
        case.facts.extend(decision.facts.iter().map(|fact| (fact.at, fact.kind)));
        decision.letters.iter().for_each(|letter| case.count(letter, now));
        case.turn += 1;
        let turn = case.turn;
        let (look_at, ready_at) = (case.referral.look_at, habits::ready_at(case, calendar, now));
        // Work that changed nothing is not done again at once.
        let ready_at = ready_at.map(|at| if unmoved { calendar.end_of_business_day(at, 0) } else { at });
        let offered = decision.facts.iter().any(|fact| fact.kind == FactKind::Offered);
        let ask = partners::asked(&case.referral).filter(|_| offered).map(|(_, ask)| ask);
        let given_up = decision.facts.iter().any(|fact| fact.kind == FactKind::Bounced);
        if let Some(at) = look_at {
            self.note(at.max(now), Happening::Looks { case: place, turn });
        }
        if let Some(at) = ready_at {
            self.note(at, Happening::Ready { case: place, turn });
        }
        if let Some((ask, after)) =
            ask.and_then(|ask| Some((ask, partners::answers_after(&mut self.theirs)?)))
        {
            self.note(now + after, Happening::Answers { case: place, ask });
        }
        if given_up && self.chance.percent(15) {
            let hours = i64::from(24 + self.chance.below(96));
            self.note(now + TimeDelta::hours(hours), Happening::Writes { case: place });
        }
    }

    fn take_off_pile(&mut self, case: usize) {
        let Some((worker, urgency)) = self.cases.get_mut(case).and_then(|case| case.place.take()) else {
            return;
        };
        if let Some(worker) = self.workers.get_mut(worker) {
            worker.pile.remove(&urgency);
        }
    }

    fn lay_on_pile(&mut self, place: usize, turn: u32, now: DateTime<Utc>) {
        let Some(referral) = self.still(place, turn).map(|case| &case.referral) else { return };
        let urgency = (Reverse(referral.tier), referral.next_action_at, place);
        let Some(at) = self.who_works(&referral.owner.clone(), now) else { return };
        if let Some(worker) = self.workers.get_mut(at) {
            worker.pile.insert(urgency);
            worker.most = worker.most.max(worker.pile.len());
        }
        if let Some(case) = self.cases.get_mut(place) {
            case.place = Some((at, urgency));
        }
        self.begin(at, now);
    }

    /// The owner, or the workflow owner for one who is away.
    fn who_works(&self, owner: &StaffId, now: DateTime<Utc>) -> Option<usize> {
        let here = |worker: &Worker| worker.away_until.is_none_or(|until| until <= now);
        let own = self.workers.iter().position(|worker| worker.id == *owner && here(worker));
        let cover = &self.rules.roster.workflow_owner;
        own.or_else(|| self.workers.iter().position(|worker| worker.id == *cover))
    }

    /// Takes the topmost piece of work, if the person is free and the office open.
    fn begin(&mut self, place: usize, now: DateTime<Utc>) {
        let Some(worker) = self.workers.get_mut(place).filter(|worker| !worker.busy) else { return };
        if worker.pile.is_empty() {
            return;
        }
        let opens_at = self.rules.calendar.next_open(worker.away_until.map_or(now, |until| until.max(now)));
        if opens_at > now {
            self.note(opens_at, Happening::Comes { worker: place });
            return;
        }
        let Some((_, _, case)) = worker.pile.pop_first() else { return };
        worker.busy = true;
        if let Some(case) = self.cases.get_mut(case) {
            case.place = None;
        }
        let ends_at = now + TimeDelta::minutes(i64::from(self.plan.minutes));
        self.note(ends_at, Happening::Ends { worker: place, case });
    }

    fn end(&mut self, place: usize, case: usize, now: DateTime<Utc>) {
        let Some(worker) = self.workers.get_mut(place) else { return };
        worker.busy = false;
        worker.worked += 1;
        let by = Actor::Staff(worker.id.clone());
        if let Some(known) = self.cases.get(case).filter(|case| !habits::is_over(&case.referral)) {
            let mut commands = habits::commands(known, &mut self.chance);
            for command in &mut commands {
                let Command::Redirect { to, .. } = command else { continue };
                let other = partners::other(&self.rules.roster.partners, &known.referral, &mut self.theirs);
                if let Some(other) = other {
                    to.clone_from(&other.id.0);
                }
            }
            self.befalls(case, &Event::Commanded { by, commands }, now);
        }
        self.begin(place, now);
    }

    fn fills_in(&mut self, case: usize, now: DateTime<Utc>) {
        let Some(missing) = self.cases.get(case).map(|case| case.referral.missing.clone()) else { return };
        if !missing.is_empty() {
            let packet = person::rest_of_packet(&missing);
            self.befalls(case, &Event::Supplemented { packet, conflicts: Vec::new() }, now);
        }
    }

    fn repeats(&mut self, case: usize, now: DateTime<Utc>) {
        let Some(referral) = self.cases.get(case).map(|case| &case.referral) else { return };
        let (sender, packet) = (referral.sender.clone(), referral.packet.clone());
        let event = Event::SentAgain { sender, packet, conflicts: Vec::new() };
        self.befalls(case, &event, now);
    }

    fn answers(&mut self, case: usize, ask: u32, now: DateTime<Utc>) {
        let known = self.cases.get(case).and_then(|case| partners::asked(&case.referral));
        let Some(by) = known.filter(|(_, now_asked)| *now_asked == ask).map(|(by, _)| by.clone()) else {
            return;
        };
        let commands = vec![partners::answer(&mut self.theirs)];
        self.befalls(case, &Event::Answered { by, commands }, now);
    }

    /// The client writes; whoever wrote about a closed one is taken up again.
    fn writes(&mut self, case: usize, now: DateTime<Utc>) {
        let over = self.cases.get(case).is_some_and(|case| habits::is_over(&case.referral));
        self.befalls(case, &Event::PersonWrote { who: Party::Client }, now);
        if over {
            let commands = vec![Command::Reopen { reason: "the client wrote".to_owned() }];
            self.befalls(case, &Event::Commanded { by: Actor::Host, commands }, now);
        }
    }
}

impl Case {
    fn count(&mut self, letter: &Letter, now: DateTime<Utc>) {
        let [staff, sender, client] = &mut self.letters;
        match letter.to.part {
            Part::Staff | Part::Admin => *staff += 1,
            Part::Sender | Part::Receiver => *sender += 1,
            Part::Client => *client += 1,
        }
        match letter.body.kind() {
            "receipt" | "neutral-receipt" => self.receipt_at = Some(now),
            "client-confirmation" => self.client_confirmed = true,
            "final-warning" => self.warned_at = Some(now),
            _ => {}
        }
    }
}
