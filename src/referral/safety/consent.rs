//! What a packet's consent is worth: its words, its end, and who gave it. Only a clear yes of the client is a yes.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::super::address::EmailAddress;
use super::super::calendar::instant_in;
use super::super::packet::consent::{By, Heard, How, Told};
use super::super::packet::{Field, Judged, Packet, Safety};
use super::super::record::Referral;
use super::by::{self, Giver};
use super::{Consent, agency, names, same};

/// What a consent is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// A mail to the client.
    Email,
    /// Telling another organisation.
    Share,
}

/// The consent of a referral at this instant: what was told to one of us, else what the packet says. What was told
/// answers every doubt about the packet's own words, and an end that was over by then; not an end that came later, no
/// plain no to sharing, and where the other side has a hand in it, nothing is a yes.
pub(super) fn of_referral(
    referral: &Referral,
    purpose: Purpose,
    names: &[&str],
    zones: &[Tz],
    now: DateTime<Utc>,
) -> Consent {
    let packet = &referral.packet;
    let in_packet = || match purpose {
        Purpose::Share if !agrees_to_share(packet) => Consent::Unclear,
        Purpose::Share | Purpose::Email => of(packet, purpose, names, zones, now),
    };
    let covers_sharing =
        |how| how == How::Writing && is_for(packet, names) == Some(true) && !refuses_to_share(packet);
    match referral.consent_told {
        _ if is_by_other_side(packet, now) => Consent::ByOpposingParty,
        None => in_packet(),
        Some(Heard { told: Told::No, .. }) => Consent::Unclear,
        Some(Heard { at, .. }) if ended_between(packet, zones, at, now) => Consent::Expired,
        Some(Heard { told: Told::Yes { how, by }, .. }) => match purpose {
            Purpose::Email => told(packet, how, by, now),
            Purpose::Share if covers_sharing(how) => told(packet, how, by, now),
            Purpose::Share => in_packet(),
        },
    }
}

/// An end that lay ahead when a yes was told to us is the end of that yes too.
fn ended_between(packet: &Packet, zones: &[Tz], from: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let fields = [Field::Consent, Field::ConsentContact, Field::ConsentUntil];
    let ends = fields.into_iter().filter_map(|field| {
        let Judged::YesUntil { date, time } = packet.get(field)?.judged else { return None };
        Some((date, time))
    });
    ends.flat_map(|(date, time)| zones.iter().map(move |zone| end_of(*zone, date, time)))
        .any(|end| from < end && end <= now)
}

/// A plain no to sharing, or a consent that leaves it out: a yes to us does not turn it.
fn refuses_to_share(packet: &Packet) -> bool {
    let judged = |field| packet.get(field).map(|found| &found.judged);
    judged(Field::Consent) == Some(&Judged::No)
        || matches!(judged(Field::ConsentScope), Some(Judged::Scope(scope)) if !scope.share)
}

/// A clear yes under the field that is about sharing.
fn agrees_to_share(packet: &Packet) -> bool {
    packet
        .get(Field::Consent)
        .is_some_and(|found| matches!(found.judged, Judged::Yes | Judged::YesUntil { .. }))
}

/// A yes told to one of us: the client's, a guardian's, or a parent's for a child.
fn told(packet: &Packet, how: How, by: By, now: DateTime<Utc>) -> Consent {
    let is_able = match by {
        By::Client | By::Guardian => true,
        By::Parent => by::is_child(packet, now),
        By::Named | By::SomebodyElse | By::OpposingParty => false,
    };
    let was_heard = how != How::Helper;
    if is_able && was_heard { Consent::Given } else { Consent::ByAnother }
}

/// The other side gave the consent, or has a hand in it.
fn is_by_other_side(packet: &Packet, now: DateTime<Utc>) -> bool {
    is_by_opposing_party(packet) || by::of(packet, now) == Giver::OpposingParty
}

/// The consent in a packet at this instant. Each of the two fields (to share, to contact) can take the other's yes
/// away, and so can what is said beside them; the earliest end counts, in the earliest of the zones the client may be
/// in (RELIABILITY P12 to P14).
///
/// `names` are those of the organization that would use it: a consent that names others is none for it.
fn of(packet: &Packet, purpose: Purpose, names: &[&str], zones: &[Tz], now: DateTime<Utc>) -> Consent {
    if is_by_other_side(packet, now) {
        return Consent::ByOpposingParty;
    }
    let mut given = false;
    let mut ended = false;
    for field in [Field::Consent, Field::ConsentContact, Field::ConsentUntil] {
        let Some(found) = packet.get(field) else { continue };
        let is_end = field == Field::ConsentUntil;
        let has_unread_end = || is_end || speaks_of_an_end(&found.value);
        match &found.judged {
            Judged::YesUntil { date, time } => {
                ended |= zones.iter().any(|zone| end_of(*zone, *date, *time) <= now);
            }
            Judged::Yes if is_end || !has_unread_end() => {}
            Judged::Yes | Judged::Unclear(_) if has_unread_end() => return Consent::EndUnclear,
            Judged::Yes
            | Judged::No
            | Judged::Text
            | Judged::Unclear(_)
            | Judged::Channels(_)
            | Judged::Phone { .. }
            | Judged::Email { .. }
            | Judged::Date { .. }
            | Judged::Language(_)
            | Judged::Scope(_)
            | Judged::How(_)
            | Judged::By(_) => return Consent::Unclear,
        }
        given |= !is_end;
    }
    match (given, ended) {
        (false, _) => Consent::Unclear,
        (true, true) => Consent::Expired,
        (true, false) => terms(packet, purpose, names, now),
    }
}

