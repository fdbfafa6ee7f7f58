//! Character references of HTML: the ones mails use.

/// The character an entity stands for, and what follows it; a bare `&` is itself.
pub(super) fn entity(from: &str) -> (char, &str) {
    let body = from.strip_prefix('&').unwrap_or(from);
    let named =
        body.char_indices().take(12).find(|(_, c)| *c == ';').and_then(|(at, _)| body.split_at_checked(at));
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
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "zwnj" | "zwj" | "shy" => '\u{200b}',
        "ndash" | "minus" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" | "middot" => '•',
        "ldquo" => '“',
        "rdquo" => '”',
        "aacute" => 'á',
        "eacute" => 'é',
        "iacute" => 'í',
        "oacute" => 'ó',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        "uuml" => 'ü',
        "Aacute" => 'Á',
        "Eacute" => 'É',
        "Iacute" => 'Í',
        "Oacute" => 'Ó',
        "Uacute" => 'Ú',
        "Ntilde" => 'Ñ',
        "iquest" => '¿',
        "iexcl" => '¡',
        "ouml" => 'ö',
        "auml" => 'ä',
        "egrave" => 'è',
        "ccedil" => 'ç',
        "agrave" => 'à',
        "check" => '✓',
        _ => return None,
    })
}
