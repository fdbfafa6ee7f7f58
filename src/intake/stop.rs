//! How a client says stop: in any reasonable wording, in every language we write to clients in (issue 5, point 4).
//!
//! The words are data, one file a language under `stop/`. Every language is tried, whatever the packet says. A false
//! yes costs a call by staff, a missed one can cost a life: doubt is a yes.

pub mod carried;
mod clause;
mod machine;
mod words;

use std::sync::LazyLock;

use super::any_of::AnyOf;
use super::form::fold;
use super::plain::{is_unspaced, plain};
pub use machine::is_said_by_machine;
use words::{WORDS, are_tails, is_turned};

/// In the first lines of a mail's own text, blank ones aside, a word for stop counts with a little behind it.
const FIRST: usize = 3;
/// In so many lines STOP in capitals counts wherever it stands.
const NEAR: usize = 10;
/// So many lines are looked at: a person says it at once, or after some words of courtesy.
const LINES: usize = 60;
/// And so many letters, for a phrase that the mail program broke over two lines.
const LETTERS: usize = 6_000;
/// All that may stand within a line, looked for at once.
static WITHIN: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::of(WORDS.within.keys().map(String::as_str)));

/// Whether somebody asks not to be written to: in the subject, or in what they wrote themselves. A word for stop that
/// begins one of the first three lines counts, and one that is all of a later line; a phrase counts anywhere. Where a
/// letter of ours seems to begin, which speaks of STOP itself, a mail program has quoted it without a mark: from there
/// on each line is judged alone, and the one that explains STOP is ours.
#[must_use]
pub fn says_stop(subject: &str, own_text: &str) -> bool {
    let written = || lines(own_text).enumerate();
    let is_quoted = |(place, line): &(usize, &str)| *place >= FIRST && names_a_reference(line);
    let above = || written().take_while(|line| !is_quoted(line)).map(|(_, line)| line);
    let below = || written().skip_while(|line| !is_quoted(line)).map(|(_, line)| line);
    let said = |(place, line): (usize, &str)| {
        let folded = fold(line);
        let is_early = place < FIRST;
        is_within(&folded)
            || if is_early { is_whole(&folded) } else { is_all(&folded) }
            || clause::is_said(line, is_early)
    };
    let said_below = |(line, is_ours): (&str, bool)| {
        let folded = fold(line);
        is_all(&folded) || (is_within(&folded) && !is_ours)
    };
    let joined = || above().flat_map(|line| line.chars().chain([' '])).take(LETTERS).collect::<String>();
    let shouted = |(line, is_ours): (&str, bool)| !is_ours && clause::is_shouted(line);
    is_whole(&fold(subject))
        || clause::is_said(subject, true)
        || with_ours(written().map(|(_, line)| line)).take(NEAR).any(shouted)
        || above().enumerate().any(said)
        || above().zip(above().skip(1)).any(|(line, next)| clause::is_said_over(line, next))
        || is_within(&fold(&joined()))
        || with_ours(below()).any(said_below)
}

/// The lines that are looked at.
fn lines(own_text: &str) -> impl Iterator<Item = &str> {
    own_text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES)
}

/// Which lines of a quoted letter are ours: the first one behind each number that explains STOP, and the one after it,
/// which says when to ignore the mail. Whoever speaks of STOP once more means it, however they write it.
fn with_ours<'a>(lines: impl Iterator<Item = &'a str>) -> impl Iterator<Item = (&'a str, bool)> {
    let (mut explains, mut follows) = (false, false);
    lines.map(move |line| {
        explains |= names_a_reference(line);
        let explanation = explains && explains_stop(line);
        let is_ours = explanation || (std::mem::take(&mut follows) && is_long(line));
        if explanation {
            (explains, follows) = (false, true);
        }
        (line, is_ours)
    })
}

/// Longer than an answer between the lines would be.
fn is_long(line: &str) -> bool {
    line.chars().count() >= 40 || line.chars().any(is_unspaced)
}

/// Words as they are compared here.
fn fold(text: &str) -> String {
    fold::fold(&plain(text))
}

/// STOP in capitals among other letters: so do our letters write it, in every language.
fn explains_stop(line: &str) -> bool {
    line.contains("STOP") && line.chars().any(|c| c.is_alphabetic() && !c.is_uppercase())
}

/// Whether something of the form `-7K4M-2QX9` stands in a line: each of our letters to clients begins with its number.
pub(super) fn names_a_reference(line: &str) -> bool {
    let mut parts =
        line.split('-').skip(1).map(|part| part.chars().take_while(char::is_ascii_alphanumeric).count());
    let mut before = 0;
    parts.any(|length| std::mem::replace(&mut before, length) == 4 && length >= 4)
}

