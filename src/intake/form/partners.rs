//! Mails as partners write them: half labels, prose, rows; what a careful person would read in each.

use super::tests::context;
use super::{Source, read};
use crate::referral::packet::{Field, Judged, Packet};

fn packets(text: &str) -> Vec<Packet> {
    read(Source { text, ..Source::default() }, &context()).packets
}

/// Each field has the value, or is not there where it is empty.
fn check(text: &str, wanted: &[(Field, &str)]) {
    let packets = packets(text);
    let [packet] = packets.as_slice() else { panic!("{} packets: {text}", packets.len()) };
    for (field, value) in wanted {
        assert_eq!(packet.text(*field).unwrap_or_default(), *value, "{field:?}: {text}");
    }
}

#[test]
fn whose_a_number_is_the_words_beside_it_say() {
    let phone = Field::ClientPhone;
    for (text, value) in [
        ("Ana's number changed. Old: 518-555-0141 New: 518-555-0142.", "518-555-0142"),
        (
            "DO NOT CALL HER OLD NUMBER 518-555-0141 (he has it).\nNew safe phone: 518-555-0142\n",
            "518-555-0142",
        ),
        ("Client is Ana Vega. 518-555-0141 is her friend's phone (Bri) and Bri knows.", ""),
        (
            "I am Ana Vega. I was referred by Hill House (Dana Reed, 518-555-0141). 518-555-0142",
            "518-555-0142",
        ),
        ("She wants a divorce. The only safe way is our office, M-F 8-4, ask for Gus 518-555-0141.", ""),
        ("Client: Ana Vega\nPhone: none right now, reach thru me 518-555-0141\nNeeds: ID\n", ""),
        ("Client: Ana Vega\nPhone: same as mine 518-555-0141\nNeeds: ID\n", ""),
        ("Applicant: Ana Vega (DOB 1/30/1970)\nContact: 518-555-0142; ana@mail.example\n", "518-555-0142"),
        ("Please call Ana Vega at (518) 555-0142.", "(518) 555-0142"),
    ] {
        let packets = packets(text);
        let found = packets.first().and_then(|packet| packet.text(phone));
        assert_eq!(found.unwrap_or_default(), value, "{text}");
    }
}

#[test]
fn the_other_sides_birthday_and_language_are_not_the_clients() {
    let dob = Field::ClientDob;
    check(
        "Survivor: Ana Vega\nAbuser: Max Poe\nAbuser DOB: 5/5/88\nAbuser language: Greek\n",
        &[(dob, ""), (Field::Language, "")],
    );
    check("Survivor: Ana Vega\nSurvivor DOB: 3/3/90\nAbuser DOB: 5/5/88\n", &[(dob, "3/3/90")]);
    check(
        "Client name: Ana Vega\nPhone: 518-555-0142\n\nOPPOSING PARTY\nName: Max Poe\nDOB: 5/5/88\n",
        &[(dob, "")],
    );
}

#[test]
fn a_day_that_is_past_is_no_deadline_and_a_time_goes_with_its_day() {
    let date = |text: &str, field: Field| -> Option<(String, Option<String>)> {
        let packets = packets(text);
        let Judged::Date { date, time, .. } = packets.first()?.get(field)?.judged else { return None };
        Some((date.to_string(), time.map(|time| time.to_string())))
    };
    let on = |day: &str, time: Option<&str>| Some((day.to_owned(), time.map(str::to_owned)));
    let form = |line: &str| format!("Client name: Ana Vega\nPhone: 518-555-0142\nReason: her home\n{line}\n");
    for (line, field, wanted) in [
        ("Deadline: Answer due 30 days from service (served 9/6/2026)", Field::OtherDeadline, None),
        (
            "Deadlines: Land Court answer 12/9/2026; PTC 1/6/2027 10 AM",
            Field::OtherDeadline,
            on("2026-12-09", None),
        ),
        ("Needs: order, hearing 12/1/2026 1:30 Rm 204", Field::CourtDate, on("2026-12-01", Some("13:30:00"))),
        (
            "Reason: scammed. Small claims court date Dec. 14, 2026 8:45AM",
            Field::CourtDate,
            on("2026-12-14", Some("08:45:00")),
        ),
        ("\nOP hearing Tues 11/24/2026 8:30 Dept 12", Field::CourtDate, on("2026-11-24", Some("08:30:00"))),
        (
            "\nHearing notice received 9/12/2026 for hearing 12/4/2026",
            Field::CourtDate,
            on("2026-12-04", None),
        ),
        ("TRO hearing: 12/02/2026", Field::CourtDate, on("2026-12-02", None)),
    ] {
        assert_eq!(date(&form(line), field), wanted, "{line}");
    }
}

#[test]
fn a_case_in_words_is_the_matter_and_in_digits_a_reference() {
    check(
        "Client: Ana Vega\nCase: unlawful detainer, answer due 11/25\n",
        &[(Field::PartnerReference, ""), (Field::Reason, "unlawful detainer, answer due 11/25")],
    );
    check("Client: Ana Vega\nCase: HS-2026-118\n", &[(Field::PartnerReference, "HS-2026-118")]);
}

