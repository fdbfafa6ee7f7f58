//! Answers about consent and safety that cannot be believed: every yes is taken back, a no stays.

use super::Harvest;
use crate::referral::packet::{Channels, Field, Found, Grounds, Judged, Packet, Safety};
use crate::referral::safety::{is_guarded, taken_away};

/// What a person is told of a mail whose texts answer differently.
pub(super) const TORN: &str =
    "The two texts of the mail (plain and HTML) disagree about consent, safety or an address; please ask.";

/// What a person is told of a mail that answers such a question where hardly anybody sees it.
const UNSEEN: &str = "A part of the mail that is not shown, or hardly, answers about consent or safety; please ask what is safe.";

/// What a person is told of a mail with several people and one set of answers.
const NOBODYS: &str = "The mail sets out several people, and it is not certain who is the client, or whose the answers \
     about consent and safety are; please look at it and ask.";

/// Said where two packets that may be one person's answer differently.
pub(super) const OTHERWISE: &str =
    "Two places of the mail that may speak of one person disagree about consent or safety; please ask.";

/// The plain text and the HTML answer differently.
pub(super) fn torn(harvest: &mut Harvest) {
    believe_no_yes(harvest, "the two texts of the mail disagree");
    harvest.problems.push(TORN.to_owned());
}

/// An answer stands where a reader does not look.
pub(super) fn unseen(harvest: &mut Harvest) {
    believe_no_yes(harvest, "hardly anybody sees it");
    harvest.problems.push(UNSEEN.to_owned());
}

/// Several people stand in the mail, and nobody knows whose the answers are.
pub(super) fn nobodys(harvest: &mut Harvest) {
    believe_no_yes(harvest, "it is not certain whose answer it is");
    harvest.problems.push(NOBODYS.to_owned());
}

/// Another person in the mail is called the client: this one may be whom the client fears. Nobody is to call them for
/// the client by reflex, so that no way is safe until a person has asked.
pub(super) fn may_be_no_client(packet: &mut Packet) {
    const WAYS: [Field; 5] =
        [Field::SafeCall, Field::SafeVoicemail, Field::SafeText, Field::SafeEmail, Field::SafeLetter];
    let mut grounds = Grounds::default();
    grounds.say(NOT_CALLED);
    packet.because(&grounds);
    for way in WAYS {
        packet.unbelieve(way, "it is not certain that this is the client", "what stands above the name");
    }
}

/// Why nobody may be reached in such a packet.
const NOT_CALLED: &str = "the mail calls somebody else the client, and this may be whom the client fears: please ask whoever referred them";

/// Makes a question of an answer, or of none.
pub(super) fn question(packet: &mut Packet, field: Field, why: &str) {
    packet.unbelieve(field, why, "several places of the mail");
}

/// What a word of another place leaves of an answer about consent or safety, if it leaves less.
pub(super) fn less(field: Field, known: Option<&Found>, word: &Found) -> Option<Judged> {
    let is_said = known.is_some_and(|known| known.value == word.value && known.judged == word.judged);
    taken_away(field, known.map(|known| &known.judged), &word.judged).filter(|_| !is_said)
}

fn believe_no_yes(harvest: &mut Harvest, why: &str) {
    for packet in &mut harvest.packets {
        let fields = packet.iter().map(|(field, _)| field).filter(|field| is_guarded(*field));
        for field in fields.collect::<Vec<_>>() {
            take_back(packet, field, why);
        }
    }
}

fn take_back(packet: &mut Packet, field: Field, why: &str) {
    let Some(found) = packet.get(field).cloned() else { return };
    let judged = match found.judged {
        Judged::Channels(channels) => Judged::Channels(without_yes(channels)),
        Judged::Yes | Judged::YesUntil { .. } | Judged::Scope(_) => Judged::Unclear(why.to_owned()),
        judged => judged,
    };
    packet.put(field, Found { judged, ..found });
}

