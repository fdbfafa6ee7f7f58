//! Headings that no list of headings has, right above a name or a way to reach somebody.

use super::super::above::lists_people;
use super::super::beside;
use super::super::cell::is_plain_name;
use super::super::columns;
use super::super::entry::{Entry, Item};
use super::super::fold::{fold, words};
use super::super::judge::only_agrees;
use super::super::label::{self, Label};
use super::super::lexicon::{LEXICON, Slot, Whose};
use super::super::people;
use super::super::piece::Piece;
use super::super::remark::calls_it_her_own;
use super::super::saying::Saying;
use super::super::slip::is_delicate;
use super::awaits::{is_story, takes_lines};
use super::{LONGEST_HEADING, Open, Scan, is_blank};
use crate::referral::packet::Field;

impl Scan<'_> {
    /// A heading that no list of headings has, right above a name, or above a way to reach somebody where the client is
    /// named already: "Our staff:" above "Name: Dana Cole", "Boyfriend", "The lodger".
    pub(super) fn heading_of_somebody(&self, text: &str, saying: &Saying<'_>, at: usize) -> Option<Item> {
        let is_short = text.len() <= LONGEST_HEADING && !self.has_no_value_yet() && is_unlisted(saying);
        let is_short = is_short && !is_whole_sentence(text) && !calls_it_her_own(text);
        if is_short && *saying == Saying::Words && self.names_a_relation(text, at) {
            return Some(Item::Headed);
        }
        let below = if is_short { self.label_below(at) } else { None }?;
        if is_plain_name(&below) {
            return self.heading_above_a_name(text, saying);
        }
        if is_of_a_person(&below) || beside::speaks_of_another(text) {
            return self.heading_above_a_way(text, &below);
        }
        None
    }

    /// "Husband" above "Bob Hines", as forms set a question above its answer.
    fn names_a_relation(&self, text: &str, at: usize) -> bool {
        let is_name = |piece: &Piece<'_>| matches!(piece, Piece::Line { text, .. } if people::name(text) == Some(&**text));
        let is_beside = |whose: &Whose| matches!(whose, Whose::Other | Whose::Opposing);
        let is_role = columns::role(text).as_ref().is_some_and(is_beside)
            || beside::is_a_relation(text)
            || LEXICON.phrases("families").is(&fold(text));
        is_role
            && !text.ends_with(':')
            && self.names_client()
            && !self.tells_a_story()
            && self.pieces.get(at + 1).is_some_and(is_name)
    }

    /// The label that opens the next line or row.
    fn label_below(&self, at: usize) -> Option<Label> {
        match self.next_saying(at) {
            Some(Saying::Labelled(label, _)) => Some(label),
            Some(Saying::Alone { label, .. }) => is_plain_name(&label).then_some(label),
            Some(Saying::Heading(_) | Saying::Another(_) | Saying::Footer | Saying::Words) => None,
            None => match self.pieces.get(at + 1..)?.iter().find(|piece| !is_blank(piece))? {
                Piece::Row { cells, .. } => {
                    label::exact(cells.first()?).filter(|label| cells.len() > 1 && !is_plain_name(label))
                }
                Piece::Line { .. } => None,
            },
        }
    }

    fn has_no_value_yet(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.below && open.value.is_empty())
    }

    fn heading_above_a_name(&self, text: &str, saying: &Saying<'_>) -> Option<Item> {
        if lists_people(text) {
            return Some(Item::Others);
        }
        let heading = text.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
        // "Wife" above the first name may be whom the mail is about.
        if let Some(whose) = columns::role(heading).filter(|_| self.names_client()) {
            return Some(Item::Section(whose));
        }
        let folded = fold(heading);
        if LEXICON.phrases("made_by").within(&words(&folded)) {
            return Some(Item::Section(Whose::Referrer));
        }
        if LEXICON.phrases("urgency_heads").is(&folded) {
            return None;
        }
        if LEXICON.phrases("plaintiffs").is(&folded) {
            return Some(Item::Section(Whose::Plain));
        }
        if matches!(saying, Saying::Alone { label, .. } if asks_who(label)) {
            return Some(Item::Section(Whose::Opposing));
        }
        is_heading(heading).then_some(Item::Headed)
    }

    /// "Other adult" above "Email: bob@mail.example", below the client's own lines. What a form asks about is no person:
    /// "How to reach her".
    fn heading_above_a_way(&self, text: &str, below: &Label) -> Option<Item> {
        let is_below_a_name = self.open.as_ref().is_some_and(is_whole_name);
        // Below a farewell stands who wrote.
        if self.farewell.is_some() || !self.names_client() && !is_below_a_name {
            return None;
        }
        let heading = label::without_number(text).trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
        let last = heading.rsplit(' ').next().unwrap_or_default();
        let called = || columns::role(heading).or_else(|| columns::role(last));
        let goes_on = |open: &Open| !open.blank && !text.ends_with(':') && takes_lines(&open.label);
        if let Some(whose) = called().filter(|whose| whose.is_of_others() && !self.tells_a_story()) {
            return is_of_a_person(below).then_some(Item::Section(whose));
        }
        if beside::speaks_of_another(text) && !text.ends_with('.') && !self.tells_a_story() {
            return Some(Item::Headed);
        }
        let is_apart = is_counted(last)
            || is_below_a_name && people::name(heading) == Some(heading)
            || !self.open.as_ref().is_some_and(goes_on);
        let is_of_topic = is_topic(heading) && !is_next_contact(heading, last);
        (is_apart && !is_of_topic && !only_agrees(heading) && is_heading(heading)).then_some(Item::Headed)
    }

    fn tells_a_story(&self) -> bool {
        self.open.as_ref().is_some_and(|open| is_story(&open.label))
    }

    /// Whether somebody was named of whom nothing says that they are not the client.
    fn names_client(&self) -> bool {
        let mut is_of_others = false;
        self.items.iter().any(|item| match item {
            Item::Section(whose) => {
                is_of_others = whose.is_of_others();
                false
            }
            Item::Others => {
                is_of_others = true;
                false
            }
            Item::Another => {
                is_of_others = false;
                false
            }
            Item::Entry(entry) => !is_of_others && names_client(entry),
            Item::Headed | Item::SideBySide | Item::Unread => false,
        })
    }

    /// Whether an answer about safety or consent stands above this heading that may be somebody else's: before anybody
    /// was named, or below a heading of others.
    pub(super) fn has_answers_of_another(&self) -> bool {
        let is_of_others = |item: &Item| match item {
            Item::Section(whose) => whose.is_of_others(),
            item => matches!(item, Item::Others),
        };
        let from = self
            .items
            .iter()
            .rposition(|item| matches!(item, Item::Section(_) | Item::Others | Item::Headed));
        let section = from.and_then(|from| self.items.get(from)).is_some_and(is_of_others);
        let answers =
            |item: &Item| item.entry().and_then(|entry| entry.label.meaning).is_some_and(is_delicate);
        let above = self.items.get(from.unwrap_or_default()..).unwrap_or_default();
        (section || !self.names_client()) && above.iter().any(answers)
    }
}

