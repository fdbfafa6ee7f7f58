//! Sentences of people that ask us to stop, however somebody else stands beside it.

use super::says_stop;

const STOPS: &[&str] = &[
    "I can't. Don't write me",
    "Never! Stop emailing me",
    "Please stop, my husband reads my mail",
    "My husband saw it. Do not email me.",
    "He reads all of it, don't send anything",
    "He - don't send anything!",
    "They read all of it, don't send anything",
    "They know. Don't contact me",
    "They saw it - do not write",
    "They are here do not email",
    "It was him: do not contact me",
    "Tell them they do not contact me again",
    "Tell them not to email me",
    "I want them not to write to me",
    "I want them not to contact me at all",
    "I asked you not to text me",
    "I said that you do not email me",
    "I want that they don't write to me",
    "Make sure they don't email me",
    "Please make sure that, they don't email me",
    "They should stop writing to me",
    "They don't email me anymore, ok?",
    "They do not contact me again.",
    "They do not contact me",
    "They do not contact me by mail",
    "They don't write to me.",
    "Hello, people do not email me here",
    "They don't mail me bills, so don't email me either",
    "They don't mail me bills. Do not contact me.",
    "They never write. You never write again",
    "They don't email me because he reads my mail",
    "Please: they do not email me",
    "please\nThey don't write to me",
    "You won't stop emailing me, why?",
    "They won't stop emailing me",
    "My ex won't stop emailing me at this address",
    "He won't stop writing to this address, he has the password",
    "He has my phone please don't write",
    "I am away. They do not email me while I am at the shelter",
    "Who are you? People I do not know: do not email me",
    "The agency, do not email me",
    "My landlord, don't write me",
    "My sister is here don't write",
    "And don't email me",
    "But do not contact me",
    "So never write",
    "Kindly do not e-mail",
    "Nobody! Don't contact me",
    "Do not contact me, they do not email",
    "Él lee mi correo, no me escriban",
    "Ellos no me escriban",
    "ellos ya no me escriben",
    "Quiero que ellos no me llamen",
    "Dígales que ellos no me llaman más",
    "Ella lo lee. No me escriban",
    "La agencia no me escriba más",
    "Mi esposo está aquí no me llame",
    "Por favor, no me manden nada",
    "Y no me escriban",
];

