//! What partners write into ordinary forms, none of which takes a yes from the client's email or consent.

use super::*;
use crate::intake::form;
use crate::referral::packet::Judged;

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

/// Dangers in many words, of each of which a word or two stand in ordinary sentences.
#[test]
fn a_danger_told_in_plain_words_holds_the_email() {
    let lines = [
        // Who has a hand in it.
        "His home aide logs in to the account and prints things for him.",
        "His probation officer logs in to everything he has.",
        "Her daughter can sign in for her.",
        "Mrs. Hill set up the mailbox and keeps an eye on it for her.",
        "The director keeps tabs on her email.",
        "She borrowed that email from her coworker.",
        "The phone was borrowed.",
        "It is her cousin's gmail.",
        "Her pimp keeps her phone.",
        "Greg has her passwords.",
        "Greg knows her PIN.",
        "Ramon took her phone.",
        "Her tablet: the neighbor reads everything to her.",
        // Who may come to know.
        "She is worried that his mother, who lives downstairs, finds out about the case.",
        "She'd get in big trouble at home if this came up.",
        "If this gets back to her in-laws she'll be thrown out.",
        "Nobody at home is aware of the divorce plans yet.",
        "None of her family knows.",
        "Her parents have no idea she came in.",
        // Who is out, or near.
        "Respondent bonded out this morning and went straight back to the house.",
        "He was released yesterday.",
        "Her ex made bail.",
        "He's out.",
        "He is getting out on Monday.",
        "He keeps driving by.",
        "The respondent sits outside the building most days.",
        // What the yes is worth.
        "She gave a made-up yes to that question, I fear.",
        "I would not trust the yes above.",
        "Her yes was under pressure.",
        "She agreed while her husband was in the room.",
        "She said yes with him standing next to her.",
        "She agreed to this to keep the peace.",
        // Not yet, not aloud, not without me.
        "Please keep this quiet for now.",
        "Let's keep this between us.",
        "I'd like to be there when she hears from you.",
        "When you email her I want to be there.",
        "Wait till the order is served, please.",
        "Please hold on until I call.",
        "Stand by for now.",
        "Not just yet, please.",
        "It is too soon to write.",
        "The first meeting must wait until he is away.",
        // Spanish.
        "Mejor hablen conmigo primero, la señora tiene miedo.",
        "La suegra vive con ella y se entera de todo.",
        "La señora está muy asustada y no quiere que nadie se entere.",
        "Que no sepan en la casa, por favor.",
        "Él trabaja con computadoras y le instaló cosas en el teléfono.",
        "Él le revisa el celular.",
        "El correo es prestado.",
        "Por ahora es mejor esperar.",
        "Por favor esperen.",
        "Salió de la cárcel el viernes y anda rondando la casa.",
        "Ya lo soltaron.",
        "Llámenme a mí primero.",
        "Nadie en la casa sabe.",
        "Todavía no.",
        "Ella tiene miedo de que se enteren.",
        "Su hermano le lee los mensajes.",
        // Between her and us.
        "Preferred contact method: via shelter staff",
        "Preferred contact method: her advocate",
        "Best way to reach: through us",
        "Contact preference: by the front desk",
        "Método de contacto preferido: por medio del albergue",
    ];
    let unheard: Vec<_> = lines.into_iter().filter(|line| yeses(line).0).collect();
    assert!(unheard.is_empty(), "{unheard:#?}");
}

