//! What was said in the lines of a reply, and what of it was not understood.

use crate::referral::command::Command;

/// What was said.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The commands, in order.
    pub commands: Vec<Command>,
    /// Lines that would have worked; empty when nothing was unclear.
    pub unclear: Vec<String>,
    /// The verbs above an unclear line, which stopped them.
    pub understood: Vec<&'static str>,
    /// What was read stands below plain words.
    pub begins_as_prose: bool,
}

impl std::fmt::Debug for Said {
    /// Shows the verbs, never what was written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Said")
            .field("commands", &self.commands)
            .field("unclear", &self.unclear.len())
            .field("understood", &self.understood)
            .field("begins_as_prose", &self.begins_as_prose)
            .finish()
    }
}

impl Said {
    /// Takes over what protects the client, each verb of it once.
    pub(super) fn heed(&mut self, commands: impl Iterator<Item = Command>) {
        for command in commands {
            let says_so = |known: &Command| known.protects() && known.verb() == command.verb();
            if !self.commands.iter().any(says_so) {
                self.commands.push(command);
            }
        }
    }

    /// A line that nobody can read, with those that would have worked: of what stands above it only what protects the
    /// client counts.
    pub(super) fn stop_at(&mut self, nearest: Vec<String>) {
        if self.unclear.is_empty() {
            self.understood = self.commands.iter().map(Command::verb).collect();
            self.commands.retain(Command::protects);
            self.unclear = nearest;
        }
    }

    /// Why nothing was done where something was unclear: what was understood, and which line was not.
    #[must_use]
    pub fn why_not(&self) -> String {
        match self.understood.as_slice() {
            [] => "the first line was not understood".to_owned(),
            verbs => format!("\"{}\" was understood, and the line below it was not", verbs.join("\", \"")),
        }
    }
}
