//! Herself: whether it is plain that the client wrote what came from her address. Only that gets an answer of ours:
//! whoever else sits there would learn by it that somebody is there who knows her.
//!
//! What a client says every day is listed, a file a group of languages, and what is not all made of it is not plain. A
//! list of what others say would never end; a person reads all of it anyway, and only an automatic answer is lost.

use std::sync::LazyLock;

use super::form::fold::fold;
use super::plain::{is_unspaced, plain};
use super::stop::names_a_reference;

/// The words; the first file says what they are.
const FILES: [&str; 3] =
    [include_str!("herself/west.txt"), include_str!("herself/romance.txt"), include_str!("herself/far.txt")];
/// What is longer is a story: others are spoken of in it.
const LETTERS: usize = 1_000;
/// Stands for the client's name.
const NAME: &str = "@";

/// What is plain in one language.
#[derive(Default)]
struct Tongue {
    /// Of a matter of one's own.
    signs: Vec<String>,
    /// What may stand around it.
    around: Vec<String>,
}

static TONGUES: LazyLock<Vec<Tongue>> = LazyLock::new(|| {
    let mut tongues = Vec::new();
    for line in FILES.iter().flat_map(|file| file.lines()) {
        let each = |list: &str| -> Vec<String> { list.split(',').map(entry).collect() };
        if line.starts_with('[') {
            tongues.push(Tongue::default());
        } else if let (Some(tongue), Some((sign, list))) = (tongues.last_mut(), line.split_once(' ')) {
            match sign {
                "+" => tongue.signs.extend(each(list)),
                "." => tongue.around.extend(each(list)),
                _ => {}
            }
        }
    }
    tongues
});

/// Whether it is plain that the client of this name wrote this: it is about a matter of hers, and all of it is what
/// clients say, in one language.
#[must_use]
pub fn wrote(subject: &str, own_text: &str, names: &[&str]) -> bool {
    let Some((subject, own)) = compared(subject, own_text, names) else { return false };
    let is_plain = |tongue: &Tongue| tongue.says(&own) == Some(true);
    TONGUES.iter().any(is_plain) && TONGUES.iter().any(|tongue| tongue.says(&subject).is_some())
}

/// Whether there is nothing in this but what clients say every day, be it no more than thanks: whoever wrote it, it says
/// nothing that a person would have to read before the next letter.
#[must_use]
pub fn says_nothing_else(subject: &str, own_text: &str, names: &[&str]) -> bool {
    let Some((subject, own)) = compared(subject, own_text, names) else { return false };
    [own, subject].iter().all(|text| TONGUES.iter().any(|tongue| tongue.says(text).is_some()))
}

/// A subject and a text without its signature as they are compared; `None` where one is longer than what is plain.
fn compared(subject: &str, own_text: &str, names: &[&str]) -> Option<(String, String)> {
    let is_long = |text: &str| text.chars().nth(LETTERS).is_some();
    if is_long(subject) || is_long(own_text) {
        return None;
    }
    let names = Names::of(names);
    Some((with_sign(subject, &names), with_sign(without_signature(own_text, &names), &names)))
}

impl Tongue {
    /// Whether a text says something of one's own matter; `None` where something else stands in it too.
    fn says(&self, text: &str) -> Option<bool> {
        // How far the text is made of what is listed: not at all, without a sign, with one.
        let mut reached: Vec<Option<bool>> = vec![None; text.len() + 1];
        let reach = |reached: &mut Vec<Option<bool>>, at: usize, has_sign: bool| {
            if let Some(place) = reached.get_mut(at) {
                *place = (*place).max(Some(has_sign));
            }
        };
        reach(&mut reached, 0, false);
        for at in 0..text.len() {
            let Some(has_sign) = reached.get(at).copied().flatten() else { continue };
            let Some(rest) = text.get(at..) else { continue };
            if rest.starts_with(' ') {
                reach(&mut reached, at + 1, has_sign);
                continue;
            }
            let digits = rest.len() - rest.trim_start_matches(char::is_numeric).len();
            if digits > 0 {
                reach(&mut reached, at + digits, has_sign);
            }
            for (entries, is_sign) in [(&self.signs, true), (&self.around, false)] {
                for entry in entries.iter().filter(|entry| stands_at_the_beginning(rest, entry)) {
                    reach(&mut reached, at + entry.len(), has_sign || is_sign);
                }
            }
        }
        reached.last().copied().flatten()
    }
}

