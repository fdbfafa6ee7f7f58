//! `demo`: the real daemon on sample referrals with a fast clock. It narrates what the store and the letters say; it
//! decides nothing itself.

mod narrator;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::init::write_starter;
use super::shown;
use crate::app::App;
use crate::app::notice::Notice;
use crate::clock::{Clock, ManualClock};
use crate::lifecycle;
use crate::loops::Desk;
use crate::settings::Settings;
use narrator::Narrator;

const CONFIG: &str = include_str!("handoffd.toml");
/// Tuesday, 9 am in New York.
const BEGINS: &str = "2026-11-17T14:00:00Z";

const MAILS: [(&str, &str); 7] = [
    ("a partner's mail with labels", include_str!("mails/1-labels.eml")),
    ("a web form as an HTML table; email is not safe", include_str!("mails/2-table.eml")),
    ("a referral with a court date in two days", include_str!("mails/3-court-date.eml")),
    ("two people in one mail, one of them incomplete", include_str!("mails/4-two-people.eml")),
    ("a stranger, in their own words", include_str!("mails/5-stranger.eml")),
    ("an out-of-office answer", include_str!("mails/6-out-of-office.eml")),
    ("the first mail once more", include_str!("mails/1-labels.eml")),
];

/// The demo, from an empty folder to the digest of the fourth day.
pub(super) async fn run(dir: Option<&Path>, keep: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let dir = prepare(dir)?;
    let config = dir.join("handoffd.toml");
    let settings = Settings::read(&config).map_err(|mistakes| anyhow!("{mistakes:?}"))?;
    let hand = ManualClock::at(BEGINS.parse::<DateTime<Utc>>().context("The demo's first instant")?);
    let notice = Notice::alone(&settings)?.with_own_clock();
    let app = App::build(&settings, Clock::Manual(hand.clone())).await?.with_notice(notice);
    let desk = Arc::clone(&app.desk);
    let (end, stop) = watch::channel(false);
    let daemon = tokio::spawn(app.run(stop));
    let mut narrator = Narrator::of(Arc::clone(&desk), dir.clone());

    writeln!(
        out,
        "handoffd demo in {}\nThe real daemon runs now, on a folder inbox, a folder outlet and a fast clock.",
        shown(&dir)
    )?;
    let story = tell(&desk, &hand, &dir, &mut narrator, out).await;
    if keep && story.is_ok() {
        stay(&dir, hand, out).await?;
    }
    let _ = end.send(true);
    daemon.await.context("Stop the daemon")??;
    story
}

async fn tell(
    desk: &Desk,
    hand: &ManualClock,
    dir: &Path,
    narrator: &mut Narrator,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    narrator.heading("Seven mails arrive", out)?;
    for (number, (what, mail)) in (1..).zip(MAILS) {
        drop_in(dir, &format!("demo-{number}"), mail)?;
        writeln!(out, "  in   {what}")?;
        settle(desk).await?;
        narrator.tell(out).await?;
        // The next one arrives a little later, as in life.
        hand.move_to(hand_time(desk) + TimeDelta::minutes(1));
    }
    narrator.heading("Two hours later: Maria answers the letter about the first referral, by reply", out)?;
    hand.move_to(hand_time(desk) + TimeDelta::hours(2));
    narrator.reply_to_owner(0, "attempt call no answer", out).await?;
    settle(desk).await?;
    narrator.tell(out).await?;
    hand.move_to(hand_time(desk) + TimeDelta::hours(2));
    let reached =
        "confirmed method call, language Spanish, safe times after 5 pm, next step clinic, deadline none";
    narrator.reply_to_owner(0, reached, out).await?;
    settle(desk).await?;
    narrator.tell(out).await?;

    narrator.heading("Nobody touches the others: the clock runs", out)?;
    let until = BEGINS.parse::<DateTime<Utc>>()? + TimeDelta::hours(96);
    while hand_time(desk) < until {
        settle(desk).await?;
        let wake = next_wake(desk).await?.filter(|at| *at > hand_time(desk));
        hand.move_to(wake.unwrap_or(until).min(until));
        settle(desk).await?;
        narrator.tell(out).await?;
    }
    narrator.ending(out).await
}

