//! Who seems to write: the byte strings of the spoofing literature (espoofer, "Composition Kills"), each with the best
//! that an attacker could have besides. None of them acts (RELIABILITY C1, C4, C5, C10, C11, C35).

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral};
use crate::world::{Letter, OFFICE, World};

/// Somebody we never heard of, who writes as an address of another.
const MALLORY: &str = "mallory@attack.example";
const TRUSTED: &str = "mx.example.org";

/// Authors that look like `victim` to one reader or another (A8, A10 to A19, client a1 and a2).
fn odd_authors(victim: &str) -> Vec<String> {
    let encoded = "=?utf-8?B?PG1hcmlhQGV4YW1wbGUub3JnPg==?=";
    vec![
        format!("From: <{MALLORY}>\r\nFrom: <{victim}>"),
        format!("From: <{victim}>\r\nFrom: <{MALLORY}>"),
        format!("From: <{MALLORY}>\r\nFrom : <{victim}>"),
        format!("From\r\n : <{MALLORY}>\r\nFrom: <{victim}>"),
        format!("From\r\n : <{MALLORY}>\r\nSender: <{victim}>"),
        format!("From: <{MALLORY}>\r\nSender: <{victim}>"),
        format!("From\r\n : <{MALLORY}>\r\nResent-From: <{victim}>"),
        format!("From: <{MALLORY}>\r\nResent-From: <{victim}>"),
        format!("From: <{MALLORY}>, <{victim}>\r\nSender: <s@sender.example>"),
        format!("From: <{victim}>, <{MALLORY}>"),
        format!("From:{encoded},<{MALLORY}>\r\nSender: <s@sender.example>"),
        format!("From: {encoded} <{MALLORY}>"),
        format!("From: <@attack.example,@any.example:{victim}>"),
        format!("From: <{victim}>\\,<{MALLORY}>"),
        format!("From: {victim},<{MALLORY}>"),
        format!("From: <{MALLORY}>{victim}"),
        format!("From: <{victim}>{MALLORY}"),
        format!("From: {victim}(\r\n <{MALLORY}>"),
        format!("From: {victim} <{MALLORY}>"),
        format!("From: \"{victim}\" <{MALLORY}>"),
        format!("From: staff: {victim};"),
        format!("From: \"{victim} \"@attack.example"),
        format!("From: {victim}\0@attack.example"),
        format!("From: {}", victim.replace('@', "＠")),
        format!("From: {victim}."),
        format!("From: {}%{victim}", MALLORY.replace('@', "%")),
        format!("From: attack.example!{victim}"),
        format!("From: {}", victim.replace("example", "ex\u{430}mple")),
        format!("From: {}", victim.replace('@', "\u{200b}@")),
        format!("From: <{MALLORY}>\r\nReply-To: <{victim}>"),
    ]
}

fn strict_office() -> World {
    let office = OFFICE
        .replace("client_mail = true", &format!("client_mail = true\ntrusted_authserv_id = \"{TRUSTED}\""));
    World::with("2026-11-24 10:00", &office)
}

fn passed(domain: &str) -> String {
    format!("{TRUSTED}; dmarc=pass header.from={domain}")
}

/// A referral the office knows to be its partner's, stopped, so that there is something to undo; the owner's letter.
fn begun(world: &mut World) -> Letter {
    world.receive(&referral().header("Authentication-Results", &passed("harbor.example")));
    world.receive(&Mail::from(CLIENT).subject("STOP").body("stop"));
    assert!(world.record(0).stopped);
    world.letter(MARIA, "Action needed")
}

const LINES: [&str; 4] = [
    "accept",
    "decline no room",
    "confirmed method call, language English, safe times any, next step clinic, deadline none",
    "allow contact she said so",
];

#[test]
fn c10_c11_no_author_that_two_readers_see_differently_acts_even_with_a_stolen_letter_and_a_fooled_server() {
    for head in odd_authors(MARIA) {
        let mut world = strict_office();
        let task = begun(&mut world);
        let (before, written) = (world.record(0), world.letters_to(CLIENT).len());
        for line in LINES {
            // The worst case: they hold her letter, and our server believes them.
            let mail = task
                .answer(line)
                .head(&head)
                .header("Authentication-Results", &passed("example.org"))
                .message_id(&format!("<{}@attack.example>", line.len()));
            world.receive(&mail);
            assert_eq!(world.record(0), before, "{line} by {head:?}");
        }
        assert!(world.letters_to(MALLORY).iter().all(|letter| !letter.text.contains("Ana")));
        assert_eq!(world.letters_to(CLIENT).len(), written);
    }
}

