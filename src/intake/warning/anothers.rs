//! Whose address it is by the words around it: one that stands beside somebody else's name, or carries it.

mod remarks;

use std::sync::LazyLock;

use super::super::form::fold::{fold, words};
use super::super::form::remark::calls_it_her_own;
use super::super::plain::plain;
use super::named::{is_title, shorts_of};
use super::words::{self, HARMLESS, kinds};
use super::{Author, Told, Words};
use crate::intake::quick::{self, WordSet, bare};
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Field, Packet};
use remarks::names_anothers;

/// Who is near to a client or against them, folded. No children: "rosasmom" is her mother's own.
const NEAR: &str = "husband husbands exhusband wife wifes exwife spouse spouses ex exs boyfriend boyfriends exboyfriend \
    girlfriend girlfriends exgirlfriend fiance fiancee partner partners expartner abuser abusers batterer stalker \
    perpetrator perp offender respondent defendant rapist trafficker landlord landlords boss employer roommate roommates \
    father fathers stepfather dad mother mothers stepmother brother brothers uncle esposo esposa marido novio novia pareja \
    exesposo exmarido exnovio exnovia expareja conyuge agresor agresora abusador acosador padre padrastro hermano casero \
    arrendador jefe mari conjoint copain epoux compagnon namorado companheiro mennaj asawa cónyuge époux";

/// The same for whoever looks words up.
static NEAR_WORDS: LazyLock<WordSet> =
    LazyLock::new(|| NEAR.split_ascii_whitespace().map(str::to_owned).collect());

/// The same of what is theirs: "the boss's" is one word at a first look.
static NEAR_OWNERS: LazyLock<Vec<String>> =
    LazyLock::new(|| NEAR.split_ascii_whitespace().map(|word| format!("{word}s")).collect());

/// The marks of these words: nearly no sentence has one.
pub(super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    let words = NEAR.split_ascii_whitespace().chain(NEAR_OWNERS.iter().map(String::as_str));
    words.map(|word| (word, words::NEAR))
}

/// Whether a word, folded, is of somebody near to a client or against them.
pub(super) fn is_near(word: &str) -> bool {
    NEAR_WORDS.contains(word)
}

/// More sentences about somebody near than these are written by nobody.
const MOST: usize = 1000;

/// The names beside somebody near, a sentence each.
#[derive(Default)]
pub(super) struct Near {
    names: Vec<Vec<String>>,
    is_cut: bool,
}

impl Near {
    /// Adds those of a sentence with its marks.
    pub(super) fn add(&mut self, sentence: &str, marks: u64) {
        if marks & words::NEAR == 0 {
            return;
        }
        self.is_cut |= self.names.len() >= MOST;
        if !self.is_cut {
            self.names.extend(Some(names_beside(sentence)).filter(|names| !names.is_empty()));
        }
    }
}

/// What a mail says of whose words and whose addresses its own are.
pub(super) struct Written<'a> {
    author: Author<'a>,
    /// The lines near its ends that may be whose it is.
    signed: Vec<&'a str>,
    near: Near,
}

