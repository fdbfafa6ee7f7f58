//! Attachments as the programs of partners write them, and what must come out of each.

mod texts;
mod warned;

use std::fmt::Write as _;
use std::io::Write as _;

use handoffd::intake::attachments::read;
use handoffd::intake::form::Harvest;
use handoffd::referral::packet::Field;

fn harvest(name: &str, bytes: &[u8]) -> Harvest {
    read(name, "", bytes, &crate::corpora::context()).unwrap()
}

/// Checks the values of each person of a file.
fn check(name: &str, bytes: &[u8], people: &[&[(Field, &str)]]) {
    let harvest = harvest(name, bytes);
    let values = |at: usize| -> Vec<(Field, String)> {
        harvest.packets.get(at).map_or_else(Vec::new, |packet| {
            packet.iter().map(|(field, found)| (field, found.value.clone())).collect()
        })
    };
    assert_eq!(
        harvest.packets.len(),
        people.len(),
        "{name}: {:?}",
        (0..harvest.packets.len()).map(values).collect::<Vec<_>>()
    );
    for (at, person) in people.iter().enumerate() {
        for (field, value) in *person {
            assert_eq!(
                harvest.packets[at].text(*field),
                Some(*value),
                "{name} person {at} {field:?}: {:?}",
                values(at)
            );
        }
    }
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook of sheets, each with its name, its state and its rows; style 1 is a date.
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let (mut list, mut links) = (String::new(), String::new());
    for (id, (name, state, _)) in (1..).zip(sheets) {
        _ = write!(list, "<sheet name=\"{name}\" sheetId=\"{id}\" state=\"{state}\" r:id=\"r{id}\"/>");
        _ = write!(
            links,
            "<Relationship Id=\"r{id}\" Type=\"{LINKS}/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        );
    }
    let book = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets>{list}</sheets></workbook>");
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
    );
    let links = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">{links}<Relationship Id=\"s\" Type=\"{LINKS}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"a\" Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"
    );
    let bodies: Vec<(String, String)> = sheets
        .iter()
        .enumerate()
        .map(|(at, (_, _, rows))| {
            (
                format!("xl/worksheets/sheet{}.xml", at + 1),
                format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
            )
        })
        .collect();
    let mut parts = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &links),
        ("xl/styles.xml", &styles),
    ];
    parts.extend(bodies.iter().map(|(name, body)| (name.as_str(), body.as_str())));
    zipped(&parts)
}

/// A row; a cell is text, `#` a number, `@` a date's serial number.
fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .zip('A'..)
        .filter(|(cell, _)| !cell.is_empty())
        .map(|(cell, column)| match (cell.strip_prefix('#'), cell.strip_prefix('@')) {
            (Some(value), _) => format!("<c r=\"{column}{number}\"><v>{value}</v></c>"),
            (_, Some(value)) => format!("<c r=\"{column}{number}\" s=\"1\"><v>{value}</v></c>"),
            _ => format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        })
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

#[test]
fn a_workbook_with_a_title_dates_and_numbers_is_read_row_by_row() {
    let rows = [
        row(1, &["Hill House weekly referrals"]),
        row(2, &["Client Name", "DOB", "Phone", "Court Date", "Household Size", "Safe to leave voicemail?"]),
        row(3, &["Ann Lee", "@31120", "#5185550101", "@46359", "#3", "No"]),
        row(4, &["Bob Ray", "@30000", "518-555-0102", "", "#1", "Yes"]),
    ]
    .concat();
    let lists = row(1, &["Yes", "No", "Spanish"]);
    let book = workbook(&[("Referrals", "visible", &rows), ("Lists", "visible", &lists)]);
    check(
        "list.xlsx",
        &book,
        &[
            &[
                (Field::ClientName, "Ann Lee"),
                (Field::ClientDob, "1985-03-14"),
                (Field::ClientPhone, "5185550101"),
                (Field::CourtDate, "2026-12-03"),
                (Field::HouseholdSize, "3"),
                (Field::SafeVoicemail, "No"),
            ],
            &[(Field::ClientName, "Bob Ray"), (Field::ClientPhone, "518-555-0102")],
        ],
    );
}

