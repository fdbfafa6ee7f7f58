//! PDF: the fields of an `AcroForm` fill a packet. The words of its pages come in no order anybody could rely on, so
//! they fill nothing; they are heard for warnings.

mod heard;
mod xfa;

use lopdf::{Dictionary, Document, LoadOptions, Object, decode_text_string};

use super::super::form::{Harvest, Said, noted, of_said};
use super::{Context, Unreadable};

/// Brackets inside brackets beyond this depth are not handed to the library: a parser that recurses too deep overflows
/// the stack, which nothing can catch (RUSTSEC-2026-0187).
const DEEPEST: usize = 100;
/// The most bytes one stream may unpack to.
const MOST_UNPACKED: usize = 8 * 1024 * 1024;
/// The most objects of a file.
const MOST_OBJECTS: usize = 20_000;
/// The most fields of a form.
const MOST_FIELDS: usize = 2_000;

/// Reads the form fields, and hears the words of the pages; `None` when there are neither.
pub(super) fn read(name: &str, bytes: &[u8], context: &Context) -> Result<Option<Harvest>, Unreadable> {
    let document = match loaded(bytes) {
        Ok(document) => document,
        // What is no form is for a person to type in, readable or not.
        Err(_) if !has(bytes, b"/AcroForm") && !has(bytes, b"/ObjStm") => return Ok(None),
        Err(why) => return Err(why),
    };
    let mut fields = Fields { document: &document, name, said: Vec::new(), seen: 0 };
    for root in form_fields(&document).into_iter().flatten() {
        fields.walk(root, "", None, 10);
    }
    if fields.said.is_empty() {
        fields.said = xfa::said(&document, name);
    }
    let is_cut = fields.seen > MOST_FIELDS || fields.said.len() >= MOST_FIELDS;
    let asides = heard::pages(&document);
    if fields.said.is_empty() && asides.is_empty() {
        return Ok(None);
    }
    let mut harvest = noted(of_said(fields.said, context), is_cut);
    harvest.asides.extend(asides);
    Ok(Some(harvest))
}

fn loaded(bytes: &[u8]) -> Result<Document, Unreadable> {
    check_depth(bytes)?;
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|_| Unreadable::Broken)?;
    if document.objects.len() > MOST_OBJECTS { Err(Unreadable::TooLarge) } else { Ok(document) }
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// Counts open brackets; whether they are really nested or stand in a stream does not matter for a bound, as long as
/// ordinary files stay below it: streams are skipped.
fn check_depth(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut depth = 0_usize;
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'[' => depth += 1,
            b'<' if rest.first() == Some(&b'<') => {
                depth += 1;
                rest = rest.get(1..).unwrap_or_default();
            }
            b']' => depth = depth.saturating_sub(1),
            b'>' if rest.first() == Some(&b'>') => {
                depth = depth.saturating_sub(1);
                rest = rest.get(1..).unwrap_or_default();
            }
            b's' if rest.starts_with(b"tream\r\n") || rest.starts_with(b"tream\n") => {
                rest = after_stream(rest);
            }
            b'e' if rest.starts_with(b"ndobj") => depth = 0,
            _ => {}
        }
        if depth > DEEPEST {
            return Err(Unreadable::TooLarge);
        }
    }
    Ok(())
}

fn after_stream(rest: &[u8]) -> &[u8] {
    let end = rest.windows(9).position(|window| window == b"endstream");
    // Without an end everything counts.
    end.and_then(|end| rest.get(end + 9..)).unwrap_or(rest)
}

/// `topmostSubform[0].Page1[0].ClientName[0]`, as design programs name a field, without all that is not its name.
fn plain(name: &str) -> String {
    let last = if name.contains('[') { name.rsplit('.').next().unwrap_or(name) } else { name };
    let bare = last.strip_suffix(']').and_then(|last| last.rsplit_once('['));
    let counted = bare.filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    counted.map_or(last, |(bare, _)| bare).to_owned()
}

fn form_fields(document: &Document) -> Option<&Vec<Object>> {
    let form = dictionary(document, document.catalog().ok()?.get(b"AcroForm").ok()?)?;
    resolved(document, form.get(b"Fields").ok()?)?.as_array().ok()
}

fn resolved<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Object> {
    document.dereference(object).ok().map(|(_, object)| object)
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    resolved(document, object)?.as_dict().ok()
}

struct Fields<'a> {
    document: &'a Document,
    name: &'a str,
    said: Vec<Said>,
    seen: usize,
}

impl<'a> Fields<'a> {
    fn walk(&mut self, object: &'a Object, above: &str, inherited: Option<&'a Object>, depth: usize) {
        self.seen += 1;
        if depth == 0 || self.seen > MOST_FIELDS {
            return;
        }
        let Some(field) = dictionary(self.document, object) else { return };
        let text = |key: &[u8]| {
            field.get(key).ok().and_then(|object| decode_text_string(resolved(self.document, object)?).ok())
        };
        let own = text(b"T").map(|own| plain(&own)).unwrap_or_default();
        let hint = text(b"TU").unwrap_or_default();
        let full = if above.is_empty() || own.is_empty() {
            format!("{above}{own}")
        } else {
            format!("{above} {own}")
        };
        let value = field.get(b"V").ok().or(inherited);
        let kids = field.get(b"Kids").ok().and_then(|kids| resolved(self.document, kids)?.as_array().ok());
        let named = kids.is_some_and(|kids| {
            kids.iter().filter_map(|kid| dictionary(self.document, kid)).any(|kid| kid.has(b"T"))
        });
        if let Some(kids) = kids.filter(|_| named) {
            for kid in kids {
                self.walk(kid, &full, value, depth - 1);
            }
            return;
        }
        let Some(value) = value.and_then(|value| self.value(value)) else { return };
        let value = self.option(field, &value).unwrap_or(value);
        let number = self.said.len() + 1;
        let label = [full.as_str(), own.as_str(), hint.as_str()].join("\u{1f}");
        self.said.push(Said::Value { label, value, place: format!("{} field {number}", self.name) });
    }

    /// What a choice shows: a list keeps `[kept shown]`, and a radio button the number of its words (ISO 32000
    /// §12.7.5).
    fn option(&self, field: &Dictionary, value: &str) -> Option<String> {
        let options = resolved(self.document, field.get(b"Opt").ok()?)?.as_array().ok()?;
        let word = |object: &Object| decode_text_string(resolved(self.document, object)?).ok();
        let is_button = field.get(b"FT").and_then(Object::as_name).is_ok_and(|kind| kind == b"Btn");
        if is_button {
            return word(options.get(value.parse::<usize>().ok()?)?);
        }
        options.iter().take(MOST_FIELDS).find_map(|option| match resolved(self.document, option)? {
            Object::Array(pair) if word(pair.first()?)? == value => word(pair.get(1)?),
            _ => None,
        })
    }

    fn value(&self, object: &Object) -> Option<String> {
        let object = resolved(self.document, object)?;
        let text = match object {
            Object::String(..) => decode_text_string(object).ok()?,
            Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
            Object::Array(list) => {
                let words: Vec<String> =
                    list.iter().filter_map(|one| decode_text_string(one).ok()).take(50).collect();
                words.join(", ")
            }
            Object::Integer(number) => number.to_string(),
            Object::Null
            | Object::Boolean(_)
            | Object::Real(_)
            | Object::Dictionary(_)
            | Object::Stream(_)
            | Object::Reference(_) => return None,
        };
        Some(text.chars().take(8_000).collect())
    }
}
