//! `report`: the reports as they are mailed, and the measures with where each number comes from.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use clap::{Args, ValueEnum};

use super::{baseline, operator};
use crate::app;
use crate::clock::Clock;
use crate::letters::render::Templates;
use crate::letters::{Organisation, Rendered};
use crate::loops::measures::{self, Lives};
use crate::loops::periodic::{self as sheets, Window};
use crate::loops::report;
use crate::report::digest;
use crate::report::measures::life::Split;
use crate::report::measures::sheet::{self, Sheet, span};
use crate::report::measures::{Answer, Measure};
use crate::report::periodic::{self, Rhythm};
use crate::settings::Settings;

/// The measures look back so far unless told otherwise.
const MONTH: Days = Days::new(30);

/// What is asked on the command line.
#[derive(Args, Debug)]
pub(super) struct Asked {
    /// Which one.
    which: Which,
    /// From this day on (2026-11-20); if not given, the last day, week or month, or 30 days for the measures.
    #[arg(long)]
    since: Option<NaiveDate>,
    /// As JSON.
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// As HTML.
    #[arg(long)]
    html: bool,
    /// Splits the measures: partner, source, driver, tier, policy or mode.
    #[arg(long, value_parser = split)]
    by: Option<Split>,
    /// Says how one measure is computed, and on which referrals with which answer; that is for the house only.
    #[arg(long, value_name = "NAME", value_parser = measure, conflicts_with_all = ["json", "html", "by"])]
    explain: Option<Measure>,
    /// The measures of how it was before: a spreadsheet (CSV), its first row naming the columns received, contacted,
    /// decided, decision, bounced, closed, partner, missing, as many as there are. Nothing of it is stored.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["since", "explain"])]
    baseline: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Which {
    /// The digest.
    Daily,
    /// What bounced in the last week and what to change, as the data owner gets it.
    Weekly,
    /// What is stuck, and what each partner can mend, as the workflow owner and the data owner get it.
    Monthly,
    /// The measures, fit to leave the house.
    Metrics,
}

pub(super) async fn run(settings: &Settings, asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
    let of_measures = asked.by.is_some() || asked.explain.is_some() || asked.baseline.is_some();
    if asked.which != Which::Metrics && of_measures {
        return Err(anyhow!(
            "--by, --explain and --baseline belong to the measures: handoffd report metrics"
        ));
    }
    if let Some(file) = &asked.baseline {
        let sheet = baseline::sheet(file, asked.by, &settings.calendar)?;
        let templates = Templates::load(settings.templates.as_deref());
        let templates = templates.map_err(|_| anyhow!("a template is wrong; handoffd check says which"))?;
        return told(asked, &sheet, &templates, &app::organisation(settings), out);
    }
    match asked.which {
        Which::Daily => daily(settings, asked, out).await,
        Which::Weekly => periodic(settings, asked, Rhythm::Weekly, out).await,
        Which::Monthly => periodic(settings, asked, Rhythm::Monthly, out).await,
        Which::Metrics => metrics(settings, asked, out).await,
    }
}

async fn daily(settings: &Settings, asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
    let desk = app::desk(settings, app::open_store(settings).await?, Clock::System)?;
    let since = asked.since.map(|day| settings.calendar.instant(day, NaiveTime::MIN));
    let figures = report::figures(&desk, since, desk.clock.now()).await?;
    if asked.json {
        serde_json::to_writer(&mut *out, &figures)?;
        writeln!(out)?;
        return Ok(());
    }
    page(asked, &digest::write(&figures, &desk.templates, &desk.organisation)?, out)
}

async fn periodic(
    settings: &Settings,
    asked: &Asked,
    rhythm: Rhythm,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let desk = app::desk(settings, app::open_store(settings).await?, Clock::System)?;
    let now = desk.clock.now();
    let today = settings.calendar.local(now).date_naive();
    let since = |from: NaiveDate| Window { from, until: today };
    let window = asked.since.map_or_else(|| Window::last(rhythm, today), since);
    operator::about_to_see(&desk.store, &format!("report {}", rhythm.word()), "figures").await?;
    let figures = sheets::figures(&desk, rhythm, window, now).await?;
    if asked.json {
        serde_json::to_writer(&mut *out, &figures)?;
        writeln!(out)?;
        return Ok(());
    }
    page(asked, &periodic::write(&figures, &desk.templates, &desk.organisation)?, out)
}

async fn metrics(settings: &Settings, asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
    let desk = app::desk(settings, app::open_store(settings).await?, Clock::System)?;
    let calendar = &settings.calendar;
    let now = desk.clock.now();
    let today = calendar.local(now).date_naive();
    let since = asked.since.unwrap_or_else(|| today.checked_sub_days(MONTH).unwrap_or(today));
    let from = calendar.instant(since, NaiveTime::MIN);
    let about = if asked.explain.is_some() { "figures, one by one" } else { "figures" };
    operator::about_to_see(&desk.store, "report metrics", about).await?;
    let found = measures::lives(&desk.store, &desk.rules, from, now).await?;
    if let Some(measure) = asked.explain {
        return explain(measure, &found, now, out);
    }
    let sheet = Sheet::of(&found.lives, (since, today), asked.by, now).without(found.unreadable);
    told(asked, &sheet, &desk.templates, &desk.organisation, out)
}

fn told(
    asked: &Asked,
    sheet: &Sheet,
    templates: &Templates,
    organisation: &Organisation,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if asked.json {
        serde_json::to_writer(&mut *out, sheet)?;
        writeln!(out)?;
        return Ok(());
    }
    page(asked, &sheet::write(sheet, templates, organisation)?, out)
}

/// How a measure is computed, and what it says of each referral: whoever doubts a number can look (requirement 130).
fn explain(measure: Measure, found: &Lives, now: DateTime<Utc>, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}: {}", measure.name(), measure.title())?;
    writeln!(out, "{}", measure.definition())?;
    writeln!(
        out,
        "\nEach referral received in the time and not forgotten since, with its policy and what it counts as:"
    )?;
    for life in &found.lives {
        let answers: Vec<String> = measure.ask(life, now).iter().map(in_words).collect();
        writeln!(out, "{}  {}  {}", life.name, life.word(Split::Policy), answers.join(", "))?;
    }
    if found.lives.is_empty() {
        writeln!(out, "None.")?;
    }
    if found.unreadable > 0 {
        writeln!(out, "Not readable, and counted nowhere: {}", found.unreadable)?;
    }
    Ok(())
}

