//! The command line: each command reads settings, does one thing, and writes plain lines or JSON.
//!
//! Exit codes: 0 done; 1 it did not work; 64 the command line is wrong; 65 the mail is too large to be taken (an MTA
//! tells its sender); 75 try again later (an MTA keeps the mail); 78 the config or the key file is wrong.

mod act;
mod baseline;
mod check;
mod demo;
mod diag;
mod disclosures;
mod explain;
mod export;
mod health;
mod ingest;
mod init;
mod keep;
mod key;
mod operator;
mod paper;
mod reader;
mod report;
mod show;
mod simulate;
mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::app::App;
use crate::app::notice::Notice;
use crate::clock::Clock;
use crate::lifecycle;
use crate::settings::{Secrets, Settings};
use crate::store::StoreError;
use reader::Reader;

/// The command line is wrong (`sysexits.h`).
const EX_USAGE: u8 = 64;
/// What came in is wrong (`sysexits.h`).
const EX_DATAERR: u8 = 65;
/// The config is wrong (`sysexits.h`).
const EX_CONFIG: u8 = 78;
/// Try again later (`sysexits.h`).
const EX_TEMPFAIL: u8 = 75;

/// Referrals that are read at once, where all of them are.
const PAGE: u32 = 500;

/// Stops people from disappearing after a referral.
#[derive(Parser, Debug)]
#[command(name = "handoffd", version, about, propagate_version = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

