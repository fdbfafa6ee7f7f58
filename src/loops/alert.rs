//! Alert: what the admins must act on, whatever else goes on.

use super::Desk;
use super::post::{self, About};
use crate::referral::letter::{Body, Letter, Part, Recipient};
use crate::store::records::Commit;

/// Tells every admin about something they must act on: once an hour and cause, whatever happens.
///
/// # Errors
/// When the store cannot be reached.
pub async fn tell(desk: &Desk, cause: &str, what: String, remedy: String) -> anyhow::Result<()> {
    let now = desk.clock.now();
    let about = About::Other(format!("alert-{cause}-{}", now.format("%Y%m%d%H")));
    let mut commit = Commit::default();
    for admin in &desk.rules.roster.admins {
        let Some(staff) = desk.rules.roster.staff(admin) else { continue };
        let to = Recipient { part: Part::Admin, address: staff.address.clone() };
        let body = Body::Alert { what: what.clone(), remedy: remedy.clone() };
        let letter = Letter { to, body, step: "1".to_owned(), answers: None };
        commit.letters.extend(post::all_queued(desk, &about, std::slice::from_ref(&letter), now));
    }
    desk.store.commit(&[commit], now).await?;
    desk.signals.deliver.notify_one();
    Ok(())
}
