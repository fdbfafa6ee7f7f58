//! Attachments that carry a packet: CSV, XLSX, PDF forms, DOCX, RTF, JSON, vCard, texts and web pages.
//!
//! Read with libraries and bounded: bytes in, bytes unpacked (declared and counted), rows, cells, objects, depth. What
//! a library cannot stand must not take the process along: a panic in one becomes a problem sentence.

mod beside;
mod card;
mod entity;
mod json;
mod office;
mod others;
mod pdf;
mod rich;
mod sheet;
mod texts;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) use texts::{SOMEBODY, asks_of_an_applicant};

use super::charset::decoded;
use super::form::fold::clean;
use super::limits::BODY_BYTES;
use super::{Context, form::Harvest, html};

/// The largest attachment that is read, in bytes.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// The most bytes one attachment may unpack to.
const MOST_UNPACKED: u64 = 40 * 1024 * 1024;
/// The most rows of one sheet.
const MOST_ROWS: usize = 2_000;
/// The most cells of one row.
const MOST_CELLS: usize = 100;

/// The kinds that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Csv,
    Xlsx,
    Pdf,
    Docx,
    Rtf,
    Json,
    Card,
    Text,
    Page,
}

/// Why a file gave nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unreadable {
    /// Over a bound.
    TooLarge,
    /// Not what it says it is.
    Broken,
}

/// Reads packets out of one attachment; `None` when it is not of a kind we read, or a PDF without form fields.
#[must_use]
pub fn read(name: &str, media_type: &str, bytes: &[u8], context: &Context) -> Option<Harvest> {
    let kind = kind(name, media_type)?;
    if bytes.len() > MOST_BYTES {
        return Some(problem(kind, Unreadable::TooLarge));
    }
    let name = shown(name, kind);
    let is_text = matches!(kind, Kind::Text | Kind::Page);
    // The readers below are other people's code, fed with hostile bytes.
    let read = catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Csv => sheet::csv(&name, bytes, context).map(Some),
        Kind::Xlsx => sheet::xlsx(&name, bytes, context).map(Some),
        Kind::Pdf => pdf::read(&name, bytes, context),
        Kind::Docx => office::docx(&name, bytes, context).map(Some),
        Kind::Rtf => rich::read(&name, bytes, context).map(Some),
        Kind::Json => json::read(&name, bytes, context).map(Some),
        Kind::Card => Ok(Some(card::read(&name, bytes, context))),
        Kind::Text => Ok(Some(texts::plain(&name, bytes, context))),
        Kind::Page => Ok(Some(texts::page(&name, bytes, context))),
    }));
    match read {
        Ok(Ok(harvest)) => harvest.map(|harvest| others::left_out(&name, harvest, is_text)),
        Ok(Err(why)) => Some(problem(kind, why)),
        Err(_) => Some(problem(kind, Unreadable::Broken)),
    }
}

/// Reads the packets of a text that is nothing but JSON, as web hooks mail it; `None` for any other text.
#[must_use]
pub fn posted(text: &str, context: &Context) -> Option<Harvest> {
    let text = text.trim();
    let is_json = text.starts_with(['{', '[']) && text.ends_with(['}', ']']);
    let found = if is_json { read("text", "application/json", text.as_bytes(), context) } else { None };
    found.filter(|found| !found.packets.is_empty())
}

/// The words of an attached text that no packet is read from, as far as a body is read; `None` when it is none.
#[must_use]
pub fn text(name: &str, media_type: &str, bytes: &[u8]) -> Option<String> {
    let is_named = |ends: &[&str]| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim()).unwrap_or_default();
        ends.iter().any(|end| ending.eq_ignore_ascii_case(end))
    };
    let is_called =
        |kind: &str| media_type.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    let is_markup = is_called("text/html") || is_named(&["htm", "html"]);
    let is_text = is_called("text/") || is_markup || is_named(&["txt", "text", "md", "log", "eml"]);
    let text = is_text.then(|| decoded(bytes.get(..BODY_BYTES).unwrap_or(bytes)))?;
    Some(if is_markup { html::text(&text) } else { text })
}

/// Whether an attachment is a text that is read like the text of a mail, or heard.
#[must_use]
pub fn is_text(name: &str, media_type: &str) -> bool {
    match kind(name, media_type) {
        Some(kind) => matches!(kind, Kind::Text | Kind::Page),
        None => text(name, media_type, b"").is_some(),
    }
}

