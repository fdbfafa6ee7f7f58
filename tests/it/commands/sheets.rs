//! `report weekly` and `report monthly` on the host.

use std::fs;

use super::{is_instant, with_one_referral};
use crate::rig::desk::{self, Desk};

#[test]
fn the_sheets_of_a_week_and_a_month_read_as_text_page_and_json() {
    let (desk, reference) = with_one_referral();
    for (rhythm, words) in [("weekly", "TO DECIDE"), ("monthly", "STUCK NOW (0)")] {
        let begin = if rhythm == "weekly" { "Twenty minutes" } else { "WHERE THE TIME GOES" };
        let text = desk.run(&["report", rhythm]);
        assert!(text.code == 0 && text.out.contains(begin), "{}{}", text.out, text.err);
        assert!(
            !text.out.contains("1 received"),
            "today belongs to no week or month that is over: {}",
            text.out
        );
        // It arrived today.
        let since = desk.run(&["report", rhythm, "--since", "2026-01-01"]).out;
        assert!(since.contains("under 5 received"), "{since}");
        assert!(rhythm != "weekly" || since.contains("1 referral received, 0 carried through"), "{since}");
        assert!(rhythm == "weekly" || since.contains(words), "{since}");
        let page = desk.run(&["report", rhythm, "--html"]).out;
        assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{page}");
        let json = desk.json(&["report", rhythm, "--since", "2026-01-01"]);
        assert_eq!(json["sheet"]["groups"][0]["received"], "under 5", "{json}");
        assert_eq!(json["from"], "2026-01-01");
        is_instant(&json["as_of"]);
        for out in [&text.out, &since, &page, &json.to_string()] {
            assert!(!out.contains("Number1") && !out.contains("555-0101"), "a person in a report:\n{out}");
        }
        let wrong = desk.run(&["report", rhythm, "--by", "source"]);
        assert!(wrong.code == 1 && wrong.err.contains("report metrics"), "{}", wrong.err);
    }
    let seen = desk.run(&["disclosures"]).out;
    assert!(seen.contains("report weekly: figures") && seen.contains("report monthly: figures"), "{seen}");
    assert!(!desk.run(&["report", "weekly"]).out.contains(&reference), "nothing bounced");
}

#[test]
fn t24_check_says_which_numbers_the_referrals_that_run_keep_under_a_changed_config() {
    let (mut desk, _) = with_one_referral();
    desk.terminate();
    let same = desk.run(&["check", "--connect"]);
    assert_eq!(same.code, 0, "{}{}", same.out, same.err);
    assert!(!same.out.contains("keeps the numbers"), "{}", same.out);
    let config = fs::read_to_string(desk.path("handoffd.toml")).unwrap();
    let slower = "\n[policy.seed]\nversion = 2\n\n[policy.seed.standard]\ncontact_target = \"48h\"\n";
    fs::write(desk.path("handoffd.toml"), config + slower).unwrap();
    let changed = desk.run(&["check", "--connect"]);
    assert_eq!(changed.code, 0, "{}{}", changed.out, changed.err);
    let words = "1 open referral keeps the numbers of seed v1 (standard):\n  contact: within 24 h";
    assert!(
        changed.out.contains(words) && changed.out.contains("; new ones: contact: within 48 h"),
        "{}",
        changed.out
    );
}

#[test]
fn a_spreadsheet_of_how_it_was_before_is_measured_like_what_is_here() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let rows = (1..=6).map(|day| {
        format!(
            "2026-03-0{day} 09:00,Canary,2026-03-0{day} 15:00,03/1{day}/2026,accepted,,Harbor,\n\
             2026-03-0{day},\"Canary, Ana\",,,,bad contact info,Harbor,Phone; Language\n"
        )
    });
    let head = "Received,Name,Contacted,Decided,Decision,Bounced,Partner,Missing\n";
    let sheet = head.to_owned() + &rows.collect::<String>();
    fs::write(desk.path("before.csv"), &sheet).unwrap();
    let file = desk.path("before.csv").display().to_string();
    let said = desk.run(&["report", "metrics", "--baseline", &file]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for words in [
        "from Sun 1 Mar 2026 to Fri 6 Mar 2026",
        "all: 12 received",
        "Contact confirmed within 24 hours: 50.0 % (6 of 12)",
        "Time to the confirmed contact: median 6.0 h (6 ended, 6 not)",
        "bounced: bad contact info: 6",
        "accepted: 6",
        "undecided: 6",
        "Phone: 50.0 % (6 of 12)",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    // What it has no column for is not asked, and nobody in it is named.
    for words in ["Touches", "Completed", "Client confirmation", "Canary", "Ana"] {
        assert!(!said.out.contains(words), "{words}: {}", said.out);
    }
    let json = desk.json(&["report", "metrics", "--baseline", &file, "--by", "partner"]);
    assert_eq!(
        (&json["groups"][0]["group"], &json["groups"][0]["received"]),
        (&"Harbor".into(), &"12".into())
    );
    assert!(!desk.path("handoffd.db").exists(), "nothing is stored");
    // Every mistake by its line and column, and by nothing that stands there.
    let wrong = "2026-13-40,Canary,,,,,,\n2026-03-01,Canary,2026-02-01,,,,,\n2026-03-01,Canary,,2026-03-02,maybe,,,\n";
    fs::write(desk.path("before.csv"), sheet + wrong).unwrap();
    let refused = desk.run(&["report", "metrics", "--baseline", &file]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    for words in ["line 14: received", "line 15: received", "line 16: decision"] {
        assert!(refused.err.contains(words), "{words}: {}", refused.err);
    }
    assert!(!refused.err.contains("Canary") && !refused.err.contains("maybe"), "{}", refused.err);
    fs::write(desk.path("before.csv"), "Name,Phone\nCanary,1\n").unwrap();
    let refused = desk.run(&["report", "metrics", "--baseline", &file]);
    assert!(refused.code == 1 && refused.err.contains("names its columns: received"), "{}", refused.err);
}
