//! What of a page nobody sees, and what hardly anybody: one judge for every reader of HTML.

/// The marks without one of which, and without [`is_off`], markup hides nothing by [`hide`], in lower case.
pub(in crate::intake) const HIDING: [&str; 9] =
    ["hidden", "display", "visib", "opacity", "mso-hide", "max-height", "clip", "scale(", "/*"];

/// How far off the page a place is that nobody scrolls to, in pixels.
const OFF_THE_PAGE: f32 = -500.0;

/// Whether markup, in lower case, sets anything to less than nothing: a place off the page is negative.
pub(in crate::intake) fn is_off(markup: &str) -> bool {
    markup.split(':').skip(1).any(|value| value.trim_start().starts_with('-'))
}

/// Markup in lower case without comments, and with white space only where it parts two values.
pub(in crate::intake) fn even(markup: &str) -> String {
    const BINDS: [char; 10] = [':', ';', ',', '(', ')', '=', '!', '/', '"', '\''];
    let mut even = String::with_capacity(markup.len());
    let mut gap = false;
    let mut rest = markup;
    while let Some(c) = rest.chars().next() {
        if let Some((_, after)) = rest.strip_prefix("/*").and_then(|comment| comment.split_once("*/")) {
            (rest, gap) = (after, true);
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let is_bound = BINDS.contains(&c) || even.is_empty() || even.ends_with(BINDS);
        if std::mem::take(&mut gap) && !is_bound {
            even.push(' ');
        }
        even.push(c.to_ascii_lowercase());
    }
    even
}

/// The rules of a `style`, each [`even`].
pub(super) fn rules(style: &str) -> Vec<String> {
    let whole = |rule: &str| rule.strip_suffix("!important").unwrap_or(rule).to_owned();
    even(style).split(';').map(whole).collect()
}

/// Whether nobody sees what these rules set, each [`even`].
pub(in crate::intake) fn hide<'r>(rules: impl IntoIterator<Item = &'r str>) -> bool {
    let (mut is_closed, mut is_cut) = (false, false);
    rules.into_iter().any(|rule| {
        is_closed |= rule.strip_prefix("height:").is_some_and(is_no_height);
        is_closed |= rule.strip_prefix("width:").is_some_and(is_no_height);
        is_cut |= matches!(rule, "overflow:hidden" | "overflow:clip");
        is_closed && is_cut || hides(rule)
    })
}

/// Whether nobody sees what a rule of style sets.
fn hides(rule: &str) -> bool {
    let Some((name, value)) = rule.split_once(':') else { return false };
    match name {
        "display" => value == "none",
        "visibility" => matches!(value, "hidden" | "collapse"),
        "mso-hide" => value == "all",
        "opacity" => share(value).is_some_and(|opacity| opacity < 0.1),
        "max-height" => is_no_height(value),
        "left" | "right" | "top" | "margin-left" | "margin-top" | "text-indent" => {
            !value.ends_with('%') && number(value).is_some_and(|place| place <= OFF_THE_PAGE)
        }
        "clip" => value.strip_prefix("rect(").is_some_and(is_no_room),
        "clip-path" => matches!(value, "inset(50%)" | "inset(100%)"),
        "transform" => {
            let scale = value.strip_prefix("scale(").map(parts);
            scale.is_some_and(|mut parts| parts.next().and_then(share).is_some_and(|scale| scale < 0.1))
        }
        _ => false,
    }
}

/// Less than a line of text: a pixel of it, or nothing in any unit.
fn is_no_height(height: &str) -> bool {
    let most = if height.ends_with("px") { 1.0 } else { 0.0 };
    number(height).is_some_and(|height| height <= most)
}

/// Whether `rect(top, right, bottom, left)` leaves no more than a pixel.
fn is_no_room(sides: &str) -> bool {
    let sides: Vec<f32> = parts(sides).filter_map(number).collect();
    matches!(sides.as_slice(), [top, right, bottom, left] if bottom - top <= 1.0 || right - left <= 1.0)
}

/// Whether a rule sets text in a size that nobody reads.
pub(in crate::intake) fn is_tiny(rule: &str) -> bool {
    // The size is the first of a font that is a number with a unit; a weight has none.
    let is_size = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_digit() || c == '.') && part.parse::<u32>().is_err()
    };
    let of_font = |font: &str| font.split([' ', '/']).find(is_size).is_some_and(is_dust);
    rule.strip_prefix("font-size:").is_some_and(is_dust) || rule.strip_prefix("font:").is_some_and(of_font)
}

/// Whether text of this size is dust: smaller than two points, or in a unit of what is around it than any print.
fn is_dust(size: &str) -> bool {
    const POINTS: [(&str, f32); 6] =
        [("px", 1.0), ("pt", 1.0), ("pc", 12.0), ("in", 72.0), ("cm", 28.0), ("mm", 2.8)];
    let Some(number) = number(size) else { return false };
    let points = POINTS.iter().find(|(unit, _)| size.ends_with(unit)).map(|(_, points)| number * points);
    let is_little = size.ends_with("em") && number < 0.3 || size.ends_with('%') && number < 20.0;
    number == 0.0 || is_little || points.is_some_and(|points| points < 2.0)
}