/// What a yes that holds is worth by who gave it, how, and for what. What is not said takes nothing away.
fn terms(packet: &Packet, purpose: Purpose, names: &[&str], now: DateTime<Utc>) -> Consent {
    let giver = by::of(packet, now);
    let how = packet.get(Field::ConsentHow).map(|found| &found.judged);
    let scope = packet.get(Field::ConsentScope).map(|found| &found.judged);
    let covers = match scope {
        None => Some(true),
        Some(Judged::Scope(scope)) => Some(match purpose {
            Purpose::Email => scope.contact.email == Safety::Safe,
            Purpose::Share => scope.share,
        }),
        Some(_) => None,
    };
    let covers = match (covers, is_for(packet, names)) {
        (Some(one), Some(other)) => Some(one && other),
        (None, _) | (_, None) => None,
    };
    let passed_on = matches!(how, Some(Judged::How(How::Helper)));
    match (giver, how, covers) {
        (Giver::OpposingParty, ..) => Consent::ByOpposingParty,
        (Giver::Another, ..) => Consent::ByAnother,
        (Giver::NotSaid, ..) if passed_on => Consent::ByAnother,
        (_, Some(judged), _) if !matches!(judged, Judged::How(_)) => Consent::TermsUnclear,
        (_, _, None) => Consent::TermsUnclear,
        _ if !was_given(packet, now) => Consent::TermsUnclear,
        (_, _, Some(false)) => Consent::NotCovered,
        (Giver::Able | Giver::NotSaid, _, Some(true)) => Consent::Given,
    }
}

/// Whether it is for this organization, going by those it names; `None` if nobody can tell.
fn is_for(packet: &Packet, names: &[&str]) -> Option<bool> {
    let Some(found) = packet.get(Field::ConsentWith) else { return Some(true) };
    match &found.judged {
        Judged::Yes => Some(true),
        Judged::No => Some(false),
        Judged::Text => Some(agency::is_named(&found.value, names)),
        Judged::Unclear(_)
        | Judged::YesUntil { .. }
        | Judged::Channels(_)
        | Judged::Phone { .. }
        | Judged::Email { .. }
        | Judged::Date { .. }
        | Judged::Language(_)
        | Judged::Scope(_)
        | Judged::How(_)
        | Judged::By(_) => None,
    }
}

/// Whether the day it was given, if one is told, could be read and has come somewhere on earth.
fn was_given(packet: &Packet, now: DateTime<Utc>) -> bool {
    packet.get(Field::ConsentGiven).is_none_or(|found| {
        let today = now.date_naive();
        matches!(found.judged, Judged::Date { date, .. } if date <= today.succ_opt().unwrap_or(today))
    })
}

/// The instant a consent ends: its time of day, or the midnight that ends its day.
fn end_of(zone: Tz, date: NaiveDate, time: Option<NaiveTime>) -> DateTime<Utc> {
    let next_day = || date.checked_add_days(Days::new(1)).unwrap_or(date);
    time.map_or_else(|| instant_in(zone, next_day(), NaiveTime::MIN), |time| instant_in(zone, date, time))
}

/// A yes with one of these words in it should have been read with its end; as a plain yes it is none.
fn speaks_of_an_end(said: &str) -> bool {
    const END: [&str; 14] = [
        "until",
        "till",
        "til",
        "thru",
        "expire",
        "expires",
        "expiring",
        "expiration",
        "expiry",
        "hasta",
        "vence",
        "caduca",
        "expira",
        "vencimiento",
    ];
    let mut words = said.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    words.any(|word| END.contains(&word.as_str()))
}

