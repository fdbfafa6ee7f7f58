//! Whoever writes for themself and says their own name: "me llamo Ana Vega, mi casero me quiere sacar".

use super::fold::{fold, words};
use super::lexicon::LEXICON;
use super::people;

/// Lines that are looked through: people say early who they are.
const MOST_LINES: usize = 40;

/// The name of whoever writes and its line, counted from 1, where the text tells of a need of their own and of nobody
/// whom they write for; `None` where two names are said.
pub(super) fn in_running(text: &str) -> Option<(&str, usize)> {
    let mut found: Option<(&str, usize)> = None;
    let mut needs = false;
    for (number, line) in (1..).zip(text.lines().take(MOST_LINES)) {
        let folded = fold(line);
        let all = words(&folded);
        let says = |list: &str| LEXICON.phrases(list).within(&all);
        if says("writes_for_another") {
            return None;
        }
        needs |= says("own_needs");
        let Some(name) = said(line) else { continue };
        match found {
            Some((known, _)) if fold(known) != fold(name) => return None,
            Some(_) => {}
            None => found = Some((name, number)),
        }
    }
    found.filter(|_| needs)
}

/// The whole name behind the first words that say one's own name.
fn said(line: &str) -> Option<&str> {
    let cues = LEXICON.phrases("own_name");
    let gaps = line.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    let starts: Vec<usize> = std::iter::once(0).chain(gaps).take(100).collect();
    starts.iter().enumerate().find_map(|(at, start)| {
        let end = starts.get(at + 5).copied().unwrap_or(line.len());
        let folded = fold(line.get(*start..end)?);
        let size = Some(cues.starts(&words(&folded))).filter(|size| *size > 0)?;
        let rest = line.get(*starts.get(at + size)?..)?;
        people::name(rest).filter(|name| name.split_whitespace().nth(1).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::in_running;

    #[test]
    fn whoever_writes_for_themself_is_the_client_by_their_own_name() {
        for (text, name) in [
            ("Hola, me llamo Ana Vega. Mi casero me quiere sacar. 518-555-0142", Some("Ana Vega")),
            ("Hello, my name is Ana Vega and my landlord gave me a notice.", Some("Ana Vega")),
            ("hi im Ana Vega, i need a lawyer. my husband hits me.", Some("Ana Vega")),
            ("Hi, my name is Dana Reed and I am a case manager. My landlord is Poe.", None),
            ("My name is Dana Reed. I need help for my daughter, her landlord put her out.", None),
            ("Hola, soy Dana Reed, trabajadora social. Mi caso es Ana Vega.", None),
            ("My name is Dana Reed. See you on Monday.", None),
            ("i am looking for help, i need a lawyer", None),
            ("Hi, I'm Dana Reed with Hill House. I got a call from a woman whose husband beats her.", None),
            ("Soy Dana Reed de Casa Hill. Necesito ayuda para una señora, la pega el marido.", None),
            ("My name is Ana Vega and I need help.\nMy name is Dana Reed.", None),
        ] {
            assert_eq!(in_running(text).map(|(name, _)| name), name, "{text}");
        }
    }
}
