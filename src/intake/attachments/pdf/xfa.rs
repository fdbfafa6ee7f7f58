//! Forms of the kind XFA (ISO 32000-1 §12.7.8): the PDF is a wrapper, and what was filled in is XML inside it.

use lopdf::{Dictionary, Document, Object};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::super::form::{Said, is_section, label_below};
use super::super::entity;
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
    let mut walk = Walk { name, open: Vec::new(), said: Vec::new(), values: 0 };
    let mut value = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            // What is deeper is not read at all: its names would be taken for those of the elements around it.
            Event::Start(_) if walk.open.len() >= DEEPEST => break,
            Event::Start(tag) => {
                walk.begin(tag.local_name().as_ref());
                value.clear();
            }
            Event::End(_) => walk.end(&std::mem::take(&mut value)),
            Event::Text(text) if value.len() < MOST_LETTERS => value.push_str(&text),
            Event::CData(text) if value.len() < MOST_LETTERS => value.push_str(&text),
            Event::GeneralRef(name) => value.push(entity::character(&name)),
            Event::Eof => break,
            Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
        if walk.said.len() >= MOST_FIELDS {
            break;
        }
    }
    walk.said
}

struct Walk<'a> {
    name: &'a str,
    open: Vec<Element>,
    said: Vec<Said>,
    values: usize,
}

struct Element {
    name: String,
    /// It holds others.
    is_group: bool,
}

impl Walk<'_> {
    fn begin(&mut self, name: &str) {
        if let Some(group) = self.open.last_mut().filter(|parent| !parent.is_group) {
            group.is_group = true;
            self.said.extend(heading(group));
        }
        self.open.push(Element { name: name.to_owned(), is_group: false });
    }

    fn end(&mut self, value: &str) {
        let Some(element) = self.open.pop() else { return };
        if element.is_group {
            if heading(&element).is_some() {
                let around = self.open.iter().rev().find_map(heading);
                self.said.push(around.unwrap_or(Said::Neutral));
            }
        } else if !value.trim().is_empty() && self.open.iter().any(|around| around.name == "data") {
            self.values += 1;
            let place = format!("{} field {}", self.name, self.values);
            self.said.push(Said::Value {
                label: self.label(&element),
                value: value.trim().to_owned(),
                place,
            });
        }
    }

    /// The name of a value, with that of the element around it that is no part of a page.
    fn label(&self, element: &Element) -> String {
        // The first two are the data and the form.
        let inside = self.open.iter().skip_while(|around| around.name != "data").skip(2);
        let group = inside.filter(|around| !is_part(&around.name)).last();
        group.map_or(element.name.clone(), |group| label_below(&group.name, &element.name))
    }
}

fn heading(group: &Element) -> Option<Said> {
    is_section(&group.name).then(|| Said::Heading(group.name.clone()))
}

/// Names that designers of forms give to parts of a page.
fn is_part(name: &str) -> bool {
    const PARTS: [&str; 9] =
        ["page", "subform", "topmost", "form", "section", "body", "main", "group", "table"];
    let name = name.to_ascii_lowercase();
    PARTS.iter().any(|part| name.starts_with(part)) || name.len() < 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::form::of_said;
    use crate::intake::form::tests::context;
    use crate::referral::packet::{Field, Safety};

    #[test]
    fn what_stands_below_somebody_elses_name_is_not_the_clients() {
        let form = |inside: &str| {
            format!(
                "<datasets><data><form1><Page1><ClientName>Ann Lee</ClientName>{inside}</Page1></form1></data></datasets>"
            )
        };
        for (inside, is_safe) in [
            ("<SafeToText>Yes</SafeToText>", true),
            ("<Emergency><SafeToText>Yes</SafeToText></Emergency>", false),
            ("<OpposingParty><Name>Bob Roe</Name><SafeToText>Yes</SafeToText></OpposingParty>", false),
            (
                "<OpposingParty><Home><Street>1 Elm</Street></Home><SafeToText>Yes</SafeToText></OpposingParty>",
                false,
            ),
        ] {
            let harvest = of_said(values(&form(inside), "form.pdf"), &context());
            assert_eq!(harvest.packets.len(), 1, "{inside}");
            assert_eq!(harvest.packets[0].channels().text == Safety::Safe, is_safe, "{inside}");
            assert_eq!(harvest.packets[0].text(Field::ClientName), Some("Ann Lee"), "{inside}");
        }
    }
}
