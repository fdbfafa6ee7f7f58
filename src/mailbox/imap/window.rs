//! A stretch of UIDs: which mails are in it, how large they are, then their bytes.
//!
//! Sizes come first, so that nothing over the cap is ever asked for whole. What was listed and did not come is asked
//! for by a search: only then is it gone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, MessageSection, Response, SectionPath};
use chrono::{DateTime, Utc};

use super::connection::Connection;
use super::uids::uid_set;
use crate::mailbox::{MailboxError, Raw};

/// Mails read at a time.
const MAILS: usize = 100;
/// Bytes read at a time: at least one mail, whatever its size.
const BYTES: u64 = 32 * 1024 * 1024;
/// The most of a header block that is read of a mail over the cap.
const HEADER: u64 = 256 * 1024;
/// UIDs in the first stretch; empty ones are followed by stretches eight times as long.
const WIDTH: u32 = 100;
/// The widest stretch whose holes are searched: the answer must fit a line.
const SEARCHED: u32 = 4000;

/// The mails of a stretch of UIDs.
#[derive(Default)]
pub(super) struct Window {
    end: u32,
    listed: BTreeMap<u32, Listed>,
}

struct Listed {
    size: u64,
    date: Option<DateTime<Utc>>,
    over_cap: bool,
    /// A search found it, though the list left it out: it is not asked for in this look.
    unlisted: bool,
    raw: Option<Raw>,
}

impl Window {
    /// The last UID this stretch accounts for.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// Mails that were listed and did not come.
    pub(super) fn missing(&self) -> BTreeSet<u32> {
        self.listed.iter().filter(|(_, mail)| mail.raw.is_none()).map(|(uid, _)| *uid).collect()
    }

    /// Is this the first mail?
    pub(super) fn is_head(&self, uid: u32) -> bool {
        self.listed.keys().next() == Some(&uid)
    }

    /// Did any mail come?
    pub(super) fn has_any(&self) -> bool {
        self.listed.values().any(|mail| mail.raw.is_some())
    }

    /// Hands a mail out without its bytes: its server has them and does not give them.
    pub(super) fn put_unreadable(&mut self, uid: u32) {
        if let Some(mail) = self.listed.get_mut(&uid) {
            mail.raw = Some(Raw::HeaderOnly { header: Vec::new(), size: mail.size });
        }
    }

    /// How many UIDs from `from` to `to` have no mail.
    pub(super) fn vanished(&self, from: u32, to: u32) -> u32 {
        if from > to {
            return 0;
        }
        let here = u32::try_from(self.listed.range(from..=to).count()).unwrap_or(u32::MAX);
        (to - from).saturating_add(1).saturating_sub(here)
    }

    /// The mails that came, in order of UID.
    pub(super) fn into_mails(self) -> impl Iterator<Item = (u32, Option<DateTime<Utc>>, Raw)> {
        self.listed.into_iter().filter_map(|(uid, mail)| mail.raw.map(|raw| (uid, mail.date, raw)))
    }

    /// Keeps the first mails, as many as may be read at a time.
    fn trim(&mut self) {
        let mut bytes = 0_u64;
        let mut kept = 0;
        for (count, mail) in self.listed.values().enumerate() {
            bytes = bytes.saturating_add(if mail.over_cap { HEADER } else { mail.size });
            if count > 0 && (count >= MAILS || bytes > BYTES) {
                break;
            }
            kept = count + 1;
        }
        if let Some(first_cut) = self.listed.keys().nth(kept).copied() {
            self.listed.split_off(&first_cut);
            self.end = first_cut - 1;
        }
    }
}