/// The opposing party is named where consent was given, or is who wrote the referral.
fn is_by_opposing_party(packet: &Packet) -> bool {
    let text = |field: Field| packet.text(field).unwrap_or_default();
    let side = text(Field::OpposingParty).split_whitespace();
    let opposing: Vec<String> = side.filter(|word| !word.contains('@')).flat_map(names).collect();
    let said = [Field::Consent, Field::ConsentContact].map(|field| names(text(field)));
    let referrer = names(text(Field::ReferrerName));
    let relationship = text(Field::Relationship).to_lowercase();
    let is_side = ["opposing", "adverse", "parte contraria"].iter().any(|word| relationship.contains(word));
    let wrote_it = !opposing.is_empty() && opposing.iter().all(|word| referrer.contains(word));
    let address = EmailAddress::parse(text(Field::ReferrerEmail)).ok();
    let has_address = address.is_some_and(|address| {
        let words = text(Field::OpposingParty).split(|c: char| c.is_whitespace() || "<>(),;".contains(c));
        words.into_iter().any(|word| same(&address, word))
    });
    said.iter().flatten().any(|name| opposing.contains(name)) || is_side || wrote_it || has_address
}

#[cfg(test)]
mod tests {
    use super::super::tests::packet;
    use super::*;

    const EAST: [Tz; 1] = [chrono_tz::America::New_York];

    fn until(date: &str, time: Option<&str>) -> Judged {
        let time = time.map(|time| NaiveTime::parse_from_str(time, "%H:%M").unwrap());
        Judged::YesUntil { date: date.parse().unwrap(), time }
    }

    #[test]
    fn consent_is_a_clear_yes_of_the_client_that_has_not_run_out() {
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        let unclear = || Judged::Unclear(String::new());
        for (value, judged, opposing, expected) in [
            ("Yes", Judged::Yes, "John Doe", Consent::Given),
            ("No", Judged::No, "John Doe", Consent::Unclear),
            ("Yes, given by John Doe", unclear(), "John Doe", Consent::ByOpposingParty),
            ("yes (doe)", Judged::Yes, "John DOE", Consent::ByOpposingParty),
            ("Yes until 2026-11-19", until("2026-11-19", None), "", Consent::Expired),
            ("Yes until 2026-11-20", until("2026-11-20", None), "", Consent::Given),
            ("Yes until 2027-01-01", until("2027-01-01", None), "", Consent::Given),
            ("yes, expires 11/01/2026", Judged::Yes, "", Consent::EndUnclear),
            ("yes until the hearing", unclear(), "", Consent::EndUnclear),
            ("sí, hasta nuevo aviso", unclear(), "", Consent::EndUnclear),
            ("yes, my friends may know", Judged::Yes, "", Consent::Given),
            ("verbal, call only", unclear(), "", Consent::Unclear),
        ] {
            let packet =
                packet(&[(Field::Consent, value, judged), (Field::OpposingParty, opposing, Judged::Text)]);
            assert_eq!(of(&packet, Purpose::Email, &[], &EAST, now), expected, "{value}");
        }
        assert_eq!(of(&Packet::default(), Purpose::Email, &[], &EAST, now), Consent::Unclear);
    }

    #[test]
    fn p12_a_consent_ends_to_the_minute_in_local_time_also_on_the_day_the_clock_changes() {
        for (date, time, ends) in [
            ("2026-11-20", None, "2026-11-21T05:00:00Z"),
            ("2026-11-20", Some("17:00"), "2026-11-20T22:00:00Z"),
            ("2026-03-07", None, "2026-03-08T05:00:00Z"),
            ("2026-03-08", None, "2026-03-09T04:00:00Z"),
            ("2026-03-08", Some("02:30"), "2026-03-08T07:00:00Z"),
            ("2026-11-01", Some("01:30"), "2026-11-01T05:30:00Z"),
            ("9999-12-31", None, "9999-12-31T05:00:00Z"),
        ] {
            let ends: DateTime<Utc> = ends.parse().unwrap();
            let packet = packet(&[(Field::Consent, "yes", until(date, time))]);
            let minute = chrono::TimeDelta::minutes(1);
            assert_eq!(
                of(&packet, Purpose::Email, &[], &EAST, ends - minute),
                Consent::Given,
                "{date} {time:?}"
            );
            if !date.starts_with("9999") {
                assert_eq!(
                    of(&packet, Purpose::Email, &[], &EAST, ends),
                    Consent::Expired,
                    "{date} {time:?}"
                );
            }
        }
    }

    #[test]
    fn the_earlier_end_of_two_consents_counts_and_a_doubt_in_one_takes_the_others_yes_away() {
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        let (past, future) = (|| until("2026-11-01", None), || until("2027-01-01", None));
        for (share, contact, expected) in [
            (Judged::Yes, future(), Consent::Given),
            (Judged::Yes, past(), Consent::Expired),
            (past(), future(), Consent::Expired),
            (future(), future(), Consent::Given),
            (future(), Judged::No, Consent::Unclear),
            (Judged::Unclear(String::new()), Judged::Yes, Consent::Unclear),
        ] {
            let packet = packet(&[(Field::Consent, "said", share), (Field::ConsentContact, "said", contact)]);
            assert_eq!(of(&packet, Purpose::Email, &[], &EAST, now), expected);
        }
    }

