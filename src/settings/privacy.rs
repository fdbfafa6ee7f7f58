//! `[privacy]`, `[letters]`, `[reports]`, `[limits]`: what may leave, how long things stay, who reads along.

use std::path::PathBuf;

use chrono::NaiveTime;

use crate::intake::limits::Limits;
use crate::referral::address::EmailAddress;
use crate::referral::roster::StaffId;
use crate::referral::safety::ClientMail;

use super::hours::{Hours, hours, time, time_of_day};
use super::mistake::{Wrong, wrong};
use super::reader::Claims;
use super::reader::{Item, Read, Section, one_line};
use super::roster::{address, known_staff};
use super::secret;

const MIB: usize = 1024 * 1024;

/// Between these local times a letter wakes nobody.
const DAYTIME: Hours = (time(9, 0), time(20, 0));

/// The digest is there before the first meeting.
const MORNING: NaiveTime = time(7, 30);

/// What may leave, and how long things stay.
#[derive(Clone, Debug)]
pub struct Privacy {
    /// The file with the key that wraps all others; its mode was checked, its content was not.
    pub key_file: PathBuf,
    /// Letters to clients.
    pub client_mail: ClientMail,
    /// Whether the config says yes or no to them at all.
    pub client_mail_said: bool,
    /// Letters to staff show the client's initials.
    pub staff_initials: bool,
    /// Receipts to senders outside the roster; `None` when switched off.
    pub neutral_receipts: Option<ReceiptCaps>,
    /// Whose `Authentication-Results` we believe (RFC 8601); `None` means nobody's.
    pub trusted_authserv_id: Option<String>,
    /// Words of our own, in lower case, that tell whoever sees a client's phone what we do: names of programs, of a
    /// house.
    pub revealing_words: Vec<String>,
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

pub(super) fn privacy(section: &Section<'_>) -> Read<Privacy> {
    let key_file = key_file(section);
    let client_mail_said = section.get("client_mail").is_some();
    let client_mail = client_mail(section);
    let staff_initials = section.flag("staff_initials", false);
    let neutral_receipts = neutral_receipts(section);
    let trusted_authserv_id = section.read_if("trusted_authserv_id", one_line);
    let revealing_words =
        section.list("revealing_words", |text| one_line(text).map(|word| word.to_lowercase()));
    let keep = keep(section);
    section.finish();
    Ok(Privacy {
        key_file: key_file?,
        client_mail: client_mail?,
        client_mail_said,
        staff_initials: staff_initials?,
        neutral_receipts: neutral_receipts?,
        trusted_authserv_id: trusted_authserv_id?,
        revealing_words: revealing_words?,
        keep: keep?,
    })
}

fn key_file(section: &Section<'_>) -> Read<PathBuf> {
    section.refuse_inline("key", "key_file")?;
    let example = "\"handoffd.key\" (`handoffd init` makes one)";
    section.need_read("key_file", example, |text| secret::key_file(section.notes, text))
}

fn client_mail(section: &Section<'_>) -> Read<ClientMail> {
    let enabled = section.flag("client_mail", false);
    let recheck_days = section.number("safety_recheck_days", 1..=365, 30);
    let hours = section.read_or("client_hours", DAYTIME, hours);
    Ok(ClientMail { enabled: enabled?, recheck_days: recheck_days?, put_back_at: None, hours: hours? })
}

fn neutral_receipts(section: &Section<'_>) -> Read<Option<ReceiptCaps>> {
    let on = section.flag("neutral_receipts", true);
    let per_address_hour = section.number("neutral_per_address_hour", 1..=100, 5);
    let per_address_day = section.number("neutral_per_address_day", 1..=1_000, 20);
    let per_hour = section.number("neutral_per_hour", 1..=10_000, 300);
    let caps = ReceiptCaps {
        per_address_hour: per_address_hour?,
        per_address_day: per_address_day?,
        per_hour: per_hour?,
    };
    Ok(on?.then_some(caps))
}

fn keep(section: &Section<'_>) -> Read<Keep> {
    let days = |key| section.get(key).map(|item| item.number(1..=36_500)).transpose();
    let raw_mail_days = days("keep_raw_mail_days");
    let closed_days = days("keep_closed_days");
    let parked_days = days("keep_parked_days");
    let letters_days = days("keep_letters_days");
    Ok(Keep {
        raw_mail_days: raw_mail_days?,
        closed_days: closed_days?,
        parked_days: parked_days?,
        letters_days: letters_days?,
    })
}

/// The folder with templates of your own; `Some(None)` without one.
pub(super) fn templates(section: &Section<'_>) -> Read<Option<PathBuf>> {
    let folder = section.read_if("templates", |text| {
        let path = section.notes.path(text);
        let remedy = "create it, or remove the key to use the built-in letters";
        if path.is_dir() { Ok(path) } else { Err(wrong("there is no such folder", remedy)) }
    });
    section.finish();
    folder
}

/// `claims` are the addresses of everybody else.
pub(super) fn reports(section: &Section<'_>, ids: &[StaffId], claims: &Claims) -> Read<Reports> {
    let digest_at = section.read_or("digest_at", MORNING, time_of_day);
    let admins = section.need("admins", "[\"maria\"]").and_then(|item| admins(&item, ids));
    let alert_address = section.read_if("alert_address", |text| alert_address(text, claims));
    section.finish();
    Ok(Reports { digest_at: digest_at?, admins: admins?, alert_address: alert_address? })
}

/// An alert names a referral and its owner: that is for us, and what our own inbox gets reaches nobody.
fn alert_address(text: &str, claims: &Claims) -> Result<EmailAddress, Wrong> {
    let address = address(text)?;
    let whose = claims.whose(&address.mailbox()).filter(|whose| !whose.contains("[[staff]]"));
    match whose {
        Some(whose) => Err(wrong(
            format!("belongs to {whose}, so that an alert would reach nobody of you, or outsiders"),
            "name the address of somebody of you",
        )),
        None => Ok(address),
    }
}

fn admins(item: &Item<'_>, ids: &[StaffId]) -> Read<Vec<StaffId>> {
    let items = item.items()?;
    if items.is_empty() {
        return Err(item.wrong(wrong("nobody reads the digest", "name at least one id of [[staff]]")));
    }
    let admins: Vec<Read<StaffId>> =
        items.iter().map(|item| item.read(|text| known_staff(text, ids))).collect();
    admins.into_iter().collect()
}

pub(super) fn limits(section: &Section<'_>) -> Read<Limits> {
    let usual = Limits::default();
    let bytes = section.number("mail_mib", 1..=100, usual.bytes / MIB).map(|mib| mib * MIB);
    let header_bytes =
        section.number("header_kib", 16..=4_096, usual.header_bytes / 1024).map(|kib| kib * 1024);
    let header_fields = section.number("header_fields", 50..=10_000, usual.header_fields);
    let depth = section.number("depth", 5..=50, usual.depth);
    let parts = section.number("parts", 10..=2_000, usual.parts);
    section.finish();
    Ok(Limits {
        bytes: bytes?,
        header_bytes: header_bytes?,
        header_fields: header_fields?,
        depth: depth?,
        parts: parts?,
    })
}
