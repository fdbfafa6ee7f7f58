//! How text is dressed: strong, struck out, or so that hardly anybody sees it.

/// Stands behind each word that is struck out, as in text (a long stroke overlaid).
pub(super) const STRUCK: &str = "\u{336}";

/// Open tags that dress text in one way, each with how many of the same name are open inside it.
#[derive(Default)]
pub(super) struct Nest(Vec<(String, usize)>);

/// Tags of one kind in each other; what is deeper is dressed already.
const MOST: usize = 100;

impl Nest {
    /// Whether text is dressed so now.
    pub(super) const fn is_open(&self) -> bool {
        !self.0.is_empty()
    }

    /// A tag opens, which dresses text in this way or not.
    pub(super) fn open(&mut self, name: &str, dresses: bool) {
        if let Some((_, inside)) = self.0.last_mut().filter(|(open, _)| open == name) {
            *inside += 1;
        } else if dresses && self.0.len() < MOST {
            self.0.push((name.to_owned(), 0));
        }
    }

    /// A tag closes; whether it ended one of these.
    pub(super) fn close(&mut self, name: &str) -> bool {
        match self.0.last_mut().filter(|(open, _)| open == name) {
            Some((_, 0)) => self.0.pop().is_some(),
            Some((_, inside)) => {
                *inside -= 1;
                false
            }
            None => false,
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

/// Whether a tag sets text in the colour of paper or in the size of dust. With a background of its own, white is seen.
pub(super) fn is_faint(attributes: &str) -> bool {
    if !attributes.contains("color") && !attributes.contains("font-size") {
        return false;
    }
    let even: String = attributes.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> =
        even.split(['"', '\'', ';']).map(|rule| rule.trim_end_matches("!important")).collect();
    let grounds = |rule: &&&str| rule.starts_with("background") || rule.starts_with("bgcolor");
    let is_on_white =
        parts.iter().filter(grounds).all(|rule| is_white(rule.rsplit([':', '=']).next().unwrap_or_default()));
    let is_pale = |rule: &str| {
        rule.strip_prefix("color:").or_else(|| rule.strip_prefix("color=")).is_some_and(is_white)
    };
    // `color="white"` is cut at its quotes.
    let is_pale_font = parts
        .array_windows()
        .any(|[name, value]| name.ends_with("color=") && !name.ends_with("bgcolor=") && is_white(value));
    let is_dust = |rule: &str| {
        let size = rule
            .strip_prefix("font-size:")
            .map(|size| size.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%'));
        size.and_then(|size| size.parse::<f32>().ok()).is_some_and(|size| size < 2.0) && !rule.ends_with("em")
    };
    (is_on_white && (parts.iter().any(|rule| is_pale(rule)) || is_pale_font))
        || parts.iter().any(|rule| is_dust(rule))
}

fn is_white(colour: &str) -> bool {
    matches!(
        colour,
        "#fff"
            | "#ffffff"
            | "fff"
            | "ffffff"
            | "white"
            | "transparent"
            | "#fefefe"
            | "rgb(255,255,255)"
            | "snow"
    ) || (colour.starts_with("rgba(") && colour.ends_with(",0)"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert!(is_faint(&attributes.to_lowercase()), "{attributes}");
        }
        for attributes in [
            " style=\"color:#ffffff;background-color:#336699\"",
            " bgcolor=\"#336699\" style='color:white'",
            " style='color:#333'",
            " style='font-size:12px'",
            " style='font-size:1.2em'",
            " bgcolor=\"white\"",
            " style='background-color:#fff'",
        ] {
            assert!(!is_faint(&attributes.to_lowercase()), "{attributes}");
        }
    }
}
