//! Verbs: who may ask what by mail. One table, from settings; the defaults are in [`TABLE`]. Every proof comes before
//! it, and an admin on the host needs no leave.
//!
//! Not in the table, because nobody may take them away: a client's STOP, `do not contact`, `email not safe` and `consent
//! no` (whoever says it, it is the safer reading), `help`, the blank form, and the answer of a partner that was asked to
//! take somebody on.

use std::collections::BTreeMap;

/// The part somebody plays towards one referral, or towards the organisation. One person may play several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Who owns the referral, or covers for its owner; for a question about one's own work everybody is.
    Owner,
    /// Every member of staff.
    Staff,
    /// Who owns the steps and schedules.
    WorkflowOwner,
    /// Who owns fields, reasons and reports.
    DataOwner,
    /// Who reads the digest.
    Admin,
    /// The partner who sent the referral.
    Partner,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Staff, Role::WorkflowOwner, Role::DataOwner, Role::Admin, Role::Partner];

    /// The word in settings.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Staff => "staff",
            Role::WorkflowOwner => "workflow-owner",
            Role::DataOwner => "data-owner",
            Role::Admin => "admin",
            Role::Partner => "partner",
        }
    }
}

/// A verb of the table.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// The key in settings.
    pub key: &'static str,
    /// The word of the help letter; `away` stands for `back` as well.
    pub word: &'static str,
    /// Who may ask it where settings say nothing.
    pub roles: &'static [Role],
}

const STAFF: &[Role] = &[Role::Staff];

/// Every verb that settings may give or take, in the order of the help letter.
pub const TABLE: [Verb; 21] = [
    of_staff("attempt"),
    of_staff("confirmed"),
    // Who reviews it: a match of names is told to nobody else.
    Verb { key: "conflict", word: "conflict", roles: &[Role::Owner, Role::WorkflowOwner, Role::DataOwner] },
    of_staff("accept"),
    of_staff("decline"),
    of_staff("redirect"),
    of_staff("needs"),
    Verb { key: "details", word: "details", roles: &[Role::Owner, Role::WorkflowOwner] },
    of_staff("assign"),
    of_staff("raise"),
    of_staff("bounce"),
    Verb { key: "allow_contact", word: "allow contact", roles: STAFF },
    // A yes that opens the gate: whoever says it answers for the referral.
    Verb { key: "consent", word: "consent", roles: &[Role::Owner, Role::WorkflowOwner] },
    Verb { key: "email_safe", word: "email safe", roles: &[Role::Owner, Role::WorkflowOwner] },
    of_staff("close"),
    of_staff("reopen"),
    of_staff("note"),
    of_staff("resume"),
    Verb { key: "status", word: "status", roles: &[Role::Staff, Role::Partner] },
    of_staff("history"),
    of_staff("away"),
];

const fn of_staff(word: &'static str) -> Verb {
    Verb { key: word, word, roles: STAFF }
}

/// Who may ask what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verbs {
    /// What settings say otherwise than the table, by the verb's word.
    said: BTreeMap<&'static str, Vec<Role>>,
}

impl Verbs {
    /// Gives a verb to these roles and to nobody else; no role means nobody.
    pub fn give(&mut self, verb: Verb, roles: Vec<Role>) {
        self.said.insert(verb.word, roles);
    }

    /// Who may ask it; `None` for a verb that everybody may who has the proofs.
    #[must_use]
    pub fn roles(&self, word: &str) -> Option<&[Role]> {
        let word = if word == "back" { "away" } else { word };
        let verb = TABLE.into_iter().find(|verb| verb.word == word)?;
        Some(self.said.get(verb.word).map_or(verb.roles, Vec::as_slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_settings_the_table_holds_and_a_verb_given_is_given_to_those_only() {
        let mut verbs = Verbs::default();
        assert_eq!(verbs.roles("details"), Some([Role::Owner, Role::WorkflowOwner].as_slice()));
        assert_eq!(verbs.roles("back"), verbs.roles("away"));
        assert_eq!(verbs.roles("do not contact"), None, "nobody takes it away");
        let close = TABLE.into_iter().find(|verb| verb.word == "close").unwrap();
        verbs.give(close, vec![Role::WorkflowOwner]);
        assert_eq!(verbs.roles("close"), Some([Role::WorkflowOwner].as_slice()));
        verbs.give(close, Vec::new());
        assert_eq!(verbs.roles("close"), Some([].as_slice()), "nobody");
        assert_eq!(verbs.roles("accept"), Some([Role::Staff].as_slice()));
    }
}
