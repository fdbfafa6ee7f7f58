//! What operators see on the host is written down, and what they may take out of the house points at nobody.

use super::PARTNER;
use super::office::{Office, referral};

const CANARY: &str = "Zanzibara";

fn said(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn p34_each_read_of_something_personal_is_written_down_with_who_and_what() {
    let mut office = Office::open().await;
    let words = referral("Zanzibara Quixote", "518 555 0141", "ann@client.example", "");
    office.mail(PARTNER, "Referral", &words).await;
    office.mail("ann@client.example", "Zanzibara parked", "What is this about?").await;
    let reference = office.newest().await;
    let parked = office.desk.store.parked().await.unwrap();
    let mail = parked.first().map_or_else(|| "1".to_owned(), |mail| mail.id.to_string());
    for command in [
        vec!["show", &reference],
        vec!["show", &reference, "--json"],
        vec!["history", &reference],
        vec!["list", "--json"],
        vec!["parked", "show", &mail],
        vec!["export", "--records"],
        vec!["export"],
        vec!["report", "metrics", "--by", "source"],
        vec!["report", "metrics", "--explain", "contact-24h"],
    ] {
        said(&office.run(&command));
    }
    // Neither shows anything about anybody.
    for command in [vec!["list"], vec!["parked", "list"], vec!["verify"], vec!["diag"]] {
        said(&office.run(&command));
    }
    let rows = office.desk.store.disclosures(99).await.unwrap();
    let kept: Vec<(&str, &str)> =
        rows.iter().rev().map(|row| (row.what.as_str(), row.about.as_str())).collect();
    let mail = format!("mail {mail}");
    assert_eq!(
        kept,
        [
            ("show", reference.as_str()),
            ("show", &reference),
            ("history", &reference),
            ("list", "all records"),
            ("parked show", &mail),
            ("export", "all records"),
            ("export", "figures"),
            ("report metrics", "figures"),
            ("report metrics", "figures, one by one"),
        ]
    );
    let me = String::from_utf8(std::process::Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    assert!(rows.iter().all(|row| row.by_whom.starts_with(me.trim())), "{rows:?}");
    let history = said(&office.run(&["history", &reference]));
    assert!(history.contains("show: seen by "), "{history}");
}

#[tokio::test]
async fn p34_an_operator_can_tell_a_client_who_has_seen_their_data() {
    let mut office = Office::open().await;
    let words = referral("Zanzibara Quixote", "518 555 0141", "ann@client.example", "");
    office.mail(PARTNER, "Referral", &words).await;
    let reference = office.newest().await;
    let other = referral("Zanzibara Other", "518 555 0142", "bea@client.example", "");
    office.mail(PARTNER, "Referral", &other).await;
    let another = office.newest().await;
    assert!(said(&office.run(&["disclosures"])).contains("Nobody was shown anything."));
    said(&office.run(&["show", &reference]));
    said(&office.run(&["show", &another]));
    said(&office.run(&["parked", "show", "1"]));
    said(&office.run(&["export", "--records"]));
    said(&office.run(&["act", &reference, "redirect to Somewhere Else: full"]));
    let shown: serde_json::Value =
        serde_json::from_str(&said(&office.run(&["disclosures", &reference, "--json"]))).unwrap();
    let told: Vec<(&str, &str)> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["what"].as_str().unwrap(), line["about"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told[..3],
        [("show", reference.as_str()), ("parked show", "mail 1"), ("export", "all records")]
    );
    assert_eq!((told.len(), told[3].0), (4, "letter"), "{told:?}");
    let all = said(&office.run(&["disclosures"]));
    assert_eq!(all.lines().count(), 4, "{all}");
    assert!(all.contains(&another) && !all.contains(CANARY), "{all}");
    let unknown = office.run(&["disclosures", "R-0000-0000"]);
    assert!(!unknown.status.success());
    said(&office.run(&["forget", &reference]));
    let after = said(&office.run(&["disclosures", &reference]));
    assert_eq!(after.lines().count(), 3, "{after}");
}

#[tokio::test]
async fn who_settles_a_parked_mail_that_does_not_open_is_written_down_with_whoever_read_it() {
    let mut office = Office::open().await;
    office.mail("\"Zan\u{0}\" <broken", "", "").await;
    let parked = office.desk.store.parked().await.unwrap();
    let id = parked[0].id.to_string();
    let settle = |by: &str| office.run(&["parked", "settle", &id, "--by", by]);
    for (by, why) in
        [("nobody", "is no id of [[staff]]"), ("maria", "can be read here: run `handoffd parked replay")]
    {
        let refused = settle(by);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(why), "{by}: {said}");
    }
    let url = format!("sqlite://{}", office.dir.path().join("data/handoffd.db").display());
    crate::rig::rows::change(&url, "UPDATE mail_raw SET raw = substr(raw, 1, 40)").await;
    assert!(said(&settle("maria")).contains("is settled"));
    assert!(office.desk.store.parked().await.unwrap().is_empty());
    let rows = office.desk.store.disclosures(1).await.unwrap();
    let me = String::from_utf8(std::process::Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    assert_eq!(rows[0].what, "parked settle (read by maria)", "where she read it is hers to know");
    assert!(rows[0].about == format!("mail {id}") && rows[0].by_whom.starts_with(me.trim()), "{rows:?}");
    let verified = String::from_utf8(office.run(&["verify"]).stdout).unwrap();
    assert!(verified.contains("mail 1 does not open"), "it is still said: {verified}");
}

#[tokio::test]
async fn p36_small_counts_are_left_out_of_what_is_exported_by_attribute() {
    let mut office = Office::open().await;
    for number in 0..9 {
        let language = if number < 6 { "Language: Spanish" } else { "Language: Vietnamese" };
        let (name, address) = (
            format!("{CANARY} Q{}", "abcdefghi".get(number..=number).unwrap()),
            format!("a{number}@c.example"),
        );
        office
            .mail(PARTNER, "Referral", &referral(&name, &format!("518 555 01{number}1"), &address, language))
            .await;
    }
    let shown: serde_json::Value = serde_json::from_str(&said(&office.run(&["export", "--json"]))).unwrap();
    let cells = |table: &str| -> Vec<(String, String)> {
        let all = shown[table].as_array().unwrap().iter();
        all.map(|cell| {
            let text = |key: &str| cell[key].as_str().unwrap().to_owned();
            (text("label"), text("shown"))
        })
        .collect()
    };
    // Three speak Vietnamese; the six are not told either, for nine less six would tell the three.
    assert_eq!(cells("language"), [("every part".to_owned(), "not shown".to_owned())]);
    assert_eq!(cells("partner").len(), 1);
    let text = said(&office.run(&["export"]));
    assert!(!text.contains(CANARY) && text.contains("every part"), "{text}");
    let records = said(&office.run(&["export", "--records"]));
    assert_eq!(records.matches("\"reference\":").count(), 9);
}

#[tokio::test]
async fn p39_what_is_sent_to_a_helper_names_nobody_and_no_place() {
    let mut office = Office::open().await;
    for (number, name) in [(1, "Zanzibara Quixote"), (2, "Zanzibara Q")] {
        let words = referral(name, "518 555 0141", "zq@client.example", "Safety notes: Zanzibara hides");
        office.mail(PARTNER, "Zanzibara", &words).await;
        office.mail(&format!("z{number}@stranger.example"), "Zanzibara", "Zanzibara writes").await;
    }
    office.send().await;
    let shown = said(&office.run(&["diag"]));
    let config = std::fs::read_to_string(office.dir.path().join("handoffd.toml")).unwrap();
    // Every address, host and path of the config, and what the mails said.
    let quoted =
        config.lines().filter(|line| !line.trim_start().starts_with('#')).flat_map(|line| line.split('"'));
    let told = quoted
        .filter(|word| word.contains(['@', '.', '/']) && word.len() > 5 && !word.starts_with("America/"));
    // Also the domain of an address by itself.
    let told = told.flat_map(|word| std::iter::once(word).chain(word.split('@').skip(1)));
    let told: Vec<&str> = told.collect();
    assert!(told.len() > 3 && told.iter().any(|word| !word.contains(['@', '/'])));
    for word in
        told.into_iter().chain([CANARY, "Quixote", "5550141", "client.example", "stranger.example", "R-"])
    {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    for key in ["version", "settings", "health", "state", "counts", "verify", "disclosures"] {
        assert!(!json[key].is_null(), "{key}");
    }
}
