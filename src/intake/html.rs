//! HTML as the text a person would see: one road for every room, within bounds of size, nesting and work.
//!
//! Laying out costs stack, and time that grows with the square of the nesting; markup over a bound gives up its words
//! without a layout, and a panic of the renderer ends here.

pub(super) mod names;
mod short;
pub(in crate::intake) mod sight;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use html2text::{Element, Handle, config};

use super::limits::{BODY_BYTES, cut};

/// Columns of the layout: wide enough that no table cell is broken over lines.
const WIDTH: usize = 2_000;
/// Tags up to which a body is laid out.
const TAGS: usize = 20_000;
/// Elements open at once: the parser's time grows with the square of its depth, the renderer's stack with its depth.
const LEVELS: usize = 250;
/// Tables within tables: the renderer tries widths for each of them again and again.
const TABLES: usize = 12;
/// Tags times nested tables: every line of a cell is padded to the full width.
const TABLE_WORK: usize = 50_000;

/// HTML as the text a person would see: cells of a row beside each other, no borders, hidden elements left out.
#[must_use]
pub fn text(html: &str) -> String {
    simple(html).unwrap_or_else(|| laid_out(html, remove_hidden))
}

/// The text of HTML that is simple: nothing in it is hidden, quoted, signed or ruled by its markup.
pub(in crate::intake) fn simple(html: &str) -> Option<String> {
    short::text(cut(html, BODY_BYTES))
}

/// The text of HTML whose tree was changed by `prepare` before it is laid out.
pub(in crate::intake) fn laid_out(html: &str, prepare: impl FnOnce(&Handle)) -> String {
    let html = &*struck(cut(html, BODY_BYTES));
    let rendered = if is_bounded(html) {
        // The renderer has corners that are not written yet; a mail that finds one is still read.
        catch_unwind(AssertUnwindSafe(|| render(html, prepare))).ok().flatten()
    } else {
        None
    };
    rendered.unwrap_or_else(|| words(html))
}

/// The HTML with the old tag for what is struck out in its new name: the renderer knows no other.
fn struck(html: &str) -> Cow<'_, str> {
    if !html.contains("<strike") && !html.contains("<STRIKE") {
        return Cow::Borrowed(html);
    }
    let html = html.replace("<strike", "<s").replace("</strike", "</s");
    Cow::Owned(html.replace("<STRIKE", "<s").replace("</STRIKE", "</s"))
}

/// Whether an element is one that a reader never sees, such as the preview text of newsletters.
pub(in crate::intake) fn is_hidden(node: &Handle) -> bool {
    let Element { attrs, .. } = &node.data else { return false };
    attrs.borrow().iter().any(|attribute| match &*attribute.name.local {
        "hidden" => true,
        "style" => {
            let rules = sight::rules(&attribute.value);
            sight::hide(rules.iter().map(String::as_str))
                || rules.iter().any(|rule| sight::is_tiny(rule)) && !has_larger(node)
        }
        _ => false,
    })
}

/// Layouts take the size from a frame to close gaps and give it back to the text within.
fn has_larger(node: &Handle) -> bool {
    let mut open: Vec<Handle> = node.children.borrow().clone();
    while let Some(node) = open.pop() {
        open.extend(node.children.borrow().iter().cloned());
        let Element { attrs, .. } = &node.data else { continue };
        let gives_back = |rule: &String| rule.starts_with("font") && !sight::is_tiny(rule);
        let attrs = attrs.borrow();
        let mut styles = attrs.iter().filter(|attribute| &*attribute.name.local == "style");
        if styles.any(|style| sight::rules(&style.value).iter().any(gives_back)) {
            return true;
        }
    }
    false
}

/// Takes the elements out that a reader never sees. It walks with its own stack, because nesting may be deep.
fn remove_hidden(document: &Handle) {
    let mut open = vec![document.clone()];
    while let Some(node) = open.pop() {
        let mut children = node.children.borrow_mut();
        children.retain(|child| !is_hidden(child));
        open.extend(children.iter().cloned());
    }
}

