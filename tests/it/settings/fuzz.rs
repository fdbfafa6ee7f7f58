//! No text makes the reader panic or repeat a value.

use std::path::Path;

use handoffd::settings::Settings;
use proptest::prelude::*;

use super::{CANARY, GOOD, folder, mistakes};

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}|([\\[\\]{}=\"'#.,\n a-z0-9-]{0,200})") {
        prop_assert!(Settings::parse(&text, "x.toml", Path::new("/nonexistent")).is_err());
    }

    #[test]
    fn no_value_of_any_key_makes_the_reader_panic_or_is_repeated(
        place in 0usize..60, value in any_value(), cut in any::<bool>(),
    ) {
        let folder = folder();
        let mut lines: Vec<String> = GOOD.lines().map(str::to_owned).collect();
        let place = place % lines.len();
        // The ids of staff are no secret: a remedy lists them on purpose.
        prop_assume!(!lines[place].starts_with("id = "));
        let changed = lines[place].split_once(" = ").map(|(key, _)| format!("{key} = {value}"));
        lines[place] = if cut { value } else { changed.unwrap_or_default() };
        for message in mistakes(&lines.join("\n"), folder.path()) {
            prop_assert!(!message.contains(CANARY) && !message.contains("hunter2"), "{}", message);
            prop_assert!(message.contains(" → ") && message.lines().count() == 1, "{}", message);
        }
    }
}

fn any_value() -> impl Strategy<Value = String> {
    let odd = [
        "\"hunter2\"",
        "hunter2",
        "\"hunter2",
        "'''hunter2",
        "[12, \"hunter2\"]",
        "{ a = \"hunter2\" }",
        "-1",
        "1e309",
        "nan",
        "0xffffffffffffffffff",
        "99999999999999999999",
        "1979-05-27T07:32:00Z",
        "07:32:00",
        "true",
        "[]",
        "{}",
        "[[[[]]]]",
        "\"\"",
        "\"\\u0000\"",
        "\"a@b.org\"",
        "\"9999-99-99\"",
        "\"99999h\"",
        "\"credential:../key\"",
        "\"/dev/null\"",
        "\"/\"",
        "\"é\"",
        "\"\\n\"",
        "[1, \"a\", true]",
        "[[1], {a = 1}]",
        "",
    ];
    let deep = (1usize..3_000).prop_map(|depth| "[".repeat(depth));
    prop_oneof![proptest::sample::select(odd.to_vec()).prop_map(str::to_owned), deep, "\\PC{0,40}"]
}