/// Whether a colour can hardly be told from paper.
pub(in crate::intake) fn is_pale(colour: &str) -> bool {
    const NAMES: [&str; 13] = [
        "white",
        "transparent",
        "snow",
        "ivory",
        "ghostwhite",
        "whitesmoke",
        "floralwhite",
        "azure",
        "mintcream",
        "aliceblue",
        "seashell",
        "honeydew",
        "lavenderblush",
    ];
    const PALEST: u8 = 0xf0;
    NAMES.contains(&colour)
        || is_clear(colour)
        || shares(colour).is_some_and(|shares| shares.iter().all(|share| *share >= PALEST))
}

/// Whether it lets the paper through.
fn is_clear(colour: &str) -> bool {
    let of_list = colour.split_once('(').and_then(|(_, list)| parts(list).nth(3)).and_then(share);
    let of_digits = colour.strip_prefix('#').and_then(|digits| match digits.len() {
        4 => Some(f32::from(u8::from_str_radix(digits.get(3..)?, 16).ok()?) / 15.0),
        8 => Some(f32::from(u8::from_str_radix(digits.get(6..)?, 16).ok()?) / 255.0),
        _ => None,
    });
    of_list.or(of_digits).is_some_and(|alpha| alpha < 0.1)
}

/// Red, green and blue of a colour; of one told by its hue no more than how light it is.
fn shares(colour: &str) -> Option<[u8; 3]> {
    if let Some(list) = colour.strip_prefix("hsl(").or_else(|| colour.strip_prefix("hsla(")) {
        let is_light = parts(list).nth(2).and_then(share).is_some_and(|light| light >= 0.94);
        return is_light.then_some([u8::MAX; 3]);
    }
    if let Some(list) = colour.strip_prefix("rgb(").or_else(|| colour.strip_prefix("rgba(")) {
        let mut shares = parts(list).map(|share| share.parse().ok());
        return Some([shares.next()??, shares.next()??, shares.next()??]);
    }
    let digits = colour.strip_prefix('#').unwrap_or(colour);
    let share = |at: usize| {
        let digit = match digits.len() {
            3 | 4 => [digits.get(at..=at)?, digits.get(at..=at)?].concat(),
            6 | 8 => digits.get(at * 2..at * 2 + 2)?.to_owned(),
            _ => return None,
        };
        u8::from_str_radix(&digit, 16).ok()
    };
    Some([share(0)?, share(1)?, share(2)?])
}

/// What stands within brackets that are open already, part by part.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    let list = list.split(')').next().unwrap_or_default();
    list.split([',', ' ', '/']).filter(|part| !part.is_empty())
}

/// A share of one, as a number or in percent.
fn share(value: &str) -> Option<f32> {
    let whole = if value.ends_with('%') { 100.0 } else { 1.0 };
    number(value).map(|number| number / whole)
}

/// The number that a value begins with.
fn number(value: &str) -> Option<f32> {
    value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_hidden(style: &str) -> bool {
        hide(rules(style).iter().map(String::as_str))
    }

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
            "left:  -9999px",
            "left:\n\t-9999px",
            "left:/* so far */-9999px",
            "transform:scale( 0)",
            "transform: scale(0, 0)",
            "opacity:5%",
            "height:0;overflow:hidden",
            "overflow: hidden; width: 0px",
            "clip:rect(0 0 0 0)",
            "clip: rect(1px, 1px, 1px, 1px)",
            "display:/**/none",
        ] {
            assert!(is_hidden(style), "{style}");
            let style = style.to_lowercase();
            assert!(HIDING.iter().any(|word| style.contains(word)) || is_off(&style), "{style}");
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
            "clip:rect(0,500px,100px,0)",
            "opacity:90%",
            "height:0",
            "height:20px;overflow:hidden",
            "overflow:hidden",
            "transform:scale(0.9)",
            "transform:none",
            "display",
        ] {
            assert!(!is_hidden(style), "{style}");
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
            "rgb(255 255 255)",
            "rgb(0 0 0 / 0)",
            "#ffff",
            "#00000000",
            "azure",
            "hsl(0,0%,100%)",
            "hsl(200deg 50% 97%)",
        ] {
            assert!(is_pale(&even(colour)), "{colour}");
        }
        for colour in [
            "#999",
            "#336699",
            "#ff0",
            "#eef",
            "grey",
            "rgb(240,240,10)",
            "rgba(0,0,0,0.8)",
            "rgb(0 0 0 / 80%)",
            "#333f",
            "hsl(0,0%,40%)",
            "beige",
            "inherit",
            "#ffé",
        ] {
            assert!(!is_pale(colour), "{colour}");
        }
    }

    #[test]
    fn dust_is_smaller_than_any_print() {
        for size in ["0", "0px", "1px", "1.5pt", "0.1em", "0.01in", "0.2mm", "5%"] {
            assert!(is_tiny(&format!("font-size:{size}")), "{size}");
        }
        for size in ["6px", "8pt", "0.8em", "small", "50%", "0.2in", "1vw", "1ex", "1.2", "0.5cm", "3mm"] {
            assert!(!is_tiny(&format!("font-size:{size}")), "{size}");
        }
        for (font, tiny) in [
            ("1px Arial", true),
            ("bold 400 1px/1.2 Arial", true),
            ("bold 12pt Arial", false),
            ("Arial", false),
        ] {
            assert_eq!(rules(&format!("font: {font}")).iter().any(|rule| is_tiny(rule)), tiny, "{font}");
        }
    }
}
