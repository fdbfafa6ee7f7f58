//! Mistakes in templates, found before the first letter is needed.

use std::collections::BTreeSet;
use std::path::Path;

use super::render::Templates;
use super::{Organisation, Rendered, TemplateError, WayBack, revealing};
use crate::referral::letter::Body;

impl Templates {
    /// Loads as [`Templates::load`] does and renders every letter with samples: all mistakes at once. `others` renders
    /// what is no letter of this room, such as the digest.
    ///
    /// # Errors
    /// Every mistake in every file, and every sample that could not be rendered.
    pub fn load_checked(
        folder: Option<&Path>,
        organisation: &Organisation,
        others: impl FnOnce(&Templates) -> Vec<TemplateError>,
    ) -> Result<Templates, Vec<TemplateError>> {
        let (templates, mut mistakes) = Templates::load_what_can_be(folder);
        // A file that did not compile has been named already.
        let known: BTreeSet<String> = mistakes.iter().map(|mistake| mistake.place.clone()).collect();
        let samples = templates.check(organisation).into_iter().chain(others(&templates));
        mistakes.extend(samples.filter(|mistake| !known.contains(&mistake.place)));
        if mistakes.is_empty() { Ok(templates) } else { Err(mistakes) }
    }

    /// Renders every letter in every language with samples, so that a mistake shows before a letter is needed.
    #[must_use]
    pub fn check(&self, organisation: &Organisation) -> Vec<TemplateError> {
        let mut mistakes = BTreeSet::new();
        for body in Body::samples() {
            for language in self.languages(body.kind()) {
                let rendered =
                    self.render(&body, &language, organisation, &WayBack::to(organisation.inbox.clone()));
                match rendered {
                    Ok(rendered) => mistakes.extend(self.judge(&body, &language, &rendered)),
                    Err(error) => {
                        mistakes.insert(error);
                    }
                }
            }
        }
        mistakes.into_iter().collect()
    }

    /// What a locked phone would show of the letters to clients that nobody beside them should read, and of those to
    /// staff who it is about, a sentence each;
    /// `own` are the organization's own words that reveal it; its name does too.
    #[must_use]
    pub fn lock_screen_notes(&self, organisation: &Organisation, own: &[String]) -> Vec<String> {
        let clients = Body::samples().into_iter().filter(|body| body.client_reference().is_some());
        let mut notes = BTreeSet::new();
        let own: Vec<String> = own.iter().cloned().chain([organisation.name.to_lowercase()]).collect();
        for body in clients {
            for language in self.languages(body.kind()) {
                let way = WayBack::to(organisation.inbox.clone());
                let Ok(letter) = self.render(&body, &language, organisation, &way) else { continue };
                if let Some(word) = revealing::word_on_screen(&letter.subject, &letter.text, &own) {
                    notes.insert(format!(
                        "{}/{language}.txt: the subject or the first {} characters say \"{word}\", which a locked phone shows",
                        body.kind(),
                        revealing::PREVIEW
                    ));
                }
            }
        }
        notes.into_iter().chain(self.initials_in_subjects()).collect()
    }

    /// A house may choose to have initials in letters to staff; what their phones show of them is worth a thought.
    fn initials_in_subjects(&self) -> impl Iterator<Item = String> {
        let shows = |text: &str| {
            let mut head = text.lines().take_while(|line| !line.trim().is_empty());
            head.any(|line| line.starts_with("Subject:") && line.contains(".initials"))
        };
        let sources = self.sources.iter().filter(move |(_, source)| shows(&source.text));
        sources.map(|(path, _)| {
            format!(
                "{path}: the subject shows the client's initials, which a locked phone shows too; better in the letter"
            )
        })
    }

    /// What a sample shows to be wrong, beyond a template that cannot be filled in.
    fn judge(&self, body: &Body, language: &str, rendered: &Rendered) -> Vec<TemplateError> {
        let path = format!("{}/{language}.txt", body.kind());
        let place = self.sources.get(&path).map_or(path, |source| source.place.clone());
        let mut wrong = Vec::new();
        if rendered.subject.is_empty() {
            wrong.push("the subject is empty");
        }
        if rendered.text.trim().is_empty() {
            wrong.push("the letter has no text");
        }
        if PERSONAL.iter().any(|value| rendered.subject.contains(value)) {
            wrong.push("the subject shows a value of the referral, which a locked phone shows; take it out");
        }
        if let Some(reference) = body.client_reference() {
            let html = self.sources.contains_key(&format!("{}/{language}.html", body.kind()));
            wrong.extend(client_faults(reference.as_str(), rendered, html));
        }
        wrong
            .into_iter()
            .map(|what| TemplateError { place: place.clone(), line: 0, what: what.to_owned() })
            .collect()
    }
}

/// What the samples say of a person; initials, which a house may choose to show its staff, are noted instead.
const PERSONAL: [&str; 2] = ["An Invented Person", "518 555 0142"];

/// What may never be in a client's letter, whoever wrote the template (DESIGN §4).
fn client_faults(reference: &str, rendered: &Rendered, html: bool) -> Vec<&'static str> {
    let text = rendered.text.to_lowercase();
    let faults = [
        (html, "a client letter is plain text; remove the .html file"),
        (!rendered.text.contains(reference), "a client letter names the reference: {{ letter.reference }}"),
        (!rendered.text.contains("STOP"), "a client letter says how to stop: the word STOP is missing"),
        (
            ["http:", "https:", "www.", "mailto:"].iter().any(|link| text.contains(link)),
            "a client letter has no links",
        ),
    ];
    faults.into_iter().filter_map(|(faulty, what)| faulty.then_some(what)).collect()
}