/// "Client name: Ana Vega", behind which no line goes on with the name.
fn is_whole_name(open: &Open) -> bool {
    open.label.meaning.is_some_and(|meaning| meaning.slot == Slot::Name && !meaning.whose.is_of_others())
        && open.value.contains(' ')
}

/// Whether no list of headings has what a line says.
fn is_unlisted(saying: &Saying<'_>) -> bool {
    match saying {
        Saying::Words => true,
        Saying::Alone { label, heading: None, .. } => label.meaning.is_none() || asks_who(label),
        Saying::Alone { .. }
        | Saying::Labelled(..)
        | Saying::Heading(_)
        | Saying::Another(_)
        | Saying::Footer => false,
    }
}

/// "OP", "Other side", "Partner": a label that asks for somebody beside the client, and a heading where their name has a
/// label of its own.
fn asks_who(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| {
        let is_asked = matches!(meaning.slot, Slot::Field(Field::OpposingParty | Field::ReferrerOrg));
        is_asked || meaning.slot.is_of_name() && meaning.whose.is_of_others()
    })
}

/// Whether a label asks how somebody is reached, or what is safe for them, and does not say for whom.
fn is_of_a_person(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| {
        let is_way = matches!(meaning.slot, Slot::Phone | Slot::PhoneOther | Slot::Email);
        meaning.whose == Whose::Plain && (is_way || is_delicate(meaning))
    })
}

fn names_client(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| meaning.slot.is_of_name() && !meaning.whose.is_of_others())
}

/// Whether a line of its own reads as a heading: few words, and none of what opens or ends a sentence.
fn is_heading(text: &str) -> bool {
    let folded = fold(text);
    let words = words(&folded);
    (1..=MOST_OF_HEADING).contains(&words.len())
        && !words.first().is_some_and(|first| LEXICON.phrases("no_heading_openers").is(first))
        && !is_sentence(&words)
        && !text.contains(['!', '?', ',', ';', '@'])
        && !text.ends_with('.')
        && text.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}

/// "Occupant 2", "Resident #2".
fn is_counted(last: &str) -> bool {
    let number = last.trim_start_matches('#');
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// "Contact 2".
fn is_next_contact(heading: &str, last: &str) -> bool {
    let is_first = last.trim_start_matches('#') == "1";
    is_counted(last) && !is_first && LEXICON.phrases("counted_contacts").starts(&words(&fold(heading))) > 0
}

/// Whether a line is the heading of a part of a form.
fn is_topic(heading: &str) -> bool {
    let folded = fold(heading);
    let words = words(&folded);
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    words.iter().all(|word| is_number(word) || LEXICON.phrases("topic_words").is(word))
        && words.iter().any(|word| word.len() >= LEAST_OF_TOPIC)
}

/// "Only she has the password." No heading ends so, but for a name, "Bob H."
fn is_whole_sentence(text: &str) -> bool {
    text.ends_with('.') && text.split_whitespace().count() > MOST_OF_NAME
}

/// "She has a hearing", "Speaks Spanish".
fn is_sentence(words: &[&str]) -> bool {
    let is = |list: &str, at: usize| words.get(at).is_some_and(|word| LEXICON.phrases(list).is(word));
    is("verbs", 0) || is("clients_own", 0) && is("verbs", 1)
}

/// "Él" is no topic, whatever "el problema" is: one word is longer than those that join words, in bytes.
const LEAST_OF_TOPIC: usize = 4;
/// "Party 2": the most digits of a heading.
const MOST_DIGITS: usize = 1;
/// The most words of a name above a way to reach its owner.
const MOST_OF_NAME: usize = 3;
/// The most words of a heading.
const MOST_OF_HEADING: usize = 7;
