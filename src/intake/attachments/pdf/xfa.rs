//! Forms of the kind XFA (ISO 32000-1 §12.7.8): the PDF is a wrapper, and what was filled in is XML inside it.

use lopdf::{Dictionary, Document, Object};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::super::form::Said;
use super::super::office::reference;
use super::{MOST_FIELDS, MOST_UNPACKED, dictionary, resolved};

/// The most elements in each other.
const DEEPEST: usize = 50;
/// The most letters of one value.
const MOST_LETTERS: usize = 8_000;

/// What was filled in, each value named by its element; nothing when there is no such form.
pub(super) fn said(document: &Document, name: &str) -> Vec<Said> {
    let form =
        document.catalog().ok().and_then(|catalog| dictionary(document, catalog.get(b"AcroForm").ok()?));
    form.and_then(|form| data(document, form)).map(|xml| values(&xml, name)).unwrap_or_default()
}

/// The packet of data; a form kept in one piece holds it among others.
fn data(document: &Document, form: &Dictionary) -> Option<String> {
    let stream = match resolved(document, form.get(b"XFA").ok()?)? {
        Object::Array(parts) => {
            let named = parts.as_chunks::<2>().0.iter();
            let is_data = |name: &Object| name.as_str().is_ok_and(|name| name == b"datasets");
            named.filter(|[name, _]| is_data(name)).find_map(|[_, part]| resolved(document, part))?
        }
        whole => whole,
    };
    let bytes = stream.as_stream().ok()?.get_plain_content_with_limit(MOST_UNPACKED).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn values(xml: &str, name: &str) -> Vec<Said> {
    let mut reader = Reader::from_str(xml);
    let mut said = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut value = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) if open.len() < DEEPEST => {
                open.push(tag.local_name().as_ref().to_owned());
                value.clear();
            }
            Event::End(_) => {
                let label = open.pop().unwrap_or_default();
                let words = std::mem::take(&mut value);
                if !words.trim().is_empty() && open.iter().any(|name| name == "data") {
                    let place = format!("{name} field {}", said.len() + 1);
                    said.push(Said::Value { label, value: words.trim().to_owned(), place });
                }
            }
            Event::Text(text) if value.len() < MOST_LETTERS => value.push_str(&text),
            Event::CData(text) if value.len() < MOST_LETTERS => value.push_str(&text),
            Event::GeneralRef(name) => value.push(reference(&name)),
            Event::Eof => break,
            Event::Start(_)
            | Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
        if said.len() >= MOST_FIELDS {
            break;
        }
    }
    said
}
