//! Measure 109: of those who came in since the last digest, how many clients were written to, and why the others were
//! not.

use chrono::{DateTime, Utc};

use super::Desk;
use crate::store::client_letters::ClientLetters;

/// The line of the digest; `None` where no client is written to at all, or nobody came in. Written to is whose letter
/// the mail server took. The reasons are words of ours.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn note(
    desk: &Desk,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<String>> {
    if !desk.rules.client_mail.enabled {
        return Ok(None);
    }
    let letters = desk.store.client_letters(from, now).await?;
    Ok((letters.all > 0).then(|| sentence(&letters)))
}

fn sentence(letters: &ClientLetters) -> String {
    let ClientLetters { all, sent, waiting, reasons } = letters;
    if sent == all {
        return format!("Clients written to: all of {all} new.");
    }
    let known = sent + waiting + reasons.values().sum::<u64>();
    let waits =
        (*waiting > 0).then(|| format!("the letter waits for its hour or for the mail server ({waiting})"));
    let why = reasons.iter().map(|(why, count)| format!("{why} ({count})"));
    let rest = (known < *all).then(|| format!("no reason is kept ({})", all - known));
    let why: Vec<String> = why.chain(waits).chain(rest).collect();
    format!("Clients written to: {sent} of {all} new. Why not: {}.", why.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_line_says_how_many_were_written_to_and_why_the_others_were_not() {
        let reasons = BTreeMap::from([("email was not marked as safe".to_owned(), 2), ("x".to_owned(), 1)]);
        let none = BTreeMap::new();
        for (all, sent, waiting, reasons, line) in [
            (7, 4, 0, &reasons, "4 of 7 new. Why not: email was not marked as safe (2), x (1)."),
            (3, 3, 0, &none, "all of 3 new."),
            (
                3,
                1,
                1,
                &none,
                "1 of 3 new. Why not: the letter waits for its hour or for the mail server (1), no reason is kept (1).",
            ),
        ] {
            let letters = ClientLetters { all, sent, waiting, reasons: reasons.clone() };
            assert_eq!(sentence(&letters), format!("Clients written to: {line}"));
        }
    }
}