impl<'a> Written<'a> {
    /// Of a mail, read once for all its packets.
    pub(super) fn of(told: &Told<'a>, near: Near) -> Written<'a> {
        let ends = told.texts.iter().map(|(text, _)| *text).chain([told.end]);
        Written { author: told.author, signed: ends.flat_map(signatures).collect(), near }
    }

    /// Whether a packet's address carries the name of somebody near: "Husband: Mike Roe", "her ex, Bob Vance, threatens
    /// her". What it has of the client's own name is the client's.
    pub(super) fn names_owner_of_address(&self, packet: &Packet) -> bool {
        let Some(address) = packet.client_email().and_then(|text| EmailAddress::parse(text).ok()) else {
            return false;
        };
        let called = plain(packet.text(Field::ClientName).unwrap_or_default());
        let client = fold(&called);
        let client = words(&client);
        let given = fold(given_names(&called));
        let given = words(&given);
        let local = address.local().split('+').next().unwrap_or_default().to_lowercase();
        let own = client.iter().filter(|name| name.len() > 2);
        let rest = own.fold(local.clone(), |rest, name| rest.replace(name, " "));
        // "Liz" is Elizabeth herself, whomever she left.
        let is_short = |name: &str, own: &str| shorts_of(own).any(|short| short == name);
        let is_clients = |name: &str| {
            client.contains(&name) || given.iter().any(|own| is_short(name, own) || is_short(own, name))
        };
        let is_others = |name: &&String| !is_clients(name);
        let is_named =
            |name: &String| is_within(&rest, name) || shorts_of(name).any(|short| is_within(&rest, short));
        let is_own = is_initials(&local, &client);
        self.near.is_cut
            || self.near.names.iter().any(|names| {
                names.iter().filter(is_others).any(is_named) || !is_own && is_initials(&local, names)
            })
    }

    /// Whether the other side of a packet wrote it: by the name beside the address it came from, by the address, or by the
    /// name below its text. Whatever it says of consent and of safe ways is then the other side's word.
    pub(super) fn is_by_other_side(&self, packet: &Packet) -> bool {
        let opposing = folded_names(packet.text(Field::OpposingParty).unwrap_or_default());
        if opposing.is_empty() {
            return false;
        }
        let is_theirs = |name: &str| {
            let name = folded_names(name);
            let is_whole = name.len() > 1 && name.iter().all(|word| opposing.contains(word));
            // "City of Albany" is not the "City of Albany Family Justice Center", and "Jo Smith" is not "Smith".
            let is_near = opposing.len() > 1 && name.len() <= opposing.len() + 1;
            is_whole || is_near && opposing.iter().all(|word| name.contains(word))
        };
        let local = self.author.address.map(|address| address.local().to_lowercase()).unwrap_or_default();
        let is_their_address = opposing.iter().filter(|word| local.contains(word.as_str())).count() > 1;
        is_theirs(self.author.name) || is_their_address || self.signed.iter().any(|name| is_theirs(name))
    }
}

/// Whether a packet's own address is in doubt by the words around it.
pub(super) fn is_doubtful(packet: &Packet, texts: &[Words<'_>]) -> bool {
    is_doubtful_address(packet) || texts.iter().any(|(text, _)| names_anothers(packet, text))
}

/// A name without what is last in it, or first before a comma: what people are called by a shorter name.
fn given_names(name: &str) -> &str {
    let name = name.trim();
    match (name.split_once(','), name.rsplit_once(char::is_whitespace)) {
        (Some((_, given)), _) | (None, Some((given, _))) => given,
        (None, None) => name,
    }
}

/// The words of a name, folded; no initials, and no words around names.
fn folded_names(text: &str) -> Vec<String> {
    let folded = fold(&plain(text));
    let words = words(&folded).into_iter();
    words.filter(|word| word.chars().count() > 1 && !is_title(word)).map(str::to_owned).collect()
}

/// The lines near the end of a text that may be whose it is: behind a greeting or two dashes, or apart from the rest.
fn signatures(text: &str) -> Vec<&str> {
    const LAST: usize = 8;
    const CLOSINGS: &str = "regards sincerely thanks thank best yours cordially respectfully signed saludos atentamente \
        gracias cordialmente merci";
    let lines: Vec<&str> = quick::lines(text).map(bare).map(str::trim).collect();
    let lines = lines.get(lines.len().saturating_sub(LAST)..).unwrap_or_default();
    let closes = |line: &str| {
        let folded = fold(line);
        let words = words(&folded);
        let is_closing = |word: &&str| CLOSINGS.split_ascii_whitespace().any(|closing| closing == *word);
        line.is_empty()
            || line.chars().all(|c| !c.is_alphanumeric())
            || words.len() < 5 && words.iter().any(is_closing)
    };
    let is_name = |line: &str| !line.is_empty() && !line.contains([':', '@']) && words(&fold(line)).len() < 5;
    // What stands below a label, be it apart from it, answers that.
    let answers = |at: usize| {
        let above = lines.get(..at).unwrap_or_default().iter().rfind(|line| !line.is_empty());
        above.is_some_and(|above| above.ends_with([':', '?']))
    };
    let pairs = lines.windows(2).enumerate().filter_map(|(at, pair)| match pair {
        [before, line] if closes(before) && is_name(line) && !answers(at + 1) => Some(*line),
        _ => None,
    });
    pairs.collect()
}

/// The names in a sentence that speaks of somebody near: what is written large, and whatever stands behind the colon of
/// such a label.
fn names_beside(sentence: &str) -> Vec<String> {
    let is_near = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
        words.any(|word| NEAR_WORDS.contains(&word.to_lowercase()))
    };
    if !is_near(sentence) {
        return Vec::new();
    }
    let (label, answer) =
        sentence.split_once(':').filter(|(label, _)| is_near(label)).unwrap_or((sentence, ""));
    let is_apostrophe = |c: char| matches!(c, '\'' | '’');
    let words = |text| str::split(text, move |c: char| !c.is_alphabetic() && !is_apostrophe(c));
    let large = words(label).filter(|word| word.starts_with(char::is_uppercase));
    large
        .chain(words(answer))
        .map(|word| {
            fold(
                word.strip_suffix(['s', 'S'])
                    .and_then(|word| word.strip_suffix(is_apostrophe))
                    .unwrap_or(word),
            )
        })
        .filter(|name| name.chars().count() > 2 && kinds(name) == 0 && !is_title(name) && !is_near(name))
        .collect()
}

/// A name is in what is left of an address; a short one only where a part of it begins or ends so.
fn is_within(rest: &str, name: &str) -> bool {
    let mut parts = rest.split(|c: char| !c.is_alphabetic());
    match name.chars().count() {
        0..=2 => false,
        3 => parts.any(|part| part.starts_with(name) || part.ends_with(name)),
        _ => parts.any(|part| part.contains(name)),
    }
}

/// "mroe", "roem".
fn is_initials(local: &str, names: &[impl AsRef<str>]) -> bool {
    let letters: String = local.chars().filter(|c| c.is_alphabetic()).collect();
    names.windows(2).any(|pair| {
        let [given, family] = pair else { return false };
        let Some(initial) = given.as_ref().chars().next() else { return false };
        let family = family.as_ref();
        family.len() > 2
            && (letters == format!("{initial}{family}") || letters == format!("{family}{initial}"))
    })
}

/// Beside the address stand words that may take it back, or another address.
fn is_doubtful_address(packet: &Packet) -> bool {
    let (Some(found), Some(address)) = (packet.get(Field::ClientEmail), packet.client_email()) else {
        return false;
    };
    let name = fold(packet.text(Field::ClientName).unwrap_or_default());
    let name = words(&name);
    let is_of_remark = calls_it_her_own(&found.value);
    let parts = found.value.split(|c: char| c.is_whitespace() || "<>()[],;\"'|".contains(c));
    parts.filter(|part| !part.is_empty()).any(|part| {
        if part.contains('@') {
            return another_mailbox(part, address);
        }
        let folded = fold(part);
        !is_of_remark && words(&folded).iter().any(|word| kinds(word) & HARMLESS == 0 && !name.contains(word))
    })
}

fn another_mailbox(text: &str, address: &str) -> bool {
    let bare = text.trim_start_matches("mailto:").trim_end_matches(['.', ':', '/']);
    let (one, other) = (EmailAddress::parse(bare), EmailAddress::parse(address));
    one.is_ok_and(|one| other.is_ok_and(|other| !one.shares_mailbox(&other)))
}

#[cfg(test)]
mod tests {
    use super::super::each_sentence;
    use super::super::marked::marked;
    use super::*;
    use crate::referral::packet::{Confidence, Found, Judged};

