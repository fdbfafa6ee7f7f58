//! Settings: one TOML file → checked domain types, and every mistake at once.
//!
//! serde stops at the first mistake; a person who mends a config wants all of them. So each section is read key by
//! key (`reader`) and every mistake is noted with its line and its remedy ([`mistake`]).
//!
//! Nevers: no default for anything that deletes or decides where letters go; no secret in the config, in a message
//! or in `Debug`; no value of the file in a message.

mod eligibility;
mod hours;
pub mod init;
pub mod mistake;
mod organisation;
mod policy;
mod privacy;
mod reader;
mod reasons;
mod roster;
mod secret;
mod transports;
mod verbs;
mod warnings;
mod week;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use toml::de::DeTable;

use crate::intake::limits::Limits;
use crate::referral::calendar::Calendar;
use crate::referral::eligibility::Eligibility;
use crate::referral::policy::Policy;
use crate::referral::reason::Reasons;
use crate::referral::roster::Roster;
use crate::referral::verbs::Verbs;

pub use crate::wire::secret::Secret;
pub use eligibility::screens_in_words;
pub use organisation::{CALLBACK_PLAN, Organisation};
pub use policy::{changes_in_words, ladder_in_words};
pub use privacy::{Keep, Privacy, ReceiptCaps, Reports};
pub use reader::{Secrets, Surroundings};
pub use reasons::reasons_in_words;
pub use transports::{After, ImapSource, Inbox, Outlet, Security, Server, Sink, Source, Store};
pub use verbs::verbs_in_words;
pub use week::redirects_in_words;

use mistake::{Mistake, wrong, wrong_or_broken};
use organisation::Facts;
use reader::{Claims, Notes, Read, Section};
use transports::Own;

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
    /// Why a contact is given up, and what happens instead.
    pub reasons: Reasons,
    /// Whom we take.
    pub eligibility: Eligibility,
    /// Who is who.
    pub roster: Roster,
    /// A folder with templates that override the built-in ones.
    pub templates: Option<PathBuf>,
    /// What may leave, and how long things stay.
    pub privacy: Privacy,
    /// Who reads along, and when.
    pub reports: Reports,
    /// Who may ask what by mail.
    pub verbs: Verbs,
    /// The bounds of one mail.
    pub limits: Limits,
    /// Credentials of systemd that were not looked at, by name.
    pub unread_credentials: Vec<String>,
}

impl Settings {
    /// Reads a config file; relative paths in it start at its folder, credentials at `$CREDENTIALS_DIRECTORY`.
    ///
    /// # Errors
    /// Every mistake, in the order of the file; the program should end with exit code 78.
    pub fn read(path: &Path) -> Result<Settings, Vec<Mistake>> {
        Settings::read_with(path, Secrets::All)
    }