impl Connection {
    /// Lists the first mails from `first` up to, not including, `uid_next`.
    ///
    /// # Errors
    /// As [`Connection::command`].
    pub(super) async fn list(&mut self, first: u32, uid_next: u32, cap: u64) -> Result<Window, MailboxError> {
        let last = uid_next.saturating_sub(1);
        let (mut from, mut width) = (first, WIDTH);
        let mut window = Window { end: last, ..Window::default() };
        while from <= last && window.listed.is_empty() {
            let to = from.saturating_add(width - 1).min(last);
            window = self.list_stretch(from, to, cap).await?;
            if to == u32::MAX {
                break;
            }
            (from, width) = (to + 1, width.saturating_mul(8));
        }
        window.trim();
        Ok(window)
    }

    async fn list_stretch(&mut self, from: u32, to: u32, cap: u64) -> Result<Window, MailboxError> {
        let mut window = Window { end: to, listed: BTreeMap::new() };
        let text = format!("UID FETCH {from}:{to} (UID RFC822.SIZE INTERNALDATE)");
        self.command("UID FETCH", &text, |answer| {
            let Some((uid, mail)) = listed(answer, cap).filter(|(uid, _)| (from..=to).contains(uid)) else {
                return;
            };
            window.listed.entry(uid).or_insert(mail);
            // A long stretch may hold more than we read at a time: its far end is left for later.
            if window.listed.len() > 4 * MAILS
                && let Some((far, _)) = window.listed.pop_last()
            {
                window.end = window.end.min(far - 1);
            }
        })
        .await?;
        self.search_holes(&mut window, from).await?;
        Ok(window)
    }

    /// A mail the server left out of its list is not taken for deleted: a search finds it.
    async fn search_holes(&mut self, window: &mut Window, from: u32) -> Result<(), MailboxError> {
        let width = window.end.saturating_sub(from).saturating_add(1);
        if width > SEARCHED || window.vanished(from, window.end) == 0 {
            return Ok(());
        }
        let range = format!("{from}:{}", window.end);
        for uid in self.search(&range).await?.range(from..=window.end) {
            let found = Listed { size: 0, date: None, over_cap: false, unlisted: true, raw: None };
            window.listed.entry(*uid).or_insert(found);
        }
        Ok(())
    }

    /// Reads the bytes of every mail of the window but `without`; over the cap, the header block only.
    ///
    /// # Errors
    /// As [`Connection::command`]; what came before is in the window.
    pub(super) async fn read(
        &mut self,
        window: &mut Window,
        without: Option<u32>,
    ) -> Result<(), MailboxError> {
        let wanted = |over_cap: bool, window: &Window| {
            let of_kind =
                window.listed.iter().filter(|(_, mail)| mail.over_cap == over_cap && !mail.unlisted);
            of_kind.map(|(uid, _)| *uid).filter(|uid| Some(*uid) != without).collect::<BTreeSet<u32>>()
        };
        let whole = wanted(false, window);
        let headers = wanted(true, window);
        self.read_kind(window, &whole, "BODY.PEEK[]").await?;
        self.read_kind(window, &headers, &format!("BODY.PEEK[HEADER]<0.{HEADER}>")).await
    }

    async fn read_kind(
        &mut self,
        window: &mut Window,
        wanted: &BTreeSet<u32>,
        part: &str,
    ) -> Result<(), MailboxError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let bytes: u64 =
            window.listed.iter().filter(|(uid, _)| wanted.contains(uid)).map(|(_, m)| m.size).sum();
        let within = self.within.saturating_mul(2).saturating_add(Duration::from_secs(bytes / 10_000));
        let text = format!("UID FETCH {} (UID {part})", uid_set(wanted.iter().copied()));
        self.command_within(within, "UID FETCH", &text, |answer| {
            // Answers for mails nobody asked for, without a UID or with another part, are passed over.
            let Some((uid, whole, bytes)) = body(answer) else { return };
            let Some(mail) = window.listed.get_mut(&uid).filter(|_| wanted.contains(&uid)) else { return };
            if mail.raw.is_none() && whole != mail.over_cap {
                let bytes = bytes.to_vec();
                let size = mail.size;
                mail.raw =
                    Some(if whole { Raw::Whole(bytes) } else { Raw::HeaderOnly { header: bytes, size } });
            }
        })
        .await
    }

    /// Takes out of the window what did not come because it is gone.
    ///
    /// # Errors
    /// As [`Connection::command`]; then nothing is taken for gone.
    pub(super) async fn tell_gone(&mut self, window: &mut Window) -> Result<(), MailboxError> {
        let missing = window.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let still = self.search(&uid_set(missing.iter().copied())).await?;
        for uid in missing.difference(&still) {
            window.listed.remove(uid);
        }
        Ok(())
    }

    async fn search(&mut self, set: &str) -> Result<BTreeSet<u32>, MailboxError> {
        let mut found = BTreeSet::new();
        let mut answered = false;
        self.command("UID SEARCH", &format!("UID SEARCH UID {set}"), |answer| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                answered = true;
                found.extend(uids.iter().copied());
            }
        })
        .await?;
        // Some servers say OK and nothing else when nothing matches: a second question confirms it.
        if !answered {
            self.command("UID FETCH", &format!("UID FETCH {set} (UID)"), |answer| found.extend(uid(answer)))
                .await?;
        }
        Ok(found)
    }
}

