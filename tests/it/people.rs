//! How many people a mail is about, and whose each phone is: a number in the wrong record makes staff call a stranger
//! about somebody else's case. Where it is not certain no number is taken, and a person is told.

use handoffd::intake::{Reading, read};
use handoffd::referral::packet::Field;

/// A person: name, phone, other phone; empty for none.
type Person = [&'static str; 3];

fn reading(subject: &str, text: &str) -> Reading {
    let mail = format!(
        "From: Jo Bell <jo@hill.example.org>\nTo: intake@handoff.example\nSubject: {subject}\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    read(mail.as_bytes(), &crate::corpora::context())
}

fn people(reading: &Reading) -> Vec<[String; 3]> {
    let fields = [Field::ClientName, Field::ClientPhone, Field::ClientPhoneOther];
    let words = |field, packet: &handoffd::referral::packet::Packet| {
        packet.text(field).unwrap_or_default().to_owned()
    };
    reading.packets.iter().map(|packet| fields.map(|field| words(field, packet))).collect()
}

/// Checks each text against its people; says all that are wrong.
fn check(cases: &[(&str, &[Person], bool)]) {
    let mut wrong = Vec::new();
    for (text, expected, asks) in cases {
        let reading = reading("Referral", text);
        let found = people(&reading);
        let asked = reading.problems.iter().any(|problem| {
            problem.starts_with("This mail may hold several people")
                || problem.starts_with("A phone number in the running text")
        });
        if found != *expected || asked != *asks {
            wrong.push(format!("{text}\n  -> {found:?} {:?}", reading.problems));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

const ANN: Person = ["Ann Lee", "518-555-0101", ""];
const BOB: Person = ["Bob Ray", "518-555-0102", ""];
const LUZ: Person = ["Luz Vega", "518-555-0103", ""];

#[test]
fn people_in_a_list_are_records_of_their_own() {
    check(&[
        ("1) Ann Lee, 518-555-0101, eviction\n2) Bob Ray, 518-555-0102, wage theft", &[ANN, BOB], false),
        ("1) Ann Lee, 518-555-0101, eviction 2) Bob Ray, 518-555-0102, wage theft", &[ANN, BOB], false),
        (
            "Hello,\n\nwe have these for you:\n\n1. Ann Lee (518-555-0101) - eviction, hearing Dec 3\n2. Bob Ray (518-555-0102) - wages\n3. Luz Vega (518-555-0103) - custody\n\nThanks,\nJo Bell\nHill House\n518-555-0199",
            &[ANN, BOB, LUZ],
            false,
        ),
        ("- Ann Lee, 518-555-0101, eviction\n- Bob Ray, 518-555-0102, wages", &[ANN, BOB], false),
        (
            "• Ms. Ann Lee: 518-555-0101. Facing eviction, speaks Spanish.\n• Mr. Bob Ray: 518-555-0102. Unpaid wages.",
            &[ANN, BOB],
            false,
        ),
        ("* Ann Lee\n  518-555-0101\n  eviction\n* Bob Ray\n  518-555-0102\n  wages", &[ANN, BOB], false),
    ]);
}

#[test]
fn people_who_are_counted_are_records_of_their_own() {
    check(&[
        (
            "First client: Ann Lee, 518-555-0101, eviction.\nSecond client: Bob Ray, 518-555-0102, wages.",
            &[ANN, BOB],
            false,
        ),
        (
            "First client: Ann Lee, 518-555-0101, eviction. Second client: Bob Ray, 518-555-0102, wages.",
            &[ANN, BOB],
            false,
        ),
        (
            "Client A: Ann Lee, 518-555-0101, eviction\n\nClient B: Bob Ray, 518-555-0102, wages",
            &[ANN, BOB],
            false,
        ),
        (
            "Client A is Ann Lee, 518-555-0101, eviction.\nClient B is Bob Ray, 518-555-0102, wages.",
            &[["", "518-555-0101", ""], ["", "518-555-0102", ""]],
            false,
        ),
        ("Person 1\nAnn Lee\n518-555-0101\n\nPerson 2\nBob Ray\n518-555-0102", &[ANN, BOB], false),
        (
            "The first client needs help with an eviction; call 518-555-0101.\nThe second client lost her job; call 518-555-0102.",
            &[["", "518-555-0101", ""], ["", "518-555-0102", ""]],
            false,
        ),
        (
            "(1) Ann Lee\nPhone: 518-555-0101\nIssue: eviction\n\n(2) Bob Ray\nPhone: 518-555-0102\nIssue: wages",
            &[ANN, BOB],
            false,
        ),
        (
            "1) Name: Ann Lee, Phone: 518-555-0101, Issue: eviction\n2) Name: Bob Ray, Phone: 518-555-0102, Issue: wages",
            &[ANN, BOB],
            false,
        ),
        (
            "1. Name: Ann Lee\n   Phone: 518-555-0101\n   Issue: eviction\n2. Name: Bob Ray\n   Phone: 518-555-0102\n   Issue: wages",
            &[ANN, BOB],
            false,
        ),
        ("a) Ann Lee 518-555-0101 eviction\nb) Bob Ray 518-555-0102 wages", &[ANN, BOB], false),
        (
            "#1 - Ann Lee, home 518-555-0101, cell 518-555-0111, eviction\n#2 - Bob Ray, 518-555-0102, wages",
            &[["Ann Lee", "518-555-0101", "518-555-0111"], BOB],
            false,
        ),
        (
            "1) Ann Lee, 518-555-0101, evicted by landlord John Poe\n2) Bob Ray, 518-555-0102, employer withheld wages",
            &[ANN, BOB],
            false,
        ),
        (
            "Two new clients:\n\n1) Ann Lee, 518-555-0101, eviction\n2) Bob Ray, no phone, please write, wages",
            &[ANN, ["Bob Ray", "", ""]],
            false,
        ),
    ]);
}

#[test]
fn people_in_a_list_in_spanish_or_in_paragraphs_are_records_of_their_own() {
    check(&[
        (
            "1) Sra. Luz Vega, 518-555-0103, desalojo\n2) Sr. Bob Ray, 518-555-0102, salarios",
            &[LUZ, BOB],
            false,
        ),
        (
            "Primera clienta: Luz Vega, 518-555-0103, desalojo.\nSegundo cliente: Bob Ray, 518-555-0102, salarios.",
            &[LUZ, BOB],
            false,
        ),
        ("Cliente A: Luz Vega, tel. 518-555-0103\nCliente B: Bob Ray, tel. 518-555-0102", &[LUZ, BOB], false),
        (
            "- Luz Vega, 518-555-0103, desalojo\n- Bob Ray, 518-555-0102, salarios\n\nGracias,\nJo",
            &[LUZ, BOB],
            false,
        ),
        (
            "Please help these two clients.\n\nAnn Lee (518-555-0101) faces eviction.\n\nBob Ray (518-555-0102) was not paid.\n\nThank you",
            &[ANN, BOB],
            false,
        ),
        (
            "Dos personas nuevas:\n\nLuz Vega, 518-555-0103, tiene una audiencia el 3 de diciembre.\n\nBob Ray, 518-555-0102, salarios.",
            &[LUZ, BOB],
            false,
        ),
        (
            "Two referrals today:\nAnn Lee, 518-555-0101, eviction\nBob Ray, 518-555-0102, wages",
            &[ANN, BOB],
            false,
        ),
        (
            "Ann Lee\nPhone: 518-555-0101\nIssue: eviction\n\nBob Ray\nPhone: 518-555-0102\nIssue: wages",
            &[ANN, BOB],
            false,
        ),
    ]);
}

#[test]
fn where_it_is_not_certain_whose_a_phone_is_none_is_taken_and_a_person_is_told() {
    const NOBODY: Person = ["", "", ""];
    check(&[
        ("Ann Lee (518-555-0101) is being evicted. Bob Ray (518-555-0102) lost his wages.", &[NOBODY], true),
        (
            "Ann Lee needs help with an eviction. Her number is 518-555-0101.\n\nBob Ray was not paid. His number is 518-555-0102.",
            &[NOBODY],
            true,
        ),
        (
            "Ann Lee, 518-555-0101, faces eviction.\n\nMary Poe, 518-555-0102, knows the case.",
            &[NOBODY],
            true,
        ),
        (
            "Please call Ann at 518-555-0101 about the eviction and Bob at 518-555-0102 about his wages.",
            &[NOBODY],
            true,
        ),
        ("Phone: 518-555-0101\nIssue: eviction\n\nPhone: 518-555-0102\nIssue: wages", &[NOBODY], true),
        (
            "1) Ann Lee, 518-555-0101, eviction\n2) Ann Lee's case 7 is closed, call Tom Fox 518-555-0102",
            &[NOBODY],
            true,
        ),
        (
            "Ayuden a Luz Vega, 518-555-0103, por un desalojo. Tambien a Bob Ray, 518-555-0102, por salarios.",
            &[NOBODY],
            true,
        ),
    ]);
}

#[test]
fn one_person_stays_one_record_whatever_is_listed() {
    let ann: Person = ["", "518-555-0101", ""];
    let both: Person = ["", "518-555-0101", "518-555-0111"];
    check(&[
        (
            "Ann needs help with an eviction, call 518-555-0101. She has:\n1) Lease\n2) Eviction Notice\n3) Pay Stubs",
            &[ann],
            false,
        ),
        (
            "Facts:\n1) Ann Lee was evicted on Monday.\n2) She has two children.\n3) Her phone is 518-555-0101.",
            &[ann],
            false,
        ),
        (
            "1. Her phone is 518-555-0101.\n2. Her work number is 518-555-0111.\n3. Hearing on Dec 3.",
            &[both],
            false,
        ),
        (
            "Please help Ann Lee, home 518-555-0101, cell 518-555-0111.",
            &[["Ann Lee", "518-555-0101", "518-555-0111"]],
            false,
        ),
        ("Ann Lee can be called at 518-555-0101 or 518-555-0111.", &[both], false),
        ("Ann Lee: 518-555-0101 / 518-555-0111", &[both], false),
        ("Luz Vega, casa 518-555-0101, celular 518-555-0111, desalojo.", &[both], false),
        (
            "Ann Lee, 518-555-0101, is being evicted. Her landlord John Poe (518-555-0190) changed the locks.",
            &[ann],
            true,
        ),
        ("Ann Lee, 518-555-0101, is being evicted.\nLandlord: John Poe, 518-555-0190", &[ann], true),
        ("Luz Vega, 518-555-0101. El casero es Juan Paz, 518-555-0190.", &[ann], true),
        (
            "Please help Ann Lee, 518-555-0101, with her eviction.\n\nThanks,\nJo Bell\nHill House\n518-555-0199",
            &[ANN],
            false,
        ),
        (
            "Please help Ann Lee, 518-555-0101, with her eviction. Call me at 518-555-0199 with questions.",
            &[ANN],
            false,
        ),
        (
            "Ayuden a Luz Vega, 518-555-0101, por favor. Mi celular es 518-555-0199.",
            &[["Luz Vega", "518-555-0101", ""]],
            false,
        ),
        (
            "Ann Lee, 518-555-0101, eviction. In an emergency call her sister Sue Lee, 518-555-0190.",
            &[ann],
            true,
        ),
        ("1) Ann Lee, 518-555-0101, the client\n2) John Poe, her landlord, 518-555-0190", &[ann], true),
        (
            "Please call 518-555-0101. Witnesses:\n1) Bob Ray, 518-555-0191\n2) Tom Fox, 518-555-0192",
            &[ann],
            true,
        ),
    ]);
}

#[test]
fn a_form_of_one_person_stays_one_record() {
    let ann: Person = ["", "518-555-0101", ""];
    check(&[
        ("I need help, my landlord locked me out. My number is 518-555-0101.", &[ann], false),
        ("1. Client name: Ann Lee\n2. Phone: 518-555-0101\n3. Reason: eviction", &[ANN], false),
        (
            "Client name: Ann Lee\nPhone: 518-555-0101\nOther phone: 518-555-0111\n\nHousehold members:\n1) Tom Lee, 518-555-0191\n2) Sue Lee, 518-555-0192",
            &[["Ann Lee", "518-555-0101", "518-555-0111"]],
            false,
        ),
        (
            "Client name: Ann Lee\nHome phone: 518-555-0101\nCell phone: 518-555-0111",
            &[["Ann Lee", "518-555-0111", "518-555-0101"]],
            false,
        ),
    ]);
}

#[test]
fn who_refers_stands_in_every_record_of_a_list_and_nothing_else_beside_it_does() {
    let reading = reading(
        "Two referrals",
        "Referrer: Jo Bell\nAgency: Hill House\nConsent: yes\n\n1) Ann Lee, 518-555-0101, eviction, hearing on December 3\n\
         2) Bob Ray, 518-555-0102, wages",
    );
    assert_eq!(reading.packets.len(), 2);
    for packet in &reading.packets {
        assert_eq!(packet.text(Field::ReferrerOrg), Some("Hill House"));
        assert!(packet.get(Field::Consent).is_none());
    }
    assert!(
        reading.packets[0].get(Field::CourtDate).is_some()
            && reading.packets[1].get(Field::CourtDate).is_none()
    );
    assert_eq!(reading.packets[1].get(Field::ClientPhone).unwrap().place, "text line 6");
    assert!(reading.problems.iter().any(|problem| problem.contains("above or below the list")));
}

#[test]
fn the_other_sides_number_is_never_the_clients() {
    for text in [
        "She was evicted. Her landlord's number is 518-555-0190.",
        "Abuser: 518-555-0190. Please help Ann.",
        "Ann's husband calls from 518-555-0190, do not answer.",
        "Ayuden a Luz. El agresor llama del 518-555-0190.",
        "Ann was locked out, 518-555-0190 (landlord).",
        "518-555-0190 is her employer.",
    ] {
        let reading = reading("Referral", text);
        let own = [Field::ClientPhone, Field::ClientPhoneOther, Field::ReferrerPhone];
        assert!(
            reading.packets.iter().all(|packet| own.iter().all(|field| packet.get(*field).is_none())),
            "{text}"
        );
    }
}

#[test]
fn a_text_too_long_to_be_searched_for_people_is_a_question() {
    let list = "1) Ann Lee, 518-555-0101, eviction\n2) Bob Ray, 518-555-0102, wage theft\n";
    let long =
        format!("{list}{}", "We met them both last week and they asked us to write to you.\n".repeat(2_000));
    let reading = reading("Referral", &long);
    assert_eq!(people(&reading), [["", "", ""]]);
    assert!(
        reading.problems.iter().any(|problem| problem.starts_with("This mail may hold several people")),
        "{:?}",
        reading.problems
    );
}
