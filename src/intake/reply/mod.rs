//! What the author wrote now, and what was only quoted, signed or appended.
//!
//! A body becomes lines ([`mod@line`]); headings ([`heading`], [`notes`]) and quote marks say what is quoted
//! ([`quotes`]); signatures, notices and footers are set aside ([`trailer`]). HTML becomes text first ([`markup`]). The
//! words of each language are files ([`words`]). Each line lands in exactly one part, so that nothing is lost; time is
//! linear in the body.

pub(in crate::intake) mod heading;
pub(in crate::intake) mod line;
pub(in crate::intake) mod markup;
mod notes;
pub(in crate::intake) mod quotes;
mod trailer;
pub(in crate::intake) mod words;

use std::borrow::Cow;

use super::Text;
use line::{Class, Line, lines};
use words::{WORDS, normal};

/// The body to read, laid out once for everybody who reads it: laying HTML out is dear.
pub(in crate::intake) enum Laid<'a> {
    /// Plain text, as it came.
    Plain(&'a str),
    /// HTML as text, in pieces.
    Html(Vec<markup::Piece>),
}

/// The body of a mail, taken apart once for everybody who reads it.
pub(in crate::intake) struct Own<'a> {
    /// As laid out.
    pub(in crate::intake) laid: &'a Laid<'a>,
    /// Its lines.
    pub(in crate::intake) lines: &'a [Line<'a>],
    /// What is new in it, and what is not.
    pub(in crate::intake) text: &'a Text,
    /// What it quotes is a letter of ours.
    pub(in crate::intake) answers_us: bool,
}

/// Lays out the body to read: the plain one, unless it is empty or only says that the mail is in HTML.
#[must_use]
pub(in crate::intake) fn lay_out<'a>(plain: Option<&'a str>, html: Option<&str>) -> Laid<'a> {
    match readable(plain, html) {
        Readable::Plain => Laid::Plain(plain.unwrap_or_default()),
        Readable::Html(html) => Laid::Html(markup::pieces(html)),
    }
}

impl Laid<'_> {
    /// The whole text.
    #[must_use]
    pub(in crate::intake) fn whole(&self) -> Cow<'_, str> {
        match self {
            Laid::Plain(text) => Cow::Borrowed(*text),
            Laid::Html(pieces) => pieces.iter().map(|(_, text)| text.as_str()).collect::<String>().into(),
        }
    }

    /// Its lines, with what the markup says about them.
    #[must_use]
    pub(in crate::intake) fn lines(&self) -> Vec<Line<'_>> {
        match self {
            Laid::Plain(text) => lines(text),
            Laid::Html(pieces) => {
                pieces.iter().map(|(forced, text)| Line { forced: *forced, ..Line::read(text) }).collect()
            }
        }
    }
}

/// Takes a body apart; own + quoted + removed is all of its text. With both bodies present the plain one is read,
/// unless it is empty or only says that the mail is in HTML.
#[must_use]
pub fn split(plain: Option<&str>, html: Option<&str>) -> Text {
    parts(&lay_out(plain, html).lines())
}

/// The body to read.
pub(in crate::intake) enum Readable<'a> {
    Plain,
    Html(&'a str),
}

/// The plain body, unless there is nothing in it and there is an HTML one.
pub(in crate::intake) fn readable<'a>(plain: Option<&'a str>, html: Option<&'a str>) -> Readable<'a> {
    let plain = plain.unwrap_or_default();
    match html.filter(|text| !text.trim().is_empty()) {
        Some(html) if plain.trim().is_empty() || is_markup(plain) || is_placeholder(plain) => {
            Readable::Html(html)
        }
        None if is_markup(plain) => Readable::Html(plain),
        Some(_) | None => Readable::Plain,
    }
}

/// Some programs put HTML where plain text should be.
fn is_markup(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let opens = |tag: &str| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    opens("<html") || opens("<!doctype html") || opens("<body")
}

/// A short body that only points to the other one.
fn is_placeholder(text: &str) -> bool {
    text.len() <= 300 && WORDS.is_placeholder(&normal(text))
}

