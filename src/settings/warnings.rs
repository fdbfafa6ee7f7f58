//! What a config may say, but a careful person would not.

use std::fmt::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use chrono::NaiveTime;

use super::Settings;
use super::hours::time;
use super::transports::{Security, Sink, Source, Store};
use crate::letters::revealing;
use crate::referral::address::{EmailAddress, is_public_provider};
use crate::referral::safety::is_role_address;

/// Before and after these hours a letter wakes somebody.
const EARLY: NaiveTime = time(7, 0);
const LATE: NaiveTime = time(22, 0);

const LOGS_KEEP: &str = "[store] kind = \"postgres\": its write-ahead log and its base backups keep what was forgotten, \
     sealed, with the key of each referral, sealed by the key file; run key rotate and remove the old line of the key file \
     after their age, and no copy of the file from before opens them";

const NO_WITNESS: &str = "[store] witness_folder: not set; a store that is put back from a backup is not noticed, and who \
     said stop since that backup would be written to; name a folder on this machine that no backup of the server holds";

impl Settings {
    /// What `check` should say though nothing is wrong: a sentence each, without anybody's address.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.revealing_names();
        warnings.extend(self.client_warnings());
        warnings.extend(self.staff_warnings());
        warnings.extend(self.partner_warnings());
        warnings.extend(self.watch_warnings());
        warnings.extend(self.privacy_warnings());
        warnings
    }

    fn revealing_names(&self) -> Vec<String> {
        let clients = self.privacy.client_mail.enabled;
        let names = [
            ("[inbox] address", "the name of the inbox", self.inbox.address.local()),
            (
                "[inbox] address",
                "the domain of the inbox, and of the greeting to the relay, which stands in the head of each letter,",
                self.inbox.address.domain(),
            ),
            (
                "[organisation] client_from_name",
                "the name clients see",
                self.organisation.client_from_name.as_str(),
            ),
            (
                "[organisation] message_id_domain",
                "the domain of message ids",
                self.organisation.message_id_domain.as_str(),
            ),
            (
                "[organisation] reference_prefix",
                "the beginning of every number, in the subject of each letter,",
                self.organisation.reference_prefix.as_str(),
            ),
            (
                "[organisation] phone_hours",
                "what each letter says of the phone",
                self.organisation.phone_hours.as_str(),
            ),
            (
                "[organisation] callback_plan",
                "what each letter says of calling back",
                self.organisation.callback_plan.as_str(),
            ),
            (
                "[organisation] interim_options",
                "the letter to a client who could not be reached",
                self.organisation.interim_options.as_str(),
            ),
        ];
        let relay = match &self.outlet.sink {
            Sink::Smtp { server, .. } => Some((
                "[outlet] host",
                "the name of the relay, which it writes into the head of each letter,",
                server.host.as_str(),
            )),
            Sink::Folder { .. } => None,
        };
        let remedy = if clients {
            "use a neutral one for letters to clients, or set [privacy] client_mail = false"
        } else {
            "use a neutral one before you set [privacy] client_mail = true"
        };
        names
            .into_iter()
            .chain(relay)
            .filter_map(|(place, what, name)| {
                let word = revealing::word_in_name(name, &self.privacy.revealing_words)?;
                Some(format!(
                    "{place}: {what} says \"{word}\", which a client's phone may show to whoever looks at it; {remedy}"
                ))
            })
            .collect()
    }

    /// What a client's phone would show, and when.
    fn client_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        if plain(&self.organisation.client_from_name).contains(&plain(&self.organisation.name)) {
            warnings.push(
                "[organisation] client_from_name: it is your own name, by which whoever sees a client's phone knows whom \
                 they asked; use a neutral one, such as \"Front Desk\""
                    .to_owned(),
            );
        }
        let (from, to) = self.privacy.client_mail.hours;
        if from < EARLY || to > LATE {
            warnings.push(
                "[privacy] client_hours: letters to clients may leave before 7:00 or after 22:00, when a phone that rings \
                 is heard by whoever is at home; use \"09:00-20:00\""
                    .to_owned(),
            );
        }
        warnings
    }

    /// Letters to staff name referrals, and an answer to one is obeyed.
    fn staff_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for staff in &self.roster.staff {
            let id = &staff.id;
            if is_public_provider(staff.address.domain()) {
                warnings.push(format!(
                    "[[staff]] {id}: the address is at a public mail provider; use one of your own domain, which you can \
                     close when somebody leaves"
                ));
            }
            if is_role_address(&staff.address) {
                warnings.push(format!(
                    "[[staff]] {id}: the address looks like one that several people read; whoever reads it sees the \
                     details of referrals and commands as {id}; use that person's own"
                ));
            }
            if self.is_at_a_partners(&staff.address) {
                warnings.push(format!(
                    "[[staff]] {id}: the address is at the domain of a [[partner]]; what you write to {id} lies on the \
                     partner's mail server; use one of your own domain, or list the partner's addresses instead of \
                     its domain"
                ));
            }
        }
        warnings
    }

    fn is_at_a_partners(&self, address: &EmailAddress) -> bool {
        let mut domains = self.roster.partners.iter().flat_map(|partner| &partner.domains);
        domains.any(|domain| domain == address.domain())
    }

    fn partner_warnings(&self) -> Vec<String> {
        let public = |address: &EmailAddress| is_public_provider(address.domain());
        let mut warnings = Vec::new();
        for partner in &self.roster.partners {
            let id = &partner.id;
            if partner.addresses.iter().any(public) {
                warnings.push(format!(
                    "[[partner]] {id}: an address is at a public mail provider; whoever takes over that mailbox counts \
                     as the partner"
                ));
            }
            if partner.ask_address().is_none() {
                warnings.push(format!(
                    "[[partner]] {id}: only its domain is known, so that nobody there can be asked to take a redirect; \
                     add ask, with an address of theirs"
                ));
            }
        }
        if self.roster.partners.is_empty() {
            warnings.push(
                "no [[partner]]: every sender gets the neutral receipt at most, and no client is written to"
                    .to_owned(),
            );
        }
        warnings
    }

    fn watch_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.reports.alert_address.is_none() {
            warnings.push(
                "[reports] alert_address: no second address to alert; a safety referral nobody answers alarms only the \
                 workflow owner"
                    .to_owned(),
            );
        }
        if self.reports.alert_address.as_ref().is_some_and(|address| self.is_at_a_partners(address)) {
            warnings.push(
                "[reports] alert_address: it is at the domain of a [[partner]], who may read there of referrals of others; \
                 name the address of somebody of you"
                    .to_owned(),
            );
        }
        if !self.roster.staff.iter().any(|staff| staff.takes_referrals) {
            warnings.push("no [[staff]] takes referrals: the workflow owner gets every one".to_owned());
        }
        if self.roster.staff.len() == 1 {
            warnings.push("one [[staff]] only: nobody covers while that person is away".to_owned());
        }
        if self.calendar.holidays.is_empty() {
            warnings.push("[calendar] holidays: none listed; deadlines will fall on them".to_owned());
        }
        if matches!(self.outlet.sink, Sink::Folder { .. }) {
            warnings
                .push("[outlet] kind = \"folder\": letters are written to files and reach nobody".to_owned());
        }
        warnings
    }

    fn privacy_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.privacy.client_mail_said {
            warnings.push(
                "[privacy] client_mail: not set, so that no client is ever written to; set it to true once you have read \
                 the letters to clients, or to false"
                    .to_owned(),
            );
        }
        if self.privacy.trusted_authserv_id.is_none() {
            warnings.push(
                "[privacy] trusted_authserv_id: not set; a forged From is then not told from a real one by DMARC: staff \
                 are known by their tokens alone, and whoever writes a partner's address counts as the partner"
                    .to_owned(),
            );
        }
        if !self.inbox.plus_addressing {
            warnings.push(
                "[inbox] plus_addressing = false: replies are tied to their referral by Message-IDs, which some mail \
                 programs drop, and what a tap starts by a line \"Proof: …\" in its text"
                    .to_owned(),
            );
        }
        let keep = self.privacy.keep;
        let kept: String = [
            (keep.raw_mail_days, "keep_raw_mail_days"),
            (keep.closed_days, "keep_closed_days"),
            (keep.parked_days, "keep_parked_days"),
            (keep.letters_days, "keep_letters_days"),
        ]
        .into_iter()
        .filter(|(days, _)| days.is_none())
        .fold(String::new(), |mut list, (_, key)| {
            let _ = write!(list, "{}{key}", if list.is_empty() { "" } else { ", " });
            list
        });
        if !kept.is_empty() {
            warnings.push(format!("[privacy] {kept}: not set, so that nothing of the kind is ever deleted"));
        }
        match &self.store {
            Store::Sqlite { path } => {
                warnings.extend(near_each_other(path, &self.privacy.key_file).map(str::to_owned));
            }
            Store::Postgres { witness_folder, .. } => {
                warnings.push(LOGS_KEEP.to_owned());
                warnings.extend(witness_folder.is_none().then(|| NO_WITNESS.to_owned()));
            }
        }
        if self.speaks_plainly() {
            warnings.push(
                "security = \"plain\": fine on this machine, as long as the server here speaks TLS to others"
                    .to_owned(),
            );
        }
        warnings
    }

    fn speaks_plainly(&self) -> bool {
        let plain = |security: Security| security == Security::Plain;
        let inbox = matches!(&self.inbox.source, Source::Imap(imap) if plain(imap.server.security));
        inbox || matches!(&self.outlet.sink, Sink::Smtp { server, .. } if plain(server.security))
    }
}

