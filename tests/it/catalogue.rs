//! RELIABILITY's catalogue, section by section: which test stands for which case. A name that no test has fails here,
//! and so does a case without a line; what is not covered says why.

mod answers;
mod commands;
mod hostile;
mod privacy;
mod time;

use std::fs;
use std::path::Path;

/// The case, the tests that stand for it, and what of it they do not cover.
type Case = (u8, &'static [&'static str], &'static str);

/// The code of every test and of everything with tests in it.
fn code(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let lists_cases = path.ends_with("catalogue.rs") || path.ends_with("catalogue");
        if path.is_dir() && !lists_cases {
            all.push_str(&code(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !lists_cases {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    all
}

#[test]
fn every_case_has_a_test_of_that_name_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = code(&root.join("tests/it")) + &code(&root.join("src"));
    let sections: [(char, &[Case]); 5] = [
        ('A', &answers::CASES),
        ('C', &commands::CASES),
        ('M', &hostile::CASES),
        ('P', &privacy::CASES),
        ('T', &time::CASES),
    ];
    for (section, cases) in sections {
        for ((number, tests, rest), expected) in cases.iter().zip(1..) {
            assert_eq!(*number, expected, "{section}");
            assert!(!tests.is_empty() || !rest.is_empty(), "{section}{number}");
            for test in *tests {
                let written =
                    code.contains(&format!("fn {test}(")) || code.contains(&format!("    {test}\n"));
                assert!(written, "{section}{number}: there is no test {test}");
            }
        }
    }
}
