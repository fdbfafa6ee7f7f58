//! `check`: the config was read without a mistake; now the key, the templates, the ladder in words, and on request the
//! servers.

mod kept;
mod plus;
mod vouched;

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use super::EX_CONFIG;
use crate::app;
use crate::letters::render::Templates;
use crate::mailbox::Cursor;
use crate::report::measures::sheet;
use crate::report::{digest, periodic, pilot};
use crate::settings::{self, Settings};
use crate::store::seal::Keyring;

/// How far `check` goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Reach {
    /// The config alone.
    Config,
    /// The servers too.
    Connect,
    /// And a mail to a tagged address of the inbox.
    Probe,
}

/// A server that does not answer for so long is out of reach.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn run(
    settings: &Settings,
    how_far: Reach,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let (mut mistakes, mut notes) = (Vec::new(), Vec::new());
    let unread = &settings.unread_credentials;
    if !unread.iter().any(|name| settings.privacy.key_file.ends_with(format!("credential:{name}")))
        && let Err(error) = Keyring::read(&settings.privacy.key_file)
    {
        mistakes.push(error.to_string());
    }
    let organisation = app::organisation(settings);
    let reports = |templates: &Templates| {
        let mut mistakes = digest::check(templates, &organisation);
        mistakes.extend(pilot::check(templates, &organisation));
        mistakes.extend(sheet::check(templates, &organisation));
        mistakes.extend(periodic::check(templates, &organisation));
        mistakes
    };
    match Templates::load_checked(settings.templates.as_deref(), &organisation, reports) {
        Err(errors) => mistakes.extend(errors.iter().map(ToString::to_string)),
        Ok(templates) => {
            notes = templates.translation_notes();
            notes.extend(templates.lock_screen_notes(&organisation, &settings.privacy.revealing_words));
        }
    }
    for mistake in &mistakes {
        writeln!(out, "{mistake}")?;
    }
    for warning in settings.warnings().into_iter().chain(notes) {
        writeln!(out, "warning: {warning}")?;
    }
    for policy in &settings.policies {
        writeln!(out, "\n{}", settings::ladder_in_words(policy))?;
    }
    if let Some(policy) = settings.policies.first() {
        for partner in &settings.roster.partners {
            write!(out, "{}", settings::redirects_in_words(partner, &settings.calendar, &policy.standard))?;
        }
    }
    write!(out, "{}", settings::screens_in_words(&settings.eligibility))?;
    write!(out, "\n{}", settings::reasons_in_words(&settings.reasons))?;
    writeln!(out, "\n{}", settings::verbs_in_words(&settings.verbs))?;
    if !mistakes.is_empty() {
        writeln!(out, "\n{} to mend.", count(mistakes.len(), "mistake"))?;
        return Ok(ExitCode::from(EX_CONFIG));
    }
    if !unread.is_empty() && !goes_on_without(unread, how_far, out)? {
        return Ok(ExitCode::FAILURE);
    }
    if how_far >= Reach::Connect && !reach(settings, out).await? {
        return Ok(ExitCode::FAILURE);
    }
    if how_far == Reach::Probe {
        match plus::tried(settings).await {
            Ok(found) => writeln!(out, "plus-addressing: {found}")?,
            Err(why) => {
                writeln!(out, "plus-addressing: {why}")?;
                return Ok(ExitCode::FAILURE);
            }
        }
    } else if how_far == Reach::Connect && settings.inbox.plus_addressing {
        writeln!(
            out,
            "plus-addressing: not tried; --probe sends a mail to the inbox and looks whether it arrives"
        )?;
    }
    writeln!(out, "\nThe config is good.")?;
    Ok(ExitCode::SUCCESS)
}

/// Names the credentials that were not looked at; whether what was asked can be done without them.
fn goes_on_without(unread: &[String], how_far: Reach, out: &mut dyn Write) -> anyhow::Result<bool> {
    writeln!(
        out,
        "\nnot looked at: {}. systemd hands them to the service only; to look at them too, run this command as \
         handoffd.service does (its comment on credentials shows how).",
        unread.join(", ")
    )?;
    let connects = how_far >= Reach::Connect;
    if connects {
        writeln!(out, "Without them nothing is connected to.")?;
    }
    Ok(!connects)
}

/// Looks into the inbox, opens the outlet and the store; says each, and how to mend what does not work.
async fn reach(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<bool> {
    let late = || "no answer in 30 seconds; check host, port and firewall".to_owned();
    let mut mailbox = app::mailbox(settings);
    let look = async {
        mailbox.fetch(&Cursor::default()).await?;
        mailbox.look_where_to_move().await
    };
    let inbox = match tokio::time::timeout(PATIENCE, look).await {
        Ok(looked) => looked.map_err(|error| error.to_string()),
        Err(_) => Err(late()),
    };
    let outlet = match tokio::time::timeout(PATIENCE, app::outlet(settings).open()).await {
        Ok(opened) => opened.map(|_| ()).map_err(|error| error.to_string()),
        Err(_) => Err(late()),
    };
    let store = match app::open_store(settings).await {
        Ok(store) => {
            let whole = match store.assert_whole().await {
                Ok(()) => store.assert_keys().await,
                Err(error) => Err(error),
            };
            let warned = vouched::warnings(settings, &store).await;
            let kept = kept::in_words(settings, &store).await;
            store.close().await;
            match whole.and(warned).and_then(|warnings| Ok((warnings, kept?))) {
                Ok((warnings, kept)) => {
                    for warning in warnings {
                        writeln!(out, "warning: {warning}")?;
                    }
                    for block in kept {
                        writeln!(out, "{block}")?;
                    }
                    Ok(())
                }
                Err(error) => Err(error.to_string()),
            }
        }
        Err(error) => Err(format!("{error:#}")),
    };
    let mut all = true;
    for (name, result) in [("inbox", inbox), ("outlet", outlet), ("store", store)] {
        match result {
            Ok(()) => writeln!(out, "{name}: works")?,
            Err(error) => {
                all = false;
                writeln!(out, "{name}: {error}")?;
            }
        }
    }
    Ok(all)
}

fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
