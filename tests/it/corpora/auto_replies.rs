//! Row "auto-replies": a mail with a structural reason for silence is never answered.

use handoffd::intake::Nature;

use super::{Tally, mails};

#[test]
fn no_automatic_reply_goes_where_none_may() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in &mails {
        let reasons = mail.expected()["no_autoreply_reasons"].as_array().map_or(0, Vec::len);
        let is_auto = mail.expected()["is_auto"] == true || mail.expected()["is_mdn"] == true;
        if reasons > 0 || is_auto {
            let reading = mail.read();
            tally.count(
                mail,
                reading.silence.is_some(),
                &mail.expected()["no_autoreply_reasons"].to_string(),
            );
        }
    }
    tally.judge("auto-replies: silent where silence is due", 1.0);
}

#[test]
fn automatic_answers_are_told_from_people() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in mails.iter().filter(|mail| mail.text("kind") == "auto") {
        tally.count(mail, mail.read().nature == Nature::AutoReply, "not called an answer");
    }
    tally.judge("auto-replies: called so", 1.0);
    let mut tally = Tally::default();
    for mail in mails.iter().filter(|mail| ["human", "reply", "forward"].contains(&mail.text("kind"))) {
        let reading = mail.read();
        let is_machine = matches!(reading.nature, Nature::AutoReply | Nature::DeliveryReport(_));
        tally.count(mail, !is_machine, if reading.nature == Nature::AutoReply { "auto" } else { "bounce" });
    }
    tally.judge("people called people", 0.995);
}
