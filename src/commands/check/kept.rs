//! What a changed config would not change (RELIABILITY T24): referrals that run keep the numbers they began under.
//! Before anybody starts the daemon by it, this says of how many, which numbers they keep, and which ones new referrals
//! get.

use std::collections::BTreeMap;

use super::super::PAGE;
use crate::app;
use crate::settings::{self, Settings};
use crate::store::{Store, StoreError};

/// A block for each policy and tier whose numbers differ from those that run.
pub(super) async fn in_words(settings: &Settings, store: &Store) -> Result<Vec<String>, StoreError> {
    let rules = app::rules(settings);
    let mut kept: BTreeMap<(String, &str, Vec<String>), u64> = BTreeMap::new();
    let mut pages = store.pages(false, PAGE);
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for referral in page.iter().map(|stored| &stored.referral) {
            let Some(runs) = &referral.terms else { continue };
            let today = rules.policy_labelled(&referral.policy).terms(referral.tier);
            let changes = settings::changes_in_words(runs, &today);
            if !changes.is_empty() {
                let key = (referral.policy.clone(), referral.tier.word(), changes);
                *kept.entry(key).or_default() += 1;
            }
        }
    }
    Ok(kept
        .into_iter()
        .map(|((policy, tier, changes), count)| block(&policy, tier, &changes, count))
        .collect())
}

fn block(policy: &str, tier: &str, changes: &[String], count: u64) -> String {
    let runs = if count == 1 { "1 open referral keeps" } else { "open referrals keep" };
    let many = if count == 1 { String::new() } else { format!("{count} ") };
    format!("{many}{runs} the numbers of {policy} ({tier}):\n  {}", changes.join("\n  "))
}