#[test]
fn two_sheets_are_both_read_and_a_hidden_one_is_not() {
    let one = [row(1, &["Client name", "Phone"]), row(2, &["Ann Lee", "518-555-0101"])].concat();
    let two = [row(1, &["Nombre del cliente", "Teléfono"]), row(2, &["Luz Vega", "518-555-0103"])].concat();
    let old = [row(1, &["Client name", "Phone"]), row(2, &["Old Case", "518-555-0109"])].concat();
    let book = workbook(&[
        ("A", "visible", &one),
        ("B", "visible", &two),
        ("C", "hidden", &old),
        ("D", "veryHidden", &old),
    ]);
    check("list.xlsx", &book, &[&[(Field::ClientName, "Ann Lee")], &[(Field::ClientName, "Luz Vega")]]);
    assert!(harvest("list.xlsx", &book).problems.iter().any(|problem| problem.contains("hidden sheets")));
}

#[test]
fn a_sheet_drawn_as_a_form_is_one_person() {
    let rows = [
        row(1, &["CLIENT INFORMATION"]),
        row(2, &["Name:", "Ann Lee", "", "Date of birth:", "@31120"]),
        row(3, &["Phone:", "#5185550101", "", "Email:", "ann@example.org"]),
        row(5, &["REFERRING AGENCY"]),
        row(6, &["Name:", "Jo Bell", "", "Phone:", "#5185550199"]),
    ]
    .concat();
    check(
        "form.xlsx",
        &workbook(&[("Form", "visible", &rows)]),
        &[&[
            (Field::ClientName, "Ann Lee"),
            (Field::ClientDob, "1985-03-14"),
            (Field::ClientEmail, "ann@example.org"),
            (Field::ReferrerName, "Jo Bell"),
            (Field::ReferrerPhone, "5185550199"),
        ]],
    );
}

#[test]
fn a_list_of_values_is_read_whatever_parts_them() {
    let ann: &[(Field, &str)] = &[
        (Field::ClientName, "Ann Lee"),
        (Field::ClientPhone, "518-555-0101"),
        (Field::Reason, "Eviction, urgent"),
    ];
    let luz: &[(Field, &str)] = &[(Field::ClientName, "Luz Peña"), (Field::ClientPhone, "518-555-0103")];
    let table = |sign: &str, quote: &str| {
        format!(
            "Client name{sign}Phone{sign}Reason for referral\r\nAnn Lee{sign}518-555-0101{sign}{quote}Eviction, urgent{quote}\r\nLuz Peña{sign}518-555-0103{sign}x\r\n"
        )
    };
    let utf16 = |text: &str, mark: bool, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let mark = mark.then_some('\u{feff}');
        mark.into_iter().chain(text.chars()).collect::<String>().encode_utf16().flat_map(unit).collect()
    };
    let latin = table(";", "").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (name, bytes) in [
        ("comma.csv", table(",", "\"").into_bytes()),
        ("semicolon.csv", table(";", "").into_bytes()),
        ("tab.tsv", table("\t", "").into_bytes()),
        ("tab.csv", table("\t", "").into_bytes()),
        ("bar.csv", table("|", "").into_bytes()),
        ("mark.csv", format!("\u{feff}{}", table(",", "\"")).into_bytes()),
        ("utf-16.csv", utf16(&table("\t", ""), true, u16::to_le_bytes)),
        ("utf-16-big.csv", utf16(&table("\t", ""), true, u16::to_be_bytes)),
        ("utf-16-bare.csv", utf16(&table("\t", ""), false, u16::to_le_bytes)),
        ("latin-1.csv", latin),
        ("told.csv", format!("sep=;\r\n{}", table(";", "")).into_bytes()),
        ("titled.csv", format!("Referrals of this week\r\n\r\n{}", table(";", "")).into_bytes()),
    ] {
        check(name, &bytes, &[ann, luz]);
    }
}

