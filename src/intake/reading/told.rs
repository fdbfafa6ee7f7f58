//! What is told in a mail whose form says yes to writing and to consent: each of the files beside this one holds what
//! speaks against it, or does not, and each line is read as a whole mail, where people put such words.

use super::read;
use crate::intake::tests::context;
use crate::referral::packet::{Field, Judged};

const DANGER: &str = include_str!("told/danger.txt");
const ORDINARY: &str = include_str!("told/ordinary.txt");

/// A form that is clean by itself, without its end.
const FORM: &str = "Client name: Maria Lopez\nPhone: 518-555-0142\nEmail: maria.lopez@mail.example\nSafe to email: yes\n\
    Safe to call: yes\nLanguage: English\nService: Housing\nCounty: Albany\nConsent to share: yes\nConsent to contact: yes\n";
const END: &str = "\nThanks,\nDana Cole\nIntake coordinator, Harbor House\n";

/// Where it stands, by its group.
fn places(group: &str, said: &str) -> Vec<String> {
    let label = |said: &str| format!("{FORM}{said}\n{END}");
    match group {
        "quote" => vec![format!("{FORM}{END}\n{said}\n")],
        "label" => vec![label(said), FORM.replace("Service:", &format!("{said}\nService:")) + END],
        _ => vec![
            label(&format!("Notes: {said}")),
            format!("{said}\n\n{FORM}{END}"),
            format!("{FORM}\n{said}\n{END}"),
            label(&format!("Reason for referral: Housing. {said}")),
        ],
    }
}

/// Whether a letter may go to the client of this mail.
fn may_write(body: &str) -> bool {
    let mail = format!(
        "From: Dana <dana@partner.example>\nTo: intake@handoff.example\nSubject: Referral\n\
         Content-Type: text/plain; charset=utf-8\n\n{body}"
    );
    let reading = read(mail.as_bytes(), &context());
    let is_yes = |field| {
        let yes = |packet: &crate::referral::packet::Packet| {
            packet.get(field).is_some_and(|found| found.judged == Judged::Yes)
        };
        !reading.packets.is_empty() && reading.packets.iter().all(yes)
    };
    is_yes(Field::SafeEmail) && is_yes(Field::Consent)
}

fn samples(file: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('|')).map(|(group, said)| (group, said.replace("\\n", "\n")))
}

/// Those lines that are, somewhere, not read as they should: of danger those after which we may write.
fn misread(file: &'static str, should_write: bool) -> Vec<(&'static str, String)> {
    let is_misread = |(group, said): &(&str, String)| {
        places(group, said).iter().any(|body| may_write(body) != should_write)
    };
    samples(file).filter(is_misread).collect()
}

#[test]
fn the_form_by_itself_lets_us_write() {
    assert!(may_write(&format!("{FORM}{END}")));
}

#[test]
fn no_line_of_danger_leaves_a_yes_and_hardly_an_ordinary_one_takes_it() {
    /// Held all the same: words that nobody can tell from those of a danger.
    const HELD: [&str; 6] = [
        "She cannot reach her landlord through the office.",
        "She no longer lives with him.",
        "She is not living with the abuser.",
        "He controls the joint bank account.",
        "Prior history of living with abuser: yes",
        "The father took the child to Ohio without permission.",
    ];
    let unheard = misread(DANGER, false);
    assert!(unheard.is_empty(), "{unheard:#?}");
    let held: Vec<_> = misread(ORDINARY, true).into_iter().map(|(_, said)| said).collect();
    let more: Vec<_> = held.iter().filter(|said| !HELD.contains(&said.as_str())).collect();
    assert!(more.is_empty(), "{more:#?}");
    let fewer: Vec<_> = HELD.iter().filter(|known| !held.iter().any(|said| said == *known)).collect();
    assert!(fewer.is_empty(), "these are not held any more: {fewer:#?}");
}

#[test]
#[ignore = "a measurement, not a check"]
fn how_many_are_read_as_they_should_be() {
    for (name, file, should_write) in [("danger", DANGER, false), ("ordinary", ORDINARY, true)] {
        let misread = misread(file, should_write);
        for group in ["label", "back", "words", "tongue", "quote"] {
            let all = samples(file).filter(|(known, _)| *known == group).count();
            let of_group: Vec<_> = misread.iter().filter(|(known, _)| *known == group).collect();
            println!("{name} {group}: {} of {all} misread", of_group.len());
            for (_, said) in of_group {
                println!("    {said:?}");
            }
        }
    }
}
