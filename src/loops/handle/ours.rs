//! Ours: what staff wrote is told from the letter of ours that they answer by that letter itself, as long as it is kept.

use super::case::{Case, OwnWords};
use super::read;
use crate::intake::command::{self, ours};
use crate::referral::letter::Part;
use crate::store::StoreError;

/// A mail names the letters before the one it answers too; so many of them are looked at.
const MOST: usize = 5;

/// What staff wrote without the lines of the letter they answer; `None` where there are none, or where nothing in it would
/// be done or doubted anyway.
///
/// # Errors
/// When the store cannot be reached. A letter that cannot be read is none.
pub(super) async fn said(case: &Case<'_>) -> Result<Option<OwnWords>, StoreError> {
    let Case { desk, item, known, .. } = *case;
    let (own, reasons) = (&item.reading.text.own, &desk.rules.reasons);
    let from = item.reading.envelope.from.as_ref();
    let is_staff = from.is_some_and(|from| desk.rules.roster.staff_by_address(from).is_some());
    let is_meant = || item.reading.warnings.is_grave || !command::read(own, reasons).commands.is_empty();
    if !is_staff || known.threads.is_empty() || !is_meant() {
        return Ok(None);
    }
    let mut said: Option<String> = None;
    let mut letters = Vec::new();
    for letter in known.threads.iter().filter(|letter| letter.part != Part::Client).take(MOST) {
        let kept = match desk.store.letter_kept(&letter.message_id).await {
            Err(error) if error.is_of_a_record() => None,
            kept => kept?,
        };
        let Some(raw) = kept else { continue };
        let text = read(desk, &raw, item.arrived_at).text;
        let whole = [text.own, text.aside].join("\n");
        said = ours::without(said.as_deref().unwrap_or(own), &whole, reasons).or(said);
        letters.push(whole);
    }
    let beside = |text: &str| {
        let mut left: Option<String> = None;
        for letter in &letters {
            left = ours::without(left.as_deref().unwrap_or(text), letter, reasons).or(left);
        }
        left
    };
    Ok(said.map(|own| OwnWords { own, beside: item.reading.heard.beside(beside) }))
}
