//! Clock alarm: by a clock that cannot be right nothing is chased, and the admins hear of it.

use tracing::warn;

use super::{Desk, alert, clock_trust};

/// Whether the clock can be right; if not, the admins are told, once an hour.
///
/// # Errors
/// When the store cannot be reached.
pub async fn is_right(desk: &Desk) -> anyhow::Result<bool> {
    let right = clock_trust::is_believed(desk).await?;
    if !right {
        let shown = desk.clock.now().format("%Y-%m-%d %H:%M UTC");
        warn!("The clock of this machine shows {shown}, which cannot be right");
        let what = format!(
            "The clock of this machine shows {shown}, far from what it showed before and from what really went by. Mail is taken in and answered, but \
             nobody is reminded, nothing is given up or deleted, and no client is written to."
        );
        let remedy = "Set the clock, and see that it is kept right (timedatectl). If it is right as it is, do nothing: \
                      after a day it is believed, unless its year cannot be right.";
        alert::tell(desk, "clock", what, remedy.to_owned()).await?;
    }
    Ok(right)
}
