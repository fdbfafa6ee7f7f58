//! Questions and answers with a sign before them: `Q: Client's name?`, `A: Ann Lee`.

/// Whether a line opens with the sign of a question, in English or Spanish.
pub(super) fn is_question(text: &str) -> bool {
    text.strip_prefix(['Q', 'P']).is_some_and(|rest| rest.starts_with([':', '.']))
}

/// The line below a label without the sign of an answer, where the label had that of a question. "A. Lee" is how a name
/// begins.
pub(super) fn answer(text: &str, is_asked: bool) -> &str {
    let rest = if is_asked { text.strip_prefix("A:").or_else(|| text.strip_prefix("R:")) } else { None };
    rest.filter(|rest| rest.starts_with(' ')).map_or(text, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::Field;

    #[test]
    fn the_sign_of_an_answer_is_cut_off_below_a_question_and_an_initial_never() {
        for (text, name) in [
            ("Client name:\nA. Vega\nPhone:\n518-555-0142\n", "A. Vega"),
            ("Client name?\nR. Garcia\nPhone?\n518-555-0142\n", "R. Garcia"),
            ("Q: Client name?\nA. Ray Lopez\nPhone: 518-555-0142\n", "A. Ray Lopez"),
            ("Q: Client name?\nA: Ann Lee\nPhone: 518-555-0142\n", "Ann Lee"),
        ] {
            let harvest = read(Source { text, ..Source::default() }, &context());
            assert_eq!(harvest.packets[0].text(Field::ClientName), Some(name), "{text}");
        }
    }
}
