//! Labels and layouts → packets: whatever a partner or a web form sends becomes one packet a person, honestly.
//!
//! A body is cut into lines and rows ([`piece`]), each line is asked whether it is a label ([`label`], by the words of
//! [`lexicon`]), labels and values are paired ([`scan`], [`table`]), pairs are given to persons ([`gather`]), and every
//! value is judged ([`judge`]). Nothing is guessed about consent or safety.

mod above;
mod beside;
mod blocks;
mod bodies;
mod build;
mod calendar;
mod cell;
mod columns;
mod doubt;
mod drawn;
mod entity;
pub(crate) mod entry;
pub(crate) mod fold;
mod free;
mod gate;
mod gather;
mod guess;
mod interview;
mod judge;
mod label;
mod lexicon;
mod markup;
mod matrix;
mod meaning;
mod merge;
mod myself;
mod named;
mod night;
mod owners;
#[cfg(test)]
mod partners;
mod people;
mod phrases;
pub(crate) mod piece;
mod questions;
pub(crate) mod remark;
mod renamed;
mod respelt;
mod said;
#[cfg(test)]
mod samples;
mod saying;
mod scan;
mod separators;
mod several;
mod signed;
mod slip;
mod soft;
mod table;
mod tongues;
mod topic;
mod unite;
mod wording;
#[cfg(test)]
mod written;

use entry::Item;
use people::{Division, People};
use piece::Piece;

pub(crate) use build::unasked;
pub(crate) use judge::{only_agrees, opens_with_no as refuses, opens_with_yes as agrees};
pub(crate) use lexicon::{Slot, channel};
pub(crate) use merge::say;
pub(crate) use topic::{
    asks, asks_of_safety, asks_why_referred, is_label, is_label_nearly, names_other_paper,
    names_somebody_else, speaks_of_client, speaks_of_referral,
};
pub(crate) use unite::{settle, unite};

pub(crate) use said::{Said, asks_of_channels, channel_label, is_name, is_section, label_below, of_said};

use super::Context;
use super::aside::Aside;
use crate::referral::packet::{Field, Found, Packet};

/// The bodies a packet may stand in: the author's new text (or the forwarded original's), and the HTML beside it.
#[derive(Clone, Copy, Default)]
pub struct Source<'a> {
    /// The decoded subject.
    pub subject: &'a str,
    /// Text to read, quotes and signatures off.
    pub text: &'a str,
    /// The HTML body, for tables; `None` when there is none.
    pub html: Option<&'a str>,
    /// What was quoted in the text: it is not read in the HTML either.
    pub quoted: &'a str,
}

/// What was found: one packet a person, and what a person should know about the reading.
#[derive(Default)]
pub struct Harvest {
    /// One packet a person, in the order of the mail.
    pub packets: Vec<Packet>,
    /// Sentences without any text of the mail.
    pub problems: Vec<String>,
    /// What is said beside the text that was searched: it may warn of something.
    pub asides: Vec<Aside>,
    /// Packets of somebody who may be no client at all; the rest of the mail tells.
    pub unsure: Vec<Packet>,
    /// A label or a heading calls somebody a client.
    pub calls_client: bool,
    /// A way to reach somebody was left out, for it may be somebody's who stands beside the client.
    pub leaves_out: bool,
    /// People stand above the columns of a table: it says by itself who they are.
    pub has_columns: bool,
}

/// Reads every packet in the bodies.
#[must_use]
pub fn read(source: Source<'_>, context: &Context) -> Harvest {
    let (text, quoted) = (drawn::undrawn(source.text), drawn::undrawn(source.quoted));
    let source = Source { text: &text, quoted: &quoted, ..source };
    let said = bodies::read(source);
    let mut is_cut = said.is_cut;
    let labelled = labelled(said.items, said.otherwise, context);
    let division = if labelled.has_columns || is_one_form(&labelled) {
        Division::One
    } else {
        people::divide(source.subject, source.text, context)
    };
    let mut harvest = match division {
        Division::Several(people) if !table::says_as_much(&labelled.packets, people.each.len()) => {
            each(&people, &mut is_cut, context)
        }
        Division::One | Division::Several(_) | Division::Unsure => {
            let mut harvest = labelled;
            let is_unsure = matches!(division, Division::Unsure);
            is_cut |= free::complete(&mut harvest, source.subject, source.text, is_unsure, context);
            harvest
        }
    };
    if is_cut {
        harvest.problems.push(CUT.to_owned());
    }
    if said.is_hidden {
        harvest.problems.push(HIDDEN.to_owned());
    }
    if said.is_doubtful {
        doubt::unseen(&mut harvest);
    }
    harvest.asides = said.asides;
    free::part_two(&mut harvest.packets, source.text);
    night::ask(&mut harvest);
    harvest
}

