//! What settings say, as the rooms want to hear it: the rules, the facts in letters, what reading must know.

use crate::intake;
use crate::letters::Organisation;
use crate::referral::decide::Rules;
use crate::settings::Settings;

/// The rules that settings describe.
#[must_use]
pub fn rules(settings: &Settings) -> Rules {
    Rules {
        roster: settings.roster.clone(),
        calendar: settings.calendar.clone(),
        policies: settings.policies.clone(),
        reasons: settings.reasons.clone(),
        eligibility: settings.eligibility.clone(),
        required: settings.organisation.required_fields.clone(),
        client_mail: settings.privacy.client_mail,
        neutral_receipts: settings.privacy.neutral_receipts.is_some(),
        alert_address: settings.reports.alert_address.clone(),
        staff_initials: settings.privacy.staff_initials,
        verbs: settings.verbs.clone(),
        inbox: settings.inbox.address.clone(),
    }
}

/// The facts about ourselves that letters may state.
#[must_use]
pub fn organisation(settings: &Settings) -> Organisation {
    let ours = &settings.organisation;
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Organisation {
        name: ours.from_name.clone(),
        short_from_name: ours.client_from_name.clone(),
        phone: ours.phone.clone(),
        phone_hours: ours.phone_hours.clone(),
        callback_plan: ours.callback_plan.clone(),
        acceptance_rules: said(&ours.acceptance_rules),
        interim_options: said(&ours.interim_options),
        zone: ours.zone,
        inbox: settings.inbox.address.clone(),
        required: ours.required_fields.clone(),
        reasons: settings.reasons.added.iter().filter_map(|added| added.words.first()).cloned().collect(),
    }
}

/// What reading must know.
#[must_use]
pub fn reading(settings: &Settings, received_at: chrono::DateTime<chrono::FixedOffset>) -> intake::Context {
    let ours = &settings.organisation;
    let mut own_addresses = vec![settings.inbox.address.clone()];
    own_addresses.extend(settings.inbox.aliases.iter().cloned());
    intake::Context {
        own_addresses,
        message_id_domain: ours.message_id_domain.clone(),
        reference_prefix: ours.reference_prefix.clone(),
        phone_region: ours.phone_region.clone(),
        date_order: ours.date_order,
        required: ours.required_fields.clone(),
        trusted_authserv_id: settings.privacy.trusted_authserv_id.clone(),
        received_at,
        limits: settings.limits,
    }
}
