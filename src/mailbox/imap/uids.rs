//! Texts that go into commands: UID sets, quoted names, keywords. Nothing else from outside ever does.

use crate::mailbox::MailboxError;

/// The set in IMAP's form, neighbours as ranges: `1:3,7`. The UIDs come in rising order.
pub(super) fn uid_set(uids: impl IntoIterator<Item = u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if uid == last.saturating_add(1) => *last = uid,
            Some(_) | None => ranges.push((uid, uid)),
        }
    }
    let texts: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}:{last}") })
        .collect();
    texts.join(",")
}

/// A folder's name as a quoted string.
///
/// # Errors
/// [`MailboxError::Setting`] for anything but printable ASCII: IMAP writes other names in modified UTF-7.
pub(super) fn quoted(setting: &'static str, name: &str) -> Result<String, MailboxError> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        let why = "write it in printable ASCII, as the server does (modified UTF-7, RFC 3501 section 5.1.3)";
        return Err(MailboxError::Setting { setting, why });
    }
    Ok(format!("\"{}\"", name.replace('\\', r"\\").replace('"', "\\\"")))
}

/// A keyword as an atom.
///
/// # Errors
/// [`MailboxError::Setting`] when it is not one (RFC 3501 §9), or is a flag that means something to people.
pub(super) fn keyword(text: &str) -> Result<&str, MailboxError> {
    let special = |c: char| "(){%*\"\\]".contains(c) || !c.is_ascii_graphic();
    if text.is_empty() || text.chars().any(special) {
        let why = "a keyword is a word such as $Handoff, without backslash, brackets or spaces";
        return Err(MailboxError::Setting { setting: "after", why });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_ranges() {
        for (uids, text) in [
            (vec![], ""),
            (vec![5], "5"),
            (vec![1, 2, 3, 7, 9, 10], "1:3,7,9:10"),
            (vec![u32::MAX - 1, u32::MAX], "4294967294:4294967295"),
        ] {
            assert_eq!(uid_set(uids), text);
        }
    }

    #[test]
    fn nothing_breaks_out_of_a_quoted_name_or_a_keyword() {
        assert_eq!(quoted("mailbox", r#"In "box" \ {3}"#).unwrap(), r#""In \"box\" \\ {3}""#);
        for bad in ["", "IN\r\nBOX", "Entwürfe", "a\0b"] {
            assert!(quoted("mailbox", bad).is_err(), "{bad:?}");
        }
        assert_eq!(keyword("$Handoff").unwrap(), "$Handoff");
        for bad in ["", "a b", "\\Deleted", "a)", "a\r\n"] {
            assert!(keyword(bad).is_err(), "{bad:?}");
        }
    }
}
