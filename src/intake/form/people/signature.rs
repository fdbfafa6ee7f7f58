//! Who signs running text: how to reach whoever refers somebody is no way to reach whom they refer.

use super::super::fold::{fold, words};
use super::super::lexicon::LEXICON;
use super::super::named;
use super::opening::{self, is_capitalised};
use super::owner::{Owner, Reach};

/// The most lines of a signature, and of words that say whom a text is about.
const MOST_LINES: usize = 60;
/// The most lines of a last paragraph that signs.
const MOST_SIGNED: usize = 8;
/// A line of a signature is not longer, in bytes.
const LONGEST_LINE: usize = 90;

/// Whether whoever signs a text with the way to reach them of this line refers somebody else: it says that it refers a
/// person, or introduces one of another name.
pub(super) fn is_of_referrer(subject: &str, text: &str, line: usize) -> bool {
    let says = |list: &str| {
        let lines = || std::iter::once(subject).chain(text.lines().take(MOST_LINES));
        lines().any(|line| LEXICON.phrases(list).within(&words(&fold(line))))
    };
    let introduces_another = || {
        let Some((name, _)) = named::in_running(subject, text) else { return false };
        let mut near = text.lines().skip(line.saturating_sub(NEAR)).take(NEAR);
        !near.any(|line| is_same(name, line))
    };
    (says("refers") || introduces_another()) && !says("own_needs")
}

/// Lines in which the name of whoever signs stands, with the number.
const NEAR: usize = 4;

/// Leaves out ways to reach somebody in a last paragraph that another's name opens than the one the text introduces.
/// Who it is the text does not say, so that nothing else changes by it.
pub(super) fn leave_out(all: &mut [Reach], subject: &str, text: &str) {
    let is_clients = |reach: &&mut Reach| matches!(reach.owner, Owner::Client | Owner::Also);
    if !all.iter_mut().any(|reach| is_clients(&reach)) {
        return;
    }
    let Some((first, signer)) = last_paragraph(text) else { return };
    let is_inside = |reach: &&mut Reach| reach.line >= first;
    if !all.iter_mut().any(|reach| is_inside(&reach)) {
        return;
    }
    let Some((name, _)) = named::in_running(subject, text).filter(|(name, _)| !is_same(name, signer)) else {
        return;
    };
    // What may be of either is nobody's, unless the client's own stands right behind their name.
    let above: Vec<&Reach> = all.iter().filter(|reach| reach.line < first).collect();
    let is_told = match above.as_slice() {
        [own] => own.owner == Owner::Client && stands_behind(name, &own.value, text, own.line),
        _ => false,
    };
    for reach in all.iter_mut().filter(is_inside) {
        if is_clients(&reach) || is_told && reach.owner == Owner::Unknown {
            reach.owner = Owner::Bystander;
        }
    }
}

/// Whether a number stands in its line behind this name, with nobody else's between: "Ana Vega, 518-555-0142".
fn stands_behind(name: &str, number: &str, text: &str, line: usize) -> bool {
    let line = line.checked_sub(1).and_then(|line| text.lines().nth(line)).unwrap_or_default();
    let behind = line.split_once(name).and_then(|(_, behind)| behind.split_once(number));
    behind.is_some_and(|(between, _)| between.len() <= 40 && !between.contains(char::is_uppercase))
}

/// The first line of the last paragraph, counted from 1, and the name that opens it; `None` where it tells something.
fn last_paragraph(text: &str) -> Option<(usize, &str)> {
    let text = text.trim_end();
    let lines = || text.lines().rev().take(MOST_SIGNED).take_while(|line| !line.trim().is_empty());
    if lines().any(|line| line.len() > LONGEST_LINE || line.trim_end().ends_with(['.', '!', '?', ':'])) {
        return None;
    }
    let count = lines().count();
    let first = text.lines().count().checked_sub(count)?;
    let name = signer(lines().last()?)?;
    (first > 0).then_some((first + 1, name))
}

/// The name of whoever signs with this line: "Noor Aziz, LMSW", "- Noor".
pub(in crate::intake::form) fn signer(line: &str) -> Option<&str> {
    let line = line.trim();
    let bare = line.trim_start_matches(['-', '–', '—', '~', ' ']);
    let name = opening::name(bare).filter(|name| bare.starts_with(name))?;
    let rest = bare.get(name.len()..)?.trim_start();
    let is_whole = rest.is_empty() || rest.starts_with([',', '|', '(', '-', '–', '—', '/']);
    let is_name = name.contains(' ') || bare.len() < line.len();
    (is_whole && is_name && line.len() <= LONGEST_LINE).then_some(name)
}

/// Whether two texts may name one person: the words of one are all in the other.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let (one, other) = (words(&one), words(&other));
    let holds = |one: &[&str], other: &[&str]| !one.is_empty() && one.iter().all(|word| other.contains(word));
    holds(&one, &other) || holds(&other, &one)
}

