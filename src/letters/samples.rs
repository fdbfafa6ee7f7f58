//! One invented letter of every kind, and more where a template branches: `check` renders them all.

use chrono::{DateTime, Utc};

use crate::referral::address::EmailAddress;
use crate::referral::letter::{
    Absence, Body, Details, KnownLine, Line, Offer, Receipt, ReceiptLine, StatusLine, SummaryLine, Task, Way,
};
use crate::referral::reference::Reference;

impl Body {
    /// Invented letters: every kind at least once, and every branch its template should have.
    #[must_use]
    pub fn samples() -> Vec<Body> {
        let first = Body::Receipt(Receipt { referrals: vec![line(1)] });
        let mut samples: Vec<Body> = std::iter::successors(Some(first), after).collect();
        samples.extend(branches());
        samples
    }
}

/// The sample that follows a kind; every kind has its place in the row, so that a kind without a sample does not
/// compile.
fn after(body: &Body) -> Option<Body> {
    let next = match body {
        Body::Receipt(_) => Body::NeutralReceipt { references: vec![reference(1)], part_two: false },
        Body::NeutralReceipt { .. } => Body::AlreadyHave { referrals: vec![known(1)] },
        Body::AlreadyHave { .. } => {
            Body::NeedsInfo { reference: reference(1), missing: vec!["Phone", "Safe to contact"] }
        }
        Body::NeedsInfo { .. } => Body::LoopBack { reference: reference(1), attempts: 3 },
        Body::LoopBack { .. } => outcome("accepted"),
        Body::Outcome { .. } => Body::ClientConfirmation { reference: reference(1), hear_by: at(24) },
        Body::ClientConfirmation { .. } => update("accepted"),
        Body::ClientUpdate { .. } => Body::ClientTrying { reference: reference(1) },
        Body::ClientTrying { .. } => Body::ClientAlternatives { reference: reference(1) },
        Body::ClientAlternatives { .. } => Body::ClientAnswer { reference: reference(1), hear_by: at(24) },
        Body::ClientAnswer { .. } => Body::Assignment(task()),
        Body::Assignment(_) => Body::ConflictFlag(task()),
        Body::ConflictFlag(_) => Body::Reminder(task()),
        Body::Reminder(_) => Body::Escalation(task()),
        Body::Escalation(_) => Body::FinalWarning { task: task(), bounce_at: at(72) },
        Body::FinalWarning { .. } => bounce_notice(false),
        Body::BounceNotice { .. } => Body::PersonWrote { task: task(), who: "client", is_doubted: true },
        Body::PersonWrote { .. } => Body::Stopped(task()),
        Body::Stopped(_) => Body::RedirectOffer(offer("new", true)),
        Body::RedirectOffer(_) => over("accepted"),
        Body::RedirectOver { .. } => Body::RedirectNews {
            task: task(),
            partner: "North Clinic".to_owned(),
            news: "declined it: no capacity",
            instead: "ask another organization",
        },
        Body::RedirectNews { .. } => Body::Done {
            task: task(),
            done: vec!["Logged: call, no answer.".to_owned()],
            asked: vec!["confirmed safe times …".to_owned()],
            refused: vec!["close needs a reason".to_owned()],
            is_news: false,
        },
        Body::Done { .. } => Body::NotDone {
            reference: Some(reference(1)),
            why: "the reason for the bounce is missing".into(),
            suggestions: vec!["bounce bad contact info".to_owned(), "bounce capacity delay".to_owned()],
        },
        Body::NotDone { .. } => Body::Details(details()),
        Body::Details(_) => Body::History {
            reference: reference(1),
            lines: vec![
                "2026-11-20 09:02 received".to_owned(),
                "2026-11-20 15:00 attempted call no answer (maria)".to_owned(),
            ],
            answers: vec!["attempt call no answer", "confirmed", "details"],
        },
        Body::History { .. } => absence(Some(at(240)), true),
        Body::Absence(_) => Body::Summary {
            referrals: vec![news(1, "will be given up"), news(2, "overdue"), news(3, "due soon")],
            given_up_too: vec![reference(4), reference(5)],
            more: 7,
            part_two: false,
        },
        Body::Summary { .. } => Body::StatusAnswer { referrals: vec![status(1), status(2)], more: 0, to_staff: false, answers: Vec::new() },
        Body::StatusAnswer { .. } => Body::BlankForm,
        Body::BlankForm => Body::Help { answers: vec!["status", "history", "details"] },
        Body::Help { .. } => Body::Alert {
            what: "The mail server has refused our login since 09:02.".to_owned(),
            remedy: "Put a new password into the file of [outlet] password_file and run `handoffd check --connect`."
                .to_owned(),
        },
        Body::Alert { .. } => return None,
    };
    Some(next)
}

