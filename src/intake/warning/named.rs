//! The other side by name: "Bob reads her mail" warns as "he reads her mail" does, where Bob is the opposing party.

use super::super::form::fold::{fold, words};
use crate::referral::packet::{Field, Packet};

/// A text with the names of the packet's opposing party read as "he"; `None` where it does not name them. A name that
/// is the client's too is left: nobody knows whose it is.
pub(super) fn read_as_he(packet: &Packet, text: &str) -> Option<String> {
    let other = fold(packet.text(Field::OpposingParty)?);
    let client = fold(packet.text(Field::ClientName).unwrap_or_default());
    let client = words(&client);
    let mut names = words(&other);
    names.retain(|name| name.chars().count() > 2 && !client.contains(name));
    let mut is_named = false;
    let read = text.split_inclusive(char::is_whitespace).map(|piece| {
        let core = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let name = core.strip_suffix("'s").or_else(|| core.strip_suffix("’s"));
        let folded = fold(name.unwrap_or(core));
        if core.is_empty() || !names.contains(&folded.as_str()) {
            return piece.to_owned();
        }
        is_named = true;
        piece.replacen(core, if name.is_some() { "his" } else { "he" }, 1)
    });
    let read: String = read.collect();
    is_named.then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::packet::{Confidence, Found, Judged};

    #[test]
    fn who_is_named_as_the_other_side_is_read_as_he() {
        let mut packet = Packet::default();
        for (field, value) in [(Field::OpposingParty, "Robert O. Lee"), (Field::ClientName, "Ann Lee")] {
            let (judged, confidence) = (Judged::Text, Confidence::High);
            packet.put(field, Found { value: value.to_owned(), judged, confidence, place: String::new() });
        }
        for (text, read) in [
            ("Robert reads her mail.", Some("he reads her mail.")),
            ("It is ROBERT’s account, (Robert) says", Some("It is his account, (he) says")),
            ("Lee reads her mail", None),
            ("roberta reads her mail", None),
            ("robert@mail.example", None),
        ] {
            assert_eq!(read_as_he(&packet, text).as_deref(), read, "{text}");
        }
        assert_eq!(read_as_he(&Packet::default(), "Robert reads her mail"), None);
    }
}
