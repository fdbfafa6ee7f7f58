//! Rich text, cut into its signs.

/// One sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\*`
    Star,
    /// A byte of text in the alphabet of the font.
    Byte(u8),
    /// A character of no alphabet.
    Character(char),
    /// A control word without its backslash, and its number.
    Word(&'a [u8], Option<i32>),
}

/// The signs of what is left.
pub(super) struct Tokens<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let (first, rest) = self.0.split_first()?;
            self.0 = rest;
            match first {
                b'{' => return Some(Token::Open),
                b'}' => return Some(Token::Close),
                b'\r' | b'\n' | b'\0' => {}
                b'\\' => {
                    if let Some(token) = self.control() {
                        return Some(token);
                    }
                }
                byte => return Some(Token::Byte(*byte)),
            }
        }
    }
}

impl<'a> Tokens<'a> {
    /// What stands behind a backslash; `None` when it says nothing.
    fn control(&mut self) -> Option<Token<'a>> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if length == 0 {
            return self.symbol();
        }
        let (name, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let number = self.number();
        self.0 = self.0.strip_prefix(b" ").unwrap_or(self.0);
        if name == b"bin" {
            let length = number.and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
            self.0 = self.0.get(length..).unwrap_or_default();
            return None;
        }
        Some(Token::Word(name, number))
    }

    fn symbol(&mut self) -> Option<Token<'a>> {
        let (symbol, rest) = self.0.split_first()?;
        self.0 = rest;
        match symbol {
            b'\'' => {
                let (digits, rest) = self.0.split_at_checked(2)?;
                let byte = std::str::from_utf8(digits)
                    .ok()
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok())?;
                self.0 = rest;
                Some(Token::Byte(byte))
            }
            b'*' => Some(Token::Star),
            b'~' => Some(Token::Character('\u{a0}')),
            b'_' => Some(Token::Character('-')),
            b'\r' | b'\n' => Some(Token::Word(b"par", None)),
            b'\t' => Some(Token::Word(b"tab", None)),
            b'{' | b'}' | b'\\' => Some(Token::Byte(*symbol)),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<i32> {
        const DIGITS: usize = 10;
        let unsigned = self.0.strip_prefix(b"-").unwrap_or(self.0);
        let length = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return None;
        }
        let (digits, rest) = self.0.split_at_checked(self.0.len() - unsigned.len() + length)?;
        self.0 = rest;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() <= DIGITS)?;
        digits.parse().ok()
    }
}
