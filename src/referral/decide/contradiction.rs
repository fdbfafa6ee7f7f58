//! Contradiction: lines of one mail that cannot all be meant.

use super::super::command::Command;
use super::super::packet::consent::Told;

/// Two lines of one mail that cannot both be meant. Only what protects the client is done then.
pub(super) fn contradict(commands: &[Command]) -> bool {
    let pairs = |one: &Command, other: &Command| {
        let both = |kind: fn(&Command) -> bool| kind(one) && kind(other) && one != other;
        let across = |kind: fn(&Command) -> bool, against: fn(&Command) -> bool| {
            (kind(one) && against(other)) || (kind(other) && against(one))
        };
        both(decides)
            || both(|command| matches!(command, Command::Assign { .. }))
            || both(|command| matches!(command, Command::Bounce { .. }))
            || both(|command| matches!(command, Command::Conflict(_)))
            || both(|command| matches!(command, Command::Consent(_)))
            || across(|command| matches!(command, Command::Consent(Told::Yes { .. })), gives_up)
            || across(is_safe, gives_up)
            || across(is_allowed, gives_up)
            || across(is_safe, |command| matches!(command, Command::EmailNotSafe { .. }))
            || across(reaches, gives_up)
            || across(ends, |command| matches!(command, Command::Reopen { .. }))
    };
    commands
        .iter()
        .enumerate()
        .any(|(place, one)| commands.iter().skip(place + 1).any(|other| pairs(one, other)))
}

fn decides(command: &Command) -> bool {
    matches!(command, Command::Accept) || ends(command)
}

fn ends(command: &Command) -> bool {
    matches!(command, Command::Decline { .. } | Command::Redirect { .. } | Command::Close { .. })
}

pub(super) fn is_safe(command: &Command) -> bool {
    matches!(command, Command::EmailSafe { .. })
}

fn is_allowed(command: &Command) -> bool {
    matches!(command, Command::AllowContact { .. })
}

fn reaches(command: &Command) -> bool {
    matches!(command, Command::Confirmed(_))
}

fn gives_up(command: &Command) -> bool {
    matches!(command, Command::Bounce { .. } | Command::DoNotContact)
}
