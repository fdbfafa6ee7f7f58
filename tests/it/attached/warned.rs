//! A warning is heard in every kind of file and wherever in it a person may write: the yes beside it is none.

use base64::{Engine, engine::general_purpose::STANDARD};
use handoffd::intake::{self, Reading};
use handoffd::referral::packet::{Field, Judged};

use super::{document, line, row, run, workbook, zipped};

const WARNS: &str = "Please do not email her, he reads her mail.";

/// A mail whose text says that the client may be written to, with a file.
fn with(name: &str, file: &[u8]) -> Reading {
    let text = "Client name: Ann Lee\nEmail: ann@mail.example\nSafe to email: yes\n";
    mail(text, name, file)
}

fn mail(text: &str, name: &str, file: &[u8]) -> Reading {
    let mail = format!(
        "From: jo@partner.example\nSubject: a referral\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{text}\n--x\n\
         Content-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64\n\n{}\n--x--\n",
        STANDARD.encode(file)
    );
    intake::read(mail.as_bytes(), &crate::corpora::context())
}

/// Whether some packet of the mail says that email is safe.
fn believes(reading: &Reading) -> bool {
    let is_yes = |found: &handoffd::referral::packet::Found| found.judged == Judged::Yes;
    reading.packets.iter().any(|packet| packet.get(Field::SafeEmail).is_some_and(is_yes))
}

fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let part = |name: &str| {
        let body = "<w:document xmlns:w=\"w\"><w:body><w:p/></w:body></w:document>";
        let words = format!("<w:x xmlns:w=\"w\">{}</w:x>", line(WARNS));
        zipped(&[("word/document.xml", body), (name, &words)])
    };
    vec![
        ("a.docx", document(&line(WARNS))),
        ("a.docx", document(&super::table(&[&[line("Remarks"), line(WARNS)]]))),
        ("a.docx", part("word/header1.xml")),
        ("a.docx", part("word/footer2.xml")),
        ("a.docx", part("word/footnotes.xml")),
        ("a.docx", part("word/comments.xml")),
    ]
}

fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let rows = [row(1, &["Client name", "Phone"]), row(2, &["Bo Kim", "518-555-0101"])].concat();
    let remark = [rows.as_str(), &row(4, &[WARNS])].concat();
    vec![("a.xlsx", workbook(&[("A", "visible", &remark)]))]
}

fn pdf(build: impl FnOnce(&mut lopdf::Document) -> lopdf::Dictionary) -> Vec<u8> {
    let mut document = lopdf::Document::with_version("1.7");
    let catalog = build(&mut document);
    let catalog = document.add_object(catalog);
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A page with these words, and notes upon it.
fn page(words: &str, note: Option<&str>) -> Vec<u8> {
    use lopdf::{Object, Stream, dictionary};
    pdf(|document| {
        let font = document.add_object(
            dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" },
        );
        // Programs break a line wherever the page ends.
        let lines = words.split(' ').collect::<Vec<_>>().join(" ) Tj 0 -14 Td (");
        let content = format!("BT /F1 12 Tf 72 700 Td ({lines} ) Tj ET");
        let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
        let note = note.map(|note| {
            let note = dictionary! { "Type" => "Annot", "Subtype" => "FreeText", "Contents" => Object::string_literal(note) };
            Object::from(document.add_object(note))
        });
        let pages = document.new_object_id();
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
            "Annots" => note.into_iter().collect::<Vec<_>>(),
        });
        document
            .set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
        dictionary! { "Type" => "Catalog", "Pages" => pages }
    })
}

fn form(field: &str, value: &str) -> Vec<u8> {
    use lopdf::{Object, dictionary};
    pdf(|document| {
        let field = dictionary! { "FT" => "Tx", "T" => Object::string_literal(field), "V" => Object::string_literal(value) };
        let field = document.add_object(field);
        let form = document.add_object(dictionary! { "Fields" => vec![field.into()] });
        dictionary! { "Type" => "Catalog", "AcroForm" => form }
    })
}

