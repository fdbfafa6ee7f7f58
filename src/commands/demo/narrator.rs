//! The narrator: says what changed since it last looked, from the store and the outbox folder alone.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow};

use super::{drop_in, shown};
use crate::loops::{Desk, report};
use crate::referral::disposition::Pile;
use crate::referral::letter::Part;
use crate::referral::record::FactKind;
use crate::report::digest;
use crate::store::outbox::Line;
use crate::store::records::Stored;

pub(super) struct Narrator {
    desk: Arc<Desk>,
    dir: PathBuf,
    last_letter: i64,
    last_mail: i64,
    facts: BTreeMap<String, usize>,
    replies: u32,
}

impl Narrator {
    pub(super) fn of(desk: Arc<Desk>, dir: PathBuf) -> Narrator {
        Narrator { desk, dir, last_letter: 0, last_mail: 0, facts: BTreeMap::new(), replies: 0 }
    }

    pub(super) fn heading(&self, text: &str, out: &mut dyn Write) -> anyhow::Result<()> {
        Ok(writeln!(out, "\n{}  {text}", self.time())?)
    }

    /// What became of each mail, what happened to each referral, which letters left.
    pub(super) async fn tell(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        for mail in self.desk.store.handled_since(self.last_mail).await? {
            self.last_mail = mail.id;
            if !matches!(mail.pile, Pile::Referral | Pile::Command) {
                let cause = mail.cause.map(|cause| format!(": {cause}")).unwrap_or_default();
                writeln!(out, "       recorded as {}{cause}; nothing is answered", mail.pile.word())?;
            }
        }
        for stored in self.records().await? {
            self.facts_of(&stored, out).await?;
        }
        for letter in self.desk.store.letters_since(self.last_letter).await? {
            self.last_letter = letter.id;
            Self::letter(&letter, out)?;
        }
        Ok(())
    }

    /// Answers the owner's letter about the n-th referral as a mail program would: to its Reply-To, in its thread.
    pub(super) async fn reply_to_owner(
        &mut self,
        nth: usize,
        words: &str,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let records = self.records().await?;
        let stored = records.get(nth).ok_or_else(|| anyhow!("there is no such referral"))?;
        let reference = stored.referral.reference.as_str();
        let letter = assignment_letter(&self.dir.join("outbox"), reference)?;
        let (reply_to, message_id) = (header(&letter, "Reply-To"), header(&letter, "Message-ID"));
        self.replies += 1;
        let mail = format!(
            "From: Maria Lopez <maria@riverside.example>\nTo: {reply_to}\nSubject: Re: {reference}\n\
             Message-ID: <demo-reply-{}@riverside.example>\nIn-Reply-To: {message_id}\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{words}\n",
            self.replies
        );
        drop_in(&self.dir, &format!("demo-reply-{}", self.replies), &mail)?;
        Ok(writeln!(out, "  in   Maria: \"{words}\"")?)
    }

    /// Where everything lies, and how to go on.
    pub(super) async fn ending(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        let now = self.desk.clock.now();
        let figures = report::figures(&self.desk, Some(now - chrono::TimeDelta::days(4)), now).await?;
        let rendered = digest::write(&figures, &self.desk.templates, &self.desk.organisation)?;
        let (text, html) = (self.dir.join("digest.txt"), self.dir.join("digest.html"));
        std::fs::write(&text, &rendered.text).context("Write the digest")?;
        std::fs::write(&html, rendered.html.unwrap_or_default()).context("Write the digest")?;
        self.heading("Where it stands", out)?;
        for stored in self.records().await? {
            let referral = &stored.referral;
            let (status, contact) = (referral.status.word(), referral.contact.word());
            writeln!(
                out,
                "  {}  {status}, {contact}; next: {}",
                referral.reference,
                referral.next_action.words()
            )?;
        }
        let config = shown(&self.dir.join("handoffd.toml"));
        writeln!(out, "\nThe letters   {}", shown(&self.dir.join("outbox")))?;
        writeln!(out, "The digest    {}\n              {}", shown(&html), shown(&text))?;
        writeln!(out, "The records   handoffd list --all --config {config}")?;
        writeln!(
            out,
            "\nWith your own inbox: handoffd init DIR, edit DIR/handoffd.toml, handoffd check, handoffd run."
        )?;
        Ok(())
    }

    async fn records(&self) -> anyhow::Result<Vec<Stored>> {
        let mut records = self.desk.store.list(true, 1_000).await?;
        records.reverse();
        Ok(records)
    }

    async fn facts_of(&mut self, stored: &Stored, out: &mut dyn Write) -> anyhow::Result<()> {
        let reference = stored.referral.reference.to_string();
        let history = self.desk.store.history(stored).await?;
        let told = self.facts.insert(reference.clone(), history.len()).unwrap_or(0);
        if told == 0 {
            let referral = &stored.referral;
            let (owner, due) = (&referral.owner, self.local(referral.next_action_at));
            let (status, action) = (referral.status.word(), referral.next_action.words());
            writeln!(out, "       {reference}  {status}; owner {owner}; next: {action}, by {due}")?;
        }
        for fact in history.iter().skip(told) {
            let opening = matches!(fact.kind, FactKind::Received | FactKind::Assigned) && told == 0;
            if opening {
                continue;
            }
            let words = match fact.kind {
                FactKind::ClientLetterWithheld => format!("no mail to the client: {}", fact.words),
                FactKind::Bounced => format!("contact given up: {}", fact.words),
                _ => fact.words.clone(),
            };
            writeln!(out, "       {reference}  {}  {words}", self.local(fact.at))?;
        }
        Ok(())
    }

    fn letter(letter: &Line, out: &mut dyn Write) -> anyhow::Result<()> {
        let about =
            letter.reference.as_ref().map(|reference| format!(" about {reference}")).unwrap_or_default();
        let whom = match letter.part {
            Part::Sender => "the sender",
            Part::Client => "the client",
            Part::Receiver => "the partner that was asked",
            Part::Staff => "staff",
            Part::Admin => "the admin",
        };
        Ok(writeln!(
            out,
            "  out  {} to {whom}{about} ({})",
            letter.kind.replace('-', " "),
            letter.state.word()
        )?)
    }

    fn time(&self) -> String {
        self.local(self.desk.clock.now())
    }

    fn local(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        self.desk.rules.calendar.local(at).format("%a %H:%M").to_string()
    }
}

/// The owner's letter about a referral, found in the outbox folder by its subject.
fn assignment_letter(outbox: &Path, reference: &str) -> anyhow::Result<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(outbox).context("Look into the outbox")? {
        let text = std::fs::read_to_string(entry?.path()).unwrap_or_default();
        if header(&text, "Subject").contains(reference) && header(&text, "To").starts_with("maria@") {
            found.push(text);
        }
    }
    found.into_iter().next().ok_or_else(|| anyhow!("the owner's letter is not in the outbox"))
}

/// A header of a letter of ours; long ones are folded.
fn header(mail: &str, name: &str) -> String {
    let mut value = String::new();
    let mut within = false;
    for line in mail.lines().take_while(|line| !line.is_empty()) {
        if let Some((field, rest)) = line.split_once(':').filter(|_| !line.starts_with([' ', '\t'])) {
            within = field.eq_ignore_ascii_case(name);
            if within {
                value.push_str(rest.trim());
            }
        } else if within {
            value.push_str(line.trim());
        }
    }
    value
}
