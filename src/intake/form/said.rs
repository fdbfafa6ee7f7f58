//! What a structured file says: names and values as a program writes them, with whose they are by the names around
//! them.

use super::entry::{self, Item};
use super::lexicon::{LEXICON, Slot, Whose};
use super::{Context, Harvest, fold, gather, judge, label, matrix, noted, slip};
use crate::intake::aside::Aside;

/// Whether a name in a structured file says whose the values below it are.
pub(crate) fn is_section(name: &str) -> bool {
    section(name).is_some()
}

/// Whether a name in a structured file asks which ways of contact are safe, or are not.
pub(crate) fn asks_of_channels(key: &str) -> bool {
    channel_slot(key).is_some()
}

fn channel_slot(key: &str) -> Option<Slot> {
    let label = label::exact(key).or_else(|| label::exact(&label::split_camel(key)?))?;
    label.meaning.map(|meaning| meaning.slot).filter(|slot| matches!(slot, Slot::Safe(_) | Slot::DoNot(_)))
}

/// The label that asks of one way of contact what the name around it asks of all: `safeToContact`, `phone`.
pub(crate) fn channel_label(group: &str, way: &str) -> Option<&'static str> {
    let folded = fold::fold(&label::split_camel(way).unwrap_or_else(|| way.to_owned()));
    let (bit, _) = judge::channel_at(&fold::words(&folded))?;
    matrix::question(bit, matches!(channel_slot(group)?, Slot::DoNot(_)))
}

/// Whether a name in a structured file asks for somebody's name.
pub(crate) fn is_name(key: &str) -> bool {
    let label = label::exact(key).or_else(|| label::exact(&label::split_camel(key)?));
    label
        .and_then(|label| label.meaning)
        .is_some_and(|meaning| matches!(meaning.slot, Slot::Name | Slot::FirstName | Slot::LastName))
}

/// What the values below a name of a structured file are called: as they are where it is the client's name or nobody's,
/// else after it too, so that what is safe for somebody else is never safe for the client.
pub(crate) fn label_below(group: &str, name: &str) -> String {
    let spaced = |name: &str| label::split_camel(name).unwrap_or_else(|| name.to_owned());
    let called_after = || [&spaced(group), " ", &spaced(name)].concat();
    let asks_guarded = || label::near(name).and_then(|label| label.meaning).is_some_and(slip::is_delicate);
    match section(group) {
        Some(Whose::Client | Whose::Your | Whose::Plain) => name.to_owned(),
        Some(Whose::Referrer | Whose::Opposing | Whose::Other) if !asks_guarded() => {
            [&called_after(), "\u{1f}", name].concat()
        }
        Some(Whose::Referrer | Whose::Opposing | Whose::Other) | None => called_after(),
    }
}

fn section(name: &str) -> Option<Whose> {
    let heading = |words: &str| LEXICON.heading(&fold::fold(words));
    heading(name).or_else(|| heading(&label::split_camel(name)?))
}

/// Reads every packet in what a structured file says, in its order.
pub(crate) fn of_said(said: Vec<Said>, context: &Context) -> Harvest {
    let item = |said: Said| match said {
        Said::Value { label, value, place } => {
            let label = label.split('\u{1f}').find_map(label::near)?;
            let skip = label.meaning.is_none_or(|meaning| meaning.slot == Slot::Ignore);
            (!skip && !value.trim().is_empty()).then_some(Item::Entry(entry::Entry { label, value, place }))
        }
        Said::Heading(heading) => section(&heading).map(Item::Section),
        Said::Neutral => Some(Item::Section(Whose::Plain)),
        Said::Another => Some(Item::Another),
    };
    let is_cut = said.len() > entry::MOST_ITEMS;
    let asides = said.iter().take(entry::MOST_ITEMS).filter_map(Said::aside).collect();
    let items: Vec<Item> = said.into_iter().take(entry::MOST_ITEMS).filter_map(item).collect();
    noted(Harvest { asides, ..gather::packets(items, context) }, is_cut)
}

/// One thing a structured file says.
pub(crate) enum Said {
    /// A named value. Several names for it are parted by U+001F; the first we know counts.
    Value {
        /// Its name.
        label: String,
        /// Its words.
        value: String,
        /// Where it stood.
        place: String,
    },
    /// What follows belongs to somebody.
    Heading(String),
    /// What follows belongs to nobody in particular.
    Neutral,
    /// Another person begins.
    Another,
}

impl Said {
    /// What it says, for whoever listens for warnings.
    fn aside(&self) -> Option<Aside> {
        let Said::Value { label, value, place } = self else { return None };
        let label = label.split('\u{1f}').next().unwrap_or_default();
        Some(Aside { place: place.clone(), text: format!("{label}: {value}"), is_read: true })
    }
}