/// Whether an attachment is somebody's card.
#[must_use]
pub fn is_card(name: &str, media_type: &str) -> bool {
    kind(name, media_type) == Some(Kind::Card)
}

fn kind(name: &str, media_type: &str) -> Option<Kind> {
    let ending =
        name.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    Some(match (ending.as_str(), media_type.as_str()) {
        ("csv" | "tsv", _) | (_, "text/csv" | "text/tab-separated-values") => Kind::Csv,
        ("xlsx" | "xlsm", _) | (_, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => {
            Kind::Xlsx
        }
        ("docx" | "docm", _)
        | (_, "application/vnd.openxmlformats-officedocument.wordprocessingml.document") => Kind::Docx,
        ("rtf", _) | (_, "text/rtf" | "application/rtf") => Kind::Rtf,
        ("pdf", _) | (_, "application/pdf") => Kind::Pdf,
        ("json", _) | (_, "application/json") => Kind::Json,
        ("vcf" | "vcard", _) | (_, "text/vcard" | "text/x-vcard") => Kind::Card,
        ("txt" | "text", _) | ("", "text/plain") => Kind::Text,
        ("htm" | "html" | "xhtml", _) | ("", "text/html") => Kind::Page,
        _ => return None,
    })
}

/// The name as it stands in a value's place.
fn shown(name: &str, kind: Kind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = clean(last, 80);
    if !name.is_empty() {
        return name;
    }
    match kind {
        Kind::Csv => "csv file",
        Kind::Xlsx => "xlsx file",
        Kind::Pdf => "pdf file",
        Kind::Docx => "docx file",
        Kind::Rtf => "rtf file",
        Kind::Json => "json file",
        Kind::Card => "vcard",
        Kind::Text => "text file",
        Kind::Page => "web page",
    }
    .to_owned()
}

fn problem(kind: Kind, why: Unreadable) -> Harvest {
    let what = match kind {
        Kind::Csv => "CSV",
        Kind::Xlsx => "Excel",
        Kind::Pdf => "PDF",
        Kind::Docx => "Word",
        Kind::Rtf => "RTF",
        Kind::Json => "JSON",
        Kind::Card => "vCard",
        Kind::Text => "text",
        Kind::Page => "HTML",
    };
    let why = match why {
        Unreadable::TooLarge => "is larger than we read by machine",
        Unreadable::Broken => "could not be read",
    };
    Harvest {
        problems: vec![format!("The attached {what} file {why}; a person must look.")],
        ..Harvest::default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::intake::form::tests::context;
    use crate::referral::packet::Field;

    fn values(name: &str, bytes: &[u8]) -> Vec<Vec<(Field, String, String)>> {
        let harvest = read(name, "", bytes, &context()).unwrap();
        let one = |packet: &crate::referral::packet::Packet| {
            packet.iter().map(|(field, found)| (field, found.value.clone(), found.place.clone())).collect()
        };
        harvest.packets.iter().map(one).collect()
    }

    fn has(packet: &[(Field, String, String)], field: Field, value: &str, place: &str) {
        let wanted = (field, value.to_owned(), place.to_owned());
        assert!(packet.contains(&wanted), "{wanted:?} is not in {packet:?}");
    }

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn every_row_of_a_csv_is_a_person() {
        let text = "Client name;Phone;Language;Referring agency\nMarisol Vega;518-555-0142;Spanish;Hill House\n\"Gil, Tomas\";518-555-0143;English;Hill House\n";
        let packets = values("list.csv", text.as_bytes());
        assert_eq!(packets.len(), 2);
        has(&packets[0], Field::ClientPhone, "518-555-0142", "list.csv row 2 column B");
        has(&packets[1], Field::ClientName, "Gil, Tomas", "list.csv row 3 column A");
        has(&packets[1], Field::ReferrerOrg, "Hill House", "list.csv row 3 column D");
    }

    #[test]
    fn a_file_longer_than_is_read_is_said_to_be() {
        let deep =
            format!("{{\"client_name\": \"Ann\", \"more\": {}1{}}}", "{\"a\":".repeat(9), "}".repeat(9));
        let rows = format!("Client name,Ann\n{}", "note,x\n".repeat(MOST_ROWS));
        let card = format!("BEGIN:VCARD\nFN:Ann\n{}END:VCARD\n", "NOTE:x\n".repeat(5_000));
        let rich = format!("{{\\rtf1 Client name: Ann\\par {}}}", "x".repeat(2_000_000));
        for (name, text) in [("a.json", deep), ("a.csv", rows), ("a.vcf", card), ("a.rtf", rich)] {
            let harvest = read(name, "", text.as_bytes(), &context()).unwrap();
            assert!(harvest.problems.iter().any(|one| one.contains("very long")), "{name}");
            assert!(!harvest.packets.is_empty(), "{name}");
        }
        let short = read("a.json", "", b"{\"client_name\": \"Ann\", \"tags\": [\"a\"]}", &context()).unwrap();
        assert!(short.problems.is_empty());
    }

    #[test]
    fn a_rich_text_file_is_read_line_by_line() {
        let text = r"{\rtf1\ansi {\b Client name:} Mar\'eda Vega\par Phone:\tab 518-555-0142\par Safe to text?  No\par}";
        let packets = values("form.rtf", text.as_bytes());
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::ClientName, "María Vega", "form.rtf line 1");
        has(&packets[0], Field::SafeText, "No", "form.rtf line 3");
    }

    #[test]
    fn a_sheet_of_labels_and_values_is_one_person() {
        let packets = values("form.csv", b"Client name,Marisol Vega\nPhone,518-555-0142\nSafe to text?,No\n");
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::SafeText, "No", "form.csv row 3");
    }

    #[test]
    fn a_workbook_is_read_row_by_row() {
        let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">{}{}</row><row r=\"2\">{}<c r=\"B2\"><v>5185550142</v></c></row><row r=\"3\">{}{}</row></sheetData></worksheet>",
            cell("A1", "Client name"),
            cell("B1", "Phone"),
            cell("A2", "Marisol Vega"),
            cell("A3", "Tomas Gil"),
            cell("B3", "518-555-0143")
        );
        let book = zipped(&[
            (
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>",
            ),
            (
                "_rels/.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
            ),
            ("xl/worksheets/sheet1.xml", &sheet),
        ]);
        let packets = values("form.xlsx", &book);
        assert_eq!(packets.len(), 2);
        has(&packets[0], Field::ClientPhone, "5185550142", "form.xlsx row 2 column B");
        has(&packets[1], Field::ClientName, "Tomas Gil", "form.xlsx row 3 column A");
    }

    #[test]
    fn a_document_gives_its_lines_and_tables() {
        let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
        let tc = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
        let xml = format!(
            "<w:document><w:body>{}{}<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl></w:body></w:document>",
            p("Referring agency: Hill &amp; House"),
            p("Client information"),
            tc("Name"),
            tc("Marisol Vega"),
            tc("Phone"),
            tc("518-555-0142")
        );
        let packets = values("form.docx", &zipped(&[("word/document.xml", &xml)]));
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::ReferrerOrg, "Hill & House", "form.docx line 1");
        has(&packets[0], Field::ClientName, "Marisol Vega", "form.docx table row 1");
    }

    #[test]
    fn what_stands_beside_a_document_is_heard_and_said_when_it_is_too_much() {
        let part = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
        let document = |notes: usize| {
            let parts: Vec<(String, String)> =
                std::iter::once(("word/document.xml".to_owned(), part("Client name: Ann")))
                    .chain(
                        (0..notes)
                            .map(|number| (format!("word/header{number}.xml"), part("Do not email her"))),
                    )
                    .collect();
            let parts: Vec<(&str, &str)> =
                parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            read("a.docx", "", &zipped(&parts), &context()).unwrap()
        };
        assert_eq!((document(60).asides.len(), document(60).problems.len()), (61, 0));
        assert!(document(250).problems.iter().any(|one| one.contains("very long")));
    }

    #[test]
    fn json_objects_are_persons_with_their_sections() {
        let text = r#"{"referrer":{"name":"Jo Bell"},"client":{"name":{"first":"Marisol","last":"Vega"},"phone":"518-555-0142","safeToText":false},"consent":true}"#;
        let packets = values("in.json", text.as_bytes());
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::ClientName, "Marisol Vega", "in.json client.name.first");
        has(&packets[0], Field::ReferrerName, "Jo Bell", "in.json referrer.name");
        has(&packets[0], Field::SafeText, "false", "in.json client.safeToText");
        let list =
            br#"[{"client_name":"A B","phone":"518-555-0142"},{"client_name":"C D","phone":"518-555-0143"}]"#;
        assert_eq!(values("in.json", list).len(), 2);
        let answers = br#"{"answers":[{"question":"Client name","answer":"A B"},{"question":"Phone","answer":"518-555-0142"}]}"#;
        has(&values("in.json", answers)[0], Field::ClientName, "A B", "in.json answers.1");
    }

    #[test]
    fn a_card_is_a_person() {
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Marisol Vega\r\nTEL;TYPE=CELL:+1 518 555 0142\r\nEMAIL:marisol@exam\r\n ple.org\r\nLANG:es\r\nEND:VCARD\r\n";
        let packets = values("c.vcf", card.as_bytes());
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::ClientEmail, "marisol@example.org", "c.vcf line 5");
        has(&packets[0], Field::Language, "es", "c.vcf line 7");
    }

    #[test]
    fn a_pdf_form_gives_its_fields() {
        let packets = values("form.pdf", &filled_form());
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::ClientName, "Marisol Vega", "form.pdf field 1");
        has(&packets[0], Field::Consent, "Off", "form.pdf field 3");
    }

    #[test]
    fn a_form_that_is_xml_inside_a_pdf_gives_its_data() {
        use lopdf::{Dictionary, Document, Object, Stream, dictionary};
        let data = "<xfa:datasets xmlns:xfa=\"http://www.xfa.org/schema/xfa-data/1.0/\"><xfa:data><form1><Client><ClientName>Marisol \
                    &amp; Vega</ClientName><ClientPhone>518-555-0142</ClientPhone><SafeToText>No</SafeToText></Client></form1>\
                    </xfa:data></xfa:datasets>";
        let mut document = Document::with_version("1.7");
        let data = document.add_object(Stream::new(Dictionary::new(), data.as_bytes().to_vec()));
        let parts = vec![Object::string_literal("datasets"), data.into()];
        let form = document.add_object(dictionary! { "XFA" => parts, "Fields" => Vec::<Object>::new() });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "AcroForm" => form });
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        let packets = values("form.pdf", &bytes);
        assert_eq!(packets.len(), 1);
        has(&packets[0], Field::ClientName, "Marisol & Vega", "form.pdf field 1");
        has(&packets[0], Field::SafeText, "No", "form.pdf field 3");
    }

    #[test]
    fn broken_bombed_and_foreign_files_are_no_packets() {
        for name in ["a.csv", "a.xlsx", "a.docx", "a.json", "a.vcf", "a.pdf"] {
            for bytes in
                [&b""[..], b"\0\0\0\0", b"PK\x03\x04 broken", b"%PDF-1.7 broken", b"[[[[[[", b"\xff\xfe\x00"]
            {
                assert!(
                    read(name, "", bytes, &context()).is_none_or(|harvest| harvest.packets.is_empty()),
                    "{name}"
                );
            }
        }
        assert!(read("a.exe", "application/octet-stream", b"MZ", &context()).is_none());
        assert!(
            read("scan.pdf", "", b"%PDF-1.4\n%%EOF", &context())
                .is_none_or(|harvest| harvest.packets.is_empty())
        );
        let bomb = zipped(&[("word/document.xml", &" ".repeat(41 * 1024 * 1024))]);
        let harvest = read("bomb.docx", "", &bomb, &context()).unwrap();
        assert!(harvest.packets.is_empty() && harvest.problems.len() == 1);
        assert!(read("bomb.xlsx", "", &bomb, &context()).unwrap().problems.len() == 1);
        let deep = "[".repeat(100_000);
        assert!(read("deep.json", "", deep.as_bytes(), &context()).unwrap().packets.is_empty());
        let deep = format!("%PDF-1.4\n1 0 obj\n{}\nendobj", "[".repeat(100_000));
        assert!(
            read("deep.pdf", "", deep.as_bytes(), &context())
                .is_none_or(|harvest| harvest.packets.is_empty())
        );
    }

    /// A PDF form of three fields, one of them a box left empty.
    fn filled_form() -> Vec<u8> {
        use lopdf::{Document, Object, dictionary};
        let mut document = Document::with_version("1.7");
        let name = document.add_object(dictionary! { "FT" => "Tx", "T" => Object::string_literal("Client Name"), "V" => Object::string_literal("Marisol Vega") });
        let phone = document.add_object(dictionary! { "FT" => "Tx", "T" => Object::string_literal("Text7"), "TU" => Object::string_literal("Client phone"), "V" => Object::string_literal("518-555-0142") });
        let consent = document.add_object(dictionary! { "FT" => "Btn", "T" => Object::string_literal("Consent"), "V" => Object::Name(b"Off".to_vec()) });
        let form =
            document.add_object(dictionary! { "Fields" => vec![name.into(), phone.into(), consent.into()] });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "AcroForm" => form });
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }
}
