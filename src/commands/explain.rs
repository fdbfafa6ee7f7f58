//! `explain`: what intake makes of a mail. It needs no config and changes nothing.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::shown;
use crate::app;
use crate::clock::Clock;
use crate::intake::explain::Explanation;
use crate::intake::{self, Context, DateOrder, command, limits::Limits};
use crate::referral::packet::Field;
use crate::settings::Settings;

pub(super) fn run(
    file: &Path,
    settings: Option<&Settings>,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let raw = std::fs::read(file).with_context(|| format!("Read {}", shown(file)))?;
    let now = Clock::System.now().fixed_offset();
    let context = settings.map_or_else(
        || Context {
            own_addresses: Vec::new(),
            message_id_domain: "handoffd.invalid".to_owned(),
            reference_prefix: "R".to_owned(),
            phone_region: "US".to_owned(),
            date_order: DateOrder::MonthFirst,
            required: Field::REQUIRED.to_vec(),
            trusted_authserv_id: None,
            received_at: now,
            limits: Limits::default(),
        },
        |settings| app::reading(settings, now),
    );
    let reading = intake::read(&raw, &context);
    let reasons = settings.map(|settings| settings.reasons.clone()).unwrap_or_default();
    let said = command::read(&reading.text.own, &reasons);
    let first = said.commands.first().filter(|_| !said.begins_as_prose);
    let verb = first.map(|command| command.verb().to_owned());
    let explained = Explanation::new(&reading, &context, verb);
    if json {
        serde_json::to_writer(&mut *out, &explained)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", explained.text())?;
    }
    Ok(())
}
