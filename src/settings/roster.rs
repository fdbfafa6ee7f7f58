//! `[[staff]]` and `[[partner]]`: who is who, and that nobody is two.

use chrono::{NaiveDate, NaiveTime};

use crate::referral::address::{EmailAddress, is_public_provider};
use crate::referral::calendar::Calendar;
use crate::referral::roster::{Mode, Partner, PartnerId, SourceKind, Staff, StaffId};

use super::mistake::{Wrong, wrong, wrong_or_broken};
use super::reader::{Claims, Item, Read, Section, nearest, one_line, short_id};
use super::{policy, week};

/// The names of `[[staff]]`, gathered first, so that one wrong address makes no second mistake of a name.
pub(super) fn staff_ids(sections: &[Section<'_>]) -> Vec<StaffId> {
    ids(sections).map(StaffId).collect()
}

/// The names of `[[partner]]`.
pub(super) fn partner_ids(sections: &[Section<'_>]) -> Vec<String> {
    ids(sections).collect()
}

fn ids<'a>(sections: &'a [Section<'_>]) -> impl Iterator<Item = String> + 'a {
    // One that is no id is a mistake of its own, and is not to be proposed to anybody.
    let ids = sections.iter().filter_map(|section| section.get("id")?.peek().map(ToString::to_string));
    ids.filter(|id| short_id(id).is_ok())
}

/// The members of staff.
pub(super) fn staff(
    sections: &[Section<'_>],
    partners: &[String],
    calendar: &Calendar,
    claims: &mut Claims,
) -> Read<Vec<Staff>> {
    let mut seen = Vec::new();
    let members: Vec<Read<Staff>> =
        sections.iter().map(|section| member(section, partners, calendar, claims, &mut seen)).collect();
    members.into_iter().collect()
}

fn member(
    section: &Section<'_>,
    partners: &[String],
    calendar: &Calendar,
    claims: &mut Claims,
    seen: &mut Vec<String>,
) -> Read<Staff> {
    let id = section.need("id", "\"maria\"").and_then(|item| unique_id(&item, seen));
    let name = section.need_read("name", "\"Maria Lopez\"", one_line);
    let email = claimed(section, "email", claims);
    let takes_referrals = section.flag("takes_referrals", true);
    let languages = section.list("languages", language);
    let matters = section.list("matters", one_line);
    let partners = section.list("partners", |text| known_partner(text, partners));
    let away_until = section.get("away_until").map(|item| item.date()).transpose();
    section.finish();
    Ok(Staff {
        id: StaffId(id?),
        name: name?,
        address: email?,
        takes_referrals: takes_referrals?,
        languages: languages?,
        matters: matters?,
        partners: partners?,
        away_until: away_until?.map(|date| calendar.instant(date, NaiveTime::MIN)),
    })
}

fn known_partner(text: &str, partners: &[String]) -> Result<PartnerId, Wrong> {
    if partners.iter().any(|partner| partner == text) {
        return Ok(PartnerId(text.to_owned()));
    }
    let remedy = suggestion(text, partners.iter().map(String::as_str));
    Err(wrong_or_broken("there is no [[partner]] of this id", remedy))
}

fn claimed(section: &Section<'_>, key: &'static str, claims: &mut Claims) -> Read<EmailAddress> {
    let item = section.need(key, "\"maria@example.org\"")?;
    let address = item.read(address)?;
    item.claim(claims, address.mailbox(), format!("the [[staff]] at line {}", section.line))?;
    Ok(address)
}

/// The partners.
pub(super) fn partners(
    sections: &[Section<'_>],
    policies: &[String],
    own: Option<&EmailAddress>,
    claims: &mut Claims,
) -> Read<Vec<Partner>> {
    let mut seen = Vec::new();
    let mut domains = Claims::default();
    let partners: Vec<Read<Partner>> = sections
        .iter()
        .map(|section| {
            let id = section.need("id", "\"harbor-house\"").and_then(|item| unique_id(&item, &mut seen));
            let addresses = addresses(section, claims);
            let domains = own_domains(section, own, &mut domains);
            let ask = ask(section, addresses.as_deref().ok(), domains.as_deref().ok(), claims);
            partner(section, policies, (id, ask), addresses, domains)
        })
        .collect();
    partners.into_iter().collect()
}

fn partner(
    section: &Section<'_>,
    policies: &[String],
    (id, ask): (Read<String>, Read<Option<EmailAddress>>),
    addresses: Read<Vec<EmailAddress>>,
    domains: Read<Vec<String>>,
) -> Read<Partner> {
    let name = section.need_read("name", "\"Harbor House\"", one_line);
    let source = section.read_or("source", SourceKind::default(), source);
    let mode = section.read_or("mode", Mode::default(), mode);
    let pilot_since = section.get("pilot_since").map(|item| pilot_day(&item, mode.as_ref().ok())).transpose();
    let policy = section.read_if("policy", |text| known_policy(text, policies));
    let loop_back = section.flag("loop_back", false);
    let own_week = section.read_if("week", week::week);
    let (receipt, decision) = week::usual_spans(own_week.as_ref().ok().and_then(Option::as_ref));
    let redirect_receipt = section.read_or("redirect_receipt", receipt, policy::span);
    let redirect_decision = section.read_or("redirect_decision", decision, policy::span);
    section.finish();
    let (addresses, domains, ask) = (addresses?, domains?, ask?);
    if addresses.is_empty() && domains.is_empty() {
        return Err(section.wrong(wrong(
            "the partner has neither addresses nor domains, so that none of its mail is known",
            "add addresses = [\"intake@partner.example\"]",
        )));
    }
    Ok(Partner {
        id: PartnerId(id?),
        name: name?,
        addresses,
        domains,
        ask,
        source: source?,
        mode: mode?,
        pilot_since: pilot_since?,
        policy: policy?,
        loop_back: loop_back?,
        week: own_week?,
        redirect_receipt: redirect_receipt?,
        redirect_decision: redirect_decision?,
    })
}

fn addresses(section: &Section<'_>, claims: &mut Claims) -> Read<Vec<EmailAddress>> {
    let items = section.get("addresses").map_or(Ok(Vec::new()), |item| item.items())?;
    let read = |item: &Item<'_>| {
        let address = item.read(address)?;
        item.claim(claims, address.mailbox(), format!("the [[partner]] at line {}", section.line))?;
        Ok(address)
    };
    let addresses: Vec<Read<EmailAddress>> = items.iter().map(read).collect();
    addresses.into_iter().collect()
}

/// Where the partner is asked to take somebody on: its own address, or its answer would be somebody else's.
fn ask(
    section: &Section<'_>,
    addresses: Option<&[EmailAddress]>,
    domains: Option<&[String]>,
    claims: &mut Claims,
) -> Read<Option<EmailAddress>> {
    let Some(item) = section.get("ask") else { return Ok(None) };
    let ask = item.read(address)?;
    // What these hold is told where it is wrong.
    let (Some(addresses), Some(domains)) = (addresses, domains) else { return Ok(Some(ask)) };
    if addresses.iter().any(|known| known.shares_mailbox(&ask)) {
        return Ok(Some(ask));
    }
    if !domains.iter().any(|domain| domain == ask.domain()) {
        let remedy = "add it to addresses as well, or name one at a domain of the partner";
        return Err(item
            .wrong(wrong("is no address of this partner, so that its answer would prove nothing", remedy)));
    }
    item.claim(claims, ask.mailbox(), format!("the [[partner]] at line {}", section.line))?;
    Ok(Some(ask))
}

fn own_domains(section: &Section<'_>, own: Option<&EmailAddress>, claims: &mut Claims) -> Read<Vec<String>> {
    let items = section.get("domains").map_or(Ok(Vec::new()), |item| item.items())?;
    let read = |item: &Item<'_>| {
        let domain = item.read(|text| partner_domain(text, own))?;
        item.claim(claims, domain.clone(), format!("the [[partner]] at line {}", section.line))?;
        Ok(domain)
    };
    let domains: Vec<Read<String>> = items.iter().map(read).collect();
    domains.into_iter().collect()
}

/// Everybody at the domain counts as the partner; so it must be the partner's alone.
fn partner_domain(text: &str, own: Option<&EmailAddress>) -> Result<String, Wrong> {
    let domain = domain(text)?;
    if is_public_provider(&domain) {
        return Err(wrong(
            "is a public mail provider's: anybody there would count as this partner",
            "list the partner's addresses instead: addresses = [\"…\"]",
        ));
    }
    if own.is_some_and(|own| own.domain() == domain) {
        return Err(wrong(
            "is the domain of your own inbox: your colleagues would count as this partner",
            "list the partner's addresses instead: addresses = [\"…\"]",
        ));
    }
    Ok(domain)
}

/// A strict address.
pub(super) fn address(text: &str) -> Result<EmailAddress, Wrong> {
    EmailAddress::parse(text)
        .map_err(|not| wrong(not.to_string(), "write one plain address, such as maria@example.org"))
}

/// A domain as strict as an address's.
pub(super) fn domain(text: &str) -> Result<String, Wrong> {
    EmailAddress::parse(&format!("x@{}", text.trim()))
        .map(|address| address.domain().to_owned())
        .map_err(|_| wrong("is not a domain", "write only the domain, such as partner.example"))
}

/// A language tag: two or three letters, perhaps with a region or script (BCP 47).
pub(super) fn language(text: &str) -> Result<String, Wrong> {
    let mut parts = text.trim().split('-');
    let first = parts.next().unwrap_or_default();
    let primary = (2..=3).contains(&first.len()) && first.chars().all(|c| c.is_ascii_lowercase());
    let rest =
        parts.all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if primary && rest {
        Ok(text.trim().to_owned())
    } else {
        Err(wrong("is not a language tag", "write the short code, such as en, es or zh-Hant"))
    }
}

/// The member of staff a key names.
pub(super) fn known_staff(text: &str, ids: &[StaffId]) -> Result<StaffId, Wrong> {
    let id = StaffId(text.trim().to_owned());
    if ids.contains(&id) {
        return Ok(id);
    }
    Err(wrong_or_broken("no [[staff]] has this id", suggestion(text, ids.iter().map(|id| id.0.as_str()))))
}

/// The policy a key names; `seed` is always there.
pub(super) fn known_policy(text: &str, policies: &[String]) -> Result<String, Wrong> {
    if policies.iter().any(|policy| policy == text) {
        return Ok(text.to_owned());
    }
    Err(wrong_or_broken(
        "there is no [policy] of this name",
        suggestion(text, policies.iter().map(String::as_str)),
    ))
}

fn suggestion<'k>(text: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    nearest(text, known.clone()).map_or_else(
        || format!("write one of: {}", known.collect::<Vec<_>>().join(", ")),
        |known| format!("did you mean {known}?"),
    )
}

fn unique_id(item: &Item<'_>, seen: &mut Vec<String>) -> Read<String> {
    let id = item.read(short_id)?;
    if seen.contains(&id) {
        return Err(item.wrong(wrong("is the id of another one above", "give each its own id")));
    }
    seen.push(id.clone());
    Ok(id)
}

/// The first day of a pilot; without a pilot it would promise a report that nobody gets.
fn pilot_day(item: &Item<'_>, mode: Option<&Mode>) -> Read<NaiveDate> {
    let day = item.date()?;
    match mode {
        Some(Mode::Observe | Mode::Enforce) => {
            Err(item.wrong(wrong("is for a pilot only", "add mode = \"pilot\", or remove the key")))
        }
        Some(Mode::Pilot) | None => Ok(day),
    }
}

fn source(text: &str) -> Result<SourceKind, Wrong> {
    SourceKind::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| {
        wrong(
            "is not a kind of source we know",
            "write \"court-clinic\", \"hotline-overflow\" or \"organization\"",
        )
    })
}

fn mode(text: &str) -> Result<Mode, Wrong> {
    match text {
        "observe" => Ok(Mode::Observe),
        "pilot" => Ok(Mode::Pilot),
        "enforce" => Ok(Mode::Enforce),
        _ => Err(wrong("is not a mode we know", "write \"observe\", \"pilot\" or \"enforce\"")),
    }
}
