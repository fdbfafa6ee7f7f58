//! `policy export` and `spec export`: what the settings amount to, on paper. The policy is for the house: the process
//! map, who does what, the standard packet, its minimum, and when things are looked at (requirements 13 and 135). The
//! spec is for partners: what may stand as an annex of an agreement (requirement 72). Both are made from the settings
//! and nothing else, so that paper and daemon cannot say two things.

use std::io::Write;

use crate::referral::onward::DeclineReason;
use crate::referral::packet::Field;
use crate::referral::record::Status;
use crate::referral::roster::StaffId;
use crate::settings::{self, Settings};

/// The rules of the house.
pub(super) fn policy(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let organisation = &settings.organisation;
    writeln!(out, "# How {} hands people on\n", organisation.name)?;
    writeln!(out, "## The way of a referral\n")?;
    for (place, step) in WAY.iter().enumerate() {
        writeln!(out, "{}. {step}", place + 1)?;
    }
    for policy in &settings.policies {
        writeln!(out, "\n{}", settings::ladder_in_words(policy).trim_end())?;
    }
    if let Some(policy) = settings.policies.first() {
        for partner in &settings.roster.partners {
            write!(out, "{}", settings::redirects_in_words(partner, &settings.calendar, &policy.standard))?;
        }
    }
    statuses(out)?;
    roles(settings, out)?;
    packet(settings, out)?;
    writeln!(out, "\n## When we look\n")?;
    writeln!(
        out,
        "- every day at {}: the digest, to {}",
        settings.reports.digest_at.format("%H:%M"),
        admins(settings)
    )?;
    let roster = &settings.roster;
    let (workflow, data) = (name(settings, &roster.workflow_owner), name(settings, &roster.data_owner));
    writeln!(
        out,
        "- every week, 20 minutes: what bounced and what to change, by {data}, not to blame but to decide (mailed on its \
         first day; handoffd report weekly)"
    )?;
    writeln!(
        out,
        "- every month: what is stuck, how partners answer, and what each of them can mend, by {workflow} and {data} \
         (mailed on its first day; handoffd report monthly)"
    )?;
    writeln!(out, "- 30 days after a pilot began: its report; if its numbers do not move, the rules change")?;
    writeln!(out, "- every quarter: which single chokepoint, if it were gone, would help most")?;
    Ok(())
}

/// The rules between us and a partner.
pub(super) fn spec(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let organisation = &settings.organisation;
    writeln!(out, "# Handing people on to {}: the common rules\n", organisation.name)?;
    packet(settings, out)?;
    writeln!(
        out,
        "\nThe blank form comes back by mail to whoever writes \"form\" to {}.",
        settings.inbox.address.as_str()
    )?;
    statuses(out)?;
    writeln!(out, "\n## Receipt and decision\n")?;
    writeln!(
        out,
        "A referral is received once you hold its number, which comes back by mail at once. Without a number it was not received: call {} ({}).",
        organisation.phone, organisation.phone_hours
    )?;
    writeln!(
        out,
        "Receipt, decision and contact with the person are three things, and you hear of each by its own name.\n"
    )?;
    for policy in &settings.policies {
        writeln!(out, "{}", settings::ladder_in_words(policy).trim_end())?;
    }
    writeln!(
        out,
        "\nWhen we hand somebody on to you, the same holds the other way round: a word that you have it, then yes, or no with one of these reasons:"
    )?;
    for reason in DeclineReason::ALL {
        writeln!(out, "- decline {}", reason.code())?;
    }
    if let Some(policy) = settings.policies.first() {
        for partner in &settings.roster.partners {
            write!(out, "{}", settings::redirects_in_words(partner, &settings.calendar, &policy.standard))?;
        }
    }
    writeln!(out, "\n## The one way to exchange it\n")?;
    writeln!(
        out,
        "By mail to {} from an address that both sides know, and from no other; new addresses are agreed on by phone, never by mail. Our letters carry the number and no name; quote the number, and do not send the same referral again.",
        settings.inbox.address.as_str()
    )?;
    writeln!(
        out,
        "Nobody is written to unless you marked it as safe. What we hold is sealed, and forgotten when its time is over."
    )?;
    if !organisation.acceptance_rules.trim().is_empty() {
        writeln!(out, "\n## Whom we can help\n\n{}", organisation.acceptance_rules)?;
    }
    Ok(())
}

const WAY: [&str; 8] = [
    "A partner mails a referral to the shared inbox, as always.",
    "It becomes one record with a number; the sender gets the number at once, the client only where that is safe.",
    "One person owns it from then on, and never nobody; what is missing is asked of the sender.",
    "The owner tries to reach the person, by the ladder below, and logs each try.",
    "Reached means really reached: method, language, safe times, next step and deadline are settled.",
    "The owner accepts, redirects or closes it, with a reason; the sender hears of it at once.",
    "A redirect is a question to the other organization, and stays ours until it says yes.",
    "Who is not reached by the last step is given up with a reason and a next step: not a failure, but a fact to decide on.",
];

fn statuses(out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "\n## The statuses, and what each means\n")?;
    for (word, meaning) in Status::DEFINITIONS {
        writeln!(out, "- {word}: {meaning}")?;
    }
    Ok(())
}

fn roles(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "\n## Who does what\n")?;
    writeln!(
        out,
        "- {} owns the workflow: steps, schedules, escalations, and covers for who is away",
        name(settings, &settings.roster.workflow_owner)
    )?;
    let data = name(settings, &settings.roster.data_owner);
    writeln!(out, "- {data} owns the data: fields, bounce reasons, reports")?;
    writeln!(out, "- {} read the daily digest and run the service", admins(settings))?;
    for staff in settings.roster.staff.iter().filter(|staff| staff.takes_referrals) {
        let matters =
            if staff.matters.is_empty() { "all matters".to_owned() } else { staff.matters.join(", ") };
        writeln!(out, "- {} takes referrals: {matters}", staff.name)?;
    }
    writeln!(out, "\n{}", settings::verbs_in_words(&settings.verbs).trim_end())?;
    Ok(())
}

fn packet(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let required = &settings.organisation.required_fields;
    writeln!(out, "\n## The standard packet\n")?;
    let labels: Vec<&str> = Field::ALL.into_iter().map(Field::label).collect();
    writeln!(out, "{}", labels.join(", "))?;
    writeln!(out, "\n## What it must have at least\n")?;
    for field in required {
        writeln!(out, "- {}", field.label())?;
    }
    Ok(())
}

fn name(settings: &Settings, id: &StaffId) -> String {
    settings.roster.staff(id).map_or_else(|| id.to_string(), |staff| staff.name.clone())
}

fn admins(settings: &Settings) -> String {
    let roster = &settings.roster;
    let names = roster.admins.iter().filter_map(|id| roster.staff(id)).map(|staff| staff.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}
