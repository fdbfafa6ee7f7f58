//! Machines: what a program sends says of answers that nobody reads them, "please do not reply to this". That is about its own
//! mail; what else is said beside it counts.

use super::clause::{self, DASH, PARTS};
use super::{fold, holds, lines, says_stop};

/// Where a part of a clause ends that may speak of answers, and another begins that does not.
const JOINTS: [&str; 13] = ["and", "or", "nor", "but", "y", "ni", "o", "et", "ou", "e", "nem", "и", "или"];

/// What programs say of answers to them, folded.
const ANSWERS: [&str; 16] = [
    "reply",
    "respond",
    "repond",
    "contesten",
    "conteste ",
    "contestar",
    "回复",
    "回覆",
    "回信",
    "회신",
    "답장",
    "отвеча",
    "tra loi",
    "reponn",
    "لا ترد",
    "sumagot",
];

/// As [`says_stop`], of what a program sent.
#[must_use]
pub fn is_said_by_machine(subject: &str, own_text: &str) -> bool {
    let mut rest = String::new();
    for line in lines(own_text) {
        for clause in line.split_inclusive(PARTS).flat_map(|part| part.split(DASH)) {
            let words: Vec<&str> = clause.split_whitespace().collect();
            for part in words.split(|word| JOINTS.contains(&word.to_lowercase().as_str())) {
                let part = part.join(" ");
                if !is_of_answers(&part) {
                    rest.push_str(&part);
                    rest.push(' ');
                } else if forbids_more(&part) {
                    return true;
                } else {
                    // What stands around it is no clause together.
                    rest.push_str(". ");
                }
            }
        }
        rest.push('\n');
    }
    let subject = if is_of_answers(subject) && !forbids_more(subject) { "" } else { subject };
    says_stop(subject, &rest)
}

fn is_of_answers(part: &str) -> bool {
    let folded = format!("{} ", fold(part));
    ANSWERS.iter().any(|answer| folded.contains(answer))
}

/// A part about answers that says something else too.
fn forbids_more(part: &str) -> bool {
    clause::is_shouted(part) || holds(&fold(part), |phrase| !is_of_answers(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_wants_no_answer_says_no_stop() {
        for text in [
            "I am out of office this week. Please do not reply to this automated message.",
            "Je suis absente.\nMerci de ne pas répondre à ce message.",
            "Por favor, no respondan a este correo.",
        ] {
            assert!(!is_said_by_machine("Automatic reply", text), "{text}");
            assert!(!is_said_by_machine("Do not reply: out of office", text), "{text}");
        }
        for text in [
            "I am away. STOP.\nDo not reply to this message.",
            "Do not contact me here or reply to this message.",
            "I am away. Please STOP, and do not reply.",
            "No me escriban ni respondan a este correo.",
            "Stop, and do not reply",
            "QUIT - do not respond",
            "I do not want to be called or written to and will not respond",
            "He contested the divorce. Do not contact me.",
            "Please do not write, and do not reply",
        ] {
            assert!(is_said_by_machine("Automatic reply", text), "{text}");
        }
    }

    #[test]
    fn a_stop_of_a_program_is_heard_below_any_number_of_blank_lines() {
        assert!(is_said_by_machine("Automatic reply", &format!("I am away.{}STOP", "\n".repeat(200))));
    }
}
