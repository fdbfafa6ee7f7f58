//! `format=flowed` (RFC 3676): paragraphs that a program broke over lines are put together again.
//!
//! A soft break is a blank at the end of a line. People leave blanks there too, so a break is believed only where the
//! next word would not have fitted on the line: `Name: Ann ` above `Phone: 5` stay two lines.

/// A program that wraps at all lets lines grow to about this length (RFC 3676 §4.2 asks for 66 to 78).
const WRAPPED_CHARS: usize = 60;

/// The text with its soft breaks taken out; quote marks stay at the start of each line. With `delsp` the blank before
/// a soft break is no part of the text.
#[must_use]
pub fn unfolded(text: &str, delsp: bool) -> String {
    let mut unfolded = String::with_capacity(text.len());
    let mut lines = text.split('\n').map(Flowed::read).peekable();
    let mut goes_on = false;
    while let Some(line) = lines.next() {
        if !goes_on {
            line.push_marks(&mut unfolded);
        }
        goes_on = lines.peek().is_some_and(|next| line.flows_into(next));
        let text = if goes_on && delsp { line.text.strip_suffix(' ') } else { None };
        unfolded.push_str(text.unwrap_or(line.text));
        if !goes_on && lines.peek().is_some() {
            unfolded.push('\n');
        }
    }
    unfolded
}

/// One line as it was sent.
struct Flowed<'a> {
    depth: usize,
    /// Without quote marks, the blank a program put before the text, and the line end.
    text: &'a str,
}

impl<'a> Flowed<'a> {
    fn read(line: &'a str) -> Flowed<'a> {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let text = line.trim_start_matches('>');
        let depth = line.len() - text.len();
        Flowed { depth, text: text.strip_prefix(' ').unwrap_or(text) }
    }

    fn push_marks(&self, text: &mut String) {
        text.extend(std::iter::repeat_n('>', self.depth));
        if self.depth > 0 {
            text.push(' ');
        }
    }

    fn flows_into(&self, next: &Flowed<'_>) -> bool {
        let word = next.text.split(' ').next().unwrap_or_default();
        self.text.ends_with(' ')
            && self.text != "-- "
            && next.text != "-- "
            && self.depth == next.depth
            && !next.text.trim().is_empty()
            && self.text.chars().count() + word.chars().count() > WRAPPED_CHARS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "She can be reached in the morning, but please do not leave any ";

    #[test]
    fn a_wrapped_paragraph_becomes_one_line_again() {
        let text = format!("{LONG}\r\nmessage.\r\n\r\n>> {LONG}\n>> words\n> words\n");
        let unfolded_text = format!("{LONG}message.\n\n>> {LONG}words\n> words\n");
        assert_eq!(unfolded(&text, false), unfolded_text);
        assert_eq!(unfolded(&format!("{LONG}\nx"), true), format!("{}x", LONG.trim_end()));
    }

    #[test]
    fn a_signature_a_stuffed_line_and_a_typed_blank_stay_as_they_are() {
        for (text, shown) in [
            ("Done.\n-- \nAnn", "Done.\n-- \nAnn"),
            (" From here\n >not quoted\n", "From here\n>not quoted\n"),
            ("Name: Ann \nPhone: 555 0100 \n", "Name: Ann \nPhone: 555 0100 \n"),
            ("", ""),
        ] {
            assert_eq!(unfolded(text, false), shown);
        }
    }
}
