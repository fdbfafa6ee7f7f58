//! Character references of HTML.

use mail_parser::decoders::html::add_html_token;

/// The longest name that is looked up, with its `&`.
const LONGEST: usize = 34;

/// The character an entity stands for, and what follows it; a bare `&` is itself.
pub(super) fn entity(from: &str) -> (char, &str) {
    let body = from.strip_prefix('&').unwrap_or(from);
    let named = body
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| *c == ';')
        .and_then(|(at, _)| body.split_at_checked(at));
    let Some((name, after)) = named else { return ('&', body) };
    let after = after.strip_prefix(';').unwrap_or(after);
    match named_char(name) {
        Some(c) => (c, after),
        None => ('&', body),
    }
}

fn named_char(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = match hex {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        // Signs that the tables of labels know by one form.
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "zwnj" | "zwj" | "shy" => '\u{200b}',
        "bull" | "middot" => '•',
        "minus" => '–',
        "check" => '✓',
        _ => return standard(name),
    })
}

/// What the standard's table says.
fn standard(name: &str) -> Option<char> {
    let mut text = String::new();
    add_html_token(&mut text, ["&", name, ";"].concat().as_bytes(), false);
    let mut chars = text.chars();
    // A name that it does not know is handed back as it was.
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn references_of_every_language_of_mails_are_characters() {
        for (reference, c) in [
            ("&atilde;", 'ã'),
            ("&Ccedil;", 'Ç'),
            ("&ecirc;", 'ê'),
            ("&szlig;", 'ß'),
            ("&oslash;", 'ø'),
            ("&copy;", '©'),
            ("&amp;", '&'),
            ("&nbsp;", ' '),
            ("&rsquo;", '\''),
            ("&eacute;", 'é'),
            ("&#233;", 'é'),
            ("&#xE9;", 'é'),
        ] {
            assert_eq!(entity(&format!("{reference}x")), (c, "x"), "{reference}");
        }
    }

    #[test]
    fn what_is_no_reference_stays_as_it_is() {
        for text in ["& Sons; Ltd", "&nosuchname;", "&", "&;", "&#xFFFFFFFF;", "&#;"] {
            assert_eq!(entity(text), ('&', text.trim_start_matches('&')), "{text}");
        }
    }
}
