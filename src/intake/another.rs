//! Another: whoever writes from a client's address may not be the client, or may not be alone there. "This is her husband,
//! who are you?" gets no answer of ours, which would tell him that she asked for help.

use std::sync::LazyLock;

use super::any_of::AnyOf;
use super::form::fold::fold;
use super::plain::plain;

/// The words; the file says what they are.
const FILE: &str = include_str!("another.txt");
/// So many letters are looked at: a person says it at once.
const LETTERS: usize = 2_000;

static PHRASES: LazyLock<AnyOf> = LazyLock::new(|| {
    let begins = |phrase: &str| format!(" {phrase}");
    AnyOf::of(lines().map(|line| line.strip_prefix('~').map_or_else(|| begins(line), str::to_owned)))
});

fn lines() -> impl Iterator<Item = &'static str> {
    FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether somebody who writes from a client's address says, in their own words, that they are somebody else, asks who
/// we are, or says that somebody looks on.
#[must_use]
pub fn may_write(own: &str) -> bool {
    let own: String = own.chars().take(LETTERS).collect();
    PHRASES.is_in(&format!(" {}", fold(&plain(&own))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_the_client_or_not_alone_is_heard() {
        for text in [
            "This is her husband, who are you?",
            "Ana is not here, this is Juan.",
            "Who is this?",
            "\u{bf}Qui\u{e9}n es?",
            "This is my work email, my boss can see it.",
            "I am her daughter, she passed away.",
            "I\u{2019}m not the person you want",
            "Ana no vive aqu\u{ed}, soy su esposo.",
            "he is here now",
            "Can you text instead of email?",
            "This is not a good address for me.",
            "Qui \u{ea}tes-vous ?",
            "Quem \u{e9}?",
            "Кто это?",
            "你们是谁？",
            "누구세요?",
            "من أنتم؟",
        ] {
            assert!(may_write(text), "{text}");
        }
        for text in [
            "Thank you, when is my appointment?",
            "My new number is 518 555 0100",
            "Gracias, espero su llamada.",
            "I need help with my rent.",
            "This is Ana. Please call me tomorrow.",
            "谢谢，我明天可以",
            "Merci beaucoup",
            "I am not able to come on Monday, my husband passed away.",
            "No soy ciudadana, necesito ayuda.",
            "",
        ] {
            assert!(!may_write(text), "{text}");
        }
    }

    #[test]
    fn every_line_is_folded() {
        for line in lines() {
            let phrase = line.trim_start_matches('~');
            assert_eq!(fold(&plain(phrase)), phrase);
        }
    }
}
