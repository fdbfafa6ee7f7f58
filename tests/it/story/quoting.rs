//! An answer as each mail program writes it, above, below or within the letter it quotes: of all its words only the new
//! ones act (RELIABILITY C21).

use super::{MARIA, referral};
use crate::world::{Letter, Mail, OFFICE, World};

/// Four answers to one letter, in their order, and how the record stands after each. Every letter that is quoted holds
/// the words of all four.
const ANSWERS: [(&str, &str, &str); 4] = [
    ("attempt call no answer", "Received", "attempting"),
    ("accept", "Accepted", "attempting"),
    (
        "confirmed by phone, language Spanish, next step intake on Friday, deadline none, times any",
        "Accepted",
        "confirmed",
    ),
    ("close done", "Closed", "confirmed"),
];

/// `WORDS` is what is new, `MARKED` the letter with `> ` before its lines, `FIRST` and `REST` its halves so, `BARE` the
/// letter as it is.
const IN_TEXT: [(&str, &str); 26] = [
    (
        "Gmail",
        "WORDS\n\nOn Tue, Nov 24, 2026 at 10:00 AM Example Help Center <referrals@example.org> wrote:\n\nMARKED",
    ),
    (
        "Gmail, wrapped",
        "WORDS\n\nOn Tue, Nov 24, 2026 at 10:00 AM Example Help Center <\nreferrals@example.org> wrote:\n\nMARKED",
    ),
    (
        "Gmail in Spanish",
        "WORDS\n\nEl mar, 24 nov 2026 a las 10:00, Example Help Center (<referrals@example.org>) escribió:\n\nMARKED",
    ),
    (
        "Gmail in French",
        "WORDS\n\nLe mar. 24 nov. 2026 à 10:00, Example Help Center <referrals@example.org> a écrit :\n\nMARKED",
    ),
    (
        "Gmail in German",
        "WORDS\n\nAm Di., 24. Nov. 2026 um 10:00 Uhr schrieb Example Help Center <referrals@example.org>:\n\nMARKED",
    ),
    (
        "Gmail in Portuguese",
        "WORDS\n\nEm ter., 24 de nov. de 2026 às 10:00, Example Help Center <referrals@example.org> escreveu:\n\nMARKED",
    ),
    (
        "Gmail in Italian",
        "WORDS\n\nIl giorno mar 24 nov 2026 alle ore 10:00 Example Help Center <referrals@example.org> ha scritto:\n\nMARKED",
    ),
    (
        "Apple Mail",
        "WORDS\n\nOn Nov 24, 2026, at 10:00 AM, Example Help Center <referrals@example.org> wrote:\n\nMARKED",
    ),
    (
        "no marks",
        "WORDS\n\nOn Nov 24, 2026, at 10:00 AM, Example Help Center <referrals@example.org> wrote:\n\nBARE",
    ),
    (
        "an iPhone",
        "WORDS\n\nSent from my iPhone\n\n> On Nov 24, 2026, at 10:00 AM, Example Help Center <referrals@example.org> wrote:\n> \nMARKED",
    ),
    (
        "Outlook",
        "WORDS\n\n-----Original Message-----\nFrom: Example Help Center <referrals@example.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Maria Lopez\nSubject: Action needed\n\nBARE",
    ),
    (
        "Outlook with a rule",
        "WORDS\n\n________________________________\nFrom: Example Help Center <referrals@example.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Maria Lopez\nSubject: Action needed\n\nBARE",
    ),
    (
        "Outlook without a rule",
        "WORDS\n\nFrom: Example Help Center <referrals@example.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Maria Lopez <maria@example.org>\nSubject: Action needed\n\nBARE",
    ),
    (
        "Outlook in Spanish",
        "WORDS\n\nDe: Example Help Center <referrals@example.org>\nEnviado: martes, 24 de noviembre de 2026 10:00\nPara: Maria Lopez <maria@example.org>\nAsunto: Action needed\n\nBARE",
    ),
    (
        "Outlook in German",
        "WORDS\n\nVon: Example Help Center <referrals@example.org>\nGesendet: Dienstag, 24. November 2026 10:00\nAn: Maria Lopez <maria@example.org>\nBetreff: Action needed\n\nBARE",
    ),
    (
        "Outlook in French",
        "WORDS\n\nDe : Example Help Center <referrals@example.org>\nEnvoyé : mardi 24 novembre 2026 10:00\nÀ : Maria Lopez <maria@example.org>\nObjet : Action needed\n\nBARE",
    ),
    (
        "Exchange on a phone",
        "WORDS\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Example Help Center <referrals@example.org>\nSent: Tuesday, November 24, 2026 10:00:00 AM\nTo: Maria Lopez\nSubject: Action needed\n\nBARE",
    ),
    (
        "Yahoo",
        "WORDS\n\n    On Tuesday, November 24, 2026 at 10:00:00 AM EST, Example Help Center <referrals@example.org> wrote:  \n \n BARE",
    ),
    (
        "Lotus Notes",
        "WORDS\n\nFrom:   Example Help Center <referrals@example.org>\nTo:     Maria Lopez <maria@example.org>\nDate:   11/24/2026 10:00 AM\nSubject:        Action needed\n\nBARE",
    ),
    ("Thunderbird, below", "On 11/24/26 10:00 AM, Example Help Center wrote:\nMARKED\n\nWORDS"),
    ("below, no heading", "MARKED\n\nWORDS"),
    ("within", "On 11/24/26 10:00 AM, Example Help Center wrote:\nFIRST\n\nWORDS\n\nREST"),
    ("within and signed", "FIRST\n\nWORDS\n\n-- \nMaria\naccept\n\nREST"),
    ("signed", "WORDS\n\n-- \nMaria Lopez\naccept\nclose done\n"),
    (
        "signed above the quote",
        "WORDS\n\n-- \nMaria Lopez\n\nOn Tue, Nov 24, 2026 at 10:00 AM Example Help Center <referrals@example.org> wrote:\nMARKED",
    ),
    (
        "quoted twice",
        "WORDS\n\nOn Tue, Nov 24, 2026 at 11:00 AM Sam <sam@example.org> wrote:\n> Please do.\n>\n> On Tue, Nov 24, 2026 at 10:00 AM Example Help Center <referrals@example.org> wrote:\n>\n> > accept\n> > close done\n",
    ),
];

