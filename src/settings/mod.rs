//! Settings: one TOML file → checked domain types, and every mistake at once.
//!
//! serde stops at the first mistake; a person who mends a config wants all of them. So each section is read key by
//! key ([`reader`]) and every mistake is noted with its line and its remedy ([`mistake`]).
//!
//! Nevers: no default for anything that deletes or decides where letters go; no secret in the config, in a message
//! or in `Debug`; no value of the file in a message.

mod hours;
pub mod init;
pub mod mistake;
mod organisation;
mod policy;
mod privacy;
mod reader;
mod roster;
mod secret;
mod transports;
mod warnings;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use toml::de::DeTable;

use crate::intake::limits::Limits;
use crate::referral::calendar::Calendar;
use crate::referral::policy::Policy;
use crate::referral::roster::Roster;

pub use organisation::Organisation;
pub use policy::ladder_in_words;
pub use privacy::{Keep, Privacy, ReceiptCaps, Reports};
pub use reader::Surroundings;
pub use secret::Secret;
pub use transports::{After, ImapSource, Inbox, Outlet, Security, Server, Sink, Source, Store};

use mistake::{Mistake, wrong, wrong_or_broken};
use organisation::Facts;
use reader::{Notes, Section};
use roster::Claims;

/// A config of more bytes is not one.
const LONGEST: u64 = 1024 * 1024;

/// Everything the config says, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who we are.
    pub organisation: Organisation,
    /// Where mail comes from.
    pub inbox: Inbox,
    /// Where letters go.
    pub outlet: Outlet,
    /// What remembers.
    pub store: Store,
    /// Every policy by name; the first one is the default. The seed's is always among them.
    pub policies: Vec<Policy>,
    /// Business time.
    pub calendar: Calendar,
    /// Who is who.
    pub roster: Roster,
    /// A folder with templates that override the built-in ones.
    pub templates: Option<PathBuf>,
    /// What may leave, and how long things stay.
    pub privacy: Privacy,
    /// Who reads along, and when.
    pub reports: Reports,
    /// The bounds of one mail.
    pub limits: Limits,
}

impl Settings {
    /// Reads a config file; relative paths in it start at its folder, credentials at `$CREDENTIALS_DIRECTORY`.
    ///
    /// # Errors
    /// Every mistake, in the order of the file; the program should end with exit code 78.
    pub fn read(path: &Path) -> Result<Settings, Vec<Mistake>> {
        let base_dir = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let surroundings = Surroundings { file_name: path.display().to_string(), base_dir, credentials };
        let text = config_text(path, &surroundings).map_err(|mistake| vec![mistake])?;
        Settings::parse_in(&text, &surroundings)
    }

    /// Reads the text of a config without a credentials directory.
    ///
    /// # Errors
    /// Every mistake, in the order of the text.
    pub fn parse(text: &str, file_name: &str, base_dir: &Path) -> Result<Settings, Vec<Mistake>> {
        let surroundings = Surroundings {
            file_name: file_name.to_owned(),
            base_dir: base_dir.to_path_buf(),
            credentials: None,
        };
        Settings::parse_in(text, &surroundings)
    }

    /// Reads the text of a config as if it stood there.
    ///
    /// # Errors
    /// Every mistake, in the order of the text.
    pub fn parse_in(text: &str, surroundings: &Surroundings) -> Result<Settings, Vec<Mistake>> {
        let notes = Notes::of(text, surroundings);
        parse_noting(text, &notes)
    }
}

/// Every key the reader looks for in a config of such kinds, such as `inbox.port` or `policy.NAME.safety.steps.due`;
/// so that a test can hold the example against it.
#[must_use]
pub fn known_keys(text: &str, base_dir: &Path) -> BTreeSet<String> {
    let surroundings =
        Surroundings { file_name: String::new(), base_dir: base_dir.to_path_buf(), credentials: None };
    let notes = Notes::of(text, &surroundings);
    let (table, _) = DeTable::parse_recoverable(text);
    let _ = sections(&notes, table.get_ref());
    notes.known()
}

fn parse_noting(text: &str, notes: &Notes<'_>) -> Result<Settings, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(0, |span| notes.line(span.start));
        // `message` names the rule of TOML that is broken; `Display` would print the line.
        notes.note_broken(
            line,
            wrong(format!("is not TOML: {}", error.message()), "mend the line: key = \"value\""),
        );
    }
    let settings = sections(notes, table.get_ref());
    let mistakes = notes.mistakes();
    match settings {
        Some(settings) if mistakes.is_empty() => Ok(settings),
        Some(_) | None if !mistakes.is_empty() => Err(mistakes),
        Some(_) | None => {
            notes.note(0, "", wrong("cannot be used", "compare it with handoffd.example.toml"));
            Err(notes.mistakes())
        }
    }
}

