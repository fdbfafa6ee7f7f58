//! `[verbs]`: who may ask what by mail. A verb that is left out keeps its default; an empty list takes it from
//! everybody.

use std::fmt::Write as _;

use crate::referral::verbs::{Role, TABLE, Verb, Verbs};

use super::mistake::{Wrong, wrong};
use super::reader::{Read, Section, nearest};

pub(super) fn verbs(section: &Section<'_>) -> Read<Verbs> {
    let mut verbs = Verbs::default();
    let mut noted = Ok(());
    for verb in TABLE {
        match section.list(verb.key, |text| role(verb, text)) {
            Ok(roles) if section.has(verb.key) && roles.is_empty() && verb.key == "conflict" => {
                let remedy = "name a role, such as \"data-owner\": what nobody reviews, nobody may accept";
                noted = Err(section.wrong(wrong("conflict is nobody's", remedy)));
            }
            Ok(roles) if section.has(verb.key) => verbs.give(verb, roles),
            Ok(_) => {}
            Err(wrong) => noted = Err(wrong),
        }
    }
    section.finish();
    noted.map(|()| verbs)
}

fn role(verb: Verb, text: &str) -> Result<Role, Wrong> {
    let words = || Role::ALL.into_iter().map(Role::word);
    let Some(role) = Role::ALL.into_iter().find(|role| role.word() == text) else {
        let remedy = nearest(text, words()).map_or_else(
            || format!("write one of: {}", words().collect::<Vec<_>>().join(", ")),
            |known| format!("did you mean {known}?"),
        );
        return Err(wrong("is not a role we know", remedy));
    };
    if role == Role::Partner && !verb.roles.contains(&Role::Partner) {
        return Err(wrong("is not a verb a partner can have", "remove partner: only status can be theirs"));
    }
    Ok(role)
}

/// The table as `check` shows it: a line a verb.
#[must_use]
pub fn verbs_in_words(verbs: &Verbs) -> String {
    let mut text = "Who may ask what by mail, after the proofs:\n".to_owned();
    for verb in TABLE {
        let roles: Vec<&str> =
            verbs.roles(verb.word).unwrap_or_default().iter().map(|role| in_words(*role)).collect();
        let roles = if roles.is_empty() { "nobody".to_owned() } else { roles.join(", ") };
        let word = if verb.word == "away" { "away, back" } else { verb.word };
        let _ = writeln!(text, "  {word}: {roles}");
    }
    text.push_str(
        "  do not contact, email not safe, consent no, help, form: every member of staff; form: partners too\n",
    );
    text.push_str(
        "  received, accept, decline: the partner that was asked to take somebody on, about that one\n",
    );
    text.push_str("  STOP: anyone who writes from the client's address");
    text
}

const fn in_words(role: Role) -> &'static str {
    match role {
        Role::Owner => "the owner or who covers",
        Role::Staff => "every member of staff",
        Role::WorkflowOwner => "the workflow owner",
        Role::DataOwner => "the data owner",
        Role::Admin => "admins",
        Role::Partner => "the partner who sent it",
    }
}