/// Whole words only, but of signs that are set without spaces.
fn stands_at_the_beginning(text: &str, entry: &str) -> bool {
    let is_ideograph = |c: char| matches!(c, '\u{3400}'..='\u{9fff}');
    text.strip_prefix(entry).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(' ') || entry.chars().next_back().is_some_and(is_ideograph)
    })
}

/// The words of an entry as a text is compared, which has one sign for a name.
fn entry(words: &str) -> String {
    let folded =
        words.split_whitespace().map(|word| if word == NAME { NAME.to_owned() } else { folded(word) });
    folded.collect::<Vec<_>>().join(" ")
}

fn folded(text: &str) -> String {
    fold(&plain(text))
}

fn words(text: &str) -> Vec<String> {
    folded(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Long enough not to be another word.
fn is_a_name(word: &str) -> bool {
    word.chars().count() >= 3 || word.contains(is_unspaced)
}

/// The words of the client's names.
struct Names {
    all: Vec<String>,
    /// Those in front, which nobody else of the family has.
    given: Vec<String>,
}

impl Names {
    fn of(names: &[&str]) -> Names {
        let of = |text: &str| words(text).into_iter().filter(|word| is_a_name(word)).collect::<Vec<_>>();
        // "Vega, Ana".
        let given = names.iter().map(|name| name.split_once(',').map_or(*name, |(_, given)| given));
        Names {
            all: names.iter().flat_map(|name| of(name)).collect(),
            given: given.filter_map(|name| of(name).into_iter().next()).collect(),
        }
    }
}

/// The text as it is compared, without the numbers of referrals, and with one sign for each run of words of a name that
/// holds a given one: "this is Vega" may be anybody of the family.
fn with_sign(text: &str, names: &Names) -> String {
    let said = text.split_whitespace().filter(|word| !names_a_reference(word));
    let said = said.fold(String::new(), |text, word| text + " " + word);
    let words = words(&said);
    let is_name = |word: &String| names.all.contains(word);
    let runs = words.chunk_by(|one, next| is_name(one) == is_name(next));
    let text = runs.flat_map(|run| {
        let is_hers = run.iter().any(|word| names.given.contains(word)) && run.iter().all(is_name);
        if is_hers { vec![NAME] } else { run.iter().map(String::as_str).collect() }
    });
    text.fold(String::new(), |text, word| text + word + " ")
}

/// The text without a last line that holds nothing but the name, below something else.
fn without_signature<'a>(own: &'a str, names: &Names) -> &'a str {
    let Some((above, last)) = own.trim_end().rsplit_once('\n') else { return own };
    let is_theirs = words(last).iter().all(|word| names.all.contains(word));
    if is_theirs && !last.contains('?') && !above.trim().is_empty() { above } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_plain(text: &str) -> bool {
        wrote("Re: Your request R-7K4M-2QX9", text, &["Ana Canary"])
    }

    #[test]
    fn who_says_what_clients_say_of_their_own_matter_is_the_client() {
        let missed: Vec<_> = PLAIN.iter().filter(|text| !is_plain(text)).collect();
        assert!(missed.is_empty(), "{missed:#?}");
        assert!(wrote("", "When is my appointment?", &[]));
        assert!(wrote("When is my appointment?", "Please call me tomorrow.", &[]));
        assert!(wrote("Re: Received: R-7K4M-2QX9", "I forgot: I am free in the mornings", &[]));
    }

    #[test]
    fn thanks_are_nothing_that_must_be_read_first_and_anything_else_is() {
        for text in ["Thank you", "Thanks!", "ok, gracias", "When is my appointment?", "Merci beaucoup"] {
            assert!(says_nothing_else("Re: Your request R-7K4M-2QX9", text, &["Ana Canary"]), "{text}");
        }
        for text in
            ["My husband saw your email.", "请勿回复", "Thanks, this is Tom", "he is here", "Who is this?"]
        {
            assert!(!says_nothing_else("Re: Your request R-7K4M-2QX9", text, &["Ana Canary"]), "{text}");
        }
    }

    const PLAIN: &[&str] = &[
        "When is my appointment?",
        "When is my appointment and where?",
        "Can you call me at 5?",
        "I need help with my rent.",
        "My new number is 518 555 0100",
        "Necesito hablar con alguien mañana",
        "¿Cuándo es mi cita?",
        "¿Cuándo son mis citas?",
        "Je n'ai pas reçu ma lettre",
        "Preciso de ajuda com o aluguel",
        "Я жду, мне нужна помощь",
        "我明天可以",
        "我的预约是什么时候？",
        "제가 내일 갈 수 있어요",
        "제 예약이 언제예요?",
        "Mwen bezwen èd",
        "Tôi cần giúp đỡ",
        "أنا أحتاج مساعدة",
        "Kailangan ko ng tulong",
        "Who will call me, and when?",
        "Can someone call me tomorrow?",
        "Quiero saber el día de mi cita, gracias por su ayuda",
        "Il y a un problème avec mon rendez-vous",
        "Khi nào tôi có cuộc hẹn?",
        "Thank you, I am free Monday",
        "Thank you. Please call me after six, confirmed.",
        "Hi, yes, I can come on Monday at 10:30 am. Thanks, Ana",
        "My name is Ana Canary. When is my hearing? R-7K4M-2QX9\n\nAna",
        "Can I move the appointment to next week?",
        "Hola, sí puedo hablar mañana a las 3. Gracias",
        "Bonjour, quand est mon audience ? Merci",
        "Oi, quando é a minha audiência? Obrigada",
        "Kailan po ang appointment ko?",
        "Kile randevou mwen ye?",
        "متى موعدي؟ شكرا",
        "Когда моя встреча? Спасибо",
    ];

    #[test]
    fn whoever_else_may_have_written_is_not_plainly_the_client() {
        let taken: Vec<_> = OTHERS.iter().filter(|text| is_plain(text)).collect();
        assert!(taken.is_empty(), "{taken:#?}");
        assert!(!wrote("Who is Ana?", "When is my appointment?", &["Ana Canary"]));
        assert!(!wrote("my wife", "When is my appointment?", &[]));
    }

    const OTHERS: &[&str] = &[
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
        "I got your email. Please call me.",
        "Got your message, call me at 518 555 0100",
        "This is Canary, please call me",
        // A word for oneself is in nearly every sentence of whoever sits at her keyboard.
        "Я спрашиваю, что вам нужно от моей жены?",
        "Я нашел это письмо в телефоне жены",
        "我太太不在家",
        "我爱人不在",
        "我女朋友不方便",
        "언제 보냈어? 집사람한테 왜?",
        "이거 문제 있네요. 와이프한테 왜 보냈어요?",
        "Mi señora no está",
        "¿Qué quieren con mi señora?",
        "Ma compagne dort, appelez-moi",
        "Minha noiva nao esta",
        "Fanm mwen pa la",
        "Sao lại gửi cho vợ của tôi?",
        "Bakit kayo sumusulat sa misis ko?",
        "Why are you emailing my girl?",
        "My missus has moved out",
        "I'm Ana's roommate",
        "Tell me who you are",
        "I don't know what this is",
        "Who gave you my address?",
        "Who sent you my data?",
        "What do you want? I am John",
        "I want to know what Ana told you",
        "Can you call me about Ana?",
        "Ana?\nCall me",
        "Yo soy el hombre de la casa, ¿qué quieren?",
        "这是我的邮箱，你们是什么机构？",
        "What is my case about? Please send me everything you have.",
        "Can you call me, my wife needs help",
        "My son is sick, can I move the appointment?",
        "I need help. Who are you?",
        "When is my appointment? What is this?",
        "¿Cuándo es mi cita? ¿Quiénes son?",
        "Quand est mon rendez-vous ? C'est quoi ?",
        "Когда моя встреча? Кто вы?",
        "我的预约是什么时候？你们是谁？",
        "제 예약이 언제예요? 누구세요?",
    ];

    /// Whoever forbids a mail in words that no list of stops knows gets none all the same.
    #[test]
    fn what_denies_a_mail_or_an_answer_is_never_plain() {
        for text in [
            "Can you call me? It would be better if nobody replies.",
            "When is my appointment? No reply needed",
            "I need help, not by email",
            "Please call me, I cannot get mail here",
            "Please call me and do not write",
            "I can talk tomorrow. Avoid messages",
            "No emails, please call me",
            "Without answering this, can you call me?",
            "No me conteste, necesito ayuda",
            "J'ai besoin d'aide, pas de réponse ici",
            "Preciso de ajuda, sem resposta",
            "Мне нужна помощь, без ответа",
            "我需要帮助，不必回信",
            "도움이 필요해요. 답장은 안 돼요",
            "Mwen bezwen èd, san repons",
            "Tôi cần giúp đỡ, không trả lời",
            "أحتاج مساعدة بدون رد",
            "Kailangan ko ng tulong, walang sagot",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn a_story_is_not_plain_however_it_begins() {
        let mut story = "I need help with my rent. ".repeat(30);
        assert!(is_plain(&story));
        story.push_str(&"I need help with my rent. ".repeat(20));
        assert!(!is_plain(&story));
    }
}