impl CommandLine {
    /// How much is logged unless `RUST_LOG` says otherwise: the demo tells its story itself.
    #[must_use]
    pub const fn log_level(&self) -> tracing::Level {
        match self.command {
            Command::Demo { .. } => tracing::Level::WARN,
            _ => tracing::Level::INFO,
        }
    }
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Shows the whole road in a minute: the real daemon on sample referrals with a fast clock.
    Demo {
        /// Where to put it; a fresh folder if not given.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Leaves the daemon running, so that you can drop in a mail and watch.
        #[arg(long)]
        keep: bool,
    },
    /// Writes an annotated config, a key file and folders into DIR.
    Init {
        /// The folder.
        dir: PathBuf,
    },
    /// Says every mistake in the config and the templates at once.
    Check {
        #[command(flatten)]
        config: Config,
        /// Also connects to the inbox, the mail server and the store.
        #[arg(long)]
        connect: bool,
        /// With --connect: also sends a mail to a tagged address of the inbox and looks whether it arrives.
        #[arg(long, requires = "connect")]
        probe: bool,
    },
    /// Runs the daemon.
    Run {
        #[command(flatten)]
        config: Config,
    },
    /// Takes one mail from standard input into the spool: exit 0 once it is safe, 75 to make the mail server keep it, 65
    /// for one over the size limit of `[limits]`, of which the head is parked, so that the mail server tells its sender.
    Ingest {
        #[command(flatten)]
        config: Config,
    },
    /// Says what intake makes of a mail; changes nothing.
    Explain {
        /// The mail.
        file: PathBuf,
        /// A config, for our own addresses, the region and the required fields.
        #[arg(long)]
        config: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lists the open referrals.
    List {
        #[command(flatten)]
        config: Config,
        /// The closed ones too.
        #[arg(long)]
        all: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shows one referral.
    Show {
        /// The number, however it is written.
        reference: String,
        #[command(flatten)]
        config: Config,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shows what happened to one referral.
    History {
        /// The number, however it is written.
        reference: String,
        #[command(flatten)]
        config: Config,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says who was shown something personal, on this host and by letter: of one referral, or of all.
    Disclosures {
        /// The number, however it is written; everything if not given.
        reference: Option<String>,
        #[command(flatten)]
        config: Config,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Does what staff can do by mail, as an admin on this host; the history says so.
    Act {
        /// The number, however it is written; for "away until DAY" and "back" the id of a member of staff.
        reference: String,
        /// The words of a reply: `attempt call no answer`.
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        config: Config,
    },
    /// Prints a report as it is mailed, or the measures.
    Report {
        #[command(flatten)]
        config: Config,
        #[command(flatten)]
        asked: report::Asked,
    },
    /// Runs your own policy against invented referrals in virtual time and prints the measures; sends and stores
    /// nothing.
    Simulate {
        #[command(flatten)]
        config: Config,
        #[command(flatten)]
        asked: simulate::Asked,
    },
    /// The rules of the house as the settings say them: process, roles, packet, minimum, rhythm.
    Policy {
        #[command(subcommand)]
        command: Paper,
    },
    /// What may stand as an annex of an agreement with a partner: fields, statuses, receipts, the way to exchange it.
    Spec {
        #[command(subcommand)]
        command: Paper,
    },
    /// Mails a person must look at.
    Parked {
        #[command(subcommand)]
        command: Parked,
    },
    /// The keys that everything personal is sealed with.
    Key {
        #[command(subcommand)]
        command: Key,
    },
    /// Looks at everything in the store: owners, sums, histories, seals. Exit 1 when something is wrong.
    Verify {
        #[command(flatten)]
        config: Config,
        /// The audit head of a digest that was mailed.
        #[arg(long, requires = "as_of")]
        head: Option<String>,
        /// The time that digest names beside the head.
        #[arg(long, requires = "head")]
        as_of: Option<chrono::DateTime<chrono::Utc>>,
    },
    #[command(flatten)]
    Keep(keep::Asked),
    /// Counts referrals by attribute, small counts left out; or writes every record for yourself.
    Export {
        #[command(flatten)]
        config: Config,
        /// Every record with its history, as JSON: names, numbers and all.
        #[arg(long)]
        records: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes what somebody who helps needs to know, and nothing about anybody.
    Diag {
        #[command(flatten)]
        config: Config,
    },
    /// Says whether the daemon does its work: exit 0 if so, 1 if not.
    Health {
        #[command(flatten)]
        config: Config,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand, Debug)]
enum Paper {
    /// Prints it.
    #[command(alias = "show")]
    Export {
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Subcommand, Debug)]
enum Key {
    /// Adds a key and wraps everything by it; may be interrupted and run again. The daemon must not run meanwhile.
    Rotate {
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Subcommand, Debug)]
enum Parked {
    /// Lists them with the cause.
    List {
        #[command(flatten)]
        config: Config,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes the bytes of one to standard output.
    Show {
        /// Its number.
        id: i64,
        #[command(flatten)]
        config: Config,
    },
    /// Settles one that does not open here, or whose record does not, on the word of who read it: it asks nothing of us.
    Settle {
        /// Its number.
        id: i64,
        /// Who read it: the id of a member of staff.
        #[arg(long)]
        by: String,
        #[command(flatten)]
        config: Config,
    },
    /// Puts one back, as if it had just arrived.
    Replay {
        /// Its number.
        id: i64,
        /// The whole mail in a file, for one of which only the head was kept.
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Args, Debug)]
struct Config {
    /// The config file.
    #[arg(long = "config", value_name = "FILE", default_value = "/etc/handoffd/handoffd.toml")]
    file: PathBuf,
}

/// The exit code when the command line asks for nothing we do: 0 if help or the version was asked for. A mail server
/// that pipes into a mistyped `ingest` must keep its mail.
#[must_use]
pub fn misused(is_mistake: bool, mut words: impl Iterator<Item = std::ffi::OsString>) -> ExitCode {
    let later = words.nth(1).is_some_and(|word| word == "ingest");
    match (is_mistake, later) {
        (false, _) => ExitCode::SUCCESS,
        (true, true) => ExitCode::from(EX_TEMPFAIL),
        (true, false) => ExitCode::from(EX_USAGE),
    }
}

/// Runs the command. What it has to say goes to `out`; errors go to `err`.
pub fn run(line: CommandLine, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let config = match &line.command {
        Command::Check { config, .. }
        | Command::Run { config }
        | Command::Ingest { config }
        | Command::List { config, .. }
        | Command::Show { config, .. }
        | Command::History { config, .. }
        | Command::Disclosures { config, .. }
        | Command::Act { config, .. }
        | Command::Report { config, .. }
        | Command::Simulate { config, .. }
        | Command::Policy { command: Paper::Export { config } }
        | Command::Spec { command: Paper::Export { config } }
        | Command::Key { command: Key::Rotate { config } }
        | Command::Verify { config, .. }
        | Command::Parked {
            command:
                Parked::List { config, .. }
                | Parked::Show { config, .. }
                | Parked::Settle { config, .. }
                | Parked::Replay { config, .. },
        }
        | Command::Export { config, .. }
        | Command::Diag { config }
        | Command::Health { config, .. } => Some(config.file.clone()),
        Command::Keep(asked) => Some(asked.config().file.clone()),
        Command::Explain { config, .. } => config.clone(),
        Command::Demo { .. } | Command::Init { .. } => None,
    };
    let settings = match config.map(|file| Settings::read_with(&file, secrets_of(&line.command))).transpose()
    {
        Ok(settings) => settings,
        Err(mistakes) => {
            for mistake in mistakes {
                let _ = writeln!(err, "{mistake}");
            }
            // An MTA that pipes into a half-written config must keep its mail.
            let later = matches!(line.command, Command::Ingest { .. });
            return ExitCode::from(if later { EX_TEMPFAIL } else { EX_CONFIG });
        }
    };
    let later = matches!(line.command, Command::Ingest { .. });
    let mut out = Reader::of(out);
    let done = runtime().and_then(|runtime| runtime.block_on(carry_out(line.command, settings, &mut out)));
    match done {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(err, "handoffd: {error:#}");
            ExitCode::from(if later && !error.is::<ingest::TooLarge>() {
                EX_TEMPFAIL
            } else {
                code_of(&error)
            })
        }
    }
}

/// 65 where a mail will never be taken; 78 where starting again mends nothing: keys are missing. Tables that are missing
/// may come yet, where the store is put back at this moment.
fn code_of(error: &anyhow::Error) -> u8 {
    if error.is::<ingest::TooLarge>() {
        return EX_DATAERR;
    }
    match error.downcast_ref::<StoreError>() {
        Some(StoreError::WrongKeys(_)) => EX_CONFIG,
        _ => 1,
    }
}

/// Which secrets a command reads: none where no store is opened, those of the mailbox and of the relay only where mail
/// is fetched and sent.
const fn secrets_of(command: &Command) -> Secrets {
    match command {
        // The first two read no config.
        Command::Demo { .. }
        | Command::Init { .. }
        | Command::Simulate { .. }
        | Command::Explain { .. }
        | Command::Policy { .. }
        | Command::Spec { .. } => Secrets::None,
        Command::Check { .. } => Secrets::Files,
        Command::Run { .. } => Secrets::All,
        Command::Ingest { .. }
        | Command::List { .. }
        | Command::Show { .. }
        | Command::History { .. }
        | Command::Disclosures { .. }
        | Command::Act { .. }
        | Command::Report { .. }
        | Command::Key { .. }
        | Command::Verify { .. }
        | Command::Keep(_)
        | Command::Parked { .. }
        | Command::Export { .. }
        | Command::Diag { .. }
        | Command::Health { .. } => Secrets::Store,
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

async fn carry_out(
    command: Command,
    settings: Option<Settings>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let need = |settings: Option<Settings>| {
        settings.ok_or_else(|| anyhow::anyhow!("a config is needed: --config FILE"))
    };
    match command {
        Command::Demo { dir, keep } => demo::run(dir.as_deref(), keep, out).await?,
        Command::Init { dir } => init::run(&dir, out)?,
        Command::Check { connect, probe, .. } => {
            let how_far = match (connect, probe) {
                (_, true) => check::Reach::Probe,
                (true, false) => check::Reach::Connect,
                (false, false) => check::Reach::Config,
            };
            return check::run(&need(settings)?, how_far, out).await;
        }
        Command::Run { .. } => {
            let settings = need(settings)?;
            let notice = Notice::alone(&settings)?;
            let stop = lifecycle::stop_on_signal()?;
            let app = App::build(&settings, Clock::System).await?;
            app.with_notice(notice.with_open_store(&settings)).run(stop).await?;
        }
        Command::Ingest { .. } => ingest::run(&need(settings)?).await?,
        Command::Explain { file, json, .. } => explain::run(&file, settings.as_ref(), json, out)?,
        Command::List { all, json, .. } => show::list(&need(settings)?, all, json, out).await?,
        Command::Show { reference, json, .. } => show::one(&need(settings)?, &reference, json, out).await?,
        Command::History { reference, json, .. } => {
            show::history(&need(settings)?, &reference, json, out).await?;
        }
        Command::Disclosures { reference, json, .. } => {
            disclosures::run(&need(settings)?, reference.as_deref(), json, out).await?;
        }
        Command::Act { reference, words, .. } => {
            act::run(&need(settings)?, &reference, &words.join(" "), out).await?;
        }
        Command::Report { asked, .. } => report::run(&need(settings)?, &asked, out).await?,
        Command::Simulate { asked, .. } => simulate::run(&need(settings)?, &asked, out)?,
        Command::Policy { .. } => paper::policy(&need(settings)?, out)?,
        Command::Spec { .. } => paper::spec(&need(settings)?, out)?,
        Command::Key { command: Key::Rotate { .. } } => key::rotate(&need(settings)?, out).await?,
        Command::Verify { head, as_of, .. } => {
            return verify::run(&need(settings)?, head.zip(as_of), out).await;
        }
        Command::Keep(asked) => keep::run(&need(settings)?, &asked, out).await?,
        Command::Parked { command } => show::parked(&need(settings)?, &command, out).await?,
        Command::Export { records, json, .. } => export::run(&need(settings)?, records, json, out).await?,
        Command::Diag { .. } => diag::run(&need(settings)?, out).await?,
        Command::Health { json, .. } => return health::run(&need(settings)?, json, out).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// A file's path as people type it.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