/// The packets of the one body, with what the other answers otherwise about consent and safety: of two bodies that
/// disagree neither is believed. Whom of several people an answer speaks of nobody can say, so that it counts for all.
fn labelled(mut items: Vec<Item>, otherwise: Vec<Item>, context: &Context) -> Harvest {
    if otherwise.is_empty() {
        return gather::packets(items, context);
    }
    let mut alone = gather::packets(items.clone(), context);
    if alone.packets.len() < 2 {
        items.extend(otherwise);
        return gather::packets(items, context);
    }
    doubt::torn(&mut alone);
    alone
}

/// What a person is told of a mail that hides values in its markup.
const HIDDEN: &str =
    "A part of the mail that is not shown holds other values than what is shown; it was not read.";

/// A form that names its client and says much about them is not asked whether it is a list.
fn is_one_form(labelled: &Harvest) -> bool {
    let [packet] = labelled.packets.as_slice() else { return false };
    packet.get(Field::ClientName).is_some() && packet.iter().count() >= 5
}

/// Reads people who stand in one text, each by themself.
fn each(people: &People<'_>, is_cut: &mut bool, context: &Context) -> Harvest {
    let mut harvest = Harvest::default();
    for person in people.each.iter().take(entry::MOST_PACKETS) {
        let mut own = read_block(person.text, person.lines_above, (false, is_cut), context);
        let mut packet = own.packets.pop().unwrap_or_default();
        free::own_words(&mut packet, person);
        harvest.packets.push(packet);
        harvest.problems.extend(own.problems);
    }
    if people.each.len() > entry::MOST_PACKETS {
        harvest.problems.push(gather::too_many());
    }
    // "Adult 1: Ana Vega", "Adult 2: Bob Hines", and below both of them one set of answers.
    if gather::only_last_answers(&harvest.packets) {
        doubt::nobodys(&mut harvest);
    }
    let around = [people.above, people.below].join("\n\n");
    let beside = read_block(&around, 0, (true, is_cut), context);
    gather::share(&mut harvest.packets, &beside.packets);
    let is_told = |(field, _): (Field, &Found)| field != Field::Reason && !gather::SHARED.contains(&field);
    if beside.packets.iter().any(|packet| packet.iter().any(is_told)) {
        people::say_beside(&mut harvest.problems);
    }
    harvest.problems.dedup();
    harvest
}

/// Reads a part of a text that is one person's. The lines above it stay, empty, so that places keep their numbers.
fn read_block(
    text: &str,
    lines_above: usize,
    (is_beside, is_cut): (bool, &mut bool),
    context: &Context,
) -> Harvest {
    let text = ["\n".repeat(lines_above), text.to_owned()].concat();
    let items = scan::items(&piece::of_text(&text, "text"));
    *is_cut |= items.len() >= entry::MOST_ITEMS;
    let mut harvest = gather::packets(items, context);
    harvest.packets.truncate(1);
    *is_cut |= free::complete(&mut harvest, "", &text, is_beside, context);
    harvest
}

/// What a person is told of a text that is longer than we search.
const CUT: &str = "the mail is very long; only its beginning was searched for a packet";

/// Lines searched for labels: a misspelt one costs a look at every label that is nearly it.
const LINES: usize = 5_000;

