//! Letters to staff: every answer they offer can be tapped and typed, and both their texts say the same of who wrote.

use std::collections::BTreeSet;

use handoffd::referral::letter::Body;

use super::{render, sample};

#[test]
fn staff_can_start_a_reply_with_one_tap() {
    let html = render(&sample("assignment"), "en").html.unwrap();
    assert!(html.contains("mailto:intake%2Btoken@example.org?subject="), "{html}");
    assert!(html.contains("body=attempt%20call%20no%20answer"));
}

#[test]
fn every_letter_that_asks_staff_for_something_offers_its_answers_to_tap_and_to_type() {
    let mut kinds = BTreeSet::new();
    for mut body in Body::samples() {
        let kind = body.kind();
        let words = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let answers = match &body {
            Body::History { .. } => words(&["attempt call no answer", "confirmed", "details"]),
            Body::Details(_) => words(&["attempt call no answer", "attempt call left message", "confirmed"]),
            Body::StatusAnswer { answers, .. } if !answers.is_empty() => words(answers),
            Body::Absence(absence) if absence.to_themselves && absence.until.is_some() => words(&["back"]),
            _ => match body.task_mut() {
                Some(task) => task.answers.clone(),
                None => continue,
            },
        };
        let rendered = render(&body, "en");
        let html = rendered.html.unwrap_or_else(|| panic!("{kind} has nothing to tap"));
        for answer in &answers {
            let typed = rendered.text.lines().any(|line| line.trim() == answer);
            assert!(typed, "{kind}: \"{answer}\" to type");
            let link = format!("body={}", answer.replace(' ', "%20").replace(',', "%2C"));
            assert!(html.contains(&link), "{kind}: \"{answer}\" to tap");
        }
        kinds.insert(kind);
    }
    for kind in ["history", "details", "status-answer", "absence"] {
        assert!(kinds.contains(kind), "no sample of {kind}");
    }
    assert!(kinds.len() >= 13, "{kinds:?}");
}

#[test]
fn that_it_may_not_be_the_client_who_wrote_stands_in_both_texts_of_the_letter() {
    let Body::PersonWrote { task, .. } = sample("person-wrote") else { panic!("another letter") };
    for (who, is_doubted) in [("client", true), ("client", false), ("sender", false)] {
        let rendered = render(&Body::PersonWrote { task: task.clone(), who, is_doubted }, "en");
        for text in [Some(rendered.text), rendered.html].into_iter().flatten() {
            assert_eq!(text.contains("it may not be the client"), is_doubted, "{text}");
            assert_eq!(text.contains("email not safe"), who == "client", "{text}");
        }
    }
}