#[test]
fn a_spanish_list_with_lines_within_its_cells_is_read() {
    let text = "Nombre del cliente;Teléfono;Idioma;Motivo de la referencia\n\"Luz Vega\";518-555-0103;Español;\"Desalojo.\nAudiencia el 3 de diciembre; \"\"urgente\"\"\"\n";
    check(
        "lista.csv",
        text.as_bytes(),
        &[&[
            (Field::ClientName, "Luz Vega"),
            (Field::Language, "Español"),
            (Field::Reason, "Desalojo. Audiencia el 3 de diciembre; \"urgente\""),
        ]],
    );
}

fn document(body: &str) -> Vec<u8> {
    zipped(&[(
        "word/document.xml",
        &format!(
            "<w:document xmlns:w=\"w\" xmlns:mc=\"mc\" xmlns:wps=\"wps\" xmlns:v=\"v\"><w:body>{body}</w:body></w:document>"
        ),
    )])
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn line(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

fn table(rows: &[&[String]]) -> String {
    let mut text = String::new();
    for cells in rows {
        _ = write!(text, "<w:tr><w:tc>{}</w:tc></w:tr>", cells.join("</w:tc><w:tc>"));
    }
    format!("<w:tbl>{text}</w:tbl>")
}

#[test]
fn a_documents_controls_give_what_was_filled_in_and_never_their_prompt() {
    let control = |text: &str, prompt: bool| {
        let mark = if prompt { "<w:showingPlcHdr/>" } else { "" };
        format!("<w:sdt><w:sdtPr>{mark}<w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", run(text))
    };
    let field = |label: &str, control: &str| format!("<w:p>{}{control}</w:p>", run(label));
    let body = [
        field("Client name: ", &control("Ann Lee", false)),
        field("Client email: ", &control("Click or tap here to enter text.", true)),
        field("Phone: ", &control("518-555-0101", false)),
        field("Preferred language: ", &control("Choose an item.", true)),
        field("Consent to share: ", &control("Yes", false)),
    ]
    .concat();
    check(
        "form.docx",
        &document(&body),
        &[&[(Field::ClientName, "Ann Lee"), (Field::ClientPhone, "518-555-0101"), (Field::Consent, "Yes")]],
    );
    let packet = &harvest("form.docx", &document(&body)).packets[0];
    assert!(packet.get(Field::ClientEmail).is_none() && packet.get(Field::Language).is_none());
}

#[test]
fn a_documents_text_boxes_are_read_once_and_its_boxes_with_their_marks() {
    let inside = [line("Client name: Ann Lee"), line("Phone: 518-555-0101")].concat();
    let boxed = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx></mc:Choice>\
         <mc:Fallback><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    );
    let old = |checked: &str| {
        format!(
            "<w:r><w:fldChar><w:ffData><w:checkBox><w:sizeAuto/><w:default w:val=\"0\"/>{checked}</w:checkBox></w:ffData></w:fldChar></w:r>"
        )
    };
    let sign = |code: &str| format!("<w:r><w:sym w:font=\"Wingdings\" w:char=\"{code}\"/></w:r>");
    let asked = format!(
        "<w:p>{}{}{}{}{}</w:p>",
        run("Safe to leave a voicemail? "),
        old(""),
        run(" Yes "),
        old("<w:checked/>"),
        run(" No")
    );
    let consent = format!(
        "<w:p>{}{}{}{}{}</w:p>",
        run("Consent to share: "),
        sign("F0FE"),
        run(" Yes "),
        sign("F0A8"),
        run(" No")
    );
    let bytes = document(&[boxed, asked, consent].concat());
    check("form.docx", &bytes, &[&[(Field::ClientName, "Ann Lee"), (Field::ClientPhone, "518-555-0101")]]);
    let packet = &harvest("form.docx", &bytes).packets[0];
    assert!(packet.get(Field::ClientPhoneOther).is_none());
    assert_eq!(packet.get(Field::SafeVoicemail).unwrap().judged, handoffd::referral::packet::Judged::No);
    assert!(packet.consents());
}

#[test]
fn a_documents_table_of_two_columns_is_a_form_and_one_of_heads_is_a_list() {
    let cells = |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| line(text)).collect() };
    let form = table(&[
        &cells(&["Client name", "Ann Lee"]),
        &cells(&["Phone", "518-555-0101"]),
        &cells(&["Documents", "Lease"]),
    ]);
    check("form.docx", &document(&form), &[&[(Field::ClientName, "Ann Lee"), (Field::Documents, "Lease")]]);
    let list = table(&[
        &cells(&["Name", "Phone", "Issue"]),
        &cells(&["Ann Lee", "518-555-0101", "Eviction"]),
        &cells(&["Bob Ray", "518-555-0102", "Wages"]),
    ]);
    check(
        "list.docx",
        &document(&list),
        &[
            &[(Field::ClientName, "Ann Lee")],
            &[(Field::ClientName, "Bob Ray"), (Field::ClientPhone, "518-555-0102")],
        ],
    );
}

