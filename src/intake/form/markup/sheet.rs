//! What the style sheets of a mail do to the words of its elements: they strike them out, hide them, or set others
//! beside them. The words are still there for whoever reads the markup, and nobody sees them so.

use memchr::memmem;

use crate::intake::html::sight;

/// The most of a sheet that is read, in bytes.
const LONGEST: usize = 64 * 1024;
/// The marks without one of which a sheet neither strikes anything out nor hides it nor sets words beside it.
const SIGNS: [&str; 17] = [
    "line-through",
    "content",
    "display",
    "visib",
    "opacity",
    "mso-hide",
    "max-height",
    "overflow",
    "clip",
    "scale",
    ":-",
    ": -",
    "font-size:0",
    "font-size: 0",
    "font-size:1",
    "font-size: 1",
    "/*",
];
/// The most rules that are kept.
const MOST: usize = 60;

/// The rules of a mail's sheets that change what a reader sees.
#[derive(Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
    /// There were more than are read or kept: nobody knows what those do.
    is_cut: bool,
}

/// What one rule does, and to which elements.
struct Rule {
    tag: String,
    id: String,
    classes: Vec<String>,
    does: Does,
}

/// What is done to the words of an element.
#[derive(Clone, Copy, Default)]
pub(super) struct Does {
    /// They are struck out.
    pub(super) strikes: bool,
    /// Nobody sees them, or other words beside them.
    pub(super) hides: bool,
}

impl Sheet {
    /// The rules of every sheet in the markup, wherever it stands.
    pub(super) fn of(html: &str) -> Sheet {
        let mut sheet = Sheet::default();
        for open in ["<style", "<STYLE"] {
            let mut rest = html;
            while let Some(from) = memmem::find(rest.as_bytes(), open.as_bytes()) {
                let sheet_on = rest.get(from + open.len()..).unwrap_or_default();
                let end = memmem::find(sheet_on.as_bytes(), b"</").unwrap_or(sheet_on.len());
                let (css, after) = sheet_on.split_at_checked(end).unwrap_or((sheet_on, ""));
                sheet.read(css);
                rest = after;
            }
        }
        sheet
    }

    fn read(&mut self, css: &str) {
        self.is_cut |= css.len() > LONGEST;
        let css = css.get(..css.floor_char_boundary(LONGEST)).unwrap_or_default().to_ascii_lowercase();
        // Nearly no sheet does anything of this.
        if !SIGNS.iter().any(|sign| memmem::find(css.as_bytes(), sign.as_bytes()).is_some()) {
            return;
        }
        let css = sight::even(css.split_once('>').map_or(&*css, |(_, css)| css));
        let mut is_elsewhere = false;
        for part in css.split('}') {
            let Some((before, rules)) = part.rsplit_once('{') else {
                is_elsewhere = false;
                continue;
            };
            // What holds on paper or on a small screen only hides nothing here; what it strikes is doubtful enough.
            is_elsewhere |= before.contains("@media");
            let selectors = before.rsplit('{').next().unwrap_or_default();
            for selector in selectors.split(',') {
                let does = does(selector, rules, is_elsewhere);
                if (does.strikes || does.hides) && self.rules.len() < MOST {
                    self.rules.extend(Rule::of(selector, does));
                } else {
                    self.is_cut |= does.strikes || does.hides;
                }
            }
        }
    }

    /// What is done to an element, by its name and its attributes in lower case.
    pub(super) fn does(&self, name: &str, attributes: &str) -> Does {
        let may_be_named = self.is_cut && (attributes.contains("class") || attributes.contains("id"));
        let mut all = Does { strikes: may_be_named, ..Does::default() };
        for rule in self.rules.iter().filter(|rule| rule.is_for(name, attributes)) {
            all.strikes |= rule.does.strikes;
            all.hides |= rule.does.hides;
        }
        all
    }
}

fn does(selector: &str, rules: &str, is_elsewhere: bool) -> Does {
    let rule = |rule: &str| rule.trim_end_matches("!important").trim_end().to_owned();
    let rules: Vec<String> = rules.split(';').map(rule).collect();
    if selector.contains(":before") || selector.contains(":after") {
        let says = |rule: &String| {
            rule.strip_prefix("content:").is_some_and(|words| words.contains(char::is_alphanumeric))
        };
        return Does { hides: rules.iter().any(says), strikes: false };
    }
    let is_unseen =
        || sight::hide(rules.iter().map(String::as_str)) || rules.iter().any(|rule| sight::is_tiny(rule));
    Does {
        strikes: rules.iter().any(|rule| rule.contains("line-through")),
        hides: !is_elsewhere && is_unseen(),
    }
}

impl Rule {
    /// The element that a selector ends with; what must stand around it is not asked, for a yes too many is worse than
    /// a question.
    fn of(selector: &str, does: Does) -> Option<Rule> {
        let (around, last) =
            selector.trim().rsplit_once([' ', '>', '+', '~']).unwrap_or(("", selector.trim()));
        let bare = last.split([':', '[']).next().unwrap_or_default();
        let from = bare.find(['.', '#']).unwrap_or(bare.len());
        let (tag, names) = bare.split_at_checked(from)?;
        let mut rule = Rule {
            tag: tag.trim_start_matches('*').to_owned(),
            id: String::new(),
            classes: Vec::new(),
            does,
        };
        let mut rest = names;
        while let Some(sign) = rest.chars().next() {
            let name = rest.get(1..)?;
            let end = name.find(['.', '#']).unwrap_or(name.len());
            let (name, after) = name.split_at_checked(end)?;
            match sign {
                '#' => name.clone_into(&mut rule.id),
                _ => rule.classes.push(name.to_owned()),
            }
            rest = after;
        }
        let is_named = !rule.id.is_empty() || !rule.classes.is_empty();
        // "td" within something is nearly every cell, and within nothing it is.
        (is_named || !rule.tag.is_empty() && around.is_empty()).then_some(rule)
    }

    fn is_for(&self, name: &str, attributes: &str) -> bool {
        let has = |attribute: &str, wanted: &str| {
            attributes.match_indices(attribute).any(|(at, _)| {
                let value = attributes.get(at + attribute.len()..).unwrap_or_default().trim_start();
                let Some(value) = value.strip_prefix('=').map(str::trim_start) else { return false };
                let value = match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => value.get(1..).and_then(|value| value.split(quote).next()),
                    _ => value.split_ascii_whitespace().next(),
                };
                value.unwrap_or_default().split_ascii_whitespace().any(|word| word == wanted)
            })
        };
        let is_bare = self.id.is_empty() && self.classes.is_empty();
        (self.tag.is_empty() || self.tag == name)
            && (is_bare || !attributes.is_empty())
            && (self.id.is_empty() || has("id", &self.id))
            && self.classes.iter().all(|class| has("class", class))
    }
}
