//! Who sits at this host, and what they had shown to them: written down before anything is shown (RELIABILITY P34).

use std::fs;

use anyhow::Context as _;

use crate::clock::Clock;
use crate::store::Store;

/// Nobody logged in: a service, or a container.
const UNSET: &str = "4294967295";

/// Writes down that something personal is about to be shown. Without that nothing is shown.
pub(super) async fn about_to_see(store: &Store, what: &str, about: &str) -> anyhow::Result<()> {
    let written = store.disclose(Clock::System.now(), &name(), what, about).await;
    written.context("Write down who reads this, without which nothing is shown")
}

/// The user of this process, and who logged in if that was somebody else: `root (login maria)`.
fn name() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let login = fs::read_to_string("/proc/self/loginuid").unwrap_or_default();
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    named(&status, &login, &accounts)
}

fn named(status: &str, login: &str, accounts: &str) -> String {
    let user = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().nth(1))
        .unwrap_or("?");
    let login = login.trim();
    if login.is_empty() || login == UNSET || login == user {
        return account(accounts, user);
    }
    format!("{} (login {})", account(accounts, user), account(accounts, login))
}

/// The name of a user's number.
fn account(accounts: &str, number: &str) -> String {
    let named = accounts.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, _, id) = (parts.next()?, parts.next()?, parts.next()?);
        (id == number).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| format!("user {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_named_and_so_is_who_became_root() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nmaria:x:1000:1000::/home/maria:/bin/sh\nbroken\n";
        let status = |id: &str| format!("Name:\thandoffd\nUid:\t{id}\t{id}\t{id}\t{id}\n");
        for (id, login, expected) in [
            ("0", "4294967295", "root"),
            ("0", "1000\n", "root (login maria)"),
            ("1000", "1000", "maria"),
            ("77", "", "user 77"),
        ] {
            assert_eq!(named(&status(id), login, accounts), expected);
        }
        assert_eq!(named("", "", ""), "user ?");
    }
}
