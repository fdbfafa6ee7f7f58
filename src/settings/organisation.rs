//! `[organisation]`: the facts that letters and readings of mails need.

use chrono_tz::Tz;

use crate::intake::DateOrder;
use crate::referral::address::EmailAddress;
use crate::referral::packet::Field;
use crate::referral::roster::StaffId;

use super::hours::zone;
use super::mistake::{Wrong, wrong};
use super::reader::{Read, Section, nearest, one_line, plain_text};
use super::roster::{domain, known_policy, known_staff, language};

/// Who we are.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// The name in letters to partners and staff.
    pub name: String,
    /// The name beside our address in letters to partners and staff.
    pub from_name: String,
    /// The name beside our address in letters to clients: it must not say what we do.
    pub client_from_name: String,
    /// The number clients may call.
    pub phone: String,
    /// When somebody answers it.
    pub phone_hours: String,
    /// How and when we call back (requirement 87).
    pub callback_plan: String,
    /// Whom we take (requirement 49); empty when nothing is said.
    pub acceptance_rules: String,
    /// What to do while waiting (requirement 39); empty when nothing is said.
    pub interim_options: String,
    /// The letters before every reference.
    pub reference_prefix: String,
    /// The zone of all local times.
    pub zone: Tz,
    /// The language of letters when the packet names none (BCP 47).
    pub language: String,
    /// The region of phone numbers without a country code.
    pub phone_region: String,
    /// How 03/04 is read.
    pub date_order: DateOrder,
    /// The domain of the Message-IDs we make.
    pub message_id_domain: String,
    /// Fields a packet must have.
    pub required_fields: Vec<Field>,
}

/// The organisation without what other sections say.
pub(super) struct Facts {
    pub(super) organisation: Organisation,
    pub(super) workflow_owner: StaffId,
    pub(super) data_owner: StaffId,
}

/// What letters say of calling back where nothing else is said: what those in other languages say.
pub const CALLBACK_PLAN: &str = "If we do not answer, leave a safe number and we will call you back.";

/// The name of the default policy, if one is chosen; read before the policies are.
pub(super) fn chosen_policy(section: &Section<'_>, policies: &[String]) -> Read<Option<String>> {
    section.read_if("default_policy", |text| known_policy(text, policies))
}

/// The organisation's zone, which the calendar needs first.
pub(super) fn own_zone(section: &Section<'_>) -> Read<Tz> {
    section.need_read("zone", "\"America/New_York\"", zone)
}

/// Everything else of the section. `inbox` lends its domain to Message-IDs where nothing is said.
pub(super) fn organisation(
    section: &Section<'_>,
    zone: Read<Tz>,
    inbox: Read<&EmailAddress>,
    ids: &[StaffId],
) -> Read<Facts> {
    let name = section.need_read("name", "\"Legal Aid of Example County\"", one_line);
    let from_name = section.read_if("from_name", one_line);
    let client_from_name = section.read_or("client_from_name", "Front Desk".to_owned(), one_line);
    let phone = section.need_read("phone", "\"555-0100\"", one_line);
    let phone_hours = section.need_read("phone_hours", "\"Monday to Friday, 9 am to 5 pm\"", one_line);
    let callback_plan = section.read_or("callback_plan", CALLBACK_PLAN.to_owned(), plain_text);
    let acceptance_rules = section.read_or("acceptance_rules", String::new(), plain_text);
    let interim_options = section.read_or("interim_options", String::new(), plain_text);
    let reference_prefix = section.read_or("reference_prefix", "R".to_owned(), prefix);
    let spoken = section.read_or("language", "en".to_owned(), language);
    let phone_region = section.read_or("phone_region", "US".to_owned(), region);
    let date_order = section.read_or("date_order", DateOrder::default(), date_order);
    let message_id_domain = section.read_if("message_id_domain", domain);
    let required_fields = required_fields(section);
    let workflow_owner = section.need_read("workflow_owner", "\"maria\"", |text| known_staff(text, ids));
    let data_owner = section.need_read("data_owner", "\"maria\"", |text| known_staff(text, ids));
    section.finish();
    let (name, inbox) = (name?, inbox?);
    let organisation = Organisation {
        from_name: from_name?.unwrap_or_else(|| name.clone()),
        name,
        client_from_name: client_from_name?,
        phone: phone?,
        phone_hours: phone_hours?,
        callback_plan: callback_plan?,
        acceptance_rules: acceptance_rules?,
        interim_options: interim_options?,
        reference_prefix: reference_prefix?,
        zone: zone?,
        language: spoken?,
        phone_region: phone_region?,
        date_order: date_order?,
        message_id_domain: message_id_domain?.unwrap_or_else(|| inbox.domain().to_owned()),
        required_fields: required_fields?,
    };
    Ok(Facts { organisation, workflow_owner: workflow_owner?, data_owner: data_owner? })
}

fn required_fields(section: &Section<'_>) -> Read<Vec<Field>> {
    let fields = section.list("required_fields", |text| {
        let remedy = || {
            nearest(text, Field::ALL.iter().map(|field| field.key())).map_or_else(
                || "write keys such as client_name, client_phone, language".to_owned(),
                |known| format!("did you mean {known}?"),
            )
        };
        Field::from_key(text).ok_or_else(|| wrong("is not a field of the packet", remedy()))
    })?;
    if !section.has("required_fields") {
        return Ok(Field::REQUIRED.to_vec());
    }
    let mut once = Vec::new();
    for field in fields {
        if !once.contains(&field) {
            once.push(field);
        }
    }
    Ok(once)
}

/// One to four letters, none of which is read for a digit: references forgive I and L for 1, O for 0.
fn prefix(text: &str) -> Result<String, Wrong> {
    let clear = |c: char| c.is_ascii_uppercase() && !"ILOU".contains(c);
    if (1..=4).contains(&text.len()) && text.chars().all(clear) {
        Ok(text.to_owned())
    } else {
        Err(wrong("is not a prefix of a reference", "use 1 to 4 of the letters A to Z without I, L, O and U"))
    }
}

fn region(text: &str) -> Result<String, Wrong> {
    if text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) {
        Ok(text.to_owned())
    } else {
        Err(wrong("is not a region", "write the two capital letters, such as US, CA or MX"))
    }
}

fn date_order(text: &str) -> Result<DateOrder, Wrong> {
    match text {
        "month-first" => Ok(DateOrder::MonthFirst),
        "day-first" => Ok(DateOrder::DayFirst),
        _ => Err(wrong("is not an order we know", "write \"month-first\" or \"day-first\"")),
    }
}
