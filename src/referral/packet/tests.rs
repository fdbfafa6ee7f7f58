//! What is made of answers that contradict or doubt each other.

use super::*;

fn packet(answers: &[(Field, Judged)]) -> Packet {
    let mut packet = Packet::default();
    for (field, judged) in answers {
        let found = Found {
            value: "as written".to_owned(),
            judged: judged.clone(),
            confidence: Confidence::High,
            place: "line 1".to_owned(),
        };
        packet.put(*field, found);
    }
    packet
}

#[test]
fn beside_a_general_answer_that_is_a_question_no_yes_of_a_channel_counts() {
    let unclear = || Judged::Unclear("through her advocate only".to_owned());
    let yes = (Field::SafeEmail, Judged::Yes);
    assert_eq!(packet(std::slice::from_ref(&yes)).channels().email, Safety::Safe);
    let ways = packet(&[(Field::SafeToContact, unclear()), yes.clone()]).channels();
    assert_eq!((ways.email, ways.call), (Safety::NotSafe, Safety::Unknown));
    let ways = packet(&[(Field::SafeToContact, Judged::No), yes]).channels();
    assert_eq!((ways.email, ways.letter), (Safety::NotSafe, Safety::NotSafe));
}

#[test]
fn a_doubt_makes_a_question_of_a_yes_and_of_no_answer_and_leaves_a_no() {
    let mut packet = packet(&[(Field::SafeEmail, Judged::Yes), (Field::SafeCall, Judged::No)]);
    for field in [Field::SafeEmail, Field::SafeCall, Field::ConsentScope] {
        packet.unbelieve(field, "whose it is", "line 9");
    }
    let found = |field: Field| packet.get(field).map(|found| (&found.judged, found.place.as_str()));
    let question = Judged::Unclear("whose it is".to_owned());
    assert_eq!(found(Field::SafeEmail), Some((&question, "line 1")));
    assert_eq!(found(Field::SafeCall), Some((&Judged::No, "line 1")));
    assert_eq!(found(Field::ConsentScope), Some((&question, "line 9")));
}
