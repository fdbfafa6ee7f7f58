//! A letter's facts → its words, by templates compiled once.
//!
//! A text template begins with a header block, like a mail: `Subject:` (a template too), perhaps `Reviewed-by:`, an
//! empty line, then the body. Every value is printed as one clean line; in HTML it is escaped as well. A template that
//! names something a letter does not have is a mistake, and [`Templates::check`] finds it before the first letter.

use std::collections::BTreeSet;
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, context,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::sources::{self, PARTS, Source, Sources};
use super::{Organisation, Rendered, TemplateError, WayBack, clean, filters, tongues};
use crate::referral::letter::Body;
use crate::referral::packet::Field;

/// The language every letter has.
pub const FALLBACK: &str = "en";
/// So many bytes of the digest of a body are enough to see that it changed.
const BODY_DIGEST: usize = 6;
/// More of a line of a template is not quoted.
const LONGEST_QUOTE: usize = 120;

const HEADERS: [&str; 3] = ["Subject", "Reviewed-by", "Source"];

/// Every template, compiled.
pub struct Templates {
    environment: Environment<'static>,
    pub(super) sources: Sources,
}

impl Templates {
    /// Reads and compiles the built-in templates and, over them, those of a folder.
    ///
    /// # Errors
    /// Every mistake in every file, not only the first.
    pub fn load(folder: Option<&Path>) -> Result<Templates, Vec<TemplateError>> {
        let (templates, mistakes) = Templates::load_what_can_be(folder);
        if mistakes.is_empty() { Ok(templates) } else { Err(mistakes) }
    }

    pub(super) fn load_what_can_be(folder: Option<&Path>) -> (Templates, Vec<TemplateError>) {
        let (sources, mut mistakes) = sources::read(folder);
        let mut environment = environment();
        mistakes
            .extend(sources.iter().filter_map(|(path, source)| add(&mut environment, path, source).err()));
        let templates = Templates { environment, sources };
        mistakes.extend(templates.without_fallback());
        (templates, mistakes)
    }

    /// Puts a letter into words, in the language asked for, its base language, or English. Links that start a reply
    /// take this way back.
    ///
    /// # Errors
    /// A mistake in the template; [`Templates::check`] finds it at the start.
    pub fn render(
        &self,
        body: &Body,
        language: &str,
        organisation: &Organisation,
        way: &WayBack,
    ) -> Result<Rendered, TemplateError> {
        let mut rendered = self.render_kind(body.kind(), body, language, organisation, way)?;
        if body.client_reference().is_some() {
            // Whatever a folder of templates holds: a client's letter is plain text.
            rendered.html = None;
        }
        Ok(rendered)
    }

    /// Puts any facts into the words of a template folder: letters that are not a [`Body`], such as the digest.
    ///
    /// # Errors
    /// A mistake in the template, or no template of this kind.
    pub fn render_kind(
        &self,
        kind: &str,
        facts: impl Serialize,
        language: &str,
        organisation: &Organisation,
        way: &WayBack,
    ) -> Result<Rendered, TemplateError> {
        let tag = self.tag(kind, language);
        let letter = Value::from(Serde(facts));
        let org = Value::from(Serde(organisation));
        let form = (kind == "blank-form").then(|| form(organisation));
        let context = |subject: &str| {
            context! {
                letter => &letter, org => &org, lang => &tag, form => &form,
                mail => context! {
                    reply_to => way.reply_to.as_str(), proof => way.proof.as_deref(), subject => subject,
                },
            }
        };
        let subject = clean::subject(&self.fill(&format!("{kind}/{tag}.subject"), context(""))?);
        let context = context(&subject);
        let text = clean::text(&self.fill(&format!("{kind}/{tag}.txt"), context.clone())?).into_owned();
        let page = format!("{kind}/{tag}.html");
        let html = if self.sources.contains_key(&page) {
            Some(clean::text(&self.fill(&page, context)?).into_owned())
        } else {
            None
        };
        Ok(Rendered { subject, text, html })
    }

    /// Whether letters to clients are written in this language (BCP 47), or in one its readers read.
    #[must_use]
    pub fn speaks(&self, language: &str) -> bool {
        let base = language.split(['-', '_']).next().unwrap_or_default();
        self.tag("client-confirmation", language) != "en" || matches!(base, "en" | "eng")
    }

    /// The languages a letter is written in.
    #[must_use]
    pub fn languages(&self, kind: &str) -> Vec<String> {
        let language = |path: &String| {
            let (letter, file) = path.split_once('/')?;
            (letter == kind).then(|| file.strip_suffix(".txt").map(str::to_owned))?
        };
        self.sources.keys().filter_map(language).collect()
    }

    /// Who has reviewed the wording of a letter, as its template says.
    #[must_use]
    pub fn reviewed_by(&self, kind: &str, language: &str) -> Option<String> {
        self.header(kind, language, "Reviewed-by:")
    }

    /// The digest of the English body a translation was made from, as its template says.
    pub(super) fn source_of(&self, kind: &str, language: &str) -> Option<String> {
        self.header(kind, language, "Source:")
    }

    /// A short digest of a template's body: it changes with every word, and not with the header.
    pub(super) fn body_digest(&self, kind: &str, language: &str) -> Option<String> {
        let source = self.sources.get(&format!("{kind}/{language}.txt"))?;
        let body = source.text.split_once("\n\n").map_or("", |(_, body)| body);
        let digest = Sha256::digest(body.trim().as_bytes());
        Some(hex::encode(digest.get(..BODY_DIGEST).unwrap_or_default()))
    }

