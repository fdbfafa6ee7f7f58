//! Signals and systemd: when to stop, and how the service manager learns that we live.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{error, info, warn};

use crate::loops::Desk;

/// A loop that showed no life for so long hangs; waiting for an outside server is life.
const HUNG_AFTER: Duration = Duration::from_mins(15);

/// Becomes true once, when everything should end.
pub type Stop = watch::Receiver<bool>;

/// From now on the log says where a panic was, and nothing else of it: its text and a backtrace could hold words of a
/// mail (RELIABILITY P21).
pub fn name_only_the_place_of_a_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!("A mistake of ours at {place}; the mail or letter at hand is set aside");
    }));
}

/// A switch for the end, thrown by SIGTERM or SIGINT.
///
/// # Errors
/// When the system does not let us listen for signals.
pub fn stop_on_signal() -> anyhow::Result<Stop> {
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).context("Listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Listen for SIGINT")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => info!("Asked to stop"),
            _ = interrupt.recv() => info!("Asked to stop"),
        }
        let _ = sd_notify::notify(&[NotifyState::Stopping]);
        let _ = stop.send(true);
        // The switch lives until the process ends, so that everybody can still look at it.
        stop.closed().await;
    });
    Ok(stopped)
}

/// Waits until everything should end.
pub async fn stopped(stop: &mut Stop) {
    // An error means that the switch is gone: the runtime ends, and so do we.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Tells the service manager that the daemon is ready.
pub fn ready() {
    let _ = sd_notify::notify(&[NotifyState::Ready, NotifyState::Status("reading the inbox")]);
}

/// Kicks systemd's watchdog for as long as every loop shows life. Ends at once where there is no watchdog.
pub async fn watch_over(desk: Arc<Desk>, mut stop: Stop) {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    let mut said = false;
    loop {
        tokio::select! {
            () = tokio::time::sleep(patience / 3) => {}
            () = stopped(&mut stop) => return,
        }
        let hung = desk.progress.silent(HUNG_AFTER);
        if hung.is_empty() {
            let _ = sd_notify::notify(&[NotifyState::Watchdog]);
        } else if !said {
            said = true;
            warn!(loops = ?hung, "A loop hangs; the service manager is left to restart us");
        }
    }
}
