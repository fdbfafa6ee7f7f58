//! Handovers: who owned a referral before, and so whose letters about it are out of date.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::roster::StaffId;

/// The handovers of one referral, counted, and at which of them each earlier owner let go of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Handovers {
    count: u32,
    let_go: BTreeMap<StaffId, u32>,
}

impl Handovers {
    /// How many there were.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The referral goes from one owner to another. Who owns it again has let go of nothing.
    pub fn hand_over(&mut self, from: StaffId, to: &StaffId) {
        self.count = self.count.saturating_add(1);
        self.let_go.insert(from, self.count);
        self.let_go.remove(to);
    }

    /// Whether a letter to this person, written after so many handovers, is from before they let go of the referral. To
    /// who never owned it no letter is out of date.
    #[must_use]
    pub fn is_out_of_date(&self, id: &StaffId, written_after: u32) -> bool {
        self.let_go.get(id).is_some_and(|let_go| written_after < *let_go)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_owners_letters_from_before_are_out_of_date() {
        let [ann, bo, wendy] = ["ann", "bo", "wendy"].map(|id| StaffId(id.to_owned()));
        let mut handovers = Handovers::default();
        assert!(!handovers.is_out_of_date(&ann, 0), "she owns it");
        handovers.hand_over(ann.clone(), &bo);
        assert_eq!(handovers.count(), 1);
        assert!(handovers.is_out_of_date(&ann, 0), "the letter is from before");
        assert!(!handovers.is_out_of_date(&ann, 1), "the letter says who owns it");
        assert!(!handovers.is_out_of_date(&wendy, 0), "she never owned it");
        handovers.hand_over(bo.clone(), &ann);
        assert!(!handovers.is_out_of_date(&ann, 0), "she owns it again");
        assert!(handovers.is_out_of_date(&bo, 1));
    }
}
