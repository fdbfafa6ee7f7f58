//! Which partners are proven by DMARC: what our own mail server said about their earlier mails. No name server is
//! asked; a partner nobody has heard from yet is not known.

use std::collections::BTreeMap;

use chrono::DateTime;

use crate::app;
use crate::intake::{self, Dmarc};
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// So many of the newest mails are looked at.
const MAILS: u32 = 300;

/// A warning for each partner whose mails did not pass; without anybody's address.
pub(super) async fn warnings(settings: &Settings, store: &Store) -> Result<Vec<String>, StoreError> {
    let Some(server) = &settings.privacy.trusted_authserv_id else { return Ok(Vec::new()) };
    let context = app::reading(settings, DateTime::UNIX_EPOCH.fixed_offset());
    let mut seen: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for id in store.newest(MAILS).await? {
        // One at a time; a mail that was forgotten meanwhile says nothing.
        let Ok(Some(raw)) = store.raw(id).await else { continue };
        let envelope = intake::read(&raw, &context).envelope;
        let partner = envelope.from.as_ref().and_then(|from| settings.roster.partner_by_address(from));
        let Some(partner) = partner else { continue };
        let (mails, passed) = seen.entry(partner.id.0.as_str()).or_default();
        *mails += 1;
        *passed += u32::from(envelope.dmarc == Dmarc::Pass);
    }
    let mut warnings = Vec::new();
    for partner in &settings.roster.partners {
        let id = &partner.id;
        match seen.get(id.0.as_str()) {
            None => warnings.push(format!("[[partner]] {id}: no mail of theirs is kept, so whether DMARC proves them is not known")),
            Some((mails, 0)) => warnings.push(format!(
                "[[partner]] {id}: none of their last {mails} mails passed DMARC at {server}; they count as unproven, no \
                 client of theirs is written to, and what they send later is not believed; ask them to publish DMARC"
            )),
            Some((mails, passed)) if passed < mails => warnings.push(format!(
                "[[partner]] {id}: {} of their last {mails} mails did not pass DMARC at {server}",
                mails - passed
            )),
            Some(_) => {}
        }
    }
    Ok(warnings)
}