    fn may_name_somebody(text: &str) -> bool {
        marked(text) & words::NEAR != 0
    }

    fn written<'a>(told: &Told<'a>) -> Written<'a> {
        let mut near = Near::default();
        each_sentence(told.texts.iter().copied(), |sentence, _| {
            near.add(sentence.words, marked(sentence.words));
        });
        Written::of(told, near)
    }

    pub(super) fn packet(client: &str, address: &str) -> Packet {
        let mut packet = Packet::default();
        let email = Judged::Email { address: address.to_owned(), problem: None };
        for (field, value, judged) in
            [(Field::ClientName, client, Judged::Text), (Field::ClientEmail, address, email)]
        {
            let found =
                Found { value: value.to_owned(), judged, confidence: Confidence::High, place: String::new() };
            packet.put(field, found);
        }
        packet
    }

    #[test]
    fn the_first_look_passes_over_nobody_near() {
        for word in NEAR.split_ascii_whitespace() {
            for text in [
                "X Ann",
                "her xs, Ann",
                "X's name: Ann",
                "the ex-X\u{2019}s Ann",
                "X/Ann",
                "X_name: Ann",
                "(X)Ann",
            ] {
                let text = text.replace('X', word);
                for text in [text.to_uppercase(), text] {
                    let is_named = !names_beside(&text).is_empty();
                    assert!(may_name_somebody(&text) || !is_named, "{text}");
                }
            }
            assert!(may_name_somebody(word), "{word}");
        }
    }

    #[test]
    fn an_address_that_carries_the_name_of_somebody_near_is_in_doubt() {
        for (local, text, expected) in [
            ("mike.roe2", "Husband: Mike Roe", true),
            ("mike.roe2", "Spouse: mike roe", true),
            ("mike22", "Husband’s name: mike", true),
            ("mike22", "Husband – name: mike", true),
            ("mike22", "Her husband is Mike’s brother", true),
            ("mike.roe2", "Name of ex-husband: Roe, Mike", true),
            ("mroe", "Partner: Mike Roe", true),
            ("bob.vance", "Her husband Bob Vance threatens her.", true),
            ("bobby", "Her ex is called Robert.", true),
            ("bob.vance", "Bob Vance (her boyfriend) lives with her.", true),
            ("mike.doe", "Her husband, Mike Doe, reads nothing.", true),
            ("mdoe", "Her husband, Mike Doe, reads nothing.", true),
            ("bob.vance", "Su esposo Bob Vance la amenaza.", true),
            ("ann.doe", "Husband: Mike Doe", false),
            ("ann.doe", "Ann Doe's husband is called Ned Doe.", false),
            ("adoe", "Her husband Mike Doe threatens her.", false),
            ("rosa1987", "Husband: Mike Roe", false),
            ("sunshine22", "Her husband Bob Vance threatens her.", false),
            ("bob.vance", "Bob Vance from our office will call you.", false),
            ("ann.marie", "Her husband may call her. Her sister Marie is with her.", false),
        ] {
            let packet = packet("Ann Doe", &format!("{local}@mail.example"));
            let told = Told { texts: &[(text, true)], ..Told::default() };
            assert_eq!(written(&told).names_owner_of_address(&packet), expected, "{local}: {text}");
        }
    }

    #[test]
    fn the_short_name_of_the_client_is_her_own_and_a_short_family_name_is_not() {
        for (client, local, text, expected) in [
            ("Elizabeth Doe", "liz.doe", "Liz left her husband.", false),
            ("Doe, Elizabeth", "liz22", "Liz left her husband, Mike Roe.", false),
            ("Liz Doe", "elizabeth.doe", "Elizabeth left her husband.", false),
            ("Elizabeth Doe", "mike.doe", "Liz left her husband, Mike Doe.", true),
            ("Ana James", "jim22", "She left her husband Jim.", true),
            ("James, Ana", "jim22", "She left her husband Jim.", true),
        ] {
            let packet = packet(client, &format!("{local}@mail.example"));
            let told = Told { texts: &[(text, true)], ..Told::default() };
            let is_named = written(&told).names_owner_of_address(&packet);
            assert_eq!(is_named, expected, "{client} {local}: {text}");
        }
    }

    #[test]
    fn a_mail_that_the_other_side_writes_is_known_by_its_name_its_address_and_its_end() {
        let mut packet = packet("Ann Doe", "ann@mail.example");
        let value = "Mr. Dana Cole".to_owned();
        let (judged, confidence, place) = (Judged::Text, Confidence::High, String::new());
        packet.put(Field::OpposingParty, Found { value, judged, confidence, place });
        for (name, local, text, expected) in [
            ("Dana Cole", "intake", "", true),
            ("Cole, Dana M.", "intake", "", true),
            ("Intake", "dana.cole", "", true),
            ("Intake", "intake", "Best regards,\nDana Cole\n", true),
            ("Intake", "intake", "All is fine.\n\nDana Cole", true),
            ("Intake", "intake", "All is fine.\n--\nDANA COLE\nHarbor", true),
            ("Dana Reed", "dana", "Thanks,\nDana Reed", false),
            ("Cole", "cole", "Thanks,\nCole", false),
            ("Intake", "intake", "Client name: Ann Doe\nOpposing party: Dana Cole\n", false),
            ("Intake", "intake", "She told us of\nDana Cole\nand left.", false),
            ("", "intake", "", false),
        ] {
            let address = EmailAddress::parse(&format!("{local}@harbor.example")).ok();
            let author = Author { name, address: address.as_ref() };
            let told = Told { texts: &[(text, true)], author, ..Told::default() };
            let is_theirs = written(&told).is_by_other_side(&packet);
            assert_eq!(is_theirs, expected, "{name} {local} {text}");
        }
    }
}