/// The whole line is a word for stop, or begins with one and ends soon.
fn is_whole(line: &str) -> bool {
    WORDS.whole.iter().any(|whole| {
        let Some(rest) = line.strip_prefix(whole.words.as_str()) else { return false };
        rest.is_empty() || rest.starts_with(' ') && !whole.is_turned(rest)
    }) || is_alone(line)
}

/// The whole line is a word for stop, with nothing behind it.
fn is_all(line: &str) -> bool {
    WORDS.whole.iter().any(|whole| whole.words == line) || is_alone(line)
}

/// A word that is stop only where nothing behind it says what else is meant.
fn is_alone(line: &str) -> bool {
    WORDS
        .alone
        .iter()
        .filter_map(|word| line.strip_prefix(word.as_str()))
        .any(|rest| (rest.is_empty() || rest.starts_with(' ')) && are_tails(rest))
}

fn is_within(line: &str) -> bool {
    holds(line, |_| true)
}

/// Whether one of the phrases that count stands in a line, and nothing makes another thing of it there.
fn holds(line: &str, counts: impl Fn(&str) -> bool) -> bool {
    WITHIN.stands(line, |from, to| {
        let (Some(before), Some(words), Some(behind)) =
            (line.get(..from), line.get(from..to), line.get(to..))
        else {
            return false;
        };
        let is_parted = before.is_empty() || before.ends_with(' ') || words.contains(is_unspaced);
        is_parted
            && counts(words)
            && WORDS.within.get(words).is_some_and(|turns| !turns.stand_around(before, behind))
    })
}