fn render(html: &str, prepare: impl FnOnce(&Handle)) -> Option<String> {
    let config = config::plain_no_decorate().no_table_borders().no_link_wrapping().allow_width_overflow();
    let dom = config.parse_html(html.as_bytes()).ok()?;
    prepare(&dom.document);
    let tree = config.dom_to_render_tree(&dom).ok()?;
    let text = config.render_to_string(tree, WIDTH).ok()?;
    Some(text.lines().map(str::trim_end).fold(String::with_capacity(text.len()), |mut text, line| {
        text.push_str(line);
        text.push('\n');
        text
    }))
}

/// Does the markup stay within the bounds? It counts too many levels rather than too few: a closing tag closes only
/// the element opened last.
fn is_bounded(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut tables = 0;
    for (tags, tag) in html.split('<').enumerate().skip(1) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && c != ':').next().unwrap_or_default();
        if closes {
            _ = open.pop_if(|last| last.eq_ignore_ascii_case(name));
        } else if !name.is_empty() && !closes_itself(name) {
            open.push(name);
        }
        if name.eq_ignore_ascii_case("table") {
            tables = tables.max(open.iter().filter(|name| name.eq_ignore_ascii_case("table")).count());
        }
        if tags > TAGS || open.len() > LEVELS || tables > TABLES || tags * tables > TABLE_WORK {
            return false;
        }
    }
    true
}

/// Elements without content, or whose next one ends them.
fn closes_itself(name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "p", "br", "hr", "img", "meta", "link", "input", "li", "dt", "dd", "tr", "td", "th", "tbody", "col",
        "base", "option", "wbr", "area", "o:p",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The words alone, for markup that must not or cannot be laid out.
fn words(html: &str) -> String {
    catch_unwind(|| mail_parser::decoders::html::html_to_text(html)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_text_is_not_shown() {
        for html in [
            "<p>seen</p><div style='DISPLAY : none'>secret</div>",
            "<p>seen</p><span hidden>secret</span>",
            "<p>seen</p><span style='left:  -9999px'>secret</span>",
            "<p>seen</p><span style='display&#58;none'>secret</span>",
            "<p>seen</p><div style='height:0;overflow:hidden'>secret</div>",
            "<p>seen</p><div style='display:none'/>secret",
            "<p>seen</p><div style='color:red; font-size:0px !important'>secret<b>secret</b></div>",
            "<style>secret</style><title>secret</title><p>seen</p><!-- secret -->",
        ] {
            assert_eq!(text(html).trim(), "seen", "{html}");
        }
    }

    #[test]
    fn a_frame_without_size_does_not_hide_the_text_within() {
        let html = "<td style='font-size:0px'><div style='font-size:14px'>seen</div></td>";
        assert_eq!(text(&format!("<table><tr>{html}</tr></table>")).trim(), "seen");
    }

    #[test]
    fn a_size_or_a_cut_that_shows_text_does_not_take_it_out() {
        for style in ["font-size:0.2in", "font-size:1vw", "font-size:1.2", "clip:rect(0,500px,100px,0)"] {
            let html = format!("<p>Hello</p><p style='{style}'>STOP</p>");
            assert!(text(&html).contains("STOP"), "{style}");
        }
    }

    #[test]
    fn cells_of_a_row_stay_beside_each_other() {
        let html = "<table><tr><td>Name:</td><td>Ann</td></tr><tr><td>Phone:</td><td>5</td></tr></table>";
        let text = text(html);
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines, [vec!["Name:", "Ann"], vec!["Phone:", "5"]]);
    }

    #[test]
    fn m14_hostile_html_neither_overflows_the_stack_nor_loses_its_words() {
        for html in [
            "<div>".repeat(249),
            "<div>".repeat(200_000),
            "<table><tr><td>".repeat(12),
            "<table><tr><td>".repeat(499),
            "<p>".repeat(9_000),
            "<td>".repeat(9_000),
            "<br>".repeat(300_000),
            "<b>".repeat(300_000),
        ] {
            let reader = std::thread::Builder::new().stack_size(2 << 20);
            let shown = reader.spawn(move || text(&format!("first{html}"))).unwrap().join().unwrap();
            assert!(shown.contains("first"));
        }
    }
}