/// Reads every packet in pieces cut by somebody else: the rows of a sheet, the lines of a document.
pub(crate) fn of_pieces(pieces: &[Piece<'_>], context: &Context) -> Harvest {
    let items = scan::items(pieces);
    let is_cut = pieces.len() >= piece::MOST_PIECES || items.len() >= entry::MOST_ITEMS;
    let asides = pieces.iter().filter_map(bodies::aside).collect();
    let mut harvest = Harvest { asides, ..gather::packets(items, context) };
    night::ask(&mut harvest);
    noted(harvest, is_cut)
}

/// Says of a file that it is longer than we search.
pub(crate) fn noted(mut harvest: Harvest, is_cut: bool) -> Harvest {
    let words = "An attached file is very long; only its beginning was read.";
    if is_cut && !harvest.problems.iter().any(|problem| problem == words) {
        harvest.problems.push(words.to_owned());
    }
    harvest
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::intake::{DateOrder, limits::Limits};
    use crate::referral::packet::{Judged, Safety};
    use crate::referral::safety::is_guarded;

    /// Monday 2026-09-14, 10:00 in New York.
    pub(crate) fn context() -> Context {
        Context {
            own_addresses: Vec::new(),
            message_id_domain: "example.org".to_owned(),
            reference_prefix: "R".to_owned(),
            phone_region: "US".to_owned(),
            date_order: DateOrder::MonthFirst,
            required: Field::REQUIRED.to_vec(),
            trusted_authserv_id: None,
            received_at: chrono::DateTime::parse_from_rfc3339("2026-09-14T10:00:00-04:00").unwrap(),
            limits: Limits::default(),
        }
    }

    fn read_text(text: &str) -> Harvest {
        read(Source { text, ..Source::default() }, &context())
    }

    #[test]
    fn a_label_behind_thousands_of_lines_is_found_and_what_was_not_searched_is_said() {
        let mail = |lines: usize| format!("{}\nClient name: Ann Smith\n", "one more line\n".repeat(lines));
        let near = read_text(&mail(4_000));
        assert_eq!(near.packets[0].get(Field::ClientName).unwrap().value, "Ann Smith");
        assert!(near.problems.is_empty());
        for text in [mail(6_000), "Court date: 3\n\n".repeat(4_100), "Call me.\n".repeat(6_000)] {
            assert!(read_text(&text).problems.iter().any(|problem| problem == CUT), "{text:.40}");
        }
    }

    #[test]
    fn a_question_with_the_great_words_of_another_and_a_no_beside_an_address_are_no_yes() {
        for line in [
            "Can the client email us?\nYes",
            "Does the client have to give consent?\nYes",
            "Do they have permission to contact you?\nYes",
            "Can they call you?\nYes",
            "Did the client leave you a message?\nYes",
            "Can they text us?\nYes",
            "¿Cuál es el consentimiento para compartir?: sí",
            "Safe email: no(ana@mail.example)",
            "Safe to email: no<ana@mail.example>",
        ] {
            let harvest =
                read_text(&format!("Client name: Ana Vega\nClient email: ana@mail.example\n{line}\n"));
            let is_yes = |found: &Found| match &found.judged {
                Judged::Channels(channels) => channels.email == Safety::Safe || channels.call == Safety::Safe,
                judged => *judged == Judged::Yes,
            };
            let believed =
                harvest.packets[0].iter().find(|(field, found)| is_guarded(*field) && is_yes(found));
            assert_eq!(believed.map(|(field, _)| field), None, "{line}");
        }
        let harvest = read_text("Client name: Ana Vega\nSafe email: ana@mail.example\n");
        assert_eq!(harvest.packets[0].text(Field::ClientEmail), Some("ana@mail.example"));
    }

    #[test]
    fn a_value_longer_than_is_kept_is_said_to_be() {
        let harvest =
            read_text(&format!("Client name: Ann Smith\nReason for referral: {}\n", "word ".repeat(900)));
        assert!(harvest.problems[0].contains("only its beginning"), "{:?}", harvest.problems);
        let story = format!("Please call 518-555-0142.\n{}", "The landlord came again.\n".repeat(300));
        let harvest = read_text(&story);
        assert_eq!(harvest.problems, [CUT]);
    }

    #[test]
    fn an_address_with_capitals_in_its_domain_is_found_beside_a_name_and_in_running_text() {
        for text in [
            "Client name: Ann Lee ann@Mail.Example\n",
            "Client name: Ann Lee, Hill House, ann@MAIL.EXAMPLE\nLanguage: Spanish\n",
            "Please help Ann Lee, she can be reached at ann@Mail.Example.\n",
        ] {
            let harvest = read_text(text);
            let [packet] = harvest.packets.as_slice() else { panic!("{text}") };
            assert_eq!(packet.client_email(), Some("ann@mail.example"), "{text}");
            let is_named = packet.text(Field::ClientName) == Some("Ann Lee");
            assert!(is_named || !text.starts_with("Client name"), "{text}");
        }
    }

    #[test]
    fn labels_and_values_become_one_packet() {
        let harvest = read_text(
            "REFERRER\nName: Jane Roe\nAgency: Hill House\nPhone: 518-555-0199\n\nCLIENT INFORMATION\nName: Ann Smith\nDOB: 3/14/1985\nPhone: (518) 555-0100\nSafe to leave a voicemail? No - please don't leave details\nPreferred language: Spanish\nReason for referral: Eviction papers\ncame on Monday.\nConsent: yes\n",
        );
        let [packet] = harvest.packets.as_slice() else { panic!("{} packets", harvest.packets.len()) };
        for (field, value) in [
            (Field::ReferrerName, "Jane Roe"),
            (Field::ReferrerOrg, "Hill House"),
            (Field::ReferrerPhone, "518-555-0199"),
            (Field::ClientName, "Ann Smith"),
            (Field::ClientDob, "3/14/1985"),
            (Field::ClientPhone, "(518) 555-0100"),
            (Field::SafeVoicemail, "No - please don't leave details"),
            (Field::Language, "Spanish"),
            (Field::Reason, "Eviction papers came on Monday."),
            (Field::Consent, "yes"),
        ] {
            assert_eq!(packet.text(field), Some(value), "{field:?}");
        }
    }

    #[test]
    fn of_two_bodies_that_disagree_about_safety_neither_is_believed() {
        let html = "<table><tr><td>Client name</td><td>Ann Lee</td></tr><tr><td>Phone</td><td>518-555-0101</td></tr>\
            <tr><td>Safe to email</td><td>yes</td></tr><tr><td>Consent to share</td><td>yes</td></tr></table>";
        let yes = |text: &str| {
            let harvest = read(Source { text, html: Some(html), ..Source::default() }, &context());
            let packet = harvest.packets.first().unwrap();
            let is_yes = |field| packet.get(field).is_some_and(|found| found.judged == Judged::Yes);
            (harvest.packets.len(), is_yes(Field::SafeEmail), is_yes(Field::Consent))
        };
        assert_eq!(yes("Client name: Ann Lee\nSafe to email: yes\nConsent to share: yes\n"), (1, true, true));
        assert_eq!(yes("Client name: Ann Lee\nSafe to email: no\nConsent to share: yes\n"), (1, false, true));
        assert_eq!(yes("Safe to email: no\nConsent to share: no\n"), (1, false, false));
    }

    const YES: &str = "<table><tr><td>Client name</td><td>Ann Lee</td></tr><tr><td>Phone</td><td>518-555-0101</td></tr>\
        <tr><td>Email</td><td>ann@mail.example</td></tr><tr><td>Safe to email</td><td>yes</td></tr></table>";

    #[test]
    fn bodies_that_disagree_are_noticed_in_every_layout_and_whichever_is_read() {
        let safe = |text: &str, html: &str| {
            let harvest = read(Source { text, html: Some(html), ..Source::default() }, &context());
            let packet = harvest.packets.first().unwrap();
            packet.get(Field::SafeEmail).is_some_and(|found| found.judged == Judged::Yes)
        };
        for (text, is_safe) in [
            ("Client name: Ann Lee\nSafe to email: yes\n", true),
            ("Client name\nAnn Lee\nSafe to email\nno\n", false),
            ("Client name: Ann Lee\nSafe to email?\n\nNo\n", false),
            ("| Safe to email | no |\n", false),
            ("Safe to email - No\n", false),
            ("Client name: Ann Lee\nEmail: ann@mail.example\nSafe to email: yes\n", true),
            ("Client name: Ann Lee\nEmail: husband@mail.example\nSafe to email: yes\n", false),
        ] {
            assert_eq!(safe(text, YES), is_safe, "{text}");
        }
        let long = "Client name: Ann Lee\nPhone: 518-555-0101\nSafe to email: yes\nLanguage: English\nCounty: Kings\n";
        assert!(safe(long, "<p>Client name: Ann Lee</p><p>Safe to email: yes</p>"));
        assert!(!safe(long, "<p>Client name: Ann Lee</p><p>Safe to email: no</p>"));
        assert!(!safe(long, "<ul><li>Safe to email<br>no</li></ul>"));
    }

    #[test]
    fn an_answer_that_a_form_sends_twice_is_shown_once() {
        let harvest =
            read_text("Client name: Ann Lee\nSafe contact method: Call, Email\nSafe contact method: Call\n");
        assert_eq!(harvest.packets[0].text(Field::SafeToContact), Some("Call, Email"));
    }

    #[test]
    fn of_several_people_a_disagreement_counts_for_everybody() {
        let html = "<table><tr><th>Client name</th><th>Phone</th><th>Safe to email</th></tr>\
            <tr><td>Ann Lee</td><td>518-555-0101</td><td>yes</td></tr>\
            <tr><td>Bo Kim</td><td>518-555-0102</td><td>yes</td></tr></table>";
        let text = "Client name: Ann Lee\nSafe to email: no\n\nClient name: Bo Kim\nSafe to email: yes\n";
        let harvest = read(Source { text, html: Some(html), ..Source::default() }, &context());
        assert_eq!(harvest.packets.len(), 2);
        let is_yes =
            |packet: &Packet| packet.get(Field::SafeEmail).is_some_and(|found| found.judged == Judged::Yes);
        assert!(!harvest.packets.iter().any(is_yes), "{:?}", harvest.problems);
        assert!(harvest.problems.iter().any(|problem| problem == doubt::TORN));
    }

    #[test]
    fn what_is_hidden_fills_nothing_and_is_told_when_it_says_more() {
        let hidden =
            "<tr><td>Client name</td><td>Eve Evil</td></tr><tr><td>Safe to email</td><td>no</td></tr>";
        for html in [
            format!("<table style=\"display:none\">{hidden}</table>{YES}"),
            format!("<TABLE STYLE='color:red; DISPLAY : none !important'>{hidden}</TABLE>{YES}"),
            format!("<table hidden>{hidden}</table>{YES}"),
            format!("<div style='display:none'><table>{hidden}</table></div>{YES}"),
            format!("<table><tbody style='visibility:hidden'>{hidden}</tbody></table>{YES}"),
            format!("<table><tr style='display:none'><td><table>{hidden}</table></td></tr></table>{YES}"),
            format!("<table><tr><td style='display:none'><table>{hidden}</table><td>x</table>{YES}"),
            format!("<ul style='opacity:0'><li>Client name: Eve Evil</ul>{YES}"),
            format!("<p style='mso-hide:all'>Client name: Eve Evil</p>{YES}"),
        ] {
            let harvest = read(Source { html: Some(&html), ..Source::default() }, &context());
            let names: Vec<_> = harvest.packets.iter().map(|packet| packet.text(Field::ClientName)).collect();
            assert_eq!(names, [Some("Ann Lee")], "{html}");
            assert_eq!(harvest.packets[0].text(Field::SafeEmail), Some("yes"), "{html}");
            assert!(harvest.problems.iter().any(|problem| problem == HIDDEN), "{html}");
        }
        for html in [
            format!("<div style='display:none'>A preview of this mail</div>{YES}"),
            format!("<div style='display:none'>{YES}</div>{YES}"),
            format!("<div style='overflow: hidden; display: block'>{YES}</div>"),
            format!("<table class=\"is hidden \">{}", YES.trim_start_matches("<table>")),
        ] {
            let harvest = read(Source { html: Some(&html), ..Source::default() }, &context());
            assert_eq!(harvest.packets.len(), 1, "{html}");
            assert!(!harvest.problems.iter().any(|problem| problem == HIDDEN), "{html}");
        }
    }
}