    /// The same with these secrets only; what is not looked at is empty in the settings.
    ///
    /// # Errors
    /// Every mistake, in the order of the file; the program should end with exit code 78.
    pub fn read_with(path: &Path, secrets: Secrets) -> Result<Settings, Vec<Mistake>> {
        let base_dir = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let surroundings =
            Surroundings { file_name: path.display().to_string(), base_dir, credentials, secrets };
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
            secrets: Secrets::All,
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
    let surroundings = Surroundings {
        file_name: String::new(),
        base_dir: base_dir.to_path_buf(),
        credentials: None,
        secrets: Secrets::All,
    };
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
    settings.ok().filter(|_| mistakes.is_empty()).ok_or(mistakes)
}

/// Reads every section whatever the others hold; the order is that of what needs what.
fn sections(notes: &Notes<'_>, table: &DeTable<'_>) -> Read<Settings> {
    let root = Section::root(notes, table);
    let (about_us, about_inbox) = (root.need_section("organisation"), root.need_section("inbox"));
    let staff_sections = root.sections("staff");
    if !root.has("staff") {
        notes.note(1, "[[staff]]", wrong_or_broken("there is nobody", "add one with id, name and email"));
    }
    let ids = roster::staff_ids(&staff_sections);

    let zone = organisation::own_zone(&about_us);
    let calendar = hours::calendar(&root.section("calendar"), zone.unwrap_or(Tz::UTC));
    let plain = plain_calendar(zone.unwrap_or(Tz::UTC));
    let usable = calendar.as_ref().unwrap_or(&plain);
    let (policy_names, policies) = policies(&root, &about_us, usable);

    let inbox = transports::inbox(&about_inbox);
    let own = transports::own_addresses(&about_inbox);
    let own_address = own.as_ref().map(|own| &own.address).map_err(|noted| *noted);
    let facts = organisation::organisation(&about_us, zone, own_address, &ids);
    let outlet = transports::outlet(&root.need_section("outlet"));
    let store = transports::store(&root.need_section("store"));
    let eligibility = eligibility::eligibility(&root.section("eligibility"));
    let reasons = reasons::reasons(&root.sections("reason"), &root.section("next_action"));
    let templates = privacy::templates(&root.section("letters"));
    let privacy = privacy::privacy(&root.need_section("privacy"));
    let verbs = verbs::verbs(&root.section("verbs"));
    let limits = privacy::limits(&root.section("limits"));

    let mut claims = own_claims(notes, about_inbox.line, own.as_ref().ok());
    let partner_sections = root.sections("partner");
    let known_partners = roster::partner_ids(&partner_sections);
    let staff = roster::staff(&staff_sections, &known_partners, usable, &mut claims);
    let partners = roster::partners(&partner_sections, &policy_names, own_address.ok(), &mut claims);
    let reports = privacy::reports(&root.need_section("reports"), &ids, &claims);
    root.finish();

    let Facts { organisation, workflow_owner, data_owner } = facts?;
    let reports = reports?;
    let admins = reports.admins.clone();
    let house = organisation.name.clone();
    let roster = Roster { house, staff: staff?, partners: partners?, workflow_owner, data_owner, admins };
    Ok(Settings {
        organisation,
        inbox: inbox?,
        outlet: outlet?,
        store: store?,
        policies: policies?,
        calendar: calendar?,
        reasons: reasons?,
        eligibility: eligibility?,
        roster,
        templates: templates?,
        privacy: privacy?,
        reports,
        verbs: verbs?,
        limits: limits?,
        unread_credentials: notes.unread(),
    })
}

/// The names of all policies, and the policies themselves.
fn policies(
    root: &Section<'_>,
    about_us: &Section<'_>,
    calendar: &Calendar,
) -> (Vec<String>, Read<Vec<Policy>>) {
    let sections = root.named_sections("policy");
    let mut names: Vec<String> = sections.iter().map(|(name, _)| name.clone()).collect();
    if !names.iter().any(|name| name == policy::SEED) {
        names.push(policy::SEED.to_owned());
    }
    let chosen = organisation::chosen_policy(about_us, &names);
    let default = chosen.as_ref().ok().and_then(Option::as_deref);
    let policies = policy::policies(&sections, default, calendar);
    (names, chosen.and(policies))
}

/// Our own addresses belong to nobody else.
fn own_claims(notes: &Notes<'_>, line: usize, own: Option<&Own>) -> Claims {
    let mut claims = Claims::default();
    for address in own.iter().flat_map(|own| std::iter::once(&own.address).chain(&own.aliases)) {
        // A mistake here is in the notes; the inbox is ours all the same.
        let _ = claims.claim(notes, line, "[inbox] aliases", address.mailbox(), "the [inbox]".to_owned());
    }
    claims
}

/// Stands in for a calendar with a mistake, so that the rest can be judged.
fn plain_calendar(zone: Tz) -> Calendar {
    Calendar { zone, week: [None; 7], holidays: BTreeSet::new(), half_days: BTreeMap::new() }
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
