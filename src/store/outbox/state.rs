//! How far a letter is on its way.

/// The state of a row of the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It waits for its time, or for the next try.
    Queued,
    /// Somebody has it; the attempt is counted.
    Claimed,
    /// Committed before the final dot: nobody can know whether the server took it.
    InDoubt,
    /// The server took it.
    Sent,
    /// It was refused, or tried for too long.
    Failed,
    /// Too often in doubt: a person must look.
    Held,
    /// The gate closed meanwhile.
    Withheld,
}

impl State {
    const ALL: [State; 7] = [
        State::Queued,
        State::Claimed,
        State::InDoubt,
        State::Sent,
        State::Failed,
        State::Held,
        State::Withheld,
    ];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Claimed => "claimed",
            State::InDoubt => "in-doubt",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Held => "held",
            State::Withheld => "withheld",
        }
    }

    /// The state of such a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.word() == word)
    }

    /// It may still leave: everything else is settled.
    #[must_use]
    pub const fn waits(self) -> bool {
        match self {
            State::Queued | State::Claimed | State::InDoubt => true,
            State::Sent | State::Failed | State::Held | State::Withheld => false,
        }
    }

    /// Somebody has it, or it may be with the server.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, State::Claimed | State::InDoubt)
    }
}
