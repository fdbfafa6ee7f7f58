//! What partners write into ordinary forms, none of which takes a yes from the client's email or consent.

use super::*;
use crate::intake::form;

/// What reading a form with a line beside the usual ones leaves of its two yeses.
fn yeses(line: &str) -> (bool, bool) {
    answered("yes", "yes", line)
}

/// The same with these answers for them.
fn answered(safe: &str, consent: &str, line: &str) -> (bool, bool) {
    let text = format!(
        "Client name: Ana Canary\nEmail: ana.canary@mail.example\nPhone: 518-555-0142\nSafe to email: {safe}\n\
         Consent to share: {consent}\nMatter type: Housing\n{line}\n"
    );
    let source = form::Source { text: &text, ..form::Source::default() };
    let mut packets = form::read(source, &form::tests::context()).packets;
    assert_eq!(packets.len(), 1, "{line}");
    heed(&mut packets, &Told { texts: &[(&text, true)], ..Told::default() }, &mut Vec::new());
    let is_yes = |field| packets[0].get(field).is_some_and(|found| found.judged == Judged::Yes);
    (is_yes(Field::SafeEmail), is_yes(Field::Consent))
}

#[test]
fn an_ordinary_line_of_a_form_holds_nothing() {
    let lines = [
        "Safety notes: none",
        "Safety notes: N/A",
        "Safety concerns: No",
        "Safety concerns: no known concerns at this time",
        "Safety concerns: Client denies any safety concerns.",
        "Safety notes: prefers mornings",
        "Safety notes: Please call after 5 pm, no voicemail",
        "Safety notes: Do not call before 9am.",
        "Safety notes: Works nights. Best time to call: after 2 pm",
        "Safety notes: No contact order in place",
        "Safety notes: Restraining order granted 11/3/2026, expires 11/3/2027",
        "Safety notes: Order of protection against ex-husband",
        "Restraining order: Yes",
        "Domestic violence: no",
        "Safety notes: Spanish interpreter needed",
        "Safety notes: Wheelchair user, needs elevator",
        "Safety notes: hard of hearing",
        "Safety notes: safe to contact",
        "Safety notes: Client is safe at home",
        "Safety notes: Nobody else at home",
        "Abuser: John Vega",
        "Abuser name: John Smith",
        "Perpetrator name: John Vega",
        "Opposing party: John Vega",
        "Relationship to abuser: wife",
        "Is abuser in jail? yes",
        "Does client have email access? Yes",
        "Is this email shared? No, only client",
        "Does anyone else see this email? No, only she does",
        "Permission to contact landlord: Yes",
        "Permission to contact your employer? No",
        "Consent to share with partner agencies: Yes",
        "Consent obtained by: partner agency",
        "Media consent: No",
        "Consent to be photographed: no",
        "Safe contact method: Phone - weekdays after 17:00, email",
        "Reason for referral: Landlord filed an eviction, hearing Dec 3. Her husband left in May.",
    ];
    let held: Vec<_> = lines
        .into_iter()
        .map(|line| (line, yeses(line)))
        .filter(|(_, yeses)| *yeses != (true, true))
        .collect();
    assert!(held.is_empty(), "{held:#?}");
}

#[test]
fn a_line_of_a_form_that_may_be_about_writing_holds_the_email() {
    let lines = [
        "Safety notes: Not safe",
        "Safety concerns: everything is monitored",
        "Safety notes: abuser lives with her",
        "Safety notes: check with me first",
        "Email owner: John Smith, her husband since 2010",
        "Do not email her, there is spyware on her phone, other safety concerns: none",
        "Her husband reads her email and has spyware on it, other concerns: none",
        "Do not email because of stalking, fax: n/a",
        "Interpreter\nLanguage: Dari\nSafe to email: no",
        "Household members\nName: Leo\nSafe to email: no",
        "Emergency contact\nName: Rosa Vega\nPhone: 518-555-0143\n\nSafe to email: no",
        "Our staff:\nName: Dana Cole\nSafe to email client: no",
        "Is abuser living with client: yes",
        "Does anyone else see this email? No, only her husband",
    ];
    let unheard: Vec<_> = lines.into_iter().filter(|line| yeses(line).0).collect();
    assert!(unheard.is_empty(), "{unheard:#?}");
}

#[test]
fn a_yes_with_praise_or_a_day_is_a_yes() {
    let safe = [
        "yes - preferred",
        "yes, her own account",
        "Yes (confirmed with client)",
        "YES - personal email",
        "Yes, private email",
    ];
    let consents =
        ["yes - preferred", "Yes (confirmed with client)", "Yes, signed 9/13/2026", "Yes, written"];
    let unheard: Vec<_> = safe.into_iter().filter(|yes| !answered(yes, "yes", "").0).collect();
    assert!(unheard.is_empty(), "{unheard:#?}");
    let unheard: Vec<_> = consents.into_iter().filter(|yes| !answered("yes", yes, "").1).collect();
    assert!(unheard.is_empty(), "{unheard:#?}");
    for doubt in
        ["yes - preferred by her husband", "yes, his account", "Yes (confirmed with husband)", "yes?"]
    {
        assert!(!answered(doubt, "yes", "").0 && !answered("yes", doubt, "").1, "{doubt}");
    }
}

/// Whether any packet of a text lets its client be written to.
fn opens_email(text: &str) -> bool {
    let source = form::Source { text, ..form::Source::default() };
    let packets = form::read(source, &form::tests::context()).packets;
    packets.iter().any(|packet| packet.get(Field::SafeEmail).is_some_and(|found| found.judged == Judged::Yes))
}

#[test]
fn answers_below_or_beside_several_people_are_nobodys() {
    let answers = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\nConsent to contact: yes\n";
    let client = "Name: Rhoda Vane\nPhone: 518-555-0101\nEmail: rhoda.vane@mail.example\n";
    let other = "Name: Karl Doe\nPhone: 518-555-0202\nEmail: karl.doe@mail.example\n";
    for heading in [
        "Husband",
        "Boyfriend",
        "Children's father",
        "Neighbor",
        "Property manager",
        "Detective",
        "Contact 2",
    ] {
        let text = format!("Client\n{client}\n{heading}\n{other}\n{answers}");
        assert!(!opens_email(&text), "{text}");
    }
    for heading in
        ["Abuser", "Landlord", "Respondent", "Referring worker", "Husband", "Case manager", "Perpetrator"]
    {
        let table = format!(
            "|  | {heading} | Client |\n| Name | Karl Doe | Rhoda Vane |\n| Phone | 518-555-0202 | 518-555-0101 |\n\
             | Email | karl.doe@mail.example | rhoda.vane@mail.example |\n"
        );
        assert!(!opens_email(&format!("{table}\n{answers}")), "{table}");
        let table = format!("{table}| Safe to email |  | Yes |\n| Consent to share |  | Yes |\n");
        assert!(!opens_email(&table), "{table}");
    }
    for heading in ["Abuser:", "Landlord", "Respondent", "REFERRING WORKER"] {
        let text =
            format!("{heading}\n{other}OK to email: yes\n\nCLIENT INFORMATION\n{client}OK to call: yes\n");
        assert!(!opens_email(&text), "{text}");
    }
    assert!(opens_email(&format!("Landlord\n{other}\nClient\n{client}{answers}")));
    assert!(opens_email(&format!("Client\n{client}{answers}")));
    for label in ["Referrer phone: 518-555-0303", "Opposing party: Karl Doe", "Landlord phone: 518-555-0404"]
    {
        assert!(
            opens_email(&format!("{}{label}\n{answers}", client.replace("Name", "Client name"))),
            "{label}"
        );
    }
}
