//! Row "ingest": no panic and a disposition for every mail, within 5 s.

use std::time::{Duration, Instant};

use handoffd::intake::explain::Explanation;

use super::{Tally, context, mails};

#[test]
fn every_mail_gets_a_disposition_in_time() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in &mails {
        let started = Instant::now();
        let explained = Explanation::new(&mail.read(), &context(), None);
        let is_quick = started.elapsed() < Duration::from_secs(5);
        let is_parked = explained.disposition == "parked";
        tally.count(mail, is_quick && !is_parked && !explained.text().is_empty(), explained.disposition);
    }
    tally.judge("ingest: read and not parked", 1.0);
}
