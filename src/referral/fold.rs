//! Text folded for comparing: lower case, without accents, in Latin letters.

/// A text in lower case without accents; a mark that stands alone is dropped.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(letters).collect()
}

/// The folded words of a text: letters and digits, everything else parts them.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn letters(c: char) -> impl Iterator<Item = char> {
    const BASES: [(char, &str); 16] = [
        ('a', "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"),
        ('c', "çćĉċč"),
        ('d', "ďđ"),
        ('e', "èéêëēĕėęěẹẻẽếềểễệ"),
        ('g', "ĝğġģ"),
        ('h', "ĥħ"),
        ('i', "ìíîïĩīĭįıǐỉị"),
        ('l', "ĺļľł"),
        ('n', "ñńņňǹ"),
        ('o', "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ"),
        ('r', "ŕŗř"),
        ('s', "śŝşšș"),
        ('t', "ţťŧț"),
        ('u', "ùúûüũūŭůűųưǔụủứừửữự"),
        ('y', "ýÿŷỳỵỷỹ"),
        ('z', "źżž"),
    ];
    c.to_lowercase().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).map(|c| {
        if c.is_ascii() {
            return c;
        }
        BASES.iter().find(|(_, accented)| accented.contains(c)).map_or(c, |(base, _)| *base)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_matter() {
        for (text, folded) in [
            ("José NÚÑEZ", "jose nunez"),
            ("Jose\u{301}", "jose"),
            ("Nguyễn Văn Đức", "nguyen van duc"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("王小明", "王小明"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
        assert_eq!(words(" Kings County, N.Y. "), ["kings", "county", "n", "y"]);
    }
}
