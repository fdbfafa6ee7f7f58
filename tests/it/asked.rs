//! Questions and answers about consent and safety in words that no list holds: a no counts, a yes is asked about.

use handoffd::intake::read;
use handoffd::referral::packet::{Field, Judged, Packet, Safety};

fn packet(text: &str) -> Packet {
    let mail = format!(
        "From: form@hill.example.org\nSubject: x\n\nClient name: Ann Lee\nPhone: 518-555-0101\n{text}\n"
    );
    read(mail.as_bytes(), &crate::corpora::context()).packets.into_iter().next().unwrap()
}

#[test]
fn a_question_about_safety_in_unknown_words_counts_when_it_is_denied_and_is_asked_about_when_not() {
    for (question, safety) in [
        ("Are you safe to receive voicemail", |packet: &Packet| packet.channels().voicemail),
        ("Would it be okay for our staff to leave a voicemail", |packet| packet.channels().voicemail),
        ("Is the client comfortable with receiving texts from us", |packet| packet.channels().text),
        ("Is it really safe for an advocate to email her", |packet| packet.channels().email),
        ("¿Le parece seguro que le mandemos un mensaje de texto", |packet| packet.channels().text),
    ] as [(&str, fn(&Packet) -> Safety); 5]
    {
        assert_eq!(safety(&packet(&format!("{question}? No"))), Safety::NotSafe, "{question}");
        assert_ne!(safety(&packet(&format!("{question}? Yes"))), Safety::Safe, "{question}");
    }
}

#[test]
fn other_questions_with_the_same_words_are_no_answer_about_safety() {
    for text in [
        "When is it safe to call? Mornings",
        "What is the best safe number to text? 518-555-0101",
        "Safe to call 911 from home? yes",
    ] {
        let packet = packet(text);
        assert_ne!(packet.channels().call, Safety::Safe, "{text}");
        assert_ne!(packet.channels().text, Safety::Safe, "{text}");
    }
}

#[test]
fn whoever_agrees_with_a_policy_lets_nobody_share_anything() {
    for value in [
        "✔ I agree to the privacy policy.",
        "I agree to the terms and conditions",
        "Yes, I agree to the Privacy Notice",
        "Acepto la política de privacidad",
        "I consent to this website storing my submitted information",
    ] {
        let packet = packet(&format!("Consent: {value}"));
        assert!(!packet.consents(), "{value}");
        assert!(matches!(packet.get(Field::Consent).unwrap().judged, Judged::Unclear(_)), "{value}");
    }
    assert!(packet("Consent: I agree that my information is shared with partner agencies").consents());
}

#[test]
fn a_list_in_brackets_is_a_value() {
    let packet = packet("Safe to contact (select all): [\"Phone call\",\"Email\"]");
    assert_eq!((packet.channels().call, packet.channels().email), (Safety::Safe, Safety::Safe));
    assert_eq!(packet.channels().text, Safety::Unknown);
}