/// What each line of a body is.
#[must_use]
pub(in crate::intake) fn classes(lines: &[Line<'_>]) -> Vec<Class> {
    let (mut classes, _) = quotes::classify(lines);
    trailer::set_aside(lines, &mut classes);
    classes
}

/// Takes a body's lines apart; own + quoted + removed is all of their text.
#[must_use]
pub(in crate::intake) fn parts(lines: &[Line<'_>]) -> Text {
    let (read, unsure) = quotes::classify(lines);
    let mut classes = read.clone();
    trailer::set_aside(lines, &mut classes);
    let length = |wanted: Class| {
        let parts = lines.iter().zip(&classes).filter(|(_, class)| **class == wanted);
        parts.map(|(line, _)| line.raw.len()).sum()
    };
    let (own, quoted, removed) = (length(Class::Own), length(Class::Quoted), length(Class::Removed));
    let mut text = Text {
        own: String::with_capacity(own),
        quoted: String::with_capacity(quoted),
        removed: String::with_capacity(removed),
        aside: String::with_capacity(quoted + removed),
        unsure: String::new(),
    };
    for (at, ((line, class), read)) in lines.iter().zip(classes).zip(read).enumerate() {
        // What only looks like a notice, a footer or a signature may be somebody's warning.
        if unsure.has(at) || class != read {
            text.unsure.push_str(line.raw);
        }
        match class {
            Class::Own => text.own.push_str(line.raw),
            Class::Quoted => text.quoted.push_str(line.raw),
            Class::Removed => text.removed.push_str(line.raw),
        }
        if class != Class::Own {
            text.aside.push_str(line.raw);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bodies of invented mails: `own`, then what must not be read as new.
    fn check(plain: &str, own: &str) {
        let text = split(Some(plain), None);
        assert_eq!(text.own.trim(), own, "{plain}");
    }

    fn check_html(html: &str, own: &str) {
        let text = split(None, Some(html));
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(&text.own), own, "{html}\n{:?}", markup::pieces(html));
    }

    #[test]
    fn an_attribution_in_any_language_opens_a_quote_even_without_marks() {
        for heading in [
            "On Tue, 3 Nov 2026 at 09:15, Ann Smith <ann@example.org> wrote:",
            "On Nov 3, 2026, at 9:15 AM, Ann Smith <ann@example.org> wrote:",
            "On Tue, 3 Nov 2026 at 09:15, Ann Smith <\nann@example.org> wrote:",
            "Ann Smith <ann@example.org> wrote on 11/03/2026 09:15:20 AM:",
            "El mar, 3 nov 2026 a las 9:15, Ann Smith (<ann@example.org>) escribió:",
            "Le mar. 3 nov. 2026 à 09:15, Ann Smith <ann@example.org> a écrit :",
            "Am Di., 3. Nov. 2026 um 09:15 Uhr schrieb Ann Smith <ann@example.org>:",
            "Am 03.11.2026 um 09:15 schrieb Ann Smith:",
            "Ann Smith <ann@example.org> schrieb am Di., 3. Nov. 2026, 09:15:",
            "Il giorno mar 3 nov 2026 alle ore 09:15 Ann Smith <ann@example.org> ha scritto:",
            "Em ter., 3 de nov. de 2026 às 09:15, Ann Smith <ann@example.org> escreveu:",
            "Op di 3 nov. 2026 om 09:15 schreef Ann Smith <ann@example.org>:",
            "Op 3 nov. 2026 om 09:15 heeft Ann Smith <ann@example.org> het volgende geschreven:",
            "Den tis 3 nov. 2026 kl 09:15 skrev Ann Smith <ann@example.org>:",
            "tir. 3. nov. 2026 kl. 09.15 skrev Ann Smith <ann@example.org>:",
            "ti 3. marrask. 2026 klo 9.15 Ann Smith (ann@example.org) kirjoitti:",
            "wt., 3 lis 2026 o 09:15 Ann Smith <ann@example.org> napisał(a):",
            "út 3. 11. 2026 v 9:15 odesílatel Ann Smith <ann@example.org> napsal:",
            "Ann Smith <ann@example.org> ezt írta (időpont: 2026. nov. 3., K, 9:15):",
            "вт, 3 нояб. 2026 г. в 09:15, Ann Smith <ann@example.org>:",
            "вт, 3 лист. 2026 р. о 09:15 Ann Smith <ann@example.org> пише:",
            "Ann Smith <ann@example.org>, 3 Kas 2026 Sal, 09:15 tarihinde şunu yazdı:",
            "Vào Th 3, 3 thg 11, 2026 vào lúc 09:15 Ann Smith <ann@example.org> đã viết:",
            "Στις Τρί 3 Νοε 2026 στις 9:15 π.μ., ο χρήστης Ann Smith <ann@example.org> έγραψε:",
            "Noong Mar, 3 Nob 2026, sumulat si Ann Smith <ann@example.org>:",
            "Le 3 novanm 2026 a 09:15, Ann Smith <ann@example.org> te ekri:",
            "2026年11月3日(火) 9:15 Ann Smith <ann@example.org>:",
            "Ann Smith <ann@example.org> 于2026年11月3日周二 09:15写道：",
            "2026년 11월 3일 (화) 오전 9:15, Ann Smith <ann@example.org>님이 작성:",
            "\u{202b}בתאריך יום ג׳, 3 בנוב׳ 2026 ב-9:15 מאת \u{202a}Ann Smith\u{202c}\u{200f} <\u{202a}ann@example.org\u{202c}\u{200f}>:\u{202c}",
            "---- On Tue, 03 Nov 2026 09:15:00 +0000 Ann Smith <ann@example.org> wrote ----",
            "في الثلاثاء، ٣ نوفمبر ٢٠٢٦ في ٩:١٥ ص تمت كتابة ما يلي بواسطة Ann Smith <ann@example.org>:",
            "در تاریخ سه‌شنبه ۳ نوامبر ۲۰۲۶،‏ ۰۹:۱۵ Ann Smith <ann@example.org> نوشت:",
            ">>> Ann Smith <ann@example.org> 11/3/2026 9:15 AM >>>",
            ">>> On 11/3/2026 at 9:15 AM, in message <1@example.org>, Ann Smith wrote:",
        ] {
            check(
                &format!("Yes, accept.\n\n{heading}\n\nPlease answer: decline or accept\n"),
                "Yes, accept.",
            );
        }
    }

    #[test]
    fn a_marker_or_a_block_of_headers_opens_a_quote() {
        for heading in [
            "-----Original Message-----",
            "________________________________\nFrom: Ann <ann@example.org>\nSent: Tuesday, November 3, 2026 9:15 AM\nTo: Intake <in@example.org>\nSubject: Handoff",
            "From: Ann\nSent: Tuesday, November 3, 2026 9:15 AM\nTo: Intake\nSubject: Handoff",
            "*From:* Ann\n*Date:* Tuesday\n*To:* Intake\n*Subject:* Handoff",
            "De : Ann <ann@example.org>\nEnvoyé : mardi 3 novembre 2026 09:15\nÀ : Intake\nObjet : Suivi",
            "De: Ann <ann@example.org>\nEnviado el: martes, 3 de noviembre de 2026 9:15\nPara: Intake\nAsunto: Caso",
            "Von: Ann <ann@example.org>\nGesendet: Dienstag, 3. November 2026 09:15\nAn: Intake\nBetreff: Fall",
            "-----Ann Smith <ann@example.org> wrote: -----\nTo: Intake\nFrom: Ann Smith",
            "---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nSubject: Handoff",
            "##- Please type your reply above this line -##",
            "--- Responda por encima de esta línea ---",
            "----- Mail original -----\nDe: \"Ann\" <ann@example.org>",
            "寄件者: Ann <ann@example.org>\n寄件日期: 2026年11月3日\n收件者: Intake\n主旨: Handoff",
            "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
            "-----邮件原件-----",
            "##- Responda sobre esta línea -##",
        ] {
            check(&format!("Noted.\n\n{heading}\n\ndecline conflict\n"), "Noted.");
        }
    }

    #[test]
    fn text_between_and_below_marked_quotes_is_new() {
        check(
            "On 3 Nov 2026 at 09:15, Ann <ann@example.org> wrote:\n> What is her phone?\n\n555 0100\n\n> And a safe time?\nafter 5\n",
            "555 0100\n\nafter 5",
        );
    }

    #[test]
    fn prose_and_forms_that_look_like_headings_stay_new_text() {
        for own in [
            "On Monday the landlord said: leave.\nOn the other hand she has a lease.",
            "Please call.\nDates that suit:\n2026-11-03 14:30\n11/04/2026 at 2:30 PM",
            "To: Legal Aid\nFrom: Ann Smith, Shelter\nDate: 11/3/2026\nRe: a client",
            "Name: Maria\nPhone: 555 0100\nTo: be decided",
            "The data comes From: our database, not From: others.",
            "Steps:\n-- first, call\n-- then, write",
            "Sent by fax to the court on Monday.\n\nPlease confirm.",
        ] {
            check(own, own);
        }
    }

    #[test]
    fn signatures_notices_and_footers_are_set_aside() {
        for (mail, own) in [
            ("Done.\n\n-- \nAnn Smith\nShelter, 555 0100\n", "Done."),
            ("Done.\n\nSent from my iPhone\n", "Done."),
            ("Hecho.\n\nEnviado desde mi iPhone\n", "Hecho."),
            ("Fait.\n\nEnvoyé de mon iPhone\n", "Fait."),
            ("Fertig.\n\nVon meinem iPhone gesendet\n", "Fertig."),
            ("Done.\n\nGet Outlook for Android<https://example.org>\n", "Done."),
            ("Done.\n\nSent from my BlackBerry 10 smartphone on the Rogers network.\n", "Done."),
            ("Hecho.\n\nDescargar Outlook para iOS\n", "Hecho."),
            (
                "Done.\n\nSent by mail to the court on the 3rd of December last year\n",
                "Done.\n\nSent by mail to the court on the 3rd of December last year",
            ),
            (
                "Done.\n\nCONFIDENTIALITY NOTICE: This message is intended only for the named reader. Delete it if you are not.\n",
                "Done.",
            ),
            (
                "WARNING: This email originated outside of the County email system. DO NOT CLICK links in it.\n\nDone.\n",
                "Done.",
            ),
            (
                "Готово.\n\nНастоящее сообщение является конфиденциальным. Удалите его, если оно не вам.\n",
                "Готово.",
            ),
            (
                "Done.\n\nThis communication is protected by the attorney-client privilege and is meant for its addressee.\n",
                "Done.",
            ),
            ("Done.\n\n_____________\nFriends mailing list\nhttps://example.org\n", "Done."),
        ] {
            check(mail, own);
        }
    }

    #[test]
    fn what_people_write_in_the_words_of_notices_stays() {
        for own in [
            "She came from outside of the county to get away from him. Please do not email her, he reads her email and knows her password.",
            "Ann Lee (518-555-0142) came from outside our service area and needs help with an eviction; hearing on December 3 in city court.",
            "Ann Lee (518-555-0142) is the intended recipient of the eviction notice that came on the first, and needs help.",
            "Please write to the intended recipient of this letter, Ann Lee, ann@mail.example, about her eviction.",
            "De gemeente vordert de bijstand terug die mevrouw Ann Lee volgens hen ten onrechte heeft ontvangen.",
            "Recibí un aviso legal: tengo que salir de mi casa antes del 3 de diciembre. Mi teléfono es 518-555-0142, llame por la mañana.",
            "Ta wiadomość jest poufna, proszę nie pisać do mnie, bo mój mąż czyta moją pocztę i mój telefon.",
            "Bu gizli bilgi, lütfen kocasına söylemeyin. Please do not email her, he reads her mail every day.",
            "La lettera dello sfratto è stata ricevuta per errore dal vicino di casa, e la signora ha perso il termine.",
            "O meu marido diz que a segurança social pagou o que ela recebeu por engano e agora quer o dinheiro.",
            "The debt originated outside the state, and the collector calls her at work each day without end.",
            "Her new address is confidential and must not be given to her husband, who looks for her everywhere.",
        ] {
            check(&format!("{own}\n"), own);
            check(&format!("Hello.\n\n{own}\n"), &format!("Hello.\n\n{own}"));
        }
    }

    #[test]
    fn a_notice_with_a_number_needs_two_of_its_phrases() {
        let notice = "CONFIDENTIALITY NOTICE: if you are not the intended recipient of this mail, call 518-555-0100 and delete it.";
        check(&format!("Done.\n\n{notice}\n"), "Done.");
    }

    #[test]
    fn a_sentence_that_opens_like_a_footer_stays_with_all_below_it() {
        let own = "I need help with my landlord.\n\nSent by my neighbor because my husband checks my phone every night\n\n\
                   Please do not email me, he reads my mail. Call 518-555-0142 only mornings.";
        check(own, own);
        let long =
            "Done.\n\nSent from my BlackBerry 10 smartphone on the Rogers network.\n\nCall only mornings.\n";
        check(long, "Done.\n\n\nCall only mornings.");
    }

    #[test]
    fn what_is_set_aside_is_heard() {
        for (mail, heard) in [
            ("Done.\n\nSent from my iPhone\n\nDo not call.\n", "Do not call."),
            ("Done.\n\n-- \nAnn\nDo not call.\n", "Do not call."),
            (
                "Done.\n\nCONFIDENTIALITY NOTICE: meant for the intended recipient alone, who is told: Do not call.\n",
                "Do not call.",
            ),
        ] {
            assert!(split(Some(mail), None).unsure.contains(heard), "{mail}");
        }
    }

    #[test]
    fn own_text_that_looks_like_a_label_above_a_heading_is_no_part_of_it() {
        let heading = "From: Ann Smith\nSent: Tuesday, November 3, 2026 9:15 AM\nTo: Intake\nSubject: Handoff\n\nIs it safe?";
        for own in [
            "No: he reads her mail",
            "She is scared.\nNo: he reads her mail",
            "No: he reads her mail\nNo: do not call",
            "She is scared.\n\nTo: be decided",
        ] {
            check(&format!("{own}\n{heading}"), own);
            check(&format!("{own}\n\n{heading}"), own);
        }
    }

    #[test]
    fn a_form_below_dashes_is_not_a_signature() {
        let form = "New handoff\n--\nClient: Maria\nNeed: eviction\nLanguage: Spanish\nConsent: yes";
        check(form, form);
    }

    #[test]
    fn the_quotes_of_each_mail_program_are_read_from_its_html() {
        for html in [
            r#"<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Zzz, qqq:<br></div><blockquote class="gmail_quote">old</blockquote></div>"#,
            r#"<p>Yes.</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Zzz:</b> Ann<br><b>Yyy:</b> now</div><div>old</div>"#,
            r#"<div><p>Yes.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p><b>From:</b> Ann<br><b>Sent:</b> now</p></div><p>old</p></div>"#,
            r#"<div>Yes.</div><div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted"><div>Zzz</div><div>old</div></div>"#,
            r#"Yes.<div class="moz-cite-prefix">Zzz 3 qqq:<br></div><blockquote type="cite">old</blockquote>"#,
            r#"<div>Yes.</div><span id="OLK_SRC_BODY_SECTION"><div>From: Ann</div><div>old</div></span>"#,
            r#"<div>Yes.<br><div class="gmail_signature">Ann, Shelter</div></div>"#,
            r#"<div style="display: none">old</div><div>Yes.</div>"#,
            r#"<table style="display: none"><tr><td>old</td><td>older</td></tr></table><div>Yes.</div>"#,
            "<table><tbody hidden><tr><td>old</td></tr></tbody></table><div>Yes.</div>",
            r#"<table><tr style="display: none"><td>old<p>and older</p></td><td>old</td></tr><tr><td>Yes.</td></tr></table>"#,
            r"Yes.<div><hr><div><b>From: ann@example.org</b> <b>Date: Thu, 24 Mar 2016 08:07:12 -0700</b></div><div>old</div></div>",
        ] {
            check_html(html, "Yes.");
        }
    }

    #[test]
    fn text_typed_between_html_quotes_is_new() {
        check_html(
            r#"<div class="gmail_quote"><div class="gmail_attr">On 3 Nov 2026 at 9:15, Ann wrote:</div><blockquote>phone?</blockquote><div>555 0100</div><blockquote>time?</blockquote><div>after 5</div></div>"#,
            "555 0100 after 5",
        );
    }

    #[test]
    fn the_plain_body_is_read_unless_it_only_points_to_the_other() {
        let html = Some("<p>from html</p>");
        assert_eq!(split(Some("from plain"), html).own, "from plain");
        for junk in ["", " \r\n", "Your email client does not support HTML mails.", "<html><p>x</p></html>"] {
            assert_eq!(split(Some(junk), html).own.trim(), "from html", "{junk:?}");
        }
    }

    #[test]
    fn hostile_bodies_lose_nothing() {
        let heavy = [
            ">\n".repeat(115_000),
            "On Tue, 3 Nov 2026 at 09:15, Ann <ann@example.org> wrote:\n".repeat(30_000),
            "Ann wrote:\n".repeat(30_000),
            "On 1 1\n".repeat(15_000),
            "From: a\n".repeat(40_000),
            "\n".repeat(300_000),
            "-".repeat(300_000),
            "--\n".repeat(100_000),
            "|\n".repeat(300_000),
            "Ann wrote:\n\n\n\n\n\n\n\n".repeat(20_000),
            ">".repeat(300_000),
            "Sent from my phone\n\n".repeat(15_000),
        ];
        for body in heavy {
            let text = split(Some(&body), None);
            assert_eq!(text.own.len() + text.quoted.len() + text.removed.len(), body.len());
        }
    }

    #[test]
    fn hostile_markup_is_bounded_and_loses_nothing() {
        for tag in
            ["blockquote", "ul><li", "div", "table><tr><td", "b", "span class=yahoo_quoted", "p", "div></x"]
        {
            for times in [12, 100, 20_000] {
                let html = format!("{}deep{}", format!("<{tag}>x").repeat(times), "<br>y".repeat(1_000));
                let text = split(None, Some(&html));
                let whole = format!("{}{}{}", text.own, text.quoted, text.removed);
                assert!(whole.contains("deep") && whole.len() < 10_000_000, "{tag}: {}", whole.len());
            }
        }
    }

    mod properties {
        use proptest::prelude::*;

        use super::super::*;

        /// Lines that mean something to this file, and lines of anything.
        fn line() -> impl Strategy<Value = String> {
            prop_oneof![
                Just("On Tue, 3 Nov 2026 at 09:15, Ann <ann@example.org> wrote:".to_owned()),
                Just("-----Original Message-----".to_owned()),
                Just("From: Ann <ann@example.org>".to_owned()),
                Just("Subject: x".to_owned()),
                Just("Date: 1 2 3".to_owned()),
                Just("> quoted".to_owned()),
                Just("-- ".to_owned()),
                Just("Sent from my iPhone".to_owned()),
                Just(String::new()),
                "[ -~]{0,30}",
                "\\PC{0,30}",
            ]
        }

        fn sorted(parts: &[&str]) -> Vec<char> {
            let mut chars: Vec<char> = parts.iter().flat_map(|part| part.chars()).collect();
            chars.sort_unstable();
            chars
        }

        proptest! {
            #[test]
            fn nothing_of_a_plain_body_is_lost(lines in prop::collection::vec(line(), 0..40), end in "\r?\n") {
                let body = lines.join(&end);
                let text = split(Some(&body), None);
                prop_assert_eq!(sorted(&[&text.own, &text.quoted, &text.removed]), sorted(&[&body]));
            }

            #[test]
            fn nothing_of_an_html_body_is_lost(
                tags in prop::collection::vec((0_usize..6, line()), 0..20),
            ) {
                let tag = ["div", "blockquote", "div class=yahoo_quoted", "span id=divRplyFwdMsg", "p style='display:none'", "/div"];
                let body: String = tags.iter().map(|(at, text)| format!("<{}>{}", tag[*at], text.replace('<', "&lt;"))).collect::<Vec<_>>().concat();
                let text = split(None, Some(&body));
                let whole = lay_out(None, Some(&body)).whole().into_owned();
                prop_assert_eq!(sorted(&[&text.own, &text.quoted, &text.removed]), sorted(&[&whole]));
            }
        }
    }
}
