//! Permission: the one place that says whether somebody may ask a verb, by the table of [`super::super::verbs`].

use chrono::{DateTime, Utc};

use super::super::record::Referral;
use super::super::roster::StaffId;
use super::super::verbs::Role;
use super::Rules;

impl Rules {
    /// Whether this member of staff may ask a verb: about a referral, or, without one, about their own work.
    #[must_use]
    pub fn may(&self, id: &StaffId, verb: &str, about: Option<&Referral>, now: DateTime<Utc>) -> bool {
        let Some(allowed) = self.verbs.roles(verb) else { return true };
        allowed.iter().any(|role| self.plays(id, *role, about, now))
    }

    /// Whether partners may ask a verb about what they sent.
    #[must_use]
    pub fn partners_may(&self, verb: &str) -> bool {
        self.verbs.roles(verb).is_some_and(|allowed| allowed.contains(&Role::Partner))
    }

    fn plays(&self, id: &StaffId, role: Role, about: Option<&Referral>, now: DateTime<Utc>) -> bool {
        let roster = &self.roster;
        match role {
            Role::Owner => about
                .is_none_or(|referral| referral.owner == *id || self.reader_of(&referral.owner, now) == *id),
            Role::Staff => roster.staff(id).is_some(),
            Role::WorkflowOwner => roster.workflow_owner == *id,
            Role::DataOwner => roster.data_owner == *id,
            Role::Admin => roster.admins.contains(id),
            Role::Partner => false,
        }
    }
}