fn without_yes(channels: Channels) -> Channels {
    let doubted = |safety| if safety == Safety::Safe { Safety::NotSafe } else { safety };
    Channels {
        call: doubted(channels.call),
        voicemail: doubted(channels.voicemail),
        text: doubted(channels.text),
        email: doubted(channels.email),
        letter: doubted(channels.letter),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use super::*;

    /// What becomes of the client's email and of the consent, behind a shown form that says yes to neither.
    fn said(html: &str) -> (Safety, Option<Judged>) {
        let html = format!("<p>Client name: Ann Lee</p><p>Email: ann@mail.example</p>{html}");
        let harvest = read(Source { html: Some(&html), ..Source::default() }, &context());
        let packet = &harvest.packets[0];
        (packet.channels().email, packet.get(Field::Consent).map(|found| found.judged.clone()))
    }

    #[test]
    fn a_yes_that_hardly_anybody_sees_is_none() {
        for style in
            ["color:#fff", "color: white", "font-size:1px", "font-size:0", "color:#FFF;background:#ffffff"]
        {
            for yes in ["Safe to email: yes", "Safe to contact: yes", "Consent to share: yes"] {
                let (email, consent) = said(&format!("<p style='{style}'>{yes}</p>"));
                assert!(email != Safety::Safe && consent != Some(Judged::Yes), "{style} {yes}");
            }
            let (email, _) = said(&format!("<p>Safe to email: <span style=\"{style}\">yes</span></p>"));
            assert_ne!(email, Safety::Safe, "{style}");
        }
        assert_ne!(said("<p>Safe to email: <s>yes</s></p>").0, Safety::Safe);
        assert_ne!(
            said("<p>Safe to email: <span style='text-decoration:line-through'>yes</span></p>").0,
            Safety::Safe
        );
        assert_ne!(said("<p>Safe to email: ~~yes~~</p>").0, Safety::Safe);
        let struck =
            "<p>Client name: Ann Lee</p><p>Email: ann@mail.example</p><p>Safe to email: <s>yes</s></p>";
        let text = "Client name: Ann Lee\nEmail: ann@mail.example\nSafe to email: yes\n";
        let source = Source { text, html: Some(struck), ..Source::default() };
        assert_ne!(read(source, &context()).packets[0].channels().email, Safety::Safe);
        assert_ne!(said("<table><tr><td>Safe to email<td><del>Yes</del></table>").0, Safety::Safe);
        assert_ne!(said("<p>Safe to email: yes</p><p hidden>Safe to email: no</p>").0, Safety::Safe);
    }

    #[test]
    fn an_answer_among_others_that_hardly_anybody_sees_is_none() {
        let answers = "Consent to share: yes|Safe to email: yes";
        let before = "Language: English|Phone: 518 555 0142";
        for style in ["color:white", "font-size:1px", "color:#fdfdfd"] {
            for (open, close) in
                [("<p>", "</p>"), ("", "<br>"), ("<div>", "</div>"), ("<table><tr><td>", "</table>")]
            {
                let lines: String =
                    [before, answers].join("|").split('|').map(|line| [open, line, close].concat()).collect();
                let (email, consent) = said(&format!("<div style=\"{style}\">{lines}</div>"));
                assert!(email != Safety::Safe && consent != Some(Judged::Yes), "{style} {open}");
            }
        }
    }

    #[test]
    fn a_question_that_hardly_anybody_sees_is_not_answered_by_what_stands_below() {
        assert_ne!(said("<p style='color:#fff'>Safe to email?</p><p>Yes</p>").0, Safety::Safe);
        assert_ne!(said("<p><span style='color:#fff'>Safe to email:</span> Yes</p>").0, Safety::Safe);
    }

    #[test]
    fn an_answer_that_a_style_sheet_strikes_out_hides_or_turns_is_none() {
        for (sheet, yes) in [
            (".x{text-decoration:line-through}", "<p>Safe to email: <span class=\"x\">yes</span></p>"),
            (
                "p.x, .y { text-decoration : line-through !important }",
                "<p class='a x'>Safe to email: yes</p>",
            ),
            ("#no{text-decoration-line:line-through}", "<p>Safe to email: <b id=no>yes</b></p>"),
            ("em{text-decoration:line-through}", "<p>Safe to email: <em>yes</em></p>"),
            (
                "<!-- td.no{text-decoration:line-through} -->",
                "<table><tr><td>Safe to email<td class=no>yes</table>",
            ),
            ("@media print{.x{text-decoration:line-through}}", "<p class=x>Safe to email: yes</p>"),
            (".form .x{text-decoration:line-through}", "<p class=x>Safe to email: yes</p>"),
            (".x{display:none}", "<p class=x>Safe to email: yes</p>"),
            (".x{font-size:0}", "<p class=x>Safe to email: yes</p>"),
            (".x:after{content:\" NOT\"}", "<p class=x>Safe to email: yes</p>"),
            (".x::before{content:'not '}", "<p>Safe to email: <span class=x>yes</span></p>"),
        ] {
            for html in [format!("<style>{sheet}</style>{yes}"), format!("{yes}<style>{sheet}</style>")] {
                let text = crate::intake::html::text(&html);
                assert_ne!(said(&html).0, Safety::Safe, "{html}");
                let html = format!("<p>Client name: Ann Lee</p><p>Email: ann@mail.example</p>{html}");
                let source = Source { text: &text, html: Some(&html), ..Source::default() };
                assert_ne!(read(source, &context()).packets[0].channels().email, Safety::Safe, "{html}");
            }
        }
        for (sheet, yes) in [
            (".x{text-decoration:none}", "<p class=x>Safe to email: yes</p>"),
            (".y{text-decoration:line-through}", "<p class=x>Safe to email: yes</p>"),
            (".y td{display:none}", "<table><tr><td>Safe to email<td>yes</table>"),
            ("@media only screen{.x{display:none}}", "<p class=x>Safe to email: yes</p>"),
            (".x:after{content:\"\"}", "<p class=x>Safe to email: yes</p>"),
        ] {
            let html = format!("<style>{sheet}</style>{yes}");
            assert_eq!(said(&html).0, Safety::Safe, "{html}");
        }
    }

    #[test]
    fn behind_more_rules_than_are_kept_no_element_with_a_class_says_yes() {
        let rules = |count: usize| ".r{display:none}".repeat(count);
        let sheets = [rules(61), format!("{}{}", rules(1), " ".repeat(64 * 1024))];
        for (sheet, yes) in sheets.iter().flat_map(|sheet| {
            ["<p class=x>Safe to email: yes</p>", "<p id=x>Safe to email: yes</p>"].map(|yes| (sheet, yes))
        }) {
            assert_ne!(said(&format!("<style>{sheet}</style>{yes}")).0, Safety::Safe, "{yes}");
        }
        let plain = "<p>Safe to email: yes</p>";
        assert_eq!(said(&format!("<style>{}</style>{plain}", rules(61))).0, Safety::Safe);
        let kept = format!("<style>{}</style><p class=x>Safe to email: yes</p>", rules(60));
        assert_eq!(said(&kept).0, Safety::Safe);
    }

    #[test]
    fn what_stands_in_an_attribute_or_beside_an_open_box_is_no_answer() {
        for html in [
            "<p title='Safe to email: yes'>hello</p>",
            "<p>Safe to email: <img alt=\"yes\" src=x></p>",
            "<p><img src=x alt='Safe to email: yes'></p>",
            "<p>Safe to email: <input value=\"yes\"></p>",
            "<p>Safe to email: <input type=checkbox> yes</p>",
            "<p>Safe to email: <label><input type='radio'/>yes</label></p>",
            "<!--[if mso]><p>Safe to email: yes</p><![endif]-->",
        ] {
            let html = format!("<p>Client name: Ann Lee</p><p>Email: ann@mail.example</p>{html}");
            let text = crate::intake::html::text(&html);
            let source = Source { text: &text, html: Some(&html), ..Source::default() };
            assert_ne!(read(source, &context()).packets[0].channels().email, Safety::Safe, "{html}");
        }
        assert_eq!(said("<p><img alt='Our logo' src=x></p><p>Safe to email: yes</p>").0, Safety::Safe);
    }

    #[test]
    fn an_answer_off_the_page_is_none() {
        for style in [
            "position:absolute;left:-9999px",
            "text-indent:-9999px",
            "max-height:0;overflow:hidden",
            "opacity:0.01",
        ] {
            let (email, _) = said(&format!("<div style='{style}'><p>Safe to email: yes</p></div>"));
            assert_ne!(email, Safety::Safe, "{style}");
        }
    }

    #[test]
    fn white_on_colour_and_a_hidden_copy_of_the_form_are_believed() {
        for html in [
            "<p style='background:#369;color:#fff'>Safe to email: yes</p>",
            "<td style='font-size:0px'><div style='font-size:14px'>Safe to email: yes</div></td>",
            "<table><tr style='background:#036'><th style='color:#fff'>Safe to email<tr><td>yes</table>",
            "<table bgcolor='#003366'><tr><td><a style='color:white'>OK</a></table><p>Safe to email: yes</p>",
            "<p hidden>Safe to email: yes</p><p>Safe to email: Yes</p>",
            "<table><tr style='color:#fff'><th>Safe to email<th>Safe to call<tr><td>yes<td>yes</table>",
        ] {
            assert_eq!(said(html).0, Safety::Safe, "{html}");
        }
    }
}
