//! Escalation: who is told beside the owner.

use super::super::letter::{Body, Letter, Part, Recipient, Task};
use super::super::policy::Tier;
use super::super::record::FactKind;
use super::super::roster::StaffId;
use super::Course;

/// Tells the workflow owner, and where somebody is in danger the second address.
pub(super) fn write_escalation(course: &mut Course<'_>, about: &str, words: &str, task: Task) {
    let step = format!("{about}-{}-{}", course.referral.rung.step + 1, course.now.timestamp());
    course.fact(FactKind::Escalated, None, format!("workflow owner told that {words}"));
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    let alert = course.rules.alert_address.clone().filter(|_| course.referral.tier == Tier::Safety);
    let known = |to: &Recipient| {
        course.letters.iter().any(|letter| letter.to == *to && letter.body.kind() == "escalation")
    };
    let to = alert.map(|address| Recipient { part: Part::Staff, address }).filter(|to| !known(to));
    if let Some(to) = to {
        // Nobody knows who reads there: no initials.
        let body = Body::Escalation(Task { initials: None, ..task.clone() });
        course.letters.push(Letter { to, body, step: step.clone(), answers: None });
    }
    course.write_staff(&workflow_owner, step, Body::Escalation(task));
}

/// Owner and workflow owner, once each.
pub(super) fn both(course: &Course<'_>) -> Vec<StaffId> {
    let owner = course.reader();
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    if owner == workflow_owner { vec![owner] } else { vec![owner, workflow_owner] }
}
