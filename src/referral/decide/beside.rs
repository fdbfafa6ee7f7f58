//! Beside: another referral of the client's address, or of their phone, speaks against reaching them there. The owner of
//! this one hears of it once, with what to do, and neither which one it is nor what it says.

use chrono::{DateTime, Utc};

use super::super::event::Party;
use super::super::letter::Body;
use super::super::packet::{Confidence, Field, Found, Judged, Packet};
use super::super::record::{Contact, FactKind};
use super::super::safety::{self, Against, Ways};
use super::{Course, consent, message};

const DOUBT: &str = "something else we hold speaks against email to the client's address; no letter leaves there until you \
                     asked the client";
const STOP: &str = "something else we hold says that nobody may write to the client's address; no letter leaves there, and \
                    nobody should call before you looked";
/// What whoever would call is told.
pub const PHONE: &str = "something else we hold speaks against reaching the client by the phone number we have; nobody should call \
                     it, write to it or leave a message before you know that it is safe";

/// From now on the owner is asked about it here, whether a letter is due or not.
pub(super) fn doubted(course: &mut Course<'_>, against: Against) {
    if course.is_closed() {
        return;
    }
    match against {
        Against::Email => address_doubted(course, false),
        Against::Stop => address_doubted(course, true),
        Against::Phone(ways) => phone_doubted(course, ways),
    }
}

/// No way by phone is called safe any more that another referral of the number speaks against.
fn phone_doubted(course: &mut Course<'_>, ways: Ways) {
    let said =
        [(ways.call, Field::SafeCall), (ways.text, Field::SafeText), (ways.voicemail, Field::SafeVoicemail)];
    let mut doubt = Packet::default();
    for (_, field) in said.into_iter().filter(|(is_said, _)| *is_said) {
        let judged = Judged::Unclear("something else we hold speaks against it".to_owned());
        let (value, place) = (String::new(), "what else we hold".to_owned());
        doubt.put(field, Found { value, judged, confidence: Confidence::Medium, place });
    }
    if message::warned(course, &doubt) {
        tell_owner(course, "phone", PHONE, vec!["confirmed", "do not contact", "note"]);
    }
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
    message::hold(course, Party::Staff);
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
