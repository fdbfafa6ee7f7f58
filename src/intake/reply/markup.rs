//! An HTML body as text, with the parts that mail programs mark as quotes, signatures or hidden kept apart.
//!
//! Private-use characters are put into the tree before it becomes text and taken out again after it, so that the whole
//! body is rendered once and every character lands in exactly one part.

use std::borrow::Cow;

use html2text::config;
use html2text::{Element, Handle};

use super::line::Class;
use crate::intake::html;
use crate::intake::html::names::{QUOTES, RESTS, SIGNATURES};
use crate::intake::limits::cut;

/// Elements that indent every line below them count up to here; deeper ones are dissolved, their text stays.
const INDENTS: usize = 20;

const QUOTE: char = '\u{F0001}';
const SIGNATURE: char = '\u{F0002}';
const CLOSE: char = '\u{F0003}';
/// From here to the end everything is quoted.
const QUOTE_ALL: char = '\u{F0004}';
const HIDDEN: char = '\u{F0005}';
/// A line drawn across the page, which the text would not show.
const RULE: char = '\u{F0006}';
/// How it is shown.
const RULE_SHOWN: &str = "________\n";

/// A piece of the text, and what the markup says about it.
pub(in crate::intake) type Piece = (Option<Class>, String);

/// The text of an HTML body in lines, in order.
pub(in crate::intake) fn pieces(html: &str) -> Vec<Piece> {
    let clean: Cow<'_, str> =
        if html.contains(is_mark) { html.chars().filter(|c| !is_mark(*c)).collect() } else { html.into() };
    let rendered = html::simple(&clean).unwrap_or_else(|| html::laid_out(&clean, mark));
    let mut open: Vec<char> = Vec::new();
    let mut all = false;
    let mut found = Vec::new();
    for line in rendered.split_inclusive('\n') {
        let mut rest = line;
        while let Some(at) = rest.find(is_mark) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            push(&mut found, class(&open, all), before);
            let mut chars = after.chars();
            match chars.next() {
                Some(CLOSE) => _ = open.pop(),
                Some(QUOTE_ALL) => all = true,
                Some(RULE) => push(&mut found, class(&open, all), RULE_SHOWN),
                Some(mark) => open.push(mark),
                None => {}
            }
            rest = chars.as_str();
        }
        push(&mut found, class(&open, all), rest);
    }
    found
}

fn is_mark(c: char) -> bool {
    matches!(c, QUOTE..=RULE)
}

fn class(open: &[char], all: bool) -> Option<Class> {
    let innermost = open.iter().rev().find(|mark| **mark != QUOTE);
    match innermost {
        _ if all || open.contains(&QUOTE) => Some(Class::Quoted),
        Some(_) => Some(Class::Removed),
        None => None,
    }
}

fn push(found: &mut Vec<Piece>, class: Option<Class>, text: &str) {
    if !text.is_empty() {
        found.push((class, text.to_owned()));
    }
}

/// Puts the marks into the tree and bounds its depth. It walks with its own stack, because nesting may be deep.
fn mark(root: &Handle) {
    MARKS.with(|marks| {
        if let Some(marks) = marks {
            mark_with(marks, root);
        }
    });
}

fn mark_with(marks: &Marks, root: &Handle) {
    let mut open = vec![(root.clone(), 0)];
    while let Some((node, indents)) = open.pop() {
        let children = flattened(node.children.take(), indents);
        open.extend(children.iter().map(|child| (child.clone(), indents + usize::from(is_indent(child)))));
        node.children.replace(children.into_iter().flat_map(|child| marks.before(child)).collect());
        match role(&node) {
            Role::None | Role::Rule | Role::Rest => {}
            Role::Quote => marks.around(&node, &marks.quote),
            Role::Signature => marks.around(&node, &marks.signature),
            Role::Hidden => marks.hide(&node),
        }
    }
}

/// The children, with those that would nest too deep replaced by what is in them.
fn flattened(children: Vec<Handle>, indents: usize) -> Vec<Handle> {
    let mut flat = Vec::with_capacity(children.len());
    let mut waiting: Vec<Handle> = children.into_iter().rev().collect();
    while let Some(child) = waiting.pop() {
        let is_deep = indents >= INDENTS && is_indent(&child);
        if is_deep && !child.children.borrow().is_empty() {
            waiting.extend(child.children.take().into_iter().rev());
        } else {
            flat.push(child);
        }
    }
    flat
}

