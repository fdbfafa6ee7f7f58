//! Herself: whether it is plain that the client wrote what came from her address. Only that gets an answer of ours:
//! whoever else sits there would learn by it that somebody is there who knows her.

use std::sync::LazyLock;

use super::form::fold::fold;
use super::plain::{is_unspaced, plain};

/// The words; the file says what they are.
const FILE: &str = include_str!("herself.txt");
/// So many letters are looked at: in a long story others are spoken of.
const LETTERS: usize = 2_000;

struct Words {
    /// Of oneself.
    own: Vec<String>,
    /// Of somebody else, or of who we are.
    others: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lines = |sign: &str| -> Vec<String> {
        FILE.lines().filter_map(|line| line.strip_prefix(sign)).map(|line| fold(&plain(line))).collect()
    };
    let each = |lines: Vec<String>| -> Vec<String> {
        lines.iter().flat_map(|line| line.split(' ')).map(str::to_owned).collect()
    };
    Words { own: each(lines("+ ")), others: [each(lines("- ")), lines("-- ")].concat() }
});

/// Whether it is plain that the client herself wrote this: she speaks of herself and of nobody else.
#[must_use]
pub fn wrote(own_text: &str) -> bool {
    let own: String = own_text.chars().take(LETTERS).collect();
    let own = format!(" {} ", fold(&plain(&own)));
    let says = |word: &String| {
        if word.contains(is_unspaced) {
            own.contains(word.as_str())
        } else {
            own.contains(&format!(" {word} "))
        }
    };
    WORDS.own.iter().any(says) && !WORDS.others.iter().any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_speaks_of_herself_alone_is_the_client() {
        for text in [
            "When is my appointment?",
            "Can you call me at 5?",
            "I need help with my rent.",
            "My new number is 518 555 0100",
            "Necesito hablar con alguien mañana",
            "¿Cuándo es mi cita?",
            "Je n'ai pas reçu ma lettre",
            "Preciso de ajuda com o aluguel",
            "Я жду, мне нужна помощь",
            "我明天可以",
            "제가 내일 갈 수 있어요",
            "Mwen bezwen èd",
            "Tôi cần giúp đỡ",
            "أنا أحتاج مساعدة",
            "Kailangan ko ng tulong",
            "What is my case about? Please send me everything you have.",
            "Who will call me, and when?",
            "Can someone call me tomorrow?",
            "Quiero saber el día de mi cita, gracias por su ayuda",
            "Il y a un problème avec mon rendez-vous",
            "Khi nào tôi có cuộc hẹn?",
        ] {
            assert!(wrote(text), "{text}");
        }
    }

    #[test]
    fn whoever_else_may_have_written_is_not_plainly_the_client() {
        for text in [
            "",
            "What is my wife doing with you people?",
            "Please resend what you sent to my wife",
            "I found this on her phone",
            "Leave her alone",
            "leave my wife alone",
            "Stay away from my family, she is fine",
            "This is John.",
            "You have reached John.",
            "Zoe's phone, John speaking",
            "Zoe is asleep. I am answering for her.",
            "Is this the shelter?",
            "Where is she?",
            "Why are you writing to this address?",
            "I saw your email on our computer",
            "I am reading this on our shared laptop",
            "We share this account",
            "I handle her mail",
            "Hi, my partner showed me this",
            "This mailbox is now used by IT dept",
            "Not me",
            "I never requested anything",
            "I will find you",
            "My lawyer will contact you",
            "What did she tell you?",
            "Ki moun ou ye?",
            "Mi esposa no está aquí",
            "Ma femme n'est pas là",
            "Minha esposa não precisa disso",
            "我老婆不在",
            "제 아내는 여기 없어요",
            "Моя жена спит",
            "زوجتي نائمة",
            "Thank you",
        ] {
            assert!(!wrote(text), "{text}");
        }
    }
}
