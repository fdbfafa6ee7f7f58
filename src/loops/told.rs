//! Measure 109: of those who came in since the last digest, how many clients were written to, and why the others were not.

use std::collections::BTreeMap;

use super::Desk;
use crate::referral::record::FactKind;
use crate::report::figures::Arrived;

/// Records opened at once.
const AT_ONCE: usize = 50;

/// The line of the digest; `None` where no client is written to at all, or nobody came in. The reasons are words of ours.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn note(desk: &Desk, new: &[Arrived]) -> anyhow::Result<Option<String>> {
    if !desk.rules.client_mail.enabled || new.is_empty() {
        return Ok(None);
    }
    let (mut written, mut reasons) = (0_usize, BTreeMap::<String, usize>::new());
    for some in new.chunks(AT_ONCE) {
        let references: Vec<_> = some.iter().map(|one| one.reference.clone()).collect();
        for stored in desk.store.load(&references).await? {
            let history = desk.store.history(&stored).await?;
            let withheld = history.into_iter().find(|fact| fact.kind == FactKind::ClientLetterWithheld);
            match withheld {
                Some(fact) => *reasons.entry(fact.words).or_default() += 1,
                None => written += 1,
            }
        }
    }
    Ok(Some(sentence(written, &reasons)))
}

fn sentence(written: usize, reasons: &BTreeMap<String, usize>) -> String {
    let (others, all) = (reasons.values().sum::<usize>(), reasons.values().sum::<usize>() + written);
    if others == 0 {
        return format!("Clients written to: all of {all} new.");
    }
    let why: Vec<String> = reasons.iter().map(|(why, count)| format!("{why} ({count})")).collect();
    format!("Clients written to: {written} of {all} new. Why not: {}.", why.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_many_were_written_to_and_why_the_others_were_not() {
        let reasons = BTreeMap::from([("email was not marked as safe".to_owned(), 2), ("x".to_owned(), 1)]);
        assert_eq!(
            sentence(4, &reasons),
            "Clients written to: 4 of 7 new. Why not: email was not marked as safe (2), x (1)."
        );
        assert_eq!(sentence(3, &BTreeMap::new()), "Clients written to: all of 3 new.");
    }
}
