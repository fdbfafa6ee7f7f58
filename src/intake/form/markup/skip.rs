//! Elements that are not read: what nobody sees, and what somebody else wrote before.

use std::borrow::Cow;

use super::super::entity::entity;
use crate::intake::html::{names, sight};
use crate::intake::quick;

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

/// What a reader does not see. A slash at the end of its tag means nothing where an element has content.
pub(super) fn is_hidden(name: &str, attributes: &str) -> bool {
    if attributes.is_empty() || holds_nothing(name) {
        return false;
    }
    let decoded = decoded(attributes);
    let may_hide = sight::HIDING.iter().any(|sign| decoded.contains(sign)) || sight::is_off(&decoded);
    if !may_hide {
        return false;
    }
    let mut outside = attributes.split(['"', '\'']).step_by(2).flat_map(str::split_whitespace);
    if outside.any(|word| matches!(word.trim_end_matches('/'), "hidden") || word.starts_with("hidden=")) {
        return true;
    }
    let even = sight::even(&decoded);
    sight::hide(
        even.split(['"', '\'', ';', '='])
            .map(|rule| rule.trim_end_matches("!important").trim_end_matches('/')),
    )
}

/// Attributes with their references read, as a browser does: one by its number may go without its end.
fn decoded(attributes: &str) -> Cow<'_, str> {
    if quick::find(attributes, b'&').is_none() {
        return Cow::Borrowed(attributes);
    }
    let mut decoded = String::with_capacity(attributes.len());
    let mut rest = attributes;
    while let Some((before, from)) = quick::find(rest, b'&').and_then(|at| rest.split_at_checked(at)) {
        decoded.push_str(before);
        let (c, after) = match entity(from) {
            ('&', after) => numbered(after).unwrap_or(('&', after)),
            known => known,
        };
        decoded.push(c.to_ascii_lowercase());
        rest = after;
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}
fn numbered(from: &str) -> Option<(char, &str)> {
    let from = from.strip_prefix('#')?;
    let (digits, radix) = from.strip_prefix('x').map_or((from, 10), |digits| (digits, 16));
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (number, after) = digits.split_at_checked(end)?;
    Some((char::from_u32(u32::from_str_radix(number, radix).ok()?)?, after))
}

/// Elements without content of their own, and the page as a whole.
fn holds_nothing(name: &str) -> bool {
    matches!(
        name,
        "br" | "img"
            | "hr"
            | "input"
            | "meta"
            | "link"
            | "col"
            | "wbr"
            | "html"
            | "body"
            | "base"
            | "area"
            | "source"
            | "embed"
            | "param"
            | "track"
    )
}

#[cfg(test)]
mod tests {
    use super::super::of_html;
    use crate::intake::form::piece::Piece;

    const YES: &str = "Safe to email: yes";

    fn shows(html: &str) -> bool {
        of_html(html).pieces.iter().any(|piece| match piece {
            Piece::Line { text, .. } => text.contains(YES),
            Piece::Row { cells, .. } => cells.iter().any(|cell| cell.contains(YES)),
        })
    }

    #[test]
    fn the_reader_of_forms_and_that_of_texts_agree_on_what_is_hidden() {
        for tag in [
            "<div style='position:absolute;left:  -9999px'>",
            "<div style='left:\n-9999px'>",
            "<div style='transform:scale( 0)'>",
            "<div style='display:none'/>",
            "<div hidden/>",
            "<div style=\"display&#58;none\">",
            "<div style=\"display&#x3a;none\">",
            "<div style=\"display&#58none\">",
            "<div style=\"font-family:&quot;Arial&quot;;display:none\">",
            "<div style='display:/**/none'>",
            "<div style='opacity:5%'>",
            "<div style='height:0;overflow:hidden'>",
            "<div style='overflow:hidden; max-width:9px; width:0'>",
            "<div style='clip:rect(0 0 0 0)'>",
        ] {
            let html = format!("<p>Client name: Ana Vega</p>{tag}{YES}</div>");
            assert!(!shows(&html), "{tag}");
            assert!(of_html(&html).hidden.contains(YES), "{tag}: kept for a person to be warned of");
            assert!(!crate::intake::html::text(&html).contains(YES), "{tag}");
        }
        for tag in [
            "<div style='left:0'>",
            "<div style='clip:rect(0,500px,100px,0)'>",
            "<div style='overflow:hidden;height:40px'>",
            "<div title='a &quot;hidden&quot; word'>",
            "<div style='font-family:-apple-system'>",
            "<img style='display:none'/><div>",
            "<div style='opacity:90%'/>",
        ] {
            let html = format!("<p>Client name: Ana Vega</p>{tag}{YES}</div>");
            assert!(shows(&html), "{tag}");
            assert!(crate::intake::html::text(&html).contains(YES), "{tag}");
        }
    }
}
