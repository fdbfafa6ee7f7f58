//! `simulate`: what our ladder would do before we switch it on. It opens no store, reads no mail and no clock.

use std::io::Write;

use chrono::{NaiveDate, TimeDelta};
use clap::Args;

use crate::app;
use crate::settings::Settings;
use crate::simulation::{self, Plan};

/// The first day if none is named: a Monday, and the same one every time, so that the same line gives the same text.
const FIRST_DAY: &str = "2027-01-04";

/// What is asked on the command line.
#[derive(Args, Debug)]
pub(super) struct Asked {
    /// How many days.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
    /// Referrals on a business day.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    per_day: u32,
    /// What one piece of work takes: slow (30 minutes), normal (12), fast (5), or a number of minutes.
    #[arg(long, default_value = "normal", value_name = "SPEED", value_parser = minutes)]
    staff_speed: u32,
    /// Another seed is another month.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first day; holidays and absences of the settings count where they fall into the time.
    #[arg(long, default_value = FIRST_DAY, value_name = "DATE", value_parser = day)]
    from: NaiveDate,
}

pub(super) fn run(settings: &Settings, asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
    let plan = Plan {
        from: asked.from,
        days: asked.days,
        per_day: asked.per_day,
        minutes: asked.staff_speed,
        poll: TimeDelta::from_std(settings.inbox.poll).unwrap_or(TimeDelta::minutes(1)),
        seed: asked.seed,
    };
    write!(out, "{}", simulation::run(&app::rules(settings), &plan))?;
    Ok(())
}

fn day(words: &str) -> Result<NaiveDate, String> {
    use chrono::Datelike as _;
    let day: Option<NaiveDate> =
        words.parse().ok().filter(|day: &NaiveDate| (2000..2100).contains(&day.year()));
    day.ok_or_else(|| "say a day of this century, such as 2027-01-04".to_owned())
}

fn minutes(words: &str) -> Result<u32, String> {
    match words {
        "slow" => Ok(30),
        "normal" => Ok(12),
        "fast" => Ok(5),
        number => {
            let minutes = number.parse().ok().filter(|minutes| (1..=480).contains(minutes));
            minutes.ok_or_else(|| "say slow, normal, fast, or minutes from 1 to 480".to_owned())
        }
    }
}
