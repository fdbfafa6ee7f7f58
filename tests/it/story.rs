//! Whole lives of referrals, told as text. Each story is a file of `snapshots/`: what everybody wrote and got, and the
//! record as it stands at the end. `INSTA_UPDATE=always cargo test --test it story::` writes them anew; read them then.
#![cfg(test)]

mod abuser;
mod addresses;
mod advocate;
mod asking;
mod attacks;
mod authors;
mod away;
mod bad_input;
mod beside;
mod catch_up;
mod clocks;
mod common_ways;
mod conflict;
mod consent;
mod dates;
mod details;
mod eligibility;
mod exchanges;
mod first_letter;
mod foreign;
mod guarded;
mod ladder;
mod leap;
mod listed;
mod lists;
mod lost;
mod measures;
mod misuse;
mod named;
mod offered;
mod onward;
mod others;
mod packets;
mod part_two;
mod people;
mod periodic;
mod phones;
mod pilot;
mod proofs;
mod quoting;
mod reading;
mod reasons;
mod safe_email;
mod safety;
mod silence;
mod stops;
mod stream;
mod time;
mod tokens;
mod unheard;
mod verbs;
mod warned;
mod whose;
mod words;
mod zones;

use crate::world::{Mail, World};

const PARTNER: &str = "intake@harbor.example";
const OTHER_PARTNER: &str = "desk@north.example";
const MARIA: &str = "maria@example.org";
const WENDY: &str = "wendy@example.org";
const CLIENT: &str = "ana@mail.example";

/// The packet of one person, complete, nothing urgent, letters to her welcome.
const ANA: &str = "Client name: Ana Canary
Phone: 617-555-0142
Email: ana@mail.example
Safe ways to contact: call, email
Safe to email: yes
Safe times: any day, 9am to 8pm
Language: English
Matter type: housing
Reason for referral: Evictionstory
Urgency: normal
Consent to share: yes
";

/// A complete referral by the partner.
fn referral() -> Mail {
    Mail::from(PARTNER).subject("New referral").body(ANA)
}

/// The same with one line set, or added, or (with nothing after the colon) left out.
fn referral_with(label: &str, value: &str) -> Mail {
    let others = ANA.lines().filter(|line| !line.starts_with(&format!("{label}:")));
    let mut lines: Vec<String> = others.map(str::to_owned).collect();
    if !value.is_empty() {
        lines.push(format!("{label}: {value}"));
    }
    Mail::from(PARTNER).subject("New referral").body(&lines.join("\n"))
}

/// Everything holds, and the transcript is the one that was read and approved.
fn tell(name: &str, world: World) {
    let transcript = world.end();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("story/snapshots");
    settings.bind(|| insta::assert_snapshot!(name, transcript));
}