#[test]
fn clients_go_by_many_names() {
    for label in ["Patron", "Pt", "Pt name", "Participant", "Consumer", "Taxpayer"] {
        check(
            &format!("{label}: Ana Vega\nPhone: 518-555-0142\nIssue: eviction\n"),
            &[(Field::ClientName, "Ana Vega")],
        );
    }
}

#[test]
fn rows_without_heads_are_one_person_each() {
    let text = "Hi team, three new clients from Hill House:\n\nAna Vega,518-555-0142,Spanish,eviction\n\
                Max Roe,518-555-0143,English,custody\nLien Tran,518-555-0144,Vietnamese,wages\n\nThanks,\nDana\n";
    let packets = packets(text);
    let said: Vec<_> = packets
        .iter()
        .map(|one| [Field::ClientName, Field::ClientPhone].map(|field| one.text(field).unwrap()))
        .collect();
    let wanted = [["Ana Vega", "518-555-0142"], ["Max Roe", "518-555-0143"], ["Lien Tran", "518-555-0144"]];
    assert_eq!(said, wanted);
    assert_eq!(
        packets.iter().map(Packet::language).collect::<Vec<_>>(),
        [Some("es"), Some("en"), Some("vi")]
    );
}

#[test]
fn whom_to_call_back_is_no_client() {
    check(
        "Could you please call Dana Reed (me) at 518-555-0141 about a client with an eviction hearing on 12/4?",
        &[(Field::ClientName, ""), (Field::ClientPhone, "")],
    );
}

#[test]
fn what_stands_on_the_line_of_somebody_else_is_not_the_clients() {
    let head = "Client name: Ana Vega\nSafe to email: yes\nSafe to call: yes\nConsent: yes\n";
    for line in [
        "Landlord: Max Poe; Email: max@poe.example",
        "Husband: Max Poe; Phone: 518-555-0150; Address: 1 Elm St",
        "Emergency contact: Bri Vega; Address: 1 Elm St; Email: bri@mail.example",
        "Abuser: Max Poe. Phone: 518-555-0150",
        "Opposing party: Max Poe; DOB: 5/5/88",
        "Opposing party: Max Poe\nPhone: 518-555-0150",
        "Reason: eviction by Max Poe. Email: max@poe.example",
        "Safety notes: Her sister Bri knows. Phone: 518-555-0150",
    ] {
        let nothing = [Field::ClientPhone, Field::ClientEmail, Field::ClientAddress, Field::ClientDob];
        check(&format!("{head}{line}\n"), &nothing.map(|field| (field, "")));
    }
}

#[test]
fn a_yes_with_more_behind_or_below_it_is_no_plain_yes() {
    for (text, field) in [
        ("Safe to call: yes. Time: only after he leaves at 9", Field::SafeCall),
        ("Safe to call: yes | Status: not any more, he moved back in", Field::SafeCall),
        ("Consent to share: yes. Question: she wants to think about it until Friday", Field::Consent),
        ("Consent to share:\nYes\n1. only with legal aid\n2. not with the school", Field::Consent),
        ("Consent to share: yes\nStill true today? No, she changed her mind this morning", Field::Consent),
        ("Is it safe to email? Yes\nDoes he read it? Sometimes on her tablet", Field::SafeEmail),
        ("Consent to share: [ ] Yes, he is fine with that", Field::Consent),
        ("Consent to share: ☐ I agree that my information is shared", Field::Consent),
        ("Husband: Max Poe\nConsent to share: Yes, he is fine with it", Field::Consent),
    ] {
        let packets = packets(&format!("Client name: Ana Vega\nPhone: 518-555-0142\n{text}\n"));
        let [packet] = packets.as_slice() else { panic!("{} packets: {text}", packets.len()) };
        let judged = packet.get(field).map(|found| &found.judged);
        assert!(!matches!(judged, None | Some(Judged::Yes)), "{judged:?}: {text}");
    }
}

#[test]
fn a_day_still_to_come_and_a_story_around_a_hearing_are_kept() {
    check(
        "Client name: Ana Vega\nFiling deadline: must be mailed 12/4/2026\n",
        &[(Field::FilingDeadline, "must be mailed 12/4/2026")],
    );
    let notes = "Client name: Ana Vega\nSafety notes: please be careful with the notices\n\
                 12/03/2026 9:30 AM Part A Room 402\nHe picks up every letter that comes\n";
    let packets = packets(notes);
    let said = packets[0].text(Field::SafetyNotes).unwrap_or_default();
    assert!(said.contains("every letter"), "{said}");
    assert!(packets[0].get(Field::CourtDate).is_some());
}

#[test]
fn the_client_is_found_behind_somebody_else_on_one_line() {
    for line in [
        "Case manager: Jo Bell    Client: Ana Vega    Phone: 518-555-0142",
        "Time: 3 pm    Client: Ana Vega    Phone: 518-555-0142",
        "Our file: 77    Client: Ana Vega    Phone: 518-555-0142",
        "Landlord: Max Poe    Client: Ana Vega    Phone: 518-555-0142",
    ] {
        check(
            &format!("{line}\nIssue: eviction\n"),
            &[(Field::ClientName, "Ana Vega"), (Field::ClientPhone, "518-555-0142")],
        );
    }
}