/// The same in HTML alone.
const IN_HTML: [(&str, &str); 8] = [
    (
        "Gmail",
        r#"<div dir="ltr">WORDS</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Nov 24, 2026 at 10:00 AM Example Help Center wrote:<br></div><blockquote class="gmail_quote">BARE</blockquote></div>"#,
    ),
    (
        "Outlook on the web",
        r#"<p>WORDS</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Example Help Center<br><b>Sent:</b> Tuesday</div><div>BARE</div>"#,
    ),
    (
        "Outlook",
        r#"<div><p>WORDS</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p><b>From:</b> Example Help Center<br><b>Sent:</b> Tuesday</p></div><p>BARE</p></div>"#,
    ),
    (
        "Yahoo",
        r#"<div>WORDS</div><div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted"><div>On Tuesday, Example Help Center wrote:</div><div>BARE</div></div>"#,
    ),
    (
        "Thunderbird",
        r#"WORDS<br><div class="moz-cite-prefix">On 11/24/26 10:00 AM, Example Help Center wrote:<br></div><blockquote type="cite">BARE</blockquote>"#,
    ),
    (
        "Thunderbird, below",
        r#"<div class="moz-cite-prefix">On 11/24/26 10:00 AM, Example Help Center wrote:<br></div><blockquote type="cite">BARE</blockquote><p>WORDS</p>"#,
    ),
    (
        "Outlook for Mac",
        r#"<div>WORDS</div><span id="OLK_SRC_BODY_SECTION"><div>From: Example Help Center</div><div>BARE</div></span>"#,
    ),
    (
        "Apple Mail",
        r#"<body>WORDS<div><br><blockquote type="cite"><div>On Nov 24, 2026, at 10:00 AM, Example Help Center wrote:</div><br><div>BARE</div></blockquote></div></body>"#,
    ),
];

