//! What stands beside the text of an office file: headers, footers, notes, comments. A person may have
//! written a warning there, so it is heard; it fills nothing.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::intake::aside::Aside;

/// The parts of documents and workbooks that are heard, by how their names begin.
const PARTS: [&str; 9] = [
    DOCUMENT,
    "word/header",
    "word/footer",
    "word/footnotes",
    "word/endnotes",
    "word/comments",
    "xl/comments",
    "xl/threadedComments/",
    "xl/drawings/drawing",
];
/// The text itself, of which only what it hides is heard here.
const DOCUMENT: &str = "word/document";
/// The most parts of one file.
const MOST_PARTS: usize = 200;
/// The most bytes of all parts together.
const MOST_HEARD: usize = 8 * 1024 * 1024;
/// The most bytes of one part.
const MOST_XML: u64 = 4 * 1024 * 1024;

/// The words of every such part, none of a file that cannot be opened; and whether there are more than are heard.
pub(super) fn heard(bytes: &[u8]) -> (Vec<Aside>, bool) {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return (Vec::new(), false) };
    let is_heard = |name: &String| PARTS.iter().any(|part| name.starts_with(part));
    let names = archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned);
    let names: Vec<String> = names.filter(is_heard).take(MOST_PARTS + 1).collect();
    let mut is_cut = names.len() > MOST_PARTS;
    let (mut asides, mut left) = (Vec::new(), MOST_HEARD);
    for name in names.into_iter().take(MOST_PARTS) {
        let Ok(part) = archive.by_name(&name) else { continue };
        is_cut |= part.size() > MOST_XML.min(left as u64);
        let mut xml = Vec::new();
        // What is broken or too long is heard as far as it goes.
        _ = part.take(MOST_XML.min(left as u64)).read_to_end(&mut xml);
        left -= xml.len();
        let text = words(&String::from_utf8_lossy(&xml), name.starts_with(DOCUMENT));
        if !text.trim().is_empty() {
            asides.push(Aside { text, ..Aside::default() });
        }
    }
    (asides, is_cut)
}

/// The words of a part, or those in runs that are hidden or once were; each paragraph and each comment is a line.
fn words(xml: &str, only_hidden: bool) -> String {
    let mut reader = Reader::from_str(xml);
    let mut text = String::new();
    let (mut in_text, mut is_hidden) = (false, false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                let name = tag.local_name();
                is_hidden = name.as_ref() == "vanish" || (is_hidden && name.as_ref() != "r");
                in_text = matches!(name.as_ref(), "t" | "text") && (is_hidden || !only_hidden);
            }
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "vanish" => is_hidden = true,
                // A break or a tab parts two words.
                "br" | "cr" | "tab" => text.push(' '),
                _ => {}
            },
            Event::End(tag) => {
                in_text = false;
                if matches!(tag.local_name().as_ref(), "p" | "comment" | "threadedComment") {
                    text.push('\n');
                }
            }
            Event::Text(words) if in_text => text.push_str(&words),
            Event::CData(words) if in_text => text.push_str(&words),
            Event::GeneralRef(name) if in_text => text.push(super::entity::character(&name)),
            Event::Eof => break,
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
    text
}