fn in_words(answer: &Answer) -> String {
    match answer {
        Answer::NotCounted(why) => format!("not counted: {why}"),
        Answer::Yes => "yes".to_owned(),
        Answer::No => "no".to_owned(),
        Answer::Took(took) => span(*took),
        Answer::StillRunning(lasted) => format!("{} and not ended", span(*lasted)),
        Answer::Is(what) => (*what).to_owned(),
        Answer::Count(count) => count.to_string(),
    }
}

/// A report as text, or as a page.
fn page(asked: &Asked, rendered: &Rendered, out: &mut dyn Write) -> anyhow::Result<()> {
    if !asked.html {
        write!(out, "{}", rendered.text)?;
        return Ok(());
    }
    let missing = "there is only a text of this report in your folder of templates; put an en.html beside it";
    write!(out, "{}", rendered.html.as_deref().context(missing)?)?;
    Ok(())
}

fn split(word: &str) -> Result<Split, String> {
    let known = Split::ALL.into_iter().find(|split| split.word() == word);
    known.ok_or_else(|| format!("say one of: {}", Split::ALL.map(Split::word).join(", ")))
}

fn measure(name: &str) -> Result<Measure, String> {
    let known = Measure::ALL.into_iter().find(|measure| measure.name() == name);
    known.ok_or_else(|| format!("say one of: {}", Measure::ALL.map(Measure::name).join(", ")))
}