/// The other branches: nothing missing, several people, no attempts, every outcome, no reference.
fn branches() -> Vec<Body> {
    let bare = ReceiptLine { missing: vec![], remarks: vec![], partner_reference: None, ..line(2) };
    let calm = Task { missing: vec![], questions: vec![], answers: vec![], attempts: 0, ..task() };
    let mut branches: Vec<Body> =
        ["redirected", "closed", "no contact", "untried", "delayed", "passed on", "ended there"]
            .into_iter()
            .map(outcome)
            .collect();
    branches.extend(["redirected", "closed", "reviewing", "open"].into_iter().map(update));
    branches.extend(
        ["reminder", "received", "unclear", "reason", "consent", "proof"]
            .into_iter()
            .flat_map(|about| [offer(about, true), offer(about, false)])
            .map(Body::RedirectOffer),
    );
    branches.extend(["declined", "ended"].into_iter().map(over));
    branches.extend([
        Body::RedirectOffer(offer("new", false)),
        Body::Receipt(Receipt { referrals: vec![line(1), bare] }),
        Body::NeutralReceipt { references: vec![reference(1), reference(2)], part_two: false },
        Body::AlreadyHave { referrals: vec![known(1), known(2)] },
        Body::Assignment(calm.clone()),
        Body::PersonWrote { task: calm.clone(), who: "sender", is_doubted: false },
        Body::Stopped(Task { next_action: "nothing", ..calm.clone() }),
        bounce_notice(true),
        Body::Done { task: calm, done: vec![], asked: vec![], refused: vec![], is_news: true },
        absence(Some(at(240)), false),
        absence(None, true),
        absence(None, false),
        Body::Absence(Absence {
            name: "Maria Ortiz".to_owned(),
            until: Some(at(240)),
            cover: None,
            to_themselves: true,
            open: 0,
            due: vec![],
        }),
        Body::Details(Details { stopped: true, lines: vec![], withheld: vec!["Phone"], ..details() }),
        Body::NotDone { reference: None, why: "this was not understood".into(), suggestions: vec![] },
        Body::StatusAnswer { referrals: vec![], more: 0, to_staff: false, answers: Vec::new() },
        Body::StatusAnswer { referrals: vec![], more: 0, to_staff: true, answers: Vec::new() },
        Body::StatusAnswer {
            referrals: vec![status(1)],
            more: 0,
            to_staff: true,
            answers: vec!["confirmed", "details"],
        },
        Body::StatusAnswer { referrals: vec![status(1)], more: 12, to_staff: true, answers: Vec::new() },
    ]);
    branches
}