/// A PDF form of the given field dictionaries.
fn pdf(fields: Vec<lopdf::Dictionary>) -> Vec<u8> {
    use lopdf::{Document, Object, dictionary};
    let mut document = Document::with_version("1.7");
    let fields: Vec<Object> = fields.into_iter().map(|field| document.add_object(field).into()).collect();
    let form = document.add_object(dictionary! { "Fields" => fields });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "AcroForm" => form });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_pdf_forms_texts_boxes_buttons_and_choices_are_read_as_they_show() {
    use lopdf::{Object, dictionary};
    let text = |words: &str| Object::string_literal(words.to_owned());
    let name = |value: &str| Object::Name(value.as_bytes().to_vec());
    let pair = |kept: &str, shown: &str| Object::Array(vec![text(kept), text(shown)]);
    let bytes = pdf(vec![
        dictionary! { "FT" => "Tx", "T" => text("topmostSubform[0].Page1[0].ClientName[0]"), "V" => text("Ann Lee") },
        dictionary! { "FT" => "Tx", "T" => text("Text12"), "TU" => text("Client phone"), "V" => text("518-555-0101") },
        dictionary! { "FT" => "Btn", "T" => text("Safe to leave voicemail"), "V" => name("0"), "Opt" => vec![text("No"), text("Yes")] },
        dictionary! { "FT" => "Btn", "T" => text("Consent to share information"), "V" => name("Yes") },
        dictionary! { "FT" => "Ch", "T" => text("Preferred language"), "V" => text("es"), "Opt" => vec![pair("en", "English"), pair("es", "Spanish")] },
        dictionary! { "FT" => "Ch", "T" => text("Legal issue"), "V" => vec![text("Housing"), text("Benefits")] },
        dictionary! { "FT" => "Tx", "T" => text("Client Address"), "V" => text("") },
    ]);
    check(
        "form.pdf",
        &bytes,
        &[&[
            (Field::ClientName, "Ann Lee"),
            (Field::ClientPhone, "518-555-0101"),
            (Field::SafeVoicemail, "No"),
            (Field::Consent, "Yes"),
            (Field::Language, "Spanish"),
            (Field::Service, "Housing, Benefits"),
        ]],
    );
}

#[test]
fn cards_of_every_version_are_people() {
    for card in [
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Vega;Mar=C3=ADa\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mar=C3=ADa Vega\r\nTEL;CELL:518-555-0103\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Vega;Mar=C3=ADa;;;\r\nTEL;CELL:518-555-0103\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Vega;María;;;\r\nFN:María Vega\r\nitem1.TEL;type=CELL;type=pref:518-555-0103\r\nADR;TYPE=HOME:;;12 Elm St;Albany;NY;12207;USA\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:María Vega\r\nTEL;VALUE=uri;TYPE=\"cell,voice\":tel:518-555-0103\r\nEND:VCARD\r\n",
    ] {
        check(
            "a.vcf",
            card.as_bytes(),
            &[&[(Field::ClientName, "María Vega"), (Field::ClientPhone, "518-555-0103")]],
        );
    }
    let two = "BEGIN:VCARD\nFN:Ann Lee\nTEL:518-555-0101\nEND:VCARD\nBEGIN:VCARD\nN:Ray;Bob\nTEL:518-555-0102\nEND:VCARD\n";
    check("a.vcf", two.as_bytes(), &[&[(Field::ClientName, "Ann Lee")], &[(Field::ClientName, "Bob Ray")]]);
}

