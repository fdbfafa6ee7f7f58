//! What a server said, made fit for a log line, an alert or a column.
//!
//! Servers quote addresses, and hostile ones send escape codes: nothing of an answer is shown without passing here.

use std::collections::BTreeSet;

/// The longest text [`sanitised`] returns, in characters.
pub const LONGEST: usize = 200;

/// One line of at most [`LONGEST`] characters: control and non-ASCII characters become spaces, white space is
/// folded, and every word that holds an `@` becomes `***`.
#[must_use]
pub fn sanitised(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() { c } else { ' ' };
    // Bounded before the work: a server may send far more than is ever shown.
    let plain: String = text.chars().take(8 * LONGEST).map(plain).collect();
    let words = plain.split_ascii_whitespace().map(|word| if word.contains('@') { "***" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

/// Words that name nobody, in the order of the alphabet.
const WORDS: &str = include_str!("server_words.txt");

/// What of a server's answer may stand in a log: its codes, and of its words those of a closed list that can name nobody;
/// whatever stood between them becomes `..`. A server may write a person's name into its answer.
#[must_use]
pub fn in_known_words(text: &str) -> String {
    let known: BTreeSet<&str> =
        WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let shown = sanitised(text);
    let mut out: Vec<&str> = Vec::new();
    for (place, word) in shown.split(' ').enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        // Only in front is a number a code; later it may be a phone.
        let is_code = place < 2 && (is_enhanced_code(bare) || bare.len() == 3 && bare.parse::<u16>().is_ok());
        if is_code || known.contains(bare.to_ascii_lowercase().as_str()) {
            out.push(bare);
        } else if out.last() != Some(&"..") && !word.is_empty() {
            out.push("..");
        }
    }
    out.join(" ")
}

/// The enhanced status code (RFC 3463) of a reply text, such as `5.1.1`, if it has one.
#[must_use]
pub fn enhanced_code(text: &str) -> Option<&str> {
    text.split_ascii_whitespace().next().filter(|word| is_enhanced_code(word))
}

fn is_enhanced_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').take(4).collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [class, subject, detail] => {
            matches!(*class, "2" | "4" | "5") && [subject, detail].into_iter().all(number)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_one_short_line_without_people() {
        for (said, shown) in [
            ("550 no such user <ann@example.org>: gone", "550 no such user *** gone"),
            ("\x1b[31mALERT\x07\r\n  twice\u{202e}", "[31mALERT twice"),
            ("", ""),
        ] {
            assert_eq!(sanitised(said), shown);
        }
        assert_eq!(sanitised(&"x".repeat(1_000_000)).len(), LONGEST);
    }

    #[test]
    fn a_log_gets_only_codes_and_words_that_name_nobody() {
        for (said, shown) in [
            (
                "451 4.7.1 <ann@example.org>: Recipient address rejected: Greylisted, try again later",
                "451 4.7.1 .. Recipient address rejected Greylisted try again later",
            ),
            (
                "452 4.2.2 Ann Smith's mailbox is full (call 555-0100 or 555)",
                "452 4.2.2 .. mailbox is full .. or ..",
            ),
            ("450 ann smith", "450 .."),
            ("the folder refuses it: permission denied", "the .. it permission denied"),
            ("", ""),
        ] {
            assert_eq!(in_known_words(said), shown);
        }
        let words: Vec<&str> =
            WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
        assert!(
            words
                .iter()
                .all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
    }

    #[test]
    fn an_enhanced_code_is_read_only_from_the_front() {
        for (said, code) in [
            ("5.1.1 no such user", Some("5.1.1")),
            ("4.7.500 later", Some("4.7.500")),
            ("see 5.1.1", None),
            ("1.2.3 no", None),
            ("5.1.1.1 no", None),
            ("5.1234.1", None),
            ("", None),
        ] {
            assert_eq!(enhanced_code(said), code, "{said}");
        }
    }
}