fn is_indent(node: &Handle) -> bool {
    let Element { name, .. } = &node.data else { return false };
    matches!(&*name.local, "blockquote" | "ul" | "ol" | "li" | "dl" | "dd")
}

/// What a mail program says with an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    None,
    Quote,
    Signature,
    Hidden,
    /// Everything from here on is quoted.
    Rest,
    Rule,
}

fn role(node: &Handle) -> Role {
    let Element { name, attrs, .. } = &node.data else { return Role::None };
    let mut role = if &*name.local == "hr" { Role::Rule } else { Role::None };
    for attribute in attrs.borrow().iter() {
        let value = cut(&attribute.value, 400);
        let found = match &*attribute.name.local {
            "class" | "id" => by_name(&value.to_ascii_lowercase()),
            "style" => by_style(&value.to_ascii_lowercase().replace(' ', "")),
            "type" if &*name.local == "blockquote" && value.eq_ignore_ascii_case("cite") => Role::Quote,
            _ => Role::None,
        };
        if found != Role::None {
            role = found;
        }
    }
    match role {
        Role::None | Role::Rule if html::is_hidden(node) => Role::Hidden,
        Role::None | Role::Quote | Role::Signature | Role::Hidden | Role::Rest | Role::Rule => role,
    }
}

fn by_name(names: &str) -> Role {
    let within = |known: &[&str]| known.iter().any(|known| names.contains(known));
    if within(&RESTS) && !names.starts_with("x_") {
        Role::Rest
    } else if within(&QUOTES) {
        Role::Quote
    } else if within(&SIGNATURES) {
        Role::Signature
    } else {
        Role::None
    }
}

/// Outlook draws a line over the headers of the mail it answers.
fn by_style(style: &str) -> Role {
    let line = style.contains("border-top:solid#")
        && style.contains("padding:3.0pt0")
        && style.contains("border:none");
    if line { Role::Rest } else { Role::None }
}

thread_local! {
    /// Made once a thread: a tree is not for several threads, and each mark takes a parser's work.
    static MARKS: Option<Marks> = Marks::parse();
}

/// Text nodes that hold one mark each; the same node may hang at many places of a tree that is only read.
struct Marks {
    quote: Handle,
    signature: Handle,
    hidden: Handle,
    quote_all: Handle,
    rule: Handle,
    close: Handle,
}

impl Marks {
    fn parse() -> Option<Marks> {
        let node = |mark: char| {
            let tree = config::plain_no_decorate().parse_html(format!("<p>{mark}</p>").as_bytes()).ok()?;
            deepest(&tree.document)
        };
        Some(Marks {
            quote: node(QUOTE)?,
            signature: node(SIGNATURE)?,
            hidden: node(HIDDEN)?,
            quote_all: node(QUOTE_ALL)?,
            rule: node(RULE)?,
            close: node(CLOSE)?,
        })
    }

    fn around(&self, node: &Handle, opening: &Handle) {
        let mut children = node.children.borrow_mut();
        children.insert(0, opening.clone());
        children.push(self.close.clone());
    }

    /// Marks what a hidden element holds. Text beside the rows of a table would not be shown, so that each of its cells
    /// is marked.
    fn hide(&self, node: &Handle) {
        let mut open = vec![node.clone()];
        while let Some(node) = open.pop() {
            let Element { name, .. } = &node.data else { continue };
            if matches!(&*name.local, "table" | "thead" | "tbody" | "tfoot" | "tr") {
                open.extend(node.children.borrow().iter().cloned());
            } else {
                self.around(&node, &self.hidden);
            }
        }
    }

    /// A node, with a mark before it if it stands for one.
    fn before(&self, node: Handle) -> impl Iterator<Item = Handle> + use<> {
        let mark = match role(&node) {
            Role::Rest => Some(self.quote_all.clone()),
            Role::Rule => Some(self.rule.clone()),
            Role::None | Role::Quote | Role::Signature | Role::Hidden => None,
        };
        mark.into_iter().chain(std::iter::once(node))
    }
}

/// The last node on the way down along the last children.
fn deepest(root: &Handle) -> Option<Handle> {
    let mut node = root.clone();
    loop {
        let Some(child) = node.children.borrow().last().cloned() else { return Some(node) };
        node = child;
    }
}