fn attributes<'a, 'r>(answer: &'a Response<'r>) -> &'a [AttributeValue<'r>] {
    if let Response::Fetch(_, attributes) = answer { attributes } else { &[] }
}

fn uid(answer: &Response<'_>) -> Option<u32> {
    attributes(answer)
        .iter()
        .find_map(|one| if let AttributeValue::Uid(uid) = one { Some(*uid) } else { None })
}

fn listed(answer: &Response<'_>, cap: u64) -> Option<(u32, Listed)> {
    let (mut size, mut date) = (None, None);
    for attribute in attributes(answer) {
        if let AttributeValue::Rfc822Size(bytes) = attribute {
            size = Some(u64::from(*bytes));
        }
        if let AttributeValue::InternalDate(text) = attribute {
            date = internal_date(text);
        }
    }
    let size = size?;
    Some((uid(answer)?, Listed { size, date, over_cap: size > cap, unlisted: false, raw: None }))
}

/// The UID, whether it is the whole mail, and the bytes.
fn body<'a>(answer: &'a Response<'_>) -> Option<(u32, bool, &'a [u8])> {
    let part = attributes(answer).iter().find_map(|attribute| {
        let AttributeValue::BodySection { section, index, data: Some(data) } = attribute else { return None };
        match (section, index) {
            (None, None) => Some((true, data.as_ref())),
            (Some(SectionPath::Full(MessageSection::Header)), _) => Some((false, data.as_ref())),
            _ => None,
        }
    });
    let (whole, bytes) = part?;
    Some((uid(answer)?, whole, bytes))
}

/// `" 7-Jul-1996 02:44:25 -0700"` (RFC 3501 §9, date-time).
fn internal_date(text: &str) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok()?;
    Some(date.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_date_is_read_and_a_broken_one_is_none() {
        let date = internal_date(" 7-Jul-1996 02:44:25 -0700").map(|date| date.to_rfc3339());
        assert_eq!(date.as_deref(), Some("1996-07-07T09:44:25+00:00"));
        assert_eq!(internal_date("99-Foo-1996"), None);
    }

    #[test]
    fn a_window_is_cut_by_number_and_by_bytes() {
        let window = |sizes: &[u64]| {
            let mail = |size| Listed { size, date: None, over_cap: false, unlisted: false, raw: None };
            let listed = (1..).zip(sizes.iter().map(|size| mail(*size))).collect();
            let mut window = Window { end: 9999, listed };
            window.trim();
            (window.listed.len(), window.end)
        };
        assert_eq!(window(&[10; 100]), (100, 9999));
        assert_eq!(window(&[10; 101]), (100, 100));
        assert_eq!(window(&[BYTES, 10]), (1, 1));
        assert_eq!(window(&[BYTES + 1]), (1, 9999));
        assert_eq!(window(&[]), (0, 9999));
    }
}
