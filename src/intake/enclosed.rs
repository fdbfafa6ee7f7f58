//! Mails that hang on a mail as mere files: `.eml` under a type that says nothing, and attached messages in base64.
//!
//! They are opened like any mail, within the same bounds, and one level deep; what hangs on them is listed behind them.

use mail_parser::Message;

use super::head::Head;
use super::limits::{self, Limits};
use super::listing::{self, Hung};
use super::{ParkCause, report};

/// Files of one mail that are opened.
const OPENED: usize = 20;

/// What a person is told of a file that is over a bound, or of more files than are opened.
const OVER: &str = "An attached mail is over a bound and was not read; a person must look.";

/// The files among the attachments that may be mails.
#[derive(Default)]
pub(super) struct Prepared {
    /// By their place, made fit to parse.
    pub(super) mails: Vec<(usize, Vec<u8>)>,
    /// What a person should know.
    pub(super) over: Option<&'static str>,
    /// Text among their fields that the parser will pass over, and that may warn.
    pub(super) dropped: String,
}

/// The files that may be mails, within the bounds of any mail.
pub(super) fn prepared(hung: &[Hung<'_>], limits: &Limits) -> Prepared {
    let mut found = Prepared::default();
    for (nth, (at, file)) in hung.iter().enumerate().filter(|(_, file)| is_mail(file)).enumerate() {
        if nth == OPENED {
            found.over = Some(OVER);
            break;
        }
        match limits::prepare(&file.bytes, limits) {
            Ok(prepared) => {
                found.dropped.push_str(&String::from_utf8_lossy(&prepared.dropped));
                found.dropped.push('\n');
                found.mails.push((at, prepared.mail.into_owned()));
            }
            Err(ParkCause::TooLarge | ParkCause::TooDeep | ParkCause::TooMany) => found.over = Some(OVER),
            Err(_) => {}
        }
    }
    found.dropped.truncate(found.dropped.trim_end().len());
    found
}

fn is_mail(file: &Hung<'_>) -> bool {
    let name = file.attachment.name.as_bytes();
    let is_named = name.last_chunk().is_some_and(|end: &[u8; 4]| end.eq_ignore_ascii_case(b".eml"));
    let kind = file.attachment.media_type.as_str();
    file.message.is_none() && (is_named || matches!(kind, "message/rfc822" | "message/global"))
}

/// Those that are mails, parsed.
pub(super) fn parsed(files: &[(usize, Vec<u8>)]) -> Vec<(usize, Message<'_>)> {
    let parsed = files.iter().filter_map(|(at, mail)| Some((*at, limits::parse(mail).ok()??)));
    parsed.filter(|(_, message)| is_written(message)).collect()
}

/// Somebody wrote it, or it is about something: any text has lines that look like fields.
fn is_written(message: &Message<'_>) -> bool {
    let head = Head::read(report::inner_bytes(message));
    head.has("from") || head.has("subject")
}

/// The attachments with the mails that some of them are, and what hangs on those.
pub(super) fn joined<'a>(mut hung: Vec<Hung<'a>>, opened: &'a [(usize, Message<'a>)]) -> Vec<Hung<'a>> {
    for (at, message) in opened.iter().rev() {
        if let Some(file) = hung.get_mut(*at) {
            file.message = Some(message);
            let behind = hung.split_off(at + 1);
            hung.extend(listing::attachments(message));
            hung.extend(behind);
        }
    }
    hung
}