#[test]
fn a_story_with_words_of_such_a_danger_holds_nothing() {
    let lines = [
        "She wants to find out what her options are.",
        "She is scared of the eviction.",
        "She is nervous about court and wants to find out her rights.",
        "If this is not your department, please forward it.",
        "Please give us a call at any time.",
        "Please give her a call.",
        "No rush, thank you.",
        "She is waiting for a section 8 voucher.",
        "Only she has her password.",
        "She keeps her phone with her at work.",
        "Her family is in Ohio.",
        "She said yes to the repair date.",
        "He is out of work.",
        "She set up a payment plan with the landlord.",
        "She created an account with the court.",
        "Keep up the good work.",
        "She got a letter when she moved out.",
        "Her sister will be there at the hearing.",
        "She signed the lease with him in May.",
        "Hearing was put off; wait for the new date from the court.",
        "Espera su audiencia.",
        "Aún no tiene abogado.",
        "Tiene miedo de perder su casa.",
        "Preferred contact method: phone, Monday through Friday",
        "Preferred contact method: email",
        "Preferred contact: phone",
    ];
    let held: Vec<_> = lines.into_iter().filter(|line| yeses(line) != (true, true)).collect();
    assert!(held.is_empty(), "{held:#?}");
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

#[test]
fn what_footers_say_and_what_speaks_for_email_holds_nothing() {
    let lines = [
        "Please consider the environment before printing this email.",
        "Confidential: may contain client information protected under 8 USC 1367.",
        "This email may contain privileged information protected by VAWA.",
        "If we do not hear from you, we will follow up by phone.",
        "If I do not hear from you by Friday I will check in with your office.",
        "She prefers email because she works during the day and can't pick up.",
        "She asked that you write to her by email first, then set up a phone call.",
        "She reads email herself, her hearing is poor so phone is difficult.",
        "He wants to know what he has to file.",
        "Please see this referral for a rent stabilized tenant who received a 14% increase notice.",
        "We can provide interpretation for the first meeting.",
        "We sent a demand letter on 10/30, no answer.",
        "Detective signed the I-918B so we need to file before April 14, 2027.",
        "She has no car and would prefer a phone appointment.",
        "She has tried to call your hotline but could not get through.",
    ];
    let with_her = |line: &str| yeses(&format!("{line}\nReason: She has a hearing."));
    let held: Vec<_> = lines.into_iter().filter(|line| with_her(line) != (true, true)).collect();
    assert!(held.is_empty(), "{held:#?}");
    let dangers = [
        "Replies are monitored.",
        "He can see this referral.",
        "He asked that you write to her by email first, then set up a phone call.",
        "Her replies are monitored.",
        "If we do not hear from her, he has her phone.",
        "She prefers email because she works with him and can't pick up.",
        "She prefers email because he answers the phone.",
        "She asked that you write to her by email first and only if he is out.",
        "She asked that you write to her advocate by email first.",
        "She reads email herself when he is out.",
        "He reads email herself, her hearing is poor so phone is difficult for him to hear about.",
        "He wants to know what she has to file.",
        "He wants to know what you wrote to her.",
        "First call her advocate.",
        "We sent a letter to her home, he opened it.",
        "We need to talk before April 14, 2027.",
        "Do not write before April 14.",
        "She has no phone of her own.",
        "He has tried to call your hotline to find out about her.",
        "Confidential: may contain her new address, he reads it.",
    ];
    let unheard: Vec<_> = dangers.into_iter().filter(|line| with_her(line).0).collect();
    assert!(unheard.is_empty(), "{unheard:#?}");
}

/// The same of a form in which these lines stand for the address and the two answers.
fn asked(email: &str, safe: &str, consent: &str) -> (bool, bool) {
    let text = format!(
        "Client name: Ana Canary\nEmail: {email}\nPhone: 518-555-0142\n{safe}\n{consent}\nMatter type: Housing\n"
    );
    let source = form::Source { text: &text, ..form::Source::default() };
    let mut packets = form::read(source, &form::tests::context()).packets;
    assert_eq!(packets.len(), 1, "{text}");
    heed(&mut packets, &Told { texts: &[(&text, true)], ..Told::default() }, &mut Vec::new());
    let is_yes = |field| packets[0].get(field).is_some_and(|found| found.judged == Judged::Yes);
    (is_yes(Field::SafeEmail), is_yes(Field::Consent))
}

#[test]
fn what_is_safe_and_agreed_is_asked_in_many_words_and_answered_in_one() {
    let (email, safe, consent) = ("ana.canary@mail.example", "Safe to email: yes", "Consent to share: yes");
    for asks in
        ["Seguro por email", "¿Seguro por email?", "Correo seguro", "Seguro enviar correo", "Email seguro"]
    {
        for (answer, is_yes) in
            [("sí", true), ("no", false), ("solo de día", false), ("con su marido", false)]
        {
            assert_eq!(
                asked(email, &format!("{asks}: {answer}"), consent),
                (is_yes, true),
                "{asks}: {answer}"
            );
        }
    }
    for asks in [
        "Client consents to share information with legal aid:",
        "Does client consent to sharing?",
        "Do you agree that we share this with our partners?",
        "¿Da su consentimiento para compartir información?",
        "Consiente compartir:",
    ] {
        for (answer, is_yes) in
            [("Yes", true), ("Sí", true), ("No", false), ("Yes?", false), ("only with her", false)]
        {
            assert_eq!(asked(email, safe, &format!("{asks} {answer}")), (true, is_yes), "{asks} {answer}");
        }
    }
    for (note, is_yes) in [
        ("(new account, only she has the password)", true),
        ("(new account, only he has the password)", false),
        ("(new account, her sister has the password)", false),
        ("(new account, only she has the password) his phone", false),
        ("(her sister's)", false),
    ] {
        assert_eq!(asked(&format!("{email} {note}"), safe, consent).0, is_yes, "{note}");
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
