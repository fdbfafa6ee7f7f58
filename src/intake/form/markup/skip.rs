//! Elements that are not read: what nobody sees, and what somebody else wrote before.

use crate::intake::html::{names, sight};

/// An element that is not read.
pub(super) struct Skip {
    pub(super) name: String,
    /// Elements of the same name that are open inside it.
    pub(super) depth: usize,
    /// Tables that are open inside it: what stands in them does not end it.
    pub(super) tables: usize,
    /// It is hidden, and neither a script nor what somebody else wrote.
    pub(super) is_hidden: bool,
}

/// What becomes of a tag inside an element that is not read.
pub(super) enum Inside {
    /// It is not read either.
    Skipped,
    /// It ended the element.
    Ended,
    /// It ended the element by the way, and is itself read.
    Read,
}

impl Skip {
    /// Asks what becomes of a tag inside it.
    pub(super) fn tag(&mut self, name: &str, closing: bool) -> Inside {
        if self.name != "table" && name == "table" {
            if closing && self.tables == 0 && is_table_part(&self.name) {
                return Inside::Read;
            }
            self.tables = if closing { self.tables.saturating_sub(1) } else { self.tables + 1 };
            return Inside::Skipped;
        }
        if self.tables > 0 && is_table_part(&self.name) {
            return Inside::Skipped;
        }
        // The end tag of a cell, a row or an item may be left out.
        let ends_row = matches!(name, "tr" | "tbody" | "thead" | "tfoot");
        let ends_part = match self.name.as_str() {
            "td" | "th" => ends_row || matches!(name, "td" | "th"),
            "tr" => ends_row,
            "tbody" | "thead" | "tfoot" => matches!(name, "tbody" | "thead" | "tfoot"),
            "p" | "li" => name == self.name && !closing,
            _ => false,
        };
        if ends_part && !(closing && self.name == name) {
            return Inside::Read;
        }
        if self.name != name {
            return Inside::Skipped;
        }
        self.depth = if closing { self.depth.saturating_sub(1) } else { self.depth + 1 };
        if self.depth == 0 { Inside::Ended } else { Inside::Skipped }
    }
}

fn is_table_part(name: &str) -> bool {
    matches!(name, "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption")
}

/// What is no text, and what somebody else wrote before.
pub(super) fn is_unread(name: &str, attributes: &str) -> bool {
    if matches!(
        name,
        "script"
            | "style"
            | "title"
            | "template"
            | "svg"
            | "noscript"
            | "object"
            | "iframe"
            | "select"
            | "textarea"
    ) {
        return true;
    }
    if attributes.is_empty() || holds_nothing(name) || matches!(name, "table" | "tbody") {
        return false;
    }
    if name == "blockquote" {
        return ["cite", "border-left", "gmail_quote", "quote"].iter().any(|mark| attributes.contains(mark));
    }
    attributes.contains("gmail_quote") || names::QUOTES.iter().any(|name| attributes.contains(name))
}

/// What a reader does not see.
pub(super) fn is_hidden(name: &str, attributes: &str) -> bool {
    let may_hide =
        || attributes.contains("hidden") || sight::HIDING.iter().any(|sign| attributes.contains(sign));
    if attributes.is_empty() || holds_nothing(name) || !may_hide() {
        return false;
    }
    let mut outside = attributes.split(['"', '\'']).step_by(2).flat_map(str::split_whitespace);
    if outside.any(|word| word == "hidden" || word.starts_with("hidden=")) {
        return true;
    }
    let rules: String = attributes.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rules = rules.split(['"', '\'', ';', '=']).map(|rule| rule.trim_end_matches("!important"));
    rules.any(sight::hides)
}

/// Elements without content of their own, and the page as a whole.
fn holds_nothing(name: &str) -> bool {
    matches!(
        name,
        "br" | "img" | "hr" | "input" | "meta" | "link" | "col" | "wbr" | "html" | "body" | "base" | "area"
    )
}