/// Reads every section whatever the others hold; the order is that of what needs what.
fn sections(notes: &Notes<'_>, table: &DeTable<'_>) -> Option<Settings> {
    let root = Section::root(notes, table);
    let staff_sections = root.sections("staff");
    let ids = roster::staff_ids(&staff_sections);
    let about_us = root.need_section("organisation");
    let zone = organisation::own_zone(&about_us);
    let calendar_section = root.section("calendar");
    let calendar = hours::calendar(&calendar_section, zone.unwrap_or(Tz::UTC));
    let (policy_names, policies) = policies(&root, &about_us, calendar.as_ref());

    let inbox = transports::inbox(&root.need_section("inbox"));
    let own = inbox.as_ref().map(|inbox| &inbox.address);
    let facts = organisation::organisation(&about_us, zone, own, &ids);
    let outlet = transports::outlet(&root.need_section("outlet"));
    let store = transports::store(&root.need_section("store"));
    let templates = privacy::templates(&root.section("letters"));
    let privacy = privacy::privacy(&root.need_section("privacy"));
    let reports = privacy::reports(&root.need_section("reports"), &ids);
    let limits = privacy::limits(&root.section("limits"));

    let mut claims = own_claims(notes, inbox.as_ref());
    let fallback = plain_calendar(zone);
    let staff = roster::staff(&staff_sections, calendar.as_ref().unwrap_or(&fallback), &mut claims);
    if staff_sections.is_empty() && !root.has("staff") {
        notes.note(
            1,
            "[[staff]]",
            wrong_or_broken("there is nobody", "add at least one [[staff]] with id, name and email"),
        );
    }
    let partners = roster::partners(&root.sections("partner"), &policy_names, own, &mut claims);
    root.finish();

    let Facts { organisation, workflow_owner, data_owner } = facts?;
    let reports = reports?;
    let admins = reports.admins.clone();
    let roster = Roster { staff: staff?, partners: partners?, workflow_owner, data_owner, admins };
    Some(Settings {
        organisation,
        inbox: inbox?,
        outlet: outlet?,
        store: store?,
        policies: policies?,
        calendar: calendar?,
        roster,
        templates: templates?,
        privacy: privacy?,
        reports,
        limits: limits?,
    })
}

/// The names of all policies, and the policies themselves unless one has a mistake.
fn policies(
    root: &Section<'_>,
    about_us: &Section<'_>,
    calendar: Option<&Calendar>,
) -> (Vec<String>, Option<Vec<Policy>>) {
    let named = root.named_sections("policy");
    let mut names: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
    if !names.iter().any(|name| name == policy::SEED) {
        names.push(policy::SEED.to_owned());
    }
    let chosen = organisation::chosen_policy(about_us, &names);
    let fallback = plain_calendar(None);
    let chosen_name = chosen.clone().flatten();
    let policies = policy::policies(&named, chosen_name.as_deref(), calendar.unwrap_or(&fallback));
    (names, chosen.and(policies))
}

/// Our own addresses belong to nobody else.
fn own_claims(notes: &Notes<'_>, inbox: Option<&Inbox>) -> Claims {
    let mut claims = Claims::default();
    for address in inbox.iter().flat_map(|inbox| std::iter::once(&inbox.address).chain(&inbox.aliases)) {
        claims.claim(notes, 1, "[inbox] aliases", address.mailbox(), "the [inbox]".to_owned());
    }
    claims
}

/// Stands in for a calendar with a mistake, so that the rest can be judged.
fn plain_calendar(zone: Option<Tz>) -> Calendar {
    Calendar { zone: zone.unwrap_or(Tz::UTC), week: [None; 7], holidays: BTreeSet::new() }
}

fn config_text(path: &Path, surroundings: &Surroundings) -> Result<String, Mistake> {
    let mistake = |what: String, remedy: &str| Mistake {
        file: surroundings.file_name.clone(),
        line: 0,
        place: String::new(),
        what,
        remedy: remedy.to_owned(),
    };
    let unreadable = |error: std::io::Error| {
        let remedy = "name an existing file with --config, or make one: handoffd init DIR";
        mistake(format!("cannot be read ({})", error.kind()), remedy)
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST) {
        return Err(mistake("is over 1 MiB, too long for a config".to_owned(), "name the right file"));
    }
    String::from_utf8(bytes).map_err(|_| mistake("is not UTF-8 text".to_owned(), "save it as UTF-8"))
}