#[test]
fn a_stop_is_heard_however_somebody_else_stands_beside_it() {
    let missed: Vec<_> =
        STOPS.iter().filter(|text| !says_stop("Re: Your request R-7K4M-2QX9", text)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

/// What people of twelve languages wrote to be left alone, one by one.
const WAYS: &[&str] = &[
    "STOP",
    "Please don't send me any more of these",
    "I do not wish to be contacted",
    "Please do not reach out again.",
    "take my name off",
    "No thank you, please do not continue",
    "I don't need help anymore. Please don't reach out.",
    "don't reply",
    "Do not answer this email",
    "please don't respond to this message",
    "no emails please",
    "No email!!",
    "Please delete this address",
    "you have got the wrong address please do not send here",
    "he found the email. please stop.",
    "do NOT email here. call me",
    "Plz dnt email me",
    "dont msg me",
    "stop sending",
    "please quit",
    "I changed my mind",
    "I am no longer interested in your services",
    "Lose my email",
    "cease all communication",
    "halt",
    "Please, no more contact",
    "I want you to stop.",
    "I'd like you to stop emailing",
    "Can you stop?",
    "Could you please not write to me here",
    "It is dangerous to write to me",
    "Its not safe",
    "this isn't safe",
    "You will get me killed",
    "don't use my email",
    "stop!!!! 🛑",
    "S.T.O.P.",
    "St0p",
    "arret",
    "Stop-",
    "\"STOP\"",
    "*STOP*",
    "<STOP>",
    "Re: stop",
    "I said STOP",
    "Yes stop",
    "Hi, STOP",
    "Hello. Stop.",
    "ok stop now",
    "Thanks, but stop",
    "Reply STOP",
    "text STOP",
    "Dejen de mandarme correos",
    "por favor ya no me manden nada",
    "No me vuelvan a escribir",
    "No me molesten",
    "No me contesten",
    "Deténganse",
    "Quítenme de la lista",
    "Bórrenme",
    "ya no escriban aquí",
    "Parar",
    "es peligroso",
    "No quiero que me contacten",
    "no quiero nada",
    "Ya no quiero ayuda",
    "Eliminar",
    "no envíen más",
    "请不要再给我发邮件",
    "不要再发邮件了",
    "别再发了",
    "别给我写信",
    "不要回复",
    "请别再打扰我",
    "我不想再收到",
    "不用了",
    "停止发送",
    "這個信箱不安全",
    "請停止寄信",
    "別再寄了",
    "不要寄信給我",
    "不想再收到郵件",
    "DỪNG",
    "Đừng gửi email cho tôi nữa",
    "Xin đừng viết cho tôi",
    "Tôi không muốn nhận thư nữa",
    "Không liên lạc nữa",
    "hãy dừng lại",
    "thôi đừng gửi",
    "không an toàn",
    "Ngừng",
    "Hủy đăng ký",
    "dung gui nua",
    "SISPANN",
    "Tanpri pa ekri m ankò",
    "Pa voye imèl ban mwen ankò",
    "Mwen pa vle resevwa lèt ankò",
    "Kanpe",
    "Pa kontakte mwen",
    "pa reponn",
    "Li pa an sekirite pou mwen",
    "Retire mwen nan lis la",
    "stop ekri m",
    "توقفوا",
    "أوقفوا",
    "لا ترسلوا لي رسائل",
    "لا أريد أن تتواصلوا معي",
    "من فضلكم لا تراسلوني",
    "كفى",
    "إيقاف",
    "ايقاف",
    "قف",
    "لا تتصلوا بي",
    "الغاء الاشتراك",
    "غير آمن",
    "رجاء لا تكتبوا لي بعد الآن",
    "توقفوا عن مراسلتي",
    "لم أعد أريد",
    "СТОП",
    "стоп",
    "Не пишите мне больше",
    "Пожалуйста, больше не пишите",
    "Прекратите мне писать",
    "Остановитесь",
    "Перестаньте",
    "Отписаться",
    "не беспокойте меня",
    "не присылайте",
    "Не отвечайте",
    "это небезопасно",
    "хватит",
    "не надо мне писать",
    "я больше не хочу получать письма",
    "оставьте меня в покое",
    "그만",
    "중지",
    "정지",
    "그만 보내세요",
    "더 이상 연락하지 마세요",
    "메일 보내지 마세요",
    "이메일 보내지 말아 주세요",
    "수신거부",
    "연락하지 말아주세요",
    "멈춰 주세요",
    "스톱",
    "답장하지 마세요",
    "안전하지 않아요",
    "더 이상 원하지 않습니다",
    "PARE",
    "Parem",
    "Não me escrevam mais",
    "Nao me mandem mais emails",
    "Por favor, não me contactem",
    "não entrem em contato",
    "Cancelar",
    "Sair",
    "Não quero receber mais",
    "nao e seguro",
    "me tirem da lista",
    "Remova meu email",
    "não respondam",
    "Chega",
    "deixem-me em paz",
    "ARRÊT",
    "ARRETER",
    "Arrêtez de m'écrire",
    "Ne m'écrivez plus",
    "Merci de ne plus m'écrire",
    "Veuillez ne plus me contacter",
    "Ne me contactez plus",
    "désabonner",
    "désinscrire",
    "Je ne veux plus de courriels",
    "plus de mails svp",
    "ce n'est pas sûr",
    "Laissez-moi tranquille",
    "ne répondez pas",
    "cessez",
    "ne m'envoyez plus rien",
    "stoppez",
    "TIGIL",
    "Itigil",
    "Huwag na kayong mag-email",
    "Huwag na po kayong sumulat sa akin",
    "Tigilan ninyo na ako",
    "Ayoko na",
    "Huwag nyo na akong kontakin",
    "hindi ligtas",
    "Tama na",
    "Huwag na",
    "wag nyo na ko i-email",
    "wag na po",
    "hinto",
    "Ihinto",
    "Alisin nyo ako sa listahan",
    "Ayaw ko na",
    "\u{1f6d1}",
    "Hello Maria, please do not ever again write to this address",
    "Yes but please stop",
    "ok, thanks, STOP",
    "I have thought about it for a long time and STOP is what I want",
    "Could you stop?",
    "We said stop.",
    "Would you please stop now",
    "Sorry, no contact please",
    "Please don't ever try to reach me again",
    "You must not write to me. Do NOT respond",
    "I would rather not be contacted",
    "Do not reply, I am not alone",
    "Please do not respond, I am at home now",
    "Do not respond to me again, I beg you",
    "I am fine now but please do not reply",
    "Don't reply to me here, I am at risk",
    "Please never reply to me",
    "You must never answer me",
    "Please never send me anything again",
    "Never ever email me again",
    "Never ever contact me again",
    "Do not get in contact with me",
    "do not have anyone contact me",
    "Do not get my mail mixed up and do not respond",
    "I no longer wish to be contacted",
    "Please do not get back to me",
    "I want you not to reply",
    "Could you not email me here",
    "I got it - not safe",
    "I am home now - unsafe",
    "I got it, not safe, bye",
    "Thank you for all that you did for me in the spring, please do not\nreply",
    "Never\nrespond to this",
    "Hola, alto",
    "Gracias, pero ya no",
    "Bonjour, arrêtez svp",
    "Olá, parem por favor",
    "Спасибо, стоп",
];

/// What speaks of stopping, or of writing, and asks nothing of the kind.
const OTHERS: &[&str] = &[
    "Can you make him stop?",
    "Why did you not reply?",
    "Did you not get my email?",
    "Why do you not respond?",
    "Why don't you reply to me?",
    "Why have you not answered?",
    "You do not reply to my calls",
    "You never answer",
    "I called and you did not respond",
    "My caseworker never replied",
    "Never mind, I will contact you tomorrow",
    "I can never reach you by email",
    "Nobody answers and people do not respond",
    "Never got your email about the appointment, can you send it again?",
    "My phone broke, do not have email at home, please call me",
    "How do I stop the eviction?",
    "Please help me stop my landlord",
    "I want him to stop",
    "The noise does not stop.",
    "Is there a bus stop?",
    "The harassment needs to stop, he calls my job",
    "My landlord does not answer. He never replies.",
    "They do not respond to my letters",
    "I do not have your email address",
    "I did not get your email",
    "No email yet, did you send it?",
    "No mail came today",
    "Hi, no heat since Monday",
    "Yes, please write to me",
    "My landlord is not answering my messages",
    "We do not reply to his messages",
    "It's dangerous, the stairs are broken",
    "Thanks, end of the month is fine",
    "I never got the letter, please email it",
    "Hola, ¿cuándo es mi cita?",
    "Bonjour, quand est mon rendez-vous ?",
    "Olá, quando é a audiência?",
    "안녕하세요, 약속이 언제예요?",
    "你好，我什么时候去？",
];

#[test]
fn a_stop_is_heard_in_whatever_clause_it_stands() {
    let missed: Vec<_> =
        WAYS.iter().filter(|text| !says_stop("Re: Your request R-7K4M-2QX9", text)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    for subject in
        ["Re: STOP", "Your request R-7K4M-2QX9 STOP", "STOP Re: Your request R-7K4M-2QX9", "Fwd: stop please"]
    {
        assert!(says_stop(subject, ""), "{subject}");
    }
}

#[test]
fn what_stops_elsewhere_is_no_stop() {
    let heard: Vec<_> =
        OTHERS.iter().filter(|text| says_stop("Re: Your request R-7K4M-2QX9", text)).collect();
    assert!(heard.is_empty(), "{heard:#?}");
}

/// A mail program quoted our letter without a mark, and nothing was written.
#[test]
fn our_own_letter_says_no_stop() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut seen = 0;
    for kind in
        ["client-confirmation", "client-update", "client-trying", "client-alternatives", "client-answer"]
    {
        for file in std::fs::read_dir(format!("{folder}/{kind}")).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let letter: String = text
                .lines()
                .filter(|line| !line.contains("{%") && !line.contains("{#"))
                .fold(String::new(), |letter, line| {
                    letter + &line.replace("{{ letter.reference }}", "R-7K4M-2QX9") + "\n"
                });
            let said = says_stop("Re: Your request R-7K4M-2QX9", &letter);
            assert!(!said, "{}\n{letter}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 50, "{seen}");
}

#[test]
fn a_stop_at_the_end_of_a_line_without_end_is_heard() {
    let long = "I am well and my sister is well. ".repeat(5_000);
    assert!(says_stop("", &format!("{long} Please stop emailing me.")));
    assert!(says_stop("", &format!("{long} Please do not ever reply to me.")));
    assert!(super::is_said_by_machine("Automatic reply", &format!("{long} Please stop emailing me.")));
}

/// Each of these took seconds, one after the other phrase looked for in it.
#[test]
fn a_large_mail_takes_no_time() {
    for text in ["reply.", "do not contac ", "stop writin. ", "a, ", "xdo not contact ", "why do not reply "]
    {
        let text = text.repeat(2_000);
        assert!(!super::is_said_by_machine("Automatic reply", &text));
        assert!(!says_stop(&text, &text.repeat(2)));
    }
}

#[test]
fn at_once_is_no_place() {
    for text in ["Stop at once!", "STOP at once", "Stop bye", "Stop by all means", "I said STOP at once"] {
        assert!(says_stop("", text), "{text}");
    }
    for text in
        ["Stop by the office?", "stop by", "Stop at the office", "I can meet at the STOP by the court"]
    {
        assert!(!says_stop("", text), "{text}");
    }
}

#[test]
fn words_of_courtesy_without_end_take_no_time() {
    assert!(!says_stop("", &"hi ".repeat(130_000)));
    assert!(!says_stop(&"hi ".repeat(130_000), ""));
}