#[test]
fn phones_in_a_list_are_no_people_and_each_way_of_contact_has_its_own_answer() {
    let text = r#"{"submission": {"client": {"firstName": "Ana", "lastName": "Vega",
        "phoneNumbers": [{"type": "cell", "number": "518-555-0142"}],
        "safeToContact": {"phone": true, "text": false, "email": "no"}}, "consentToShare": true}}"#;
    let ana: &[(Field, &str)] = &[
        (Field::ClientName, "Ana Vega"),
        (Field::ClientPhone, "518-555-0142"),
        (Field::SafeCall, "true"),
        (Field::SafeText, "false"),
        (Field::SafeEmail, "no"),
        (Field::Consent, "true"),
    ];
    check("a.json", text.as_bytes(), &[ana]);
}

#[test]
fn cells_of_a_document_that_are_merged_downwards_head_their_rows() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let tc = |merge: &str, text: &str| format!("<w:tc><w:tcPr>{merge}</w:tcPr>{}</w:tc>", p(text));
    let (first, next) = ("<w:vMerge w:val=\"restart\"/>", "<w:vMerge/>");
    let row = |merge: &str, group: &str, label: &str, value: &str| {
        format!("<w:tr>{}{}{}</w:tr>", tc(merge, group), tc("", label), tc("", value))
    };
    let rows = [
        row(first, "Client", "Name", "Ana Vega"),
        row(next, "", "Phone", "518-555-0142"),
        row(first, "Referred by", "Name", "Jo Bell"),
        row(next, "", "Phone", "518-555-0111"),
    ];
    let xml = format!("<w:document><w:body><w:tbl>{}</w:tbl></w:body></w:document>", rows.concat());
    let ana: &[(Field, &str)] = &[
        (Field::ClientName, "Ana Vega"),
        (Field::ClientPhone, "518-555-0142"),
        (Field::ReferrerName, "Jo Bell"),
        (Field::ReferrerPhone, "518-555-0111"),
    ];
    check("a.docx", &zipped(&[("word/document.xml", &xml)]), &[ana]);
}

#[test]
fn json_of_forms_and_systems_is_read_in_its_nesting() {
    let ann: &[(Field, &str)] = &[(Field::ClientName, "Ann Lee"), (Field::ClientPhone, "518-555-0101")];
    let bob: &[(Field, &str)] = &[(Field::ClientName, "Bob Ray"), (Field::ClientPhone, "518-555-0102")];
    let one = [
        r#"{"referral":{"client":{"firstName":"Ann","lastName":"Lee","phone":"518-555-0101"},"referrer":{"name":"Jo Bell","phone":"518-555-0199"}}}"#,
        r#"{"data":{"client_name":"Ann Lee","client_phone":"518-555-0101","languages":["Spanish","English"]}}"#,
        r#"{"fields":[{"label":"Client name","value":"Ann Lee"},{"label":"Phone","value":"518-555-0101"},{"label":"Needs","value":null}]}"#,
        r#"{"client":{"name":"Ann Lee","contact":{"phones":[{"type":"cell","number":"518-555-0101"}]}}}"#,
        "\u{feff}{\"Client Name\":\"Ann Lee\",\"Phone\":\"518-555-0101\"}",
    ];
    for text in one {
        check("a.json", text.as_bytes(), &[ann]);
    }
    let many = r#"{"referrals":[{"client":{"name":"Ann Lee","phone":"518-555-0101"}},{"client":{"name":"Bob Ray","phone":"518-555-0102"}}]}"#;
    check("a.json", many.as_bytes(), &[ann, bob]);
}
