//! `[privacy]`, `[letters]`, `[reports]`, `[limits]`: what may leave, how long things stay, who reads along.

use std::path::PathBuf;

use chrono::NaiveTime;

use crate::intake::limits::Limits;
use crate::referral::address::EmailAddress;
use crate::referral::roster::StaffId;
use crate::referral::safety::ClientMail;

use super::hours::{hours, time_of_day};
use super::mistake::wrong;
use super::reader::{Section, one_line};
use super::roster::{address, known_staff, optional};
use super::secret::guarded_file;

/// What may leave, and how long things stay.
#[derive(Clone, Debug)]
pub struct Privacy {
    /// The file with the key that wraps all others; its mode was checked, its content was not.
    pub key_file: PathBuf,
    /// Letters to clients.
    pub client_mail: ClientMail,
    /// Receipts to senders outside the roster; `None` when switched off.
    pub neutral_receipts: Option<ReceiptCaps>,
    /// Whose `Authentication-Results` we believe (RFC 8601); `None` means nobody's.
    pub trusted_authserv_id: Option<String>,
    /// How long things stay.
    pub keep: Keep,
}

/// How many neutral receipts may leave (RELIABILITY A14).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReceiptCaps {
    /// To one address in an hour.
    pub per_address_hour: u32,
    /// To one address in a day.
    pub per_address_day: u32,
    /// To all together in an hour.
    pub per_hour: u32,
}

/// Days after which something is deleted; `None` keeps it, as nothing that deletes has a default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Keep {
    /// The bytes of mails that were read.
    pub raw_mail_days: Option<u32>,
    /// Closed referrals.
    pub closed_days: Option<u32>,
    /// Parked mails.
    pub parked_days: Option<u32>,
    /// Letters that were sent.
    pub letters_days: Option<u32>,
}

/// Who reads along, and when.
#[derive(Clone, Debug)]
pub struct Reports {
    /// The local time of the daily digest.
    pub digest_at: NaiveTime,
    /// Who gets it.
    pub admins: Vec<StaffId>,
    /// A second address to alert when a safety referral is not answered (requirement 31).
    pub alert_address: Option<EmailAddress>,
}

pub(super) fn privacy(section: &Section<'_>) -> Option<Privacy> {
    let key_file = key_file(section);
    let client_mail = client_mail(section);
    let neutral_receipts = neutral_receipts(section);
    let trusted_authserv_id = section.get("trusted_authserv_id").map(|item| item.read(one_line));
    let keep = keep(section);
    section.finish();
    Some(Privacy {
        key_file: key_file?,
        client_mail: client_mail?,
        neutral_receipts: neutral_receipts?,
        trusted_authserv_id: optional(trusted_authserv_id)?,
        keep: keep?,
    })
}

fn key_file(section: &Section<'_>) -> Option<PathBuf> {
    if section.refuse_inline("key", "key_file") {
        return None;
    }
    let item = section.need("key_file", "\"handoffd.key\" (`handoffd init` makes one)")?;
    item.read(|text| guarded_file(section.notes, text))
}

fn client_mail(section: &Section<'_>) -> Option<ClientMail> {
    let enabled = section.flag("client_mail", true);
    let recheck_days = section.number("safety_recheck_days", 1..=365, 30);
    let daytime = NaiveTime::from_hms_opt(9, 0, 0).zip(NaiveTime::from_hms_opt(20, 0, 0))?;
    let hours = section.read_or("client_hours", daytime, hours);
    Some(ClientMail { enabled: enabled?, recheck_days: recheck_days?, hours: hours? })
}

fn neutral_receipts(section: &Section<'_>) -> Option<Option<ReceiptCaps>> {
    let on = section.flag("neutral_receipts", true);
    let per_address_hour = section.number("neutral_per_address_hour", 1..=100, 5);
    let per_address_day = section.number("neutral_per_address_day", 1..=1_000, 20);
    let per_hour = section.number("neutral_per_hour", 1..=10_000, 300);
    let caps = ReceiptCaps {
        per_address_hour: per_address_hour?,
        per_address_day: per_address_day?,
        per_hour: per_hour?,
    };
    Some(on?.then_some(caps))
}

fn keep(section: &Section<'_>) -> Option<Keep> {
    let days = |key| optional(section.get(key).map(|item| item.number(1..=36_500)));
    let raw_mail_days = days("keep_raw_mail_days");
    let closed_days = days("keep_closed_days");
    let parked_days = days("keep_parked_days");
    let letters_days = days("keep_letters_days");
    Some(Keep {
        raw_mail_days: raw_mail_days?,
        closed_days: closed_days?,
        parked_days: parked_days?,
        letters_days: letters_days?,
    })
}

/// The folder with templates of your own; `Some(None)` without one.
pub(super) fn templates(section: &Section<'_>) -> Option<Option<PathBuf>> {
    let folder = section.get("templates").map(|item| {
        item.read(|text| {
            let path = section.notes.path(text);
            let missing = || {
                wrong("there is no such folder", "create it, or remove the key to use the built-in letters")
            };
            if path.is_dir() { Ok(path) } else { Err(missing()) }
        })
    });
    section.finish();
    optional(folder)
}

pub(super) fn reports(section: &Section<'_>, ids: &[StaffId]) -> Option<Reports> {
    let morning = NaiveTime::from_hms_opt(7, 30, 0)?;
    let digest_at = section.read_or("digest_at", morning, time_of_day);
    let admins = section.need("admins", "[\"maria\"]").and_then(|item| {
        let items = item.items()?;
        if items.is_empty() {
            item.wrong(wrong("nobody reads the digest", "name at least one id of [[staff]]"));
            return None;
        }
        let admins: Vec<Option<StaffId>> =
            items.iter().map(|item| item.read(|text| known_staff(text, ids))).collect();
        admins.into_iter().collect::<Option<Vec<StaffId>>>()
    });
    let alert_address = section.get("alert_address").map(|item| item.read(address));
    section.finish();
    Some(Reports { digest_at: digest_at?, admins: admins?, alert_address: optional(alert_address)? })
}

pub(super) fn limits(section: &Section<'_>) -> Option<Limits> {
    let usual = Limits::default();
    let bytes = section.number("mail_mib", 1..=100, usual.bytes / MIB).map(|mib| mib * MIB);
    let header_bytes =
        section.number("header_kib", 16..=4_096, usual.header_bytes / 1024).map(|kib| kib * 1024);
    let header_fields = section.number("header_fields", 50..=10_000, usual.header_fields);
    let depth = section.number("depth", 5..=50, usual.depth);
    let parts = section.number("parts", 10..=2_000, usual.parts);
    section.finish();
    Some(Limits {
        bytes: bytes?,
        header_bytes: header_bytes?,
        header_fields: header_fields?,
        depth: depth?,
        parts: parts?,
    })
}

const MIB: usize = 1024 * 1024;