#[test]
fn c10_no_author_that_two_readers_see_differently_refers_as_a_partner() {
    for head in odd_authors(PARTNER) {
        let mut world = strict_office();
        let mail = Mail::from(PARTNER)
            .body(ANA)
            .head(&head)
            .header("Authentication-Results", &passed("harbor.example"))
            .message_id("<1@attack.example>");
        world.receive(&mail);
        for record in world.records() {
            assert!(!record.sender.trusted && record.sender.partner.is_none(), "{head:?}");
        }
        assert!(world.letters_to(CLIENT).is_empty(), "no letter to a client because of {head:?}");
        assert!(world.letters_to(PARTNER).is_empty(), "no receipt to a partner who wrote nothing: {head:?}");
    }
}

/// The exact address, which every reader sees alike (A1 to A7, A9, client a3). Without the token nothing follows even
/// if our server was fooled; with a stolen token nothing follows unless it was.
#[test]
fn c1_c4_c5_an_exact_address_is_one_proof_and_what_the_server_says_is_read_strictly() {
    let exact = format!("From: <{MARIA}>");
    let folded = format!("Received: from x\r\n From: <{MALLORY}>\r\n{exact}");
    for head in [exact.as_str(), folded.as_str()] {
        let mut world = strict_office();
        let task = begun(&mut world);
        let (before, number) = (world.record(0), world.record(0).reference.to_string());
        for line in LINES {
            let bare = Mail::from(MARIA).head(head).subject(&format!("Re: {number}")).body(line);
            world.receive(&bare.header("Authentication-Results", &passed("example.org")));
            assert_eq!(world.record(0), before, "{line} without a token");
        }
        for said in [
            "",
            "mx.example.org; spf=none smtp.mailfrom=any@mailfrom.notexist.example.org; dmarc=fail header.from=example.org",
            "mx.example.org; spf=pass smtp.mailfrom=\"(any@example.org\"; dmarc=none header.from=example.org",
            "mx.example.org; dkim=pass header.d=example.org header.s=\"selector.attack.example.\0.any\"; dmarc=pass header.from=example.org",
            "mx.example.org; dkim=pass header.d=example.org'a.attack.example; dmarc=neutral header.from=example.org",
            "mx.example.org; spf=pass smtp.mailfrom=any@example.org(a.attack.example; dmarc=pass header.from=example.org",
            "mx.example.org; spf=pass smtp.mailfrom=any@example.org'@any.attack.example; dmarc=temperror header.from=example.org",
            "mx.example.org; spf=pass smtp.mailfrom=<@example.org,@any.example:'any@attack.example>; dmarc=permerror header.from=example.org",
            "mx.example.org; dmarc=bestguesspass header.from=example.org",
            "mx.example.org; spf=pass smtp.mailfrom=example.org",
            "mx.example.org; dkim=pass header.d=attack.example",
            "mx.example.org; arc=pass; dkim=pass header.d=example.org",
            "mx.example.org; dmarc=pass header.from=attack.example",
            "mx.example.org; x=y reason=\"dmarc=pass header.from=example.org\"",
            "other.example; dmarc=pass header.from=example.org",
            "mx.example.org.attack.example; dmarc=pass header.from=example.org",
            "mx.example.org; dmarc=fail header.from=example.org\r\nAuthentication-Results: mx.example.org; dmarc=pass header.from=example.org",
            "other.example; none\r\nSubject: mx.example.org; dmarc=pass header.from=example.org",
        ] {
            let stolen = task.answer("accept").head(head);
            let stolen = if said.is_empty() { stolen } else { stolen.header("Authentication-Results", said) };
            world.receive(&stolen);
            assert_eq!(world.record(0), before, "{said:?}");
        }
        let passed = passed("example.org");
        world.receive(&task.answer("accept").head(head).header("Authentication-Results", &passed));
        assert_ne!(world.record(0), before, "both proofs act");
    }
}

#[test]
fn c35_another_user_of_the_same_domain_is_another_person() {
    let mut world = strict_office();
    let task = begun(&mut world);
    let before = world.record(0);
    for author in ["mario@example.org", "maria@mail.example.org", "root@example.org"] {
        let domain = author.split_once('@').unwrap().1;
        let mail = task
            .answer("accept")
            .sent_by(author)
            .header("Authentication-Results", &passed(domain))
            .said("accept");
        world.receive(&mail);
        assert_eq!(world.records(), std::slice::from_ref(&before), "{author}");
    }
    world.check();
}