fn marked(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

/// The letter somebody answers, with the words of all four answers in it.
fn quoted(task: &Letter) -> String {
    let words = ANSWERS.map(|(words, ..)| words).join("\n");
    format!("{}\n{words}", task.text.trim_end())
}

fn in_text(task: &Letter, style: &str, words: &str) -> Mail {
    let old = quoted(task);
    let lines: Vec<&str> = old.lines().collect();
    let (first, rest) = lines.split_at(lines.len() / 2);
    let body = style
        .replace("MARKED", &marked(&lines))
        .replace("FIRST", &marked(first))
        .replace("REST", &marked(rest))
        .replace("BARE", &old)
        .replace("WORDS", words);
    task.answer("").header("Content-Type", "text/plain; charset=utf-8").body(&body)
}

fn in_html(task: &Letter, style: &str, words: &str) -> Mail {
    let old = quoted(task).replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>\n");
    let body = style.replace("BARE", &old).replace("WORDS", words);
    task.answer("").header("Content-Type", "text/html; charset=utf-8").body(&body)
}

/// All four answers in one style do what they say, and nothing of what they quote.
fn acts_by_new_words_alone(name: &str, mail: impl Fn(&Letter, &str) -> Mail) {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    for (words, status, contact) in ANSWERS {
        world.receive(&mail(&task, words));
        let record = world.record(0);
        assert_eq!((record.status.word(), record.contact.word()), (status, contact), "{name}: {words}");
    }
    assert_eq!(world.records().len(), 1, "{name}");
}

#[test]
fn c21_of_an_answer_in_any_mail_program_only_the_new_words_act() {
    for (name, style) in IN_TEXT {
        acts_by_new_words_alone(name, |task, words| in_text(task, style, words));
    }
    for (name, style) in IN_HTML {
        acts_by_new_words_alone(&format!("{name} in HTML"), |task, words| in_html(task, style, words));
    }
}

/// An office's own words for the letter with what we hold: none of ours is in it.
const DATOS: &str = "Subject: {{ letter.reference }}\n\nConsent: no\nDatos de la persona para quien la va a llamar hoy \
    por la tarde:\n\n- Email: not safe\n- Consent: no\n- Do not contact: yes\n\nAl terminar:\n\n    accept\n    do not contact\n";

#[test]
fn an_offices_own_letter_that_is_quoted_without_a_mark_commands_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("details")).unwrap();
    std::fs::write(folder.path().join("details/en.txt"), DATOS).unwrap();
    let config = format!("{OFFICE}\n[letters]\ntemplates = \"{}\"\n", folder.path().display());
    for (words, is_stopped) in
        [("accept", false), ("accept\ndo not contact", true), ("She is scared.\n\ndo not contact", true)]
    {
        let mut world = World::with("2026-11-24 10:00", &config);
        world.receive(&referral());
        world.answer(MARIA, "details");
        let letter = world.last_to(MARIA);
        assert!(letter.text.contains("Datos de la persona"), "{}", letter.text);
        for body in [format!("{words}\n\n{}", letter.text), format!("{words}\n{}", letter.text)] {
            let answer = letter.answer(words).body(&body);
            world.receive(&answer);
        }
        assert_eq!(world.record(0).stopped, is_stopped, "{words}");
        assert_eq!(world.record(0).consent_told, None, "{words}");
        assert!(world.record(0).email_doubted_at.is_none(), "{words}");
        world.check();
    }
}
