//! The transcript of a story: what everybody wrote and got, and the record as it stands at the end.

use std::fmt::Write as _;
use std::fs;

use chrono::TimeDelta;
use handoffd::referral::record::Referral;

use super::{Letter, World};

impl World {
    /// Writes a line into the transcript, with the time.
    pub(crate) fn note(&mut self, words: &str) {
        let at = self.local(self.now()).format("%a %d %b %H:%M").to_string();
        writeln!(self.transcript, "{at}  {words}").unwrap();
    }

    /// Shows the text of a letter in the transcript.
    pub(crate) fn show(&mut self, letter: &Letter) {
        // A link to tap and an address to write to hold a token, which is another one in every run.
        let is_link = |line: &&str| line.starts_with("mailto:");
        for line in letter.text.trim_end().lines().filter(|line| !is_link(line)) {
            let line = match line.split_once("referrals+").and_then(|(a, b)| Some((a, b.split_once('@')?.1)))
            {
                Some((before, domain)) => format!("{before}referrals+TOKEN@{domain}"),
                None => line.to_owned(),
            };
            writeln!(self.transcript, "                | {line}").unwrap();
        }
    }

    pub(super) fn look_into_outbox(&mut self) {
        let mut found: Vec<(u64, String)> = fs::read_dir(self.root.join("outbox"))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.') && !self.files.contains(name))
            .map(|name| (name.split('-').next().unwrap().parse().unwrap(), name))
            .collect();
        found.sort();
        for (_, name) in found {
            let raw = fs::read(self.root.join("outbox").join(&name)).unwrap();
            self.files.insert(name);
            let letter = Letter::parse(&raw);
            if letter.is_digest {
                self.reports.push(letter);
                continue;
            }
            self.note(&format!("  -> {}: {}", who(&letter.to), letter.subject));
            self.letters.push(letter);
        }
    }

    /// Ends a story: every invariant holds, and the transcript is told.
    pub(crate) fn end(mut self) -> String {
        self.check();
        let at = self.local(self.now()).format("%a %d %b %H:%M").to_string();
        writeln!(self.transcript, "\n--- as it stands on {at} ---").unwrap();
        for (place, referral) in self.records().into_iter().enumerate() {
            self.tell(&referral, place);
        }
        let mails = self.mail_sum();
        writeln!(self.transcript, "\nmails: {mails}").unwrap();
        let records = self.records();
        for referral in &records {
            let reference = referral.reference.as_str().to_owned();
            if !self.references.contains(&reference) {
                self.references.push(reference);
            }
        }
        let mut transcript = self.transcript.clone();
        for (place, reference) in self.references.iter().enumerate() {
            transcript = transcript.replace(reference, &format!("R-{}", place + 1));
        }
        self.stop();
        transcript.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    fn tell(&mut self, referral: &Referral, place: usize) {
        let due = self.local(referral.next_action_at).format("%a %d %b %H:%M");
        let due =
            if referral.next_action.words() == "nothing" { String::new() } else { format!(" by {due}") };
        writeln!(
            self.transcript,
            "{}: {}, {}; tier {}; owner {}; next: {}{due}",
            referral.reference,
            referral.status.word(),
            referral.contact.word(),
            referral.tier.word(),
            referral.owner,
            referral.next_action.words(),
        )
        .unwrap();
        for question in &referral.questions {
            writeln!(self.transcript, "  ? {question}").unwrap();
        }
        for fact in self.history(place) {
            let at = self.local(fact.at).format("%a %d %b %H:%M");
            let by = fact.by.map_or_else(String::new, |by| format!(" ({})", actor(&by)));
            writeln!(self.transcript, "  {at}  {}{by}", fact.words.replace('\n', " / ")).unwrap();
        }
    }

    fn mail_sum(&self) -> String {
        let day = self.day();
        let piles = day.mails.piles();
        let named: Vec<String> = piles
            .iter()
            .filter(|(count, _, _)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        format!("{} = {}", day.mails.received, named.join(" + "))
    }

    pub(super) fn day(&self) -> handoffd::store::figures::Day {
        let until = self.now() + TimeDelta::seconds(1);
        self.runtime.block_on(self.desk().store.day(self.began_at, until, until)).unwrap()
    }
}

fn actor(by: &handoffd::referral::party::Actor) -> String {
    use handoffd::referral::party::Actor;
    match by {
        Actor::Staff(id) => id.to_string(),
        Actor::Host => "host".to_owned(),
        Actor::Partner(id) => format!("partner {id}"),
    }
}

/// A short word for an address: people are known by what stands before the `@`, partners by their domain.
pub(super) fn who(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    match domain {
        "example.org" => local.to_owned(),
        "harbor.example" => "partner Harbor".to_owned(),
        "north.example" => "partner North".to_owned(),
        "mail.example" => format!("client {local}"),
        _ => address.to_owned(),
    }
}
