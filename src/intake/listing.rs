//! What hangs on a mail: listed always, by sanitised name, type, size and digest.

use std::borrow::Cow;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};

use super::body::{self, Bodies};
use super::{Attachment, clean, limits, report, tnef};

/// One attachment with its bytes, for those who read it.
pub struct Hung<'a> {
    /// What is listed.
    pub attachment: Attachment,
    /// The decoded bytes; of a text whose charset was misread, those behind its transfer encoding.
    pub bytes: Cow<'a, [u8]>,
    /// The parsed message, if it is an attached one.
    pub message: Option<&'a Message<'a>>,
    /// The message it hangs on; `None` for a file out of Outlook's envelope.
    pub within: Option<&'a Message<'a>>,
}

/// Every part that is not one of the inline bodies, in the order of the mail; what hangs on an attached message follows
/// that message.
#[must_use]
pub fn attachments<'a>(message: &'a Message<'a>) -> Vec<Hung<'a>> {
    let mut listed = Vec::new();
    let mut open: Vec<(&MessagePart<'a>, &Message<'a>)> = own_parts(message).rev().collect();
    while let Some((part, message)) = open.pop() {
        if let PartType::Message(inner) = &part.body {
            open.extend(own_parts(inner).rev());
        }
        let Some(found) = hung(part, message) else { continue };
        let inside = envelope(&found).map(|opened| opened.files).unwrap_or_default();
        listed.push(found);
        listed.extend(inside.iter().map(filed));
    }
    listed
}

/// The attached parts of one message, without those of messages inside it.
fn own_parts<'a>(
    message: &'a Message<'a>,
) -> impl DoubleEndedIterator<Item = (&'a MessagePart<'a>, &'a Message<'a>)> {
    // A multipart without any of its boundaries was read as one text body.
    let is_body = |part: &&MessagePart<'_>| {
        matches!(part.body, PartType::Text(_))
            && part.content_type().is_some_and(|kind| kind.c_type == "multipart")
    };
    let shown = body::shown_files(message);
    let ids = message.attachments.iter().filter(move |id| !shown.contains(id));
    let parts = ids.filter_map(|id| message.parts.get(*id as usize)).filter(move |part| !is_body(part));
    parts.map(move |part| (part, message))
}

/// Outlook's envelope, if an attachment is one.
fn envelope<'a>(hung: &Hung<'a>) -> Option<tnef::Opened<'a>> {
    let is_envelope = hung.attachment.media_type.ends_with("ms-tnef")
        || hung.attachment.name.eq_ignore_ascii_case("winmail.dat");
    let Cow::Borrowed(bytes) = hung.bytes else { return None };
    is_envelope.then(|| tnef::open(bytes)).flatten()
}

/// The texts in Outlook's envelopes among the attachments, plain and HTML.
#[must_use]
pub fn enveloped(hung: &[Hung<'_>]) -> Bodies {
    let opened = hung.iter().find_map(envelope);
    opened.map(tnef::Opened::bodies).unwrap_or_default()
}

/// A file out of an envelope.
fn filed<'a>(file: &tnef::File<'a>) -> Hung<'a> {
    let attachment = Attachment {
        name: clean::file_name(&file.name),
        media_type: "application/octet-stream".to_owned(),
        bytes: file.bytes.len(),
        sha256: hex::encode(Sha256::digest(file.bytes)),
        used: false,
    };
    Hung { attachment, bytes: file.bytes.into(), message: None, within: None }
}

fn hung<'a>(part: &'a MessagePart<'a>, within: &'a Message<'a>) -> Option<Hung<'a>> {
    let (bytes, message): (Cow<'a, [u8]>, _) = match &part.body {
        PartType::Text(text) | PartType::Html(text) => {
            let misread = body::misread(part, &within.raw_message, text);
            (misread.unwrap_or(text.as_bytes().into()), None)
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => (Cow::Borrowed(bytes), None),
        PartType::Message(inner) => (report::inner_bytes(inner).into(), Some(inner)),
        PartType::Multipart(_) => return None,
    };
    let attachment = Attachment {
        name: name(part),
        media_type: media_type(part),
        bytes: bytes.len(),
        sha256: hex::encode(Sha256::digest(&bytes)),
        used: false,
    };
    Some(Hung { attachment, bytes, message, within: Some(within) })
}

/// The sender's name for it, decoded and cleaned; empty when there is none.
fn name(part: &MessagePart<'_>) -> String {
    part.attachment_name().map(|name| clean::file_name(&super::head::words(name))).unwrap_or_default()
}

fn media_type(part: &MessagePart<'_>) -> String {
    let declared = part.content_type().map(|kind| {
        let sub = kind.c_subtype.as_deref().unwrap_or("octet-stream");
        clean::line(&format!("{}/{sub}", kind.c_type), 100).to_ascii_lowercase()
    });
    match declared {
        Some(declared) => limits::unsealed(&declared).unwrap_or(declared),
        None if matches!(part.body, PartType::Message(_)) => "message/rfc822".to_owned(),
        None => "text/plain".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    #[test]
    fn attachments_are_listed_with_clean_names_and_inline_text_is_not() {
        let mail = "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nbody\n--x\n\
                    Content-Type: Application/PDF; name=\"../../a.pdf\"\nContent-Transfer-Encoding: base64\n\nYWJj\n--x\n\
                    Content-Type: message/rfc822\n\nFrom: a@example.org\nSubject: inner\n\
                    Content-Type: multipart/mixed; boundary=y\n\n--y\n\ninside\n--y\nContent-Type: text/csv; name=in.csv\n\n\
                    a,b\n--y--\n\n--x\nContent-Type: image/png; name=b.png\n\nx\n--x--\n";
        let message = MessageParser::default().parse(mail.as_bytes()).unwrap();
        let found = attachments(&message);
        let listed: Vec<_> = found
            .iter()
            .map(|hung| {
                (hung.attachment.name.as_str(), hung.attachment.media_type.as_str(), hung.attachment.bytes)
            })
            .collect();
        assert_eq!(listed[0], ("a.pdf", "application/pdf", 3));
        assert_eq!(listed[1].1, "message/rfc822");
        assert_eq!(listed[2].0, "in.csv");
        assert_eq!(listed[3].0, "b.png");
        assert_eq!(found.len(), 4);
        assert_eq!(
            found[0].attachment.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(found[1].bytes.starts_with(b"From: a@example.org"));
    }
}