/// What one backup of the database may hold too: the key in its folder, in one above or below, on the same filesystem.
fn near_each_other(database: &Path, key_file: &Path) -> Option<&'static str> {
    let (store, keys) = (database.parent()?, key_file.parent()?);
    if store == keys {
        return Some(
            "[privacy] key_file: the key lies beside the database; a backup of that folder holds both, and then sealing \
             protects nothing",
        );
    }
    if store.starts_with(keys) || keys.starts_with(store) {
        return Some(
            "[privacy] key_file: one folder holds the key and, further down, the database, or the other way round; a \
             backup of it holds both, and then sealing protects nothing",
        );
    }
    let device = |folder: &Path| folder.metadata().ok().map(|found| found.dev());
    (device(store).is_some() && device(store) == device(keys)).then_some(
        "[privacy] key_file: the key and the database lie on one filesystem; keep an image or snapshot of it as safe as \
         the key, or hand the key over by systemd (key_file = \"credential:key\")",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_one_backup_of_the_database_holds_too_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for name in ["data", "data/keys", "secrets"] {
            std::fs::create_dir(at(name)).unwrap();
        }
        for (database, key, words) in [
            ("data/db", "data/key", Some("beside the database")),
            ("data/db", "data/keys/key", Some("further down")),
            ("data/db", "key", Some("further down")),
            ("data/db", "secrets/key", Some("one filesystem")),
            ("data/db", "nowhere/at/all/key", None),
        ] {
            let found = near_each_other(&at(database), &at(key));
            assert_eq!(found.is_some(), words.is_some(), "{key}");
            assert!(words.is_none_or(|words| found.unwrap().contains(words)), "{key}: {found:?}");
        }
    }
}
