//! How text is dressed: strong, struck out, or so that hardly anybody sees it.

use crate::intake::html::sight;

/// Stands behind each word that is struck out, as in text (a long stroke overlaid).
pub(super) const STRUCK: &str = "\u{336}";

/// Open tags that dress text.
pub(super) struct Nest<T>(Vec<Dressed<T>>);

struct Dressed<T> {
    name: String,
    /// Tags of the same name that are open inside it.
    inside: usize,
    /// Tables that are open around it.
    tables: usize,
    dress: T,
}

/// Tags of one kind in each other; what is deeper is dressed already.
const MOST: usize = 100;

impl<T> Default for Nest<T> {
    fn default() -> Nest<T> {
        Nest(Vec::new())
    }
}

impl<T> Nest<T> {
    /// How text is dressed now.
    pub(super) fn innermost(&self) -> Option<&T> {
        self.0.last().map(|tag| &tag.dress)
    }

    /// Whether text is dressed at all now.
    pub(super) const fn is_open(&self) -> bool {
        !self.0.is_empty()
    }

    /// A tag opens inside so many tables: it ends the one before it where end tags may be left out.
    pub(super) fn ended_by(&mut self, name: &str, tables: usize) {
        let may_be_open = matches!(name, "tr" | "td" | "th" | "p" | "li" | "dt" | "dd");
        self.0.pop_if(|tag| may_be_open && tag.name == name && tag.tables == tables);
    }

    /// A tag opens inside so many tables, which dresses text or not.
    pub(super) fn open(&mut self, name: &str, tables: usize, dress: Option<T>) {
        if let Some(dress) = dress
            && self.0.len() < MOST
        {
            self.0.push(Dressed { name: name.to_owned(), inside: 0, tables, dress });
        } else if let Some(tag) = self.0.last_mut().filter(|tag| tag.name == name) {
            tag.inside += 1;
        }
    }

    /// A tag closes.
    pub(super) fn close(&mut self, name: &str) {
        match self.0.last_mut().filter(|tag| tag.name == name) {
            Some(tag) if tag.inside == 0 => _ = self.0.pop(),
            Some(tag) => tag.inside -= 1,
            None => {}
        }
    }
}

/// Whether a tag sets text strong, by its name and its attributes in lower case.
pub(super) fn is_strong(name: &str, attributes: &str) -> bool {
    matches!(
        name,
        "b" | "strong" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "legend" | "label"
    ) || (!attributes.is_empty()
        && matches!(name, "span" | "font" | "div" | "p" | "td" | "a")
        && [
            "font-weight:bold",
            "font-weight: bold",
            "font-weight:6",
            "font-weight: 6",
            "font-weight:7",
            "font-weight: 7",
        ]
        .iter()
        .any(|style| attributes.contains(style)))
}

/// Whether a tag strikes text out.
pub(super) fn is_struck(name: &str, attributes: &str) -> bool {
    matches!(name, "s" | "strike" | "del") || attributes.contains("line-through")
}

/// How well text is seen. What a tag does not set is as around it.
#[derive(Clone, Copy, Default)]
pub(super) struct Shade {
    /// In the colour of paper.
    is_pale: bool,
    /// In the size of dust.
    is_dust: bool,
    /// On a colour: there white is seen.
    is_on_colour: bool,
}

impl Shade {
    /// Whether hardly anybody sees it.
    pub(super) const fn is_faint(self) -> bool {
        self.is_dust || self.is_pale && !self.is_on_colour
    }
}

/// How text is seen inside a tag of these attributes, in lower case; `None` when it changes nothing.
pub(super) fn shade(attributes: &str, around: Option<&Shade>) -> Option<Shade> {
    if !["color", "font-size", "font:", "background"].iter().any(|word| attributes.contains(word)) {
        return None;
    }
    let even = sight::even(attributes);
    // Attributes without quotes stand beside each other; what a rule sets may have gaps in it.
    let parted =
        even.split(['"', '\'', ';']).flat_map(|rule| rule.split(if rule.contains('=') { ' ' } else { ';' }));
    let rules = parted.map(|rule| rule.trim_end_matches("!important").trim_start());
    let mut shade = around.copied().unwrap_or_default();
    let mut attribute = "";
    for rule in rules {
        // `color="white"` is cut at its quotes.
        let whole = [attribute, rule].concat();
        attribute = if rule.ends_with("color=") { rule } else { "" };
        let Some((name, value)) = whole.split_once([':', '=']).filter(|(_, value)| !value.is_empty()) else {
            continue;
        };
        match name {
            "color" => shade.is_pale = sight::is_pale(value),
            "background" | "background-color" | "bgcolor" => shade.is_on_colour = !sight::is_pale(value),
            "font-size" | "font" => shade.is_dust = sight::is_tiny(&whole),
            _ => {}
        }
    }
    Some(shade)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_faint(attributes: &str) -> bool {
        shade(&attributes.to_lowercase(), None).is_some_and(Shade::is_faint)
    }

    #[test]
    fn white_on_white_and_dust_are_faint_and_white_on_colour_is_not() {
        for attributes in [
            " style=\"color:#fff\"",
            " style='color: #FFFFFF !important; background: white'",
            " color=\"white\"",
            " color=white",
            " style=\"font-size:1px\"",
            " style='margin:0;font-size:0'",
            " style='color:rgba(0, 0, 0, 0)'",
            " style='color:rgb(255 255 255)'",
            " style='color: #ffff'",
            " style='color:azure'",
            " style='color:hsl(0,0%,100%)'",
            " style='font:1px Arial'",
            " face=arial color=white size=2",
        ] {
            assert!(is_faint(attributes), "{attributes}");
        }
        for attributes in [
            " style=\"color:#ffffff;background-color:#336699\"",
            " bgcolor=\"#336699\" style='color:white'",
            " style='color:#333'",
            " style='font-size:12px'",
            " style='font-size:1.2em'",
            " style='font-size:0.2in'",
            " style='font:bold 12px/1.2 Arial'",
            " face='Arial' color='#333'",
            " bgcolor=\"white\"",
            " style='background-color:#fff'",
        ] {
            assert!(!is_faint(attributes), "{attributes}");
        }
    }
}