#[test]
fn a_warning_is_heard_in_every_kind_of_file() {
    let mut files = [documents(), workbooks()].concat();
    files.extend([
        ("a.pdf", form("Text7", WARNS)),
        ("a.pdf", page(WARNS, None)),
        ("a.pdf", page("Intake sheet", Some(WARNS))),
        ("a.rtf", format!(r"{{\rtf1\ansi Notes:\par {WARNS}\par}}").into_bytes()),
        ("a.vcf", format!("BEGIN:VCARD\nFN:Ann Lee\nNOTE:{WARNS}\nEND:VCARD\n").into_bytes()),
        ("a.vcf", format!("BEGIN:VCARD\nFN:Ann Lee\nX-REMARK:{WARNS}\nEND:VCARD\n").into_bytes()),
        ("a.csv", format!("Client name,x\nAnn Lee,\"{WARNS}\"\n").into_bytes()),
        ("a.json", format!("{{\"x\": [\"{WARNS}\"]}}").into_bytes()),
        ("a.txt", WARNS.as_bytes().to_vec()),
        ("a.htm", format!("<p>{WARNS}</p>").into_bytes()),
        ("a.eml", format!("From: a@example.org\nSubject: x\n\n{WARNS}\n").into_bytes()),
    ]);
    for (at, (name, file)) in files.iter().enumerate() {
        let reading = with(name, file);
        assert!(!reading.packets.is_empty() && !believes(&reading), "{at} {name}");
    }
    assert!(believes(&with("a.pdf", &page("Intake sheet", None))));
}

#[test]
fn words_that_a_document_hides_fill_nothing() {
    let hidden =
        |mark: &str| format!("<w:p><w:r><w:rPr>{mark}</w:rPr><w:t>Safe to email: yes</w:t></w:r></w:p>");
    let name = line("Client name: Ann Lee");
    let has = |body: &str| {
        let harvest = super::harvest("a.docx", &document(body));
        harvest.packets[0].get(Field::SafeEmail).is_some()
    };
    assert!(!has(&[name.as_str(), &hidden("<w:vanish/>")].concat()));
    assert!(has(&[name.as_str(), &hidden("<w:vanish w:val=\"0\"/>")].concat()));
    let end_only =
        format!("<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{}</w:p>", run("Safe to email: yes"));
    assert!(has(&[name.as_str(), &end_only].concat()));
}

#[test]
fn what_a_document_hides_or_hid_once_is_heard_and_what_was_shown_again_is_read() {
    let run =
        |mark: &str, words: &str| format!("<w:p><w:r><w:rPr>{mark}</w:rPr><w:t>{words}</w:t></w:r></w:p>");
    let changed = "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>";
    for mark in ["<w:vanish/>", changed] {
        assert!(!believes(&with("a.docx", &document(&run(mark, WARNS)))), "{mark}");
    }
    let body = [line("Client name: Ann Lee"), run(changed, "Safe to email: yes")].concat();
    let harvest = super::harvest("a.docx", &document(&body));
    assert!(harvest.packets[0].get(Field::SafeEmail).is_some());
    // A break or a tab parts two words.
    let parted =
        "<w:x xmlns:w=\"w\"><w:p><w:r><w:t>Please do not</w:t><w:br/><w:t>email her</w:t></w:r></w:p></w:x>";
    let main = "<w:document xmlns:w=\"w\"><w:body><w:p/></w:body></w:document>";
    let comments = zipped(&[("word/document.xml", main), ("word/comments.xml", parted)]);
    assert!(!believes(&with("a.docx", &comments)));
}

#[test]
fn a_card_of_the_same_person_under_another_name_warns_of_them_and_one_of_somebody_else_does_not() {
    let card = |who: &str| format!("BEGIN:VCARD\n{who}\nNOTE:{WARNS}\nEND:VCARD\n").into_bytes();
    assert!(!believes(&with("a.vcf", &card("FN:Annie M. Lee\nEMAIL:Ann@mail.example"))));
    assert!(believes(&with("a.vcf", &card("FN:Bo Kim\nEMAIL:bo@mail.example"))));
}
