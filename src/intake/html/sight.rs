//! What of a page nobody sees, and what hardly anybody: one judge for every reader of HTML.

/// The marks without one of which markup hides nothing by [`hides`], in lower case; a place off the page is negative.
pub(in crate::intake) const HIDING: [&str; 9] =
    ["display", "visib", "opacity", "mso-hide", "max-height", "clip", "scale(0", ":-", ": -"];

/// How far off the page a place is that nobody scrolls to, in pixels.
const OFF_THE_PAGE: f32 = -500.0;

/// The rules of a `style`, in lower case without white space.
pub(super) fn rules(style: &str) -> impl Iterator<Item = String> {
    style.split(';').map(|rule| {
        let rule: String = rule.chars().filter(|c| !c.is_whitespace()).collect();
        let rule = rule.to_ascii_lowercase();
        rule.strip_suffix("!important").map(str::to_owned).unwrap_or(rule)
    })
}

/// Whether nobody sees what a rule of style sets; the rule in lower case without white space.
pub(in crate::intake) fn hides(rule: &str) -> bool {
    let Some((name, value)) = rule.split_once(':') else { return false };
    match name {
        "display" => value == "none",
        "visibility" => matches!(value, "hidden" | "collapse"),
        "mso-hide" => value == "all",
        "opacity" => number(value).is_some_and(|opacity| opacity < 0.1),
        "max-height" => is_no_height(value),
        "left" | "right" | "top" | "margin-left" | "margin-top" | "text-indent" => {
            !value.ends_with('%') && number(value).is_some_and(|place| place <= OFF_THE_PAGE)
        }
        "clip" => value.starts_with("rect(0") || value.starts_with("rect(1px,1px"),
        "clip-path" => matches!(value, "inset(50%)" | "inset(100%)"),
        "transform" => value == "scale(0)",
        _ => false,
    }
}

/// Less than a line of text: a pixel of it, or nothing in any unit.
fn is_no_height(height: &str) -> bool {
    let most = if height.ends_with("px") { 1.0 } else { 0.0 };
    number(height).is_some_and(|height| height <= most)
}

/// Whether text of this size is dust.
pub(in crate::intake) fn is_dust(size: &str) -> bool {
    let least = if size.ends_with("em") { 0.3 } else { 2.0 };
    number(size).is_some_and(|size| size < least)
}

/// Whether a colour can hardly be told from paper.
pub(in crate::intake) fn is_pale(colour: &str) -> bool {
    const PALEST: u8 = 0xf0;
    matches!(colour, "white" | "transparent" | "snow" | "ivory" | "ghostwhite" | "whitesmoke" | "floralwhite")
        || shares(colour).is_some_and(|shares| shares.iter().all(|share| *share >= PALEST))
        || (colour.starts_with("rgba(") && is_clear(colour))
}

/// Whether `rgba(…)` lets the paper through.
fn is_clear(colour: &str) -> bool {
    let alpha = colour.trim_end_matches(')').rsplit(',').next().and_then(number);
    alpha.is_some_and(|alpha| alpha < 0.1)
}

/// Red, green and blue of a colour.
fn shares(colour: &str) -> Option<[u8; 3]> {
    if let Some(list) = colour.strip_prefix("rgb(").or_else(|| colour.strip_prefix("rgba(")) {
        let mut shares = list.trim_end_matches(')').split(',').map(|share| share.parse().ok());
        return Some([shares.next()??, shares.next()??, shares.next()??]);
    }
    let digits = colour.strip_prefix('#').unwrap_or(colour);
    let share = |at: usize| {
        let digit = match digits.len() {
            3 => [digits.get(at..=at)?, digits.get(at..=at)?].concat(),
            6 => digits.get(at * 2..at * 2 + 2)?.to_owned(),
            _ => return None,
        };
        u8::from_str_radix(&digit, 16).ok()
    };
    Some([share(0)?, share(1)?, share(2)?])
}

/// The number that a value begins with.
fn number(value: &str) -> Option<f32> {
    value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_off_the_page_closed_or_clear_is_hidden() {
        for style in [
            "DISPLAY : none",
            "visibility:hidden",
            "visibility:collapse",
            "opacity:0",
            "opacity: 0.01",
            "mso-hide:all",
            "max-height:0px",
            "position:absolute; left:-9999px",
            "text-indent: -9999px",
            "margin-left:-10000px !important",
            "position:absolute;clip:rect(0,0,0,0)",
            "clip-path:inset(50%)",
            "transform:scale(0)",
        ] {
            assert!(rules(style).any(|rule| hides(&rule)), "{style}");
            assert!(HIDING.iter().any(|word| style.to_lowercase().contains(word)), "{style}");
        }
        for style in [
            "display:block",
            "opacity:0.9",
            "opacity:1",
            "max-height:100%",
            "max-height:1em",
            "max-height:1vh",
            "max-height:none",
            "left:0",
            "margin-left:-15px",
            "margin-left:-18pt",
            "text-indent:-.25in",
            "top:-2px",
            "left:-600%",
            "clip:auto",
            "transform:none",
            "display",
        ] {
            assert!(!rules(style).any(|rule| hides(&rule)), "{style}");
        }
    }

    #[test]
    fn near_white_is_pale_and_grey_is_not() {
        for colour in [
            "#fff",
            "#FDFDFD",
            "fefefe",
            "#f0f0f0",
            "white",
            "rgb(250,250,250)",
            "rgba(0,0,0,0)",
            "rgba(0,0,0,.05)",
        ] {
            assert!(is_pale(&colour.to_lowercase()), "{colour}");
        }
        for colour in [
            "#999",
            "#336699",
            "#ff0",
            "#eef",
            "grey",
            "rgb(240,240,10)",
            "rgba(0,0,0,0.8)",
            "inherit",
            "#ffé",
        ] {
            assert!(!is_pale(colour), "{colour}");
        }
    }

    #[test]
    fn dust_is_smaller_than_any_print() {
        for size in ["0", "0px", "1px", "1.5pt", "0.1em"] {
            assert!(is_dust(size), "{size}");
        }
        for size in ["6px", "8pt", "0.8em", "small", "50%"] {
            assert!(!is_dust(size), "{size}");
        }
    }
}