/// A folder with the config, the key and the boxes.
fn prepare(dir: Option<&Path>) -> anyhow::Result<PathBuf> {
    let dir = match dir {
        Some(dir) => dir.to_path_buf(),
        None => std::env::temp_dir().join(format!("handoffd-demo-{}", std::process::id())),
    };
    std::fs::create_dir_all(&dir).with_context(|| format!("Make {}", shown(&dir)))?;
    let config = dir.join("handoffd.toml");
    if config.exists() {
        return Err(anyhow!("{} holds a config already; name an empty folder", shown(&dir)));
    }
    std::fs::write(&config, CONFIG).with_context(|| format!("Write {}", shown(&config)))?;
    write_starter(&dir, &mut std::io::sink())?;
    Ok(dir)
}

/// Puts a mail into the inbox as a mail server would: written beside, then moved in.
fn drop_in(dir: &Path, name: &str, mail: &str) -> anyhow::Result<()> {
    let (beside, inside) = (dir.join("inbox/tmp").join(name), dir.join("inbox/new").join(name));
    std::fs::write(&beside, mail.replace('\n', "\r\n")).context("Write a sample mail")?;
    std::fs::rename(beside, inside).context("Put a sample mail into the inbox")
}

fn hand_time(desk: &Desk) -> DateTime<Utc> {
    desk.clock.now()
}

/// When something will happen next: a record is due, a letter, or the digest.
async fn next_wake(desk: &Desk) -> anyhow::Result<Option<DateTime<Utc>>> {
    let calendar = &desk.rules.calendar;
    let now = desk.clock.now();
    let today = calendar.local(now).date_naive();
    let digest = [today.succ_opt().unwrap_or(today), today]
        .into_iter()
        .map(|day| calendar.instant(day, desk.bounds.digest_at))
        .filter(|at| *at > now)
        .min();
    let look = desk.store.next_look().await?;
    let letter = desk.store.next_letter().await?;
    Ok([digest, look, letter].into_iter().flatten().filter(|at| *at > now).min())
}

/// Waits until the daemon has nothing left to do at this instant: the inbox is empty, every mail is handled, every
/// letter that is due is out, and every record that is due was decided.
async fn settle(desk: &Desk) -> anyhow::Result<()> {
    let now = desk.clock.now();
    for _ in 0..600 {
        let read = desk.store.last_beat(crate::loops::receive::INBOX_READ).await?.is_some_and(|at| at >= now);
        let mails = desk.store.waiting().await?;
        let letters = desk.store.next_letter().await?.is_some_and(|at| at <= now);
        let records = desk.store.next_look().await?.is_some_and(|at| at <= now);
        let under_way = desk.store.letters_since(0).await?.iter().any(|line| line.state.is_under_way());
        if read && mails == 0 && !letters && !records && !under_way {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Err(anyhow!("the daemon did not come to rest; please report this with the output above"))
}

async fn stay(dir: &Path, hand: ManualClock, out: &mut dyn Write) -> anyhow::Result<()> {
    let inbox = shown(&dir.join("inbox/new"));
    writeln!(
        out,
        "\nThe daemon goes on, and its clock with it. Drop a mail into {inbox} and watch the outbox; Ctrl-C ends it."
    )?;
    let mut stop = lifecycle::stop_on_signal()?;
    let Clock::Manual(hand) = Clock::Manual(hand) else { return Ok(()) };
    let clock = Clock::Manual(hand.clone());
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => hand.move_to(clock.now() + TimeDelta::seconds(1)),
            () = lifecycle::stopped(&mut stop) => return Ok(()),
        }
    }
}