    fn header(&self, kind: &str, language: &str, name: &str) -> Option<String> {
        let source = self.sources.get(&format!("{kind}/{language}.txt"))?;
        let mut lines = source.text.lines().take_while(|line| !line.is_empty());
        lines.find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
    }

    /// The language that will be used: the nearest one there is, else English.
    fn tag(&self, kind: &str, language: &str) -> String {
        let known = |tag: &String| self.sources.contains_key(&format!("{kind}/{tag}.txt"));
        tongues::candidates(language).into_iter().find(known).unwrap_or_else(|| FALLBACK.to_owned())
    }

    fn fill(&self, name: &str, context: Value) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| self.explain(name, &error))?;
        template.render(context).map_err(|error| self.explain(name, &error))
    }

    fn without_fallback(&self) -> Vec<TemplateError> {
        let kinds: BTreeSet<&str> =
            self.sources.keys().filter_map(|path| path.split_once('/')).map(|(kind, _)| kind).collect();
        kinds
            .into_iter()
            .filter(|kind| *kind != PARTS && !self.sources.contains_key(&format!("{kind}/{FALLBACK}.txt")))
            .map(|kind| TemplateError {
                place: kind.to_owned(),
                line: 0,
                what: format!("has no {FALLBACK}.txt, the language every letter falls back to"),
            })
            .collect()
    }

    /// A template engine's error with the file and line a person can open. It quotes the template, never a value.
    fn explain(&self, name: &str, error: &Error) -> TemplateError {
        explain(&self.sources, name, error)
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.set_auto_escape_callback(|name| {
        if name.strip_suffix(".html").is_some() {
            AutoEscape::Html
        } else {
            AutoEscape::Custom("line".into())
        }
    });
    environment.set_formatter(print);
    filters::install(&mut environment);
    environment
}

/// Prints a value: text becomes one clean line, escaped in HTML; what is not one value is a mistake of the template.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let html = matches!(state.auto_escape(), AutoEscape::Html);
    match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text).map_err(Error::from),
        Some(text) => {
            let line = clean::one_line(text, clean::LONGEST_VALUE);
            if html {
                minijinja::escape_formatter(out, state, &Value::from(line.as_ref()))
            } else {
                out.write_str(&line).map_err(Error::from)
            }
        }
        None if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) => {
            write!(out, "{value}").map_err(Error::from)
        }
        None => Err(Error::new(ErrorKind::InvalidOperation, "this is not one value that can be printed")),
    }
}

/// Adds a file: its body under its path and, for text, its subject beside it. Empty lines take the header's place, so
/// that line numbers are the file's.
fn add(environment: &mut Environment<'static>, path: &str, source: &Source) -> Result<(), TemplateError> {
    let wrong = |line: usize, what: String| TemplateError { place: source.place.clone(), line, what };
    let broken = |error: &Error| wrong(error.line().unwrap_or(0), syntax(error));
    if path.strip_suffix(".txt").is_none() || path.starts_with(PARTS) {
        return environment
            .add_template_owned(path.to_owned(), source.text.clone())
            .map_err(|error| broken(&error));
    }
    let header: Vec<&str> = source.text.lines().take_while(|line| !line.trim().is_empty()).collect();
    let mut subject = None;
    for (at, line) in header.iter().enumerate() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        if !HEADERS.contains(&name) {
            return Err(wrong(
                at + 1,
                "the header has only `Subject:`, `Reviewed-by:` and `Source:`, then an empty line".into(),
            ));
        }
        if name == "Subject" && !value.is_ascii() {
            return Err(wrong(at + 1, "a subject is plain ASCII: letters without accents".into()));
        }
        if name == "Subject" {
            subject = Some("\n".repeat(at) + value.trim());
        }
    }
    let subject = subject.ok_or_else(|| wrong(1, "the first line must be `Subject: …`".into()))?;
    let body: String = source.text.split_inclusive('\n').skip(header.len()).collect();
    let body = "\n".repeat(header.len()) + &body;
    let name = path.trim_end_matches(".txt");
    environment.add_template_owned(format!("{name}.subject"), subject).map_err(|error| broken(&error))?;
    environment.add_template_owned(path.to_owned(), body).map_err(|error| broken(&error))
}

fn syntax(error: &Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()))
}

fn explain(sources: &Sources, name: &str, error: &Error) -> TemplateError {
    // The innermost error names the included piece in which it happened.
    let mut deepest = error;
    while let Some(inner) = std::error::Error::source(deepest).and_then(|inner| inner.downcast_ref::<Error>())
    {
        deepest = inner;
    }
    let path = deepest.name().unwrap_or(name).replace(".subject", ".txt");
    let line = deepest.line().unwrap_or(0);
    let Some(source) = sources.get(&path) else {
        return TemplateError { place: path, line, what: "there is no such template".to_owned() };
    };
    let quoted = line.checked_sub(1).and_then(|at| source.text.lines().nth(at)).unwrap_or_default().trim();
    let what = format!("{} in `{}`", syntax(deepest), clean::one_line(quoted, LONGEST_QUOTE));
    TemplateError { place: source.place.clone(), line, what }
}

/// The labels of the blank form: those we need first, then the rest.
fn form(organisation: &Organisation) -> Value {
    let needed: Vec<&str> = organisation.required.iter().copied().map(Field::label).collect();
    let more = Field::ALL.into_iter().filter(|field| !organisation.required.contains(field));
    context! { needed => needed, more => more.map(Field::label).collect::<Vec<_>>() }
}