    #[test]
    fn p14_a_yes_in_a_referral_the_opposing_party_wrote_is_not_the_clients() {
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        for (field, value, expected) in [
            (Field::ReferrerName, "John A. Doe", Consent::ByOpposingParty),
            (Field::ReferrerName, "John Bell", Consent::Given),
            (Field::ReferrerEmail, "JDoe+1@example.org", Consent::ByOpposingParty),
            (Field::ReferrerEmail, "jo@example.org", Consent::Given),
            (Field::Relationship, "opposing party", Consent::ByOpposingParty),
            (Field::Relationship, "case manager", Consent::Given),
        ] {
            let packet = packet(&[
                (Field::Consent, "yes", Judged::Yes),
                (Field::OpposingParty, "John Doe <jdoe@example.org>", Judged::Text),
                (field, value, Judged::Text),
            ]);
            assert_eq!(of(&packet, Purpose::Email, &[], &EAST, now), expected, "{value}");
        }
    }

    /// Each thing a packet may say beside a yes, and whether the yes still counts for a mail and for sharing.
    #[test]
    fn of_all_terms_a_yes_counts_only_with_those_that_leave_nothing_open() {
        use super::super::super::packet::consent::{By, How, Scope};
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        let unclear = || Judged::Unclear(String::new());
        let email_only = Scope { share: false, ..Scope::ALL };
        let share_only = Scope { share: true, ..Scope::default() };
        let scopes = [
            (None, (true, true)),
            (Some(Judged::Scope(Scope::ALL)), (true, true)),
            (Some(Judged::Scope(email_only)), (true, false)),
            (Some(Judged::Scope(share_only)), (false, true)),
            (Some(Judged::Scope(Scope::default())), (false, false)),
            (Some(unclear()), (false, false)),
            (Some(Judged::Text), (false, false)),
        ];
        let hows = [
            (None, true),
            (Some(Judged::How(How::Writing)), true),
            (Some(Judged::How(How::Spoken)), true),
            (Some(Judged::How(How::Phone)), true),
            (Some(Judged::How(How::Helper)), false),
            (Some(unclear()), false),
            (Some(Judged::Text), false),
        ];
        let givers = [
            (None, "", false),
            (Some(Judged::By(By::Client)), "client", true),
            (Some(Judged::By(By::Named)), "Ann Smith", true),
            (Some(Judged::By(By::Guardian)), "guardian", true),
            (Some(Judged::By(By::Parent)), "mother", false),
            (Some(Judged::By(By::Named)), "Mr Smith", false),
            (Some(Judged::By(By::Named)), "Bo Jones", false),
            (Some(Judged::By(By::SomebodyElse)), "friend", false),
            (Some(Judged::By(By::OpposingParty)), "opposing party", false),
            (Some(unclear()), "?", false),
        ];
        let ends = [
            (None, true),
            (Some(until("2027-01-01", None)), true),
            (Some(Judged::Yes), true),
            (Some(until("2026-11-19", None)), false),
            (Some(unclear()), false),
        ];
        let mut given = 0;
        for (scope, (for_email, for_share)) in &scopes {
            for (how, is_known) in &hows {
                for (by, name, is_able) in &givers {
                    for (end, holds) in &ends {
                        let mut said = vec![
                            (Field::ClientName, "Ann Smith", Judged::Text),
                            (Field::Consent, "yes", Judged::Yes),
                        ];
                        let fields =
                            [Field::ConsentScope, Field::ConsentHow, Field::ConsentBy, Field::ConsentUntil];
                        for (field, judged) in fields.into_iter().zip([scope, how, by, end]) {
                            let value = if field == Field::ConsentBy { name } else { "said" };
                            said.extend(judged.clone().map(|judged| (field, value, judged)));
                        }
                        let packet = packet(&said);
                        let passed_on = *how == Some(Judged::How(How::Helper)) && *is_able;
                        let good = *holds && (*is_able || by.is_none()) && (*is_known || passed_on);
                        for (purpose, covers) in [(Purpose::Email, for_email), (Purpose::Share, for_share)] {
                            let counts = of(&packet, purpose, &[], &EAST, now) == Consent::Given;
                            assert_eq!(counts, good && *covers, "{scope:?} {how:?} {by:?} {name} {end:?}");
                            given += usize::from(counts);
                        }
                    }
                }
            }
        }
        // Without a giver three ways and none are good, with one of three also the helper's; three ends; three scopes
        // each.
        assert_eq!(given, (4 + 3 * 5) * 3 * (3 + 3));
    }
}
