//! Measures: the referrals of a time as the measures see them, read from the store.

use chrono::{DateTime, Utc};

use crate::referral::decide::Rules;
use crate::referral::letter::Part;
use crate::report::measures::life::{Letters, Life};
use crate::store::{Store, StoreError};

/// Records that are in memory at once.
const PAGE: u32 = 500;

/// What was found of a time.
#[derive(Debug)]
pub struct Lives {
    /// Those that could be read, in the order they were opened.
    pub lives: Vec<Life>,
    /// How many could not.
    pub unreadable: u64,
}

/// The referrals that were received from one instant until before another; forgotten ones are not among them.
///
/// # Errors
/// When the store cannot be reached.
pub async fn lives(
    store: &Store,
    rules: &Rules,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Lives, StoreError> {
    let taken = store.letters_taken(from, to).await?;
    let letters = |reference: &str| {
        let parts = taken.get(reference).map(Vec::as_slice).unwrap_or_default();
        let to_client = parts.iter().filter(|(part, _)| *part == Part::Client);
        Letters {
            to_client: to_client.map(|(_, count)| count).sum(),
            all: parts.iter().map(|(_, count)| count).sum(),
        }
    };
    let mut found = Lives { lives: Vec::new(), unreadable: 0 };
    let mut last = None;
    loop {
        let page = store.received_between((from, to), last.as_ref(), PAGE).await?;
        if page.is_empty() {
            return Ok(found);
        }
        for (stored, history) in &page.lived {
            let letters = letters(stored.referral.reference.as_str());
            found.lives.push(Life::of(rules, &stored.referral, history, letters));
        }
        found.unreadable += page.unreadable;
        last = Some(page);
    }
}
