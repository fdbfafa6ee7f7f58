//! The labels of the packet as a form prints them, one word for each field everywhere.

use crate::referral::packet::Field;

/// The label in the blank form and in "please fill in": what intake reads back.
#[must_use]
pub const fn label(field: Field) -> &'static str {
    match field {
        Field::ClientName => "Client name",
        Field::ClientDob => "Date of birth",
        Field::ClientPhone => "Phone",
        Field::ClientPhoneOther => "Other phone",
        Field::ClientEmail => "Email",
        Field::ClientAddress => "Address",
        Field::SafeToContact => "Safe to contact",
        Field::SafeCall => "Safe to call",
        Field::SafeVoicemail => "Safe to leave voicemail",
        Field::SafeText => "Safe to text",
        Field::SafeEmail => "Safe to email",
        Field::SafeLetter => "Safe to send letters",
        Field::BestTime => "Safe times",
        Field::PreferredContact => "Preferred contact method",
        Field::Language => "Language",
        Field::Interpreter => "Interpreter needed",
        Field::GenderPronouns => "Pronouns",
        Field::HouseholdSize => "Household size",
        Field::HouseholdIncome => "Household income",
        Field::County => "County",
        Field::Service => "Matter type",
        Field::Reason => "Reason for referral",
        Field::Urgency => "Urgency",
        Field::CourtDate => "Court date",
        Field::FilingDeadline => "Filing deadline",
        Field::LockoutDate => "Lockout date",
        Field::OtherDeadline => "Other deadline",
        Field::Documents => "Documents",
        Field::OpposingParty => "Opposing party",
        Field::Consent => "Consent to share",
        Field::ConsentContact => "Consent to contact",
        Field::SafetyNotes => "Safety notes",
        Field::ReferrerName => "Referrer name",
        Field::ReferrerOrg => "Referring organization",
        Field::ReferrerPhone => "Referrer phone",
        Field::ReferrerEmail => "Referrer email",
        Field::Relationship => "Relationship to client",
        Field::PartnerReference => "Your reference",
        Field::ReferralDate => "Referral date",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_fields_share_a_label() {
        let labels: std::collections::BTreeSet<&str> = Field::ALL.into_iter().map(label).collect();
        assert_eq!(labels.len(), Field::ALL.len());
    }
}
