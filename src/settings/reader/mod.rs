//! Reading a config so that every mistake is told at once: a wrong value becomes a note and [`Noted`], and reading
//! goes on. Only whoever wrote a note can give [`Noted`]; so a struct built with `?` at the end hides no mistake.
//!
//! Nevers: no text of the file in a note except names of keys; no panic on any text.

mod claims;
mod item;
mod section;
mod texts;

pub(super) use claims::Claims;
pub(super) use item::Item;
pub(super) use section::Section;
pub(super) use texts::{nearest, one_line, plain_text, short_id};

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::mistake::{Mistake, Wrong};

/// There is no value, and the mistake that explains why was noted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Noted;

/// A value, or a noted mistake.
pub(super) type Read<T> = Result<T, Noted>;

/// Where a config stands: what its relative paths and its credentials refer to.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The file's name for messages.
    pub file_name: String,
    /// Relative paths start here: the folder of the config.
    pub base_dir: PathBuf,
    /// Where systemd put the credentials (`$CREDENTIALS_DIRECTORY`).
    pub credentials: Option<PathBuf>,
    /// Which secrets are looked at.
    pub secrets: Secrets,
}

/// Which of the files with secrets are looked at; every other key of the config is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Secrets {
    /// All of them: what runs needs them.
    All,
    /// Those that are files here. What systemd hands over is there for the service only.
    Files,
    /// Those that open the store: whoever looks into it needs no password of the mailbox or of the relay.
    Store,
    /// None: nothing is opened, sent or stored.
    None,
}

/// Everything noted while one config is read.
pub(super) struct Notes<'a> {
    pub(super) surroundings: &'a Surroundings,
    line_ends: Vec<usize>,
    mistakes: RefCell<Vec<Mistake>>,
    /// Lines that are not TOML.
    broken: RefCell<BTreeSet<usize>>,
    known: RefCell<BTreeSet<String>>,
    /// Credentials of systemd that were not looked at.
    unread: RefCell<BTreeSet<String>>,
}

impl<'a> Notes<'a> {
    pub(super) fn of(text: &str, surroundings: &'a Surroundings) -> Notes<'a> {
        let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Notes {
            surroundings,
            line_ends,
            mistakes: RefCell::default(),
            broken: RefCell::default(),
            known: RefCell::default(),
            unread: RefCell::default(),
        }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }

    /// Notes a line that is not TOML; nothing else is said about it, nor what may follow from it elsewhere.
    pub(super) fn note_broken(&self, line: usize, wrong: Wrong) {
        let _ = self.note(line, "", wrong);
        self.broken.borrow_mut().insert(line);
    }

    pub(super) fn note(&self, line: usize, place: &str, Wrong { what, remedy, may_follow }: Wrong) -> Noted {
        let broken = self.broken.borrow();
        if broken.contains(&line) || (may_follow && !broken.is_empty()) {
            return Noted;
        }
        let file = self.surroundings.file_name.clone();
        let mistake = Mistake { file, line, place: place.to_owned(), what, remedy };
        let mut mistakes = self.mistakes.borrow_mut();
        if !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
        Noted
    }

    /// Every mistake, in the order of the file.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|mistake| mistake.line);
        mistakes
    }

    /// Every key that was asked for, such as `inbox.port` or `staff.id`.
    pub(super) fn known(&self) -> BTreeSet<String> {
        self.known.borrow().clone()
    }

    /// A credential is not looked at.
    pub(super) fn leave_unread(&self, name: &str) {
        self.unread.borrow_mut().insert(name.to_owned());
    }

    /// The names of the credentials that were not looked at.
    pub(super) fn unread(&self) -> Vec<String> {
        self.unread.borrow().iter().cloned().collect()
    }

    /// A path of the config; relative ones start at the config's folder.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.surroundings.base_dir.join(Path::new(text))
    }
}
