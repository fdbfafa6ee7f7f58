//! What an entity stands for in the XML of an office file.

/// The character an entity stands for; a space for one nobody knows.
pub(super) fn character(name: &quick_xml::events::BytesRef<'_>) -> char {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c;
    }
    match name.xml_content(quick_xml::XmlVersion::Implicit1_0).as_ref() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => ' ',
    }
}