#[cfg(test)]
mod pleas;
#[cfg(test)]
mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    const STOPS: &[&str] = &[
        "STOP",
        "Stop.",
        "stop!!!",
        "stop please",
        "Please stop, my husband reads my mail",
        "Please stop. My ex has my password.",
        "I can't. Don't write me",
        "Never! Stop emailing me",
        "Somebody reads this and I don't know who. Do not contact me.",
        "Lo lee él. No me escriban.",
        "Vivo con él, no me llamen",
        "Quem lê é ele. Não me escrevam.",
        "Je vis avec elle, ne m'envoyez rien",
        "Mari m ap li imel mwen, pa ekri m.",
        "我怕他，停止联系我",
        "Stop, thank you",
        "STOP ALL",
        "stopall",
        "QUIT",
        "END",
        "Revoke",
        "OPT OUT",
        "opt-out",
        "Cancel",
        "UNSUBSCRIBE",
        "Please stop emailing me",
        "please stop",
        "Don’t contact me again",
        "Dont write to me",
        "do not email me",
        "Do not e-mail me any more",
        "Hello\nplease stop\n",
        "Hi,\n\nI got your mail.\nPlease do not contact me.",
        "Leave me alone!",
        "Wrong email address",
        "Not safe, he has my phone",
        "Unsafe, he checks my phone",
        "Don't ever mail me",
        "I no longer want this help",
        "This address is not safe, he reads my mail",
        "I withdraw my consent.",
        "Remove me from your list",
        "No more emails",
        "never write to me again",
        "I don't want any more mails",
        "Basta",
        "ALTO",
        "no más",
        "No mas",
        "no me escriban más",
        "Por favor no me contacten",
        "Dejen de escribirme",
        "dame de baja",
        "cancelar",
        "no quiero recibir correos",
        "Pare por favor",
        "No es seguro escribirme aquí",
        "停止",
        "请停止",
        "退订",
        "不要再联系我",
        "請不要再發郵件給我",
        "不要再寫信了",
        "這樣不安全",
        "Dừng lại",
        "Xin đừng gửi nữa",
        "đừng liên lạc với tôi",
        "ngung gui",
        "hủy",
        "Sispann",
        "Tanpri sispann ekri m",
        "pa ekri m ankò",
        "kite m anpè",
        "rete",
        "توقف",
        "لا تكتبوا لي",
        "أرجو التوقف عن المراسلة",
        "إلغاء الاشتراك",
        "لا تتصلوا بي",
        "Стоп",
        "не пишите мне больше",
        "Прекратите",
        "Отпишите меня",
        "хватит!",
        "그만",
        "보내지 마세요",
        "연락하지 마세요",
        "수신거부",
        "중지",
        "Pare",
        "parem de me escrever",
        "não me escrevam mais",
        "chega",
        "Não é seguro",
        "Arrêtez",
        "ne m’écrivez plus",
        "Merci d'arrêter",
        "je ne veux plus recevoir",
        "désinscription",
        "Tigil",
        "itigil na po",
        "huwag na kayong sumulat",
        "tama na",
        "ayoko na",
        "ＳＴＯＰ",
        "\u{110c}\u{116e}\u{11bc}\u{110c}\u{1175}",
        "تَوَقَّفْ",
        "لا تكـتـبـوا لي",
        "\u{200b}st\u{ad}op",
        "Ⓢⓣⓞⓟ",
        "S T O P",
        "pls stop",
        "do not mail me",
        "dont ever email me again",
        "Not safe!",
        "unsafe",
        "Wrong address",
        "You have the wrong email.",
        "Remove my email, please",
        "No longer interested.",
        "Do not use this email",
        "don't use this address any more",
        "delete my information",
        "forget me",
        "Unsubcribe",
        "Don't ever write to me",
        "do not ever text this number",
        "Cease and desist!",
        "I demand that you cease and desist from emailing me",
        "Not safe for me, sorry",
        "Not safe, he reads this",
        "unsafe to email",
        "Wrong address, thank you",
        "wrong email please",
        "I no longer want this, thanks",
        "Borren mi correo",
        "No usen este correo",
    ];

    #[test]
    fn stop_is_heard_in_every_language_and_any_reasonable_wording() {
        for text in STOPS {
            assert!(says_stop("Re: Your request R-7K4M-2QX9", text), "{text}");
        }
        assert!(says_stop("STOP", ""));
        assert!(says_stop("Unsubscribe", "Sent from my phone"));
    }

    #[test]
    fn thanks_and_questions_are_no_stop() {
        for text in [
            "Thank you",
            "When is my appointment?",
            "I am at the bus stop near the court house right now",
            "Can you call me at 5?",
            "Yes",
            "Ok gracias",
            "¿Cuándo es mi cita?",
            "Necesito hablar con alguien mañana",
            "The end of my lease is in May",
            "End of lease is in May",
            "I can stop by tomorrow",
            "Stop by the office when?",
            "I need help with my rent",
            "My new number is 518 555 0100",
            "谢谢，我明天可以",
            "Cảm ơn quý vị",
            "Mèsi anpil",
            "شكرا لكم",
            "Спасибо, я жду",
            "감사합니다",
            "Obrigada pela ajuda",
            "Merci beaucoup",
            "Salamat po",
            "They cancelled the hearing, what now?",
            "I think you have the wrong phone number, mine is 518 555 0100",
            "They don't ever fix the heat",
            "They do not ever answer at the court",
            "I got a cease and desist from my landlord",
            "He sent me a cease-and-desist letter",
            "There is a cease and desist order",
            "Unsafe living conditions",
            "unsafe stairs",
            "Not safe for my kids, mold",
            "Wrong address on the summons",
            "wrong email on the summons",
            "I no longer want this lease",
            "Please no more rats",
            "I want out this month",
        ] {
            assert!(!says_stop("Re: Your request R-7K4M-2QX9", text), "{text}");
            assert!(!says_stop(text, "My name is Ann, I need help."), "{text}, as the subject");
        }
    }

    #[test]
    fn a_stop_is_heard_after_words_of_courtesy_and_over_a_broken_line() {
        for text in [
            "\n\nHello\n\nHow are you\n\nstop\n",
            "Hello\nHow are you\nWhen do we meet\nstop",
            "Hi,\n\nThank you for your mail.\nI hope you are well.\nPlease do not write to me again.\nAnn",
            "Good morning,\nI talked to my sister.\nShe will help me.\nSo please do not\ncontact me any more.",
            "Hola,\nGracias por todo.\nYa tengo ayuda.\nPor favor no\nme escriban.",
            "您好\n谢谢\n我很好\n请不要再联\n系我\n不要再联系我",
        ] {
            assert!(says_stop("", text), "{text}");
        }
        let long = "We talked on the phone.\n".repeat(59);
        assert!(says_stop("", &format!("{long}stop")));
        assert!(!says_stop("", &format!("{long}Thank you")));
        // Below a letter of ours that a mail program quoted without a mark.
        let ours = "Hello\nThank you for this.\nI read it.\nYour reference number is R-7K4M-2QX9.\nReply STOP and we \
                    will not write again.\nIf this is not a safe way to reach you, you can ignore this mail.\nFront desk\n";
        for answer in [
            "stop",
            "STOP!",
            "Please do not contact me any more.",
            "STOP WRITING TO ME",
            "no me escriban",
            "Please STOP",
            "Please STOP writing to me, it is not safe here",
            "I said STOP emailing me.",
            "Por favor STOP, no me escriban",
        ] {
            assert!(says_stop("", &format!("{ours}{answer}")), "{answer}");
            let between = ours.replace("write again.\n", &format!("write again.\n{answer}\n"));
            assert!(says_stop("", &between) || answer.chars().count() >= 40, "{answer}, between the lines");
        }
        assert!(!says_stop("", ours));
        // A word that begins a later line is no stop by itself.
        assert!(!says_stop("", "Hello\nHow are you\nWhen do we meet\nend of the month?"));
    }
}