fn reference(number: u64) -> Reference {
    Reference::draw("R", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A Friday morning and so many hours.
fn at(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_183_200 + hours * 3_600, 0).unwrap_or_default()
}

fn known(number: u64) -> KnownLine {
    KnownLine { reference: reference(number), status: "Under Review", part_two: false }
}

fn line(place: u32) -> ReceiptLine {
    ReceiptLine {
        reference: reference(u64::from(place)),
        place,
        partner_reference: Some("HH-2041".to_owned()),
        owner: "Maria Ortiz".to_owned(),
        contact_by: at(24),
        decision_by: at(72),
        missing: vec!["Phone", "Safe to contact"],
        remarks: vec!["the phone number has 9 digits".to_owned()],
        part_two: false,
    }
}

fn task() -> Task {
    Task {
        reference: reference(1),
        owner: "Maria Ortiz".to_owned(),
        initials: None,
        next_action: "reach the client",
        due_at: at(24),
        is_late: false,
        status: "Received",
        contact: "attempting",
        tier: "deadline",
        attempts: 1,
        received_at: at(0),
        missing: vec!["Phone"],
        questions: vec!["The court date can be read in two ways.".to_owned()],
        answers: [
            "attempt call no answer",
            "attempt call left message",
            "confirmed method call, language English, safe times after 5, next step appointment, deadline none",
        ]
        .map(str::to_owned)
        .to_vec(),
    }
}

fn offer(about: &'static str, consented: bool) -> Offer {
    Offer {
        ask: 1,
        reference: reference(1),
        about,
        owner: "Maria Ortiz".to_owned(),
        asked_at: at(0),
        received: about == "received",
        receipt_by: at(24),
        answer_by: at(72),
        consented,
        answers: vec!["accept", "decline capacity"],
    }
}

fn over(outcome: &'static str) -> Body {
    Body::RedirectOver { reference: reference(1), ask: 1, outcome, owner: "Maria Ortiz".to_owned() }
}

fn absence(until: Option<DateTime<Utc>>, to_themselves: bool) -> Body {
    let due = if to_themselves || until.is_none() { vec![] } else { vec![status(1), status(2)] };
    let (name, cover) = ("Maria Ortiz".to_owned(), Some("Wendy Ross".to_owned()));
    Body::Absence(Absence { name, until, cover, to_themselves, open: 3, due })
}

fn news(number: u64, news: &str) -> SummaryLine {
    SummaryLine {
        reference: reference(number),
        owner: "Maria Ortiz".to_owned(),
        news: news.to_owned(),
        next_action: "reach the client",
        due_at: at(-24),
        was_due_at: (number < 3).then(|| at(-24)),
        until: at(24),
        answers: vec!["attempt call no answer".to_owned(), "confirmed".to_owned()],
        reply_to: EmailAddress::parse(if number == 1 {
            "intake+t0k3n@example.org"
        } else {
            "intake@example.org"
        })
        .ok()
        .filter(|_| number != 2),
        proof: (number == 3).then(|| "t0k3n".to_owned()),
    }
}

fn details() -> Details {
    Details {
        reference: reference(1),
        stopped: false,
        ways: vec![Way { way: "call", safety: "safe" }, Way { way: "email", safety: "not safe" }],
        lines: vec![
            Line { label: "Client name", value: "An Invented Person".to_owned() },
            Line { label: "Phone", value: "518 555 0142".to_owned() },
        ],
        withheld: vec!["Email"],
        due_at: at(24),
        answers: vec!["attempt call no answer", "attempt call left message", "confirmed"],
    }
}

fn status(number: u64) -> StatusLine {
    StatusLine {
        reference: reference(number),
        owner: "Maria Ortiz".to_owned(),
        items: (8, 10),
        status: "Under Review",
        contact: "confirmed",
        next_action: "carry out the agreed step",
        next_at: at(48),
        part_two: false,
        answers: vec!["attempt call no answer", "confirmed"],
        reply_to: EmailAddress::parse("referrals+a1b2c3@example.org").ok(),
        proof: (number == 2).then(|| "a1b2c3".to_owned()),
    }
}

fn outcome(outcome: &'static str) -> Body {
    Body::Outcome { reference: reference(1), partner_reference: Some("HH-2041".to_owned()), outcome }
}

fn update(update: &'static str) -> Body {
    Body::ClientUpdate { reference: reference(1), update }
}

fn bounce_notice(attempts_logged: bool) -> Body {
    Body::BounceNotice {
        task: Task { initials: Some("A. P.".to_owned()), ..task() },
        reason: "bad contact info".to_owned(),
        instead: "ask the partner for another way to reach the client".to_owned(),
        attempts_logged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_is_missing_from_the_row() {
        let mut kinds: Vec<&str> = Body::samples().iter().map(Body::kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), 32);
    }
}
