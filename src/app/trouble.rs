//! Trouble: failures in a row of one loop, and who is told of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::{info, warn};

use super::notice::Notice;
use crate::loops::{Desk, alert, backoff};
use crate::store::StoreError;

/// Trouble that lasts so long is told to the admins.
const TELL_AFTER: Duration = Duration::from_mins(10);

/// Failures in a row of one loop: each cause is said once, then tried again later and later; it stands on the notice
/// until it is over, and after a while the admins are told by mail.
pub(super) struct Trouble {
    name: &'static str,
    /// What does not work meanwhile, in words for the admins.
    what: &'static str,
    notice: Arc<Notice>,
    failures: u32,
    said: String,
    since: Option<Instant>,
}

impl Trouble {
    pub(super) fn of(name: &'static str, what: &'static str, notice: &Arc<Notice>) -> Trouble {
        Trouble { name, what, notice: Arc::clone(notice), failures: 0, said: String::new(), since: None }
    }

    /// The value, or how long to wait before the next try.
    pub(super) fn after<T>(&mut self, ticked: anyhow::Result<T>) -> Result<T, Duration> {
        match ticked {
            Ok(value) => {
                if self.failures > 0 {
                    info!(r#loop = self.name, "Works again");
                    self.notice.say(self.name, None);
                }
                self.failures = 0;
                self.said.clear();
                self.since = None;
                Ok(value)
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Tells the admins, once the trouble lasts: a shared inbox that nobody reads must not stay a secret of the log.
    pub(super) async fn tell(&self, desk: &Desk) {
        if self.since.is_none_or(|since| since.elapsed() < TELL_AFTER) {
            return;
        }
        let told = alert::tell(desk, self.name, self.what.to_owned(), self.said.clone()).await;
        if let Err(error) = told
            && self.failures.is_power_of_two()
        {
            warn!(r#loop = self.name, "The admins could not be told: {error:#}");
        }
    }

    pub(super) fn failed(&mut self, error: &anyhow::Error) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.since.get_or_insert_with(Instant::now);
        let text = format!("{error:#}");
        if text != self.said {
            warn!(r#loop = self.name, "{text}");
            self.notice.say(self.name, Some((&text, is_of_store(error))));
            self.said = text;
        }
        backoff(self.failures)
    }
}

/// Whether it is the store that fails.
fn is_of_store(error: &anyhow::Error) -> bool {
    error.chain().any(<dyn std::error::Error>::is::<StoreError>) || error.is::<StoreError>()
}
