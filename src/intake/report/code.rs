//! Enhanced status codes (RFC 3463) in the words of mail servers.

/// The first enhanced status code of a text; part of an address or a version number is none.
pub(super) fn first(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || "()<>[];:,#-\"'=".contains(c))
        .map(|word| word.trim_end_matches('.'))
        .find(|word| is_status(word))
        .map(str::to_owned)
}

/// The enhanced status code in a value, comments around it ignored.
pub(super) fn status(value: &str) -> Option<String> {
    value.split(|c: char| !c.is_ascii_digit() && c != '.').find(|word| is_status(word)).map(str::to_owned)
}

/// `5.1.1`: class 2, 4 or 5, and two numbers of up to three digits (RFC 3463).
fn is_status(word: &str) -> bool {
    let mut numbers = word.split('.');
    let class = numbers.next().is_some_and(|class| matches!(class, "2" | "4" | "5"));
    let mut number = || {
        let number = numbers.next().unwrap_or_default();
        !number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    class && number() && number() && numbers.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_another_kind_is_no_status() {
        assert_eq!(first("host 192.5.1.1 v4.1.22.3 said 550-5.1.1 x").as_deref(), Some("5.1.1"));
        assert_eq!(first("(#5.2.2)").as_deref(), Some("5.2.2"));
        assert_eq!(first("version 5.1"), None);
    }
}
