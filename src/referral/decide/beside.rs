//! Beside: another referral of the client's address, or of their phone, speaks against reaching them there. The owner of
//! this one hears of it once, with what to do, and neither which one it is nor what it says.

use chrono::{DateTime, Utc};

use super::super::contact::Contact;
use super::super::letter::Body;
use super::super::packet::Field;
use super::super::party::Party;
use super::super::record::FactKind;
use super::super::safety::{self, Against};
use super::ask::{about_phone, ask, is_asked};
use super::hold::hold;
use super::{Course, consent};

const DOUBT: &str = "something else we hold speaks against email to the client's address; no letter leaves there until you \
                     asked the client";
const STOP: &str = "something else we hold says that nobody may write to the client's address; no letter leaves there, and \
                    nobody should call before you looked";
const PHONE: &str = "something else we hold speaks against a phone number of the client; nothing was changed, please see the \
                     question";

/// From now on the owner is asked about it here, whether a letter is due or not.
pub(super) fn doubted(course: &mut Course<'_>, against: Against) {
    if course.is_closed() {
        return;
    }
    match against {
        Against::Email => address_doubted(course, false),
        Against::Stop => address_doubted(course, true),
        Against::Phone(field) => phone_doubted(course, field),
    }
}

/// It is a question, once for each number, and no more: what came in with this referral stays as it came, a logged try
/// stays a try, and nobody hears of it from here.
fn phone_doubted(course: &mut Course<'_>, field: Field) {
    if is_asked(&course.referral, field) {
        return;
    }
    let question = about_phone(field, course.referral.sender.trusted);
    ask(course, question);
    course.fact(FactKind::PhoneDoubted, None, PHONE);
    let kind = if field == Field::ClientPhone { "phone" } else { "phone-other" };
    tell_owner(course, kind, PHONE, vec!["details", "confirmed", "do not contact", "note"]);
}

fn address_doubted(course: &mut Course<'_>, is_stop: bool) {
    let is_ruled_out = course.referral.stopped || course.referral.contact == Contact::DoNotContact;
    let was_asked = is_ruled_out || safety::is_email_in_doubt(&course.referral);
    course.referral.address_doubted_at = Some(course.now);
    if is_stop && !is_ruled_out {
        stopped(course);
        tell_owner(course, "stop", STOP, vec!["do not contact", "resume", "allow contact", "close"]);
    } else if !was_asked && safety::is_email_in_doubt(&course.referral) {
        course.fact(FactKind::EmailTold, None, DOUBT);
        tell_owner(course, "doubt", DOUBT, vec!["resume", "confirmed", "note"]);
    }
}

/// As if it had been said here: only staff takes it back, and no yes from before counts after it.
fn stopped(course: &mut Course<'_>) {
    course.referral.stopped = true;
    consent::forget_yes(course);
    course.referral.email_told = None;
    course.fact(FactKind::Stopped, None, STOP);
    hold(course, Party::Staff);
}

fn tell_owner(course: &mut Course<'_>, kind: &str, news: &str, answers: Vec<&'static str>) {
    let task = course.task(answers);
    let (reader, step) = (course.reader(), step(kind, course.now));
    let (done, asked, refused) = (vec![news.to_owned()], Vec::new(), Vec::new());
    course.write_staff(&reader, step, Body::Done { task, done, asked, refused, is_news: true });
}

/// Apart from what else is told of the referral at this moment, also from a stop beside a doubt.
fn step(kind: &str, now: DateTime<Utc>) -> String {
    format!("beside-{kind}-{}", now.timestamp_millis())
}