/// Whether a farewell and a name stand right before a number, and nothing more behind it: "Thanks! Noor, 518-555-0100".
pub(super) fn thanks(before: &str, after: &str) -> bool {
    let behind = after.lines().next().unwrap_or_default();
    if behind.chars().any(char::is_alphabetic) {
        return false;
    }
    let line = before.lines().next_back().unwrap_or_default();
    let near = line.rsplit(['.', ';', '?']).next().unwrap_or_default().trim();
    let Some((farewell, name)) = near.split_once(['!', ',']).filter(|_| near.len() <= LONGEST_LINE) else {
        return false;
    };
    let folded = fold(farewell);
    let all = words(&folded);
    let is_farewell = !all.is_empty() && LEXICON.hot.footers.starts(&all) == all.len();
    let mut named = name.split([' ', ',', ':', '(', '-', '–', '|']).filter(|word| !word.is_empty());
    is_farewell && named.all(|word| is_capitalised(word) || LEXICON.phrases("number_words").is(&fold(word)))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::context;
    use super::super::super::{Source, read};
    use crate::referral::packet::{Field, Packet};

    fn packet(text: &str) -> Packet {
        read(Source { text, ..Source::default() }, &context()).packets.remove(0)
    }

    /// The client's and the writer's number and address.
    fn reached(text: &str) -> [Option<String>; 4] {
        let packet = packet(text);
        let fields = [Field::ClientPhone, Field::ClientEmail, Field::ReferrerPhone, Field::ReferrerEmail];
        fields.map(|field| packet.text(field).map(str::to_owned))
    }

    #[test]
    fn below_a_farewell_the_numbers_of_whoever_refers_somebody_are_the_writers() {
        let (phone, email) = (Some("518-555-0100".to_owned()), Some("noor@hill.example".to_owned()));
        for told in [
            "I'm referring Ana Vega for help with an eviction.",
            "Please help Ana Vega with an eviction. Hearing Dec 3 at 9.",
            "We'd like to refer Ana Vega for help with an eviction.",
            "We would like to refer a family that faces eviction on Dec 3.",
            "Refiero a Ana Vega por un desalojo.",
            "Quisiera referir a una familia por un desalojo.",
        ] {
            let text = format!("{told}\n\nBest,\nNoor Aziz\n518-555-0100\nnoor@hill.example\n");
            assert_eq!(reached(&text), [None, None, phone.clone(), email.clone()], "{text}");
        }
        for thanks in [
            "\nThanks! Noor, 518-555-0100",
            "\nThank you, Noor Aziz 518-555-0100\n",
            " Gracias, Noor: 518-555-0100",
        ] {
            let text = format!("Please help Ana Vega, she has a hearing Dec 3 at 9.{thanks}");
            assert_eq!(reached(&text), [None, None, phone.clone(), None], "{text}");
        }
    }

    #[test]
    fn whoever_signs_for_themself_is_reached_by_their_own_signature() {
        for text in [
            "My landlord put me out. Please help me.\n\nThank you,\nAna Vega\n518-555-0142\nana@vega.example\n",
            "I was told to ask for a referral to an attorney.\n\n\
             Thanks,\nAna Vega\n518-555-0142\nana@vega.example\n",
            "My landlord sues me. Please contact Max Poe for the papers.\n\n\
             Thanks,\nAna Vega\n518-555-0142\nana@vega.example\n",
            "Hello, can you refer a lawyer to me?\n\nThanks,\nAna Vega\n518-555-0142\nana@vega.example\n",
            "Please help Ana Vega, eviction on Dec 3.\n\nThanks,\nAna Vega\n518-555-0142\nana@vega.example\n",
            "Please help, my landlord put me out. Thanks, Ana 518-555-0142\nana@vega.example\n",
            "My landlord put me out, I have court Dec 3.\n\nAna Vega\n518-555-0142\nana@vega.example\n",
            "Please help this client with an eviction.\n\nAna Vega\n518-555-0142\nana@vega.example\n",
            "We'd like to refer Ana Vega, she faces eviction.\n\nAna Vega\n518-555-0142\nana@vega.example\n",
        ] {
            let [phone, email, ..] = reached(text);
            assert_eq!(phone.as_deref(), Some("518-555-0142"), "{text}");
            assert_eq!(email.as_deref(), Some("ana@vega.example"), "{text}");
        }
    }

    #[test]
    fn a_last_paragraph_of_another_than_the_text_introduces_is_not_the_clients() {
        for signature in [
            "Noor Aziz\n518-555-0100\n",
            "Noor Aziz, LMSW\nCase Manager | Hill House\nP: 518-555-0100 | F: 518-555-0101\nnoor@hill.example\n",
            "Noor Aziz | Hill House | 518-555-0100 | noor@hill.example\n",
            "- Noor, 518-555-0100\n",
        ] {
            for (told, own) in [
                ("We'd like to refer Ana Vega, she needs help with an eviction. Hearing Dec 3 at 9.", None),
                ("I am referring Ana Vega (518-555-0142), she faces eviction.", Some("518-555-0142")),
            ] {
                let text = format!("{told}\n\n{signature}");
                let [phone, email, ..] = reached(&text);
                assert_eq!((phone.as_deref(), email), (own, None), "{text}");
            }
        }
    }

    #[test]
    fn a_list_of_staff_above_a_signature_gives_no_number_to_the_client() {
        for text in [
            "Please help Ana Vega with her eviction. Pat Roe 518-555-0101 of our staff knows more.\n\n\
             Noor Aziz\n518-555-0100\n",
            "Please help Ana Vega with her eviction.\n\n\
             Our staff:\nPat Roe 518-555-0101\nLi Fox 518-555-0102\n\nNoor Aziz\n518-555-0100\n",
            "Please help Ana Vega with her eviction.\n\nPat Roe 518-555-0101\nLi Fox 518-555-0102\n\n\
             Thanks,\nNoor Aziz\n518-555-0100\n",
        ] {
            let before = reached(text);
            assert_eq!(before.first().cloned().flatten(), None, "{text}");
        }
    }
}
