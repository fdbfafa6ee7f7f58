//! The SMTP outlet: against smtp-sink where behaviour is real, against a script where a relay fails.

mod lease;

use std::time::Duration;

use handoffd::delivery::smtp::{Patience, Smtp, SmtpSettings};
use handoffd::delivery::{DeliveryError, Outlet, Parcel, Readiness, Session, Verdict};
use handoffd::referral::address::EmailAddress;
use handoffd::wire::Security;
use handoffd::wire::secret::Secret;
use tokio::time::timeout;

use crate::rig::ca::Authority;
use crate::rig::relay::{Act, Cover, Phase, Relay, Turn, plain_settings};
use crate::rig::smtp_sink::SmtpSink;
use crate::rig::{SOON, until};

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn parcel(id: i64, to: &str, message: &str) -> Parcel {
    let from = Some(address("handoff+bounce@example.org"));
    Parcel { id, from, to: address(to), message: message.as_bytes().to_vec() }
}

fn plain(id: i64) -> Parcel {
    parcel(id, "desk@partner.example.org", "Subject: x\r\n\r\nhello\r\n")
}

async fn open(settings: SmtpSettings) -> Result<Session, DeliveryError> {
    Outlet::Smtp(Smtp::new(settings)).open().await
}

type Start = fn(Box<dyn Fn(&Turn) -> Act + Send + Sync>) -> Relay;

/// Every case against a relay that takes several commands at once, and against one that does not.
fn each<T: Clone>(cases: impl IntoIterator<Item = T>) -> impl Iterator<Item = (T, Start)> {
    let kinds: [Start; 2] = [|script| Relay::start(script), |script| Relay::step_by_step(script)];
    cases.into_iter().flat_map(move |case| kinds.map(|kind| (case.clone(), kind)))
}

/// Prepares and finishes; a settled parcel has its verdict already.
async fn send(session: &mut Session, parcel: &Parcel) -> Result<Verdict, DeliveryError> {
    match session.prepare(parcel).await? {
        Readiness::Ready => Ok(session.finish(parcel).await),
        Readiness::Settled(verdict) => Ok(verdict),
    }
}

fn word(told: &Result<Verdict, DeliveryError>) -> &'static str {
    match told {
        Ok(Verdict::Accepted { .. }) => "accepted",
        Ok(Verdict::TryLater { .. }) => "later",
        Ok(Verdict::Refused { .. }) => "refused",
        Ok(Verdict::InDoubt { .. }) => "doubt",
        Err(_) => "relay",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_relay_takes_many_mails_on_one_connection() {
    let sink = SmtpSink::start(&[]);
    let mut session = open(plain_settings(sink.port)).await.unwrap();
    for id in 0..200 {
        assert_eq!(word(&send(&mut session, &plain(id)).await), "accepted");
        assert!(session.is_usable());
    }
    session.close().await;
    until("the sink has written all", SOON, || sink.recipients().len() == 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s24_every_byte_arrives_and_the_envelope_has_one_recipient() {
    let message = "Subject: dots\r\n\r\n.\r\n..\r\n.a\r\nFrom here \r\ntrailing \r\n\r\n.\r\n";
    let relay = Relay::start(|_| Act::Go);
    let mut session = open(relay.settings()).await.unwrap();
    let null_path = Parcel { from: None, ..parcel(1, "ann@example.org", message) };
    for sent in [&parcel(1, "ann@example.org", message), &null_path] {
        assert_eq!(word(&send(&mut session, sent).await), "accepted");
    }
    let taken = relay.taken();
    assert!(taken.is_sorted_by_key(|mail| mail.at));
    assert_eq!(
        taken.iter().map(|mail| mail.from.as_str()).collect::<Vec<_>>(),
        ["handoff+bounce@example.org", ""]
    );
    for mail in taken {
        assert_eq!((mail.to.as_str(), mail.message.as_slice()), ("ann@example.org", message.as_bytes()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s25_a_line_end_that_is_not_crlf_is_never_sent() {
    let relay = Relay::start(|_| Act::Go);
    let mut session = open(relay.settings()).await.unwrap();
    for smuggled in ["a\n.\nb", "a\n.\r\nb", "a\r.\rb", "a\r"] {
        let told = send(&mut session, &parcel(1, "ann@example.org", smuggled)).await;
        assert_eq!(word(&told), "refused", "{smuggled:?}");
    }
    assert_eq!(word(&send(&mut session, &plain(2)).await), "accepted");
    assert_eq!(relay.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_lost_250_is_in_doubt_and_never_accepted() {
    let relay = Relay::start(|turn| if turn.phase == Phase::Dot { Act::TakeAndDrop } else { Act::Go });
    let sink = SmtpSink::start(&["-q", "."]);
    for settings in [relay.settings(), plain_settings(sink.port)] {
        let mut session = open(settings).await.unwrap();
        assert_eq!(word(&send(&mut session, &plain(1)).await), "doubt");
        assert!(!session.is_usable());
    }
    assert_eq!(relay.taken().len(), 1);
    until("the sink took it all the same", SOON, || sink.recipients().len() == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_a_drop_before_the_dot_is_surely_not_sent() {
    for (at, start) in each([Phase::Connect, Phase::Ehlo, Phase::Mail, Phase::Rcpt, Phase::Data]) {
        let relay =
            start(Box::new(
                move |turn| {
                    if turn.phase == at && turn.connection == 0 { Act::Drop } else { Act::Go }
                },
            ));
        let failed = match open(relay.settings()).await {
            Ok(mut session) => {
                let told = send(&mut session, &plain(1)).await;
                assert!(!session.is_usable(), "{at:?}");
                told
            }
            Err(error) => Err(error),
        };
        assert_eq!(word(&failed), "relay", "{at:?}");
        let mut session = open(relay.settings()).await.unwrap();
        assert_eq!(word(&send(&mut session, &plain(1)).await), "accepted", "{at:?}");
        assert_eq!(relay.taken().len(), 1, "{at:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_s5_each_answer_at_each_stage_has_its_verdict_and_keeps_the_connection_if_it_may() {
    for ((at, answer, verdict, goes_on), start) in each([
        (Phase::Mail, "451 4.3.0 try later", "relay", false),
        (Phase::Mail, "550 5.7.1 sender not allowed", "relay", false),
        (Phase::Rcpt, "450 4.2.0 greylisted", "later", true),
        (Phase::Rcpt, "550-5.1.1 no such\r\n550 5.1.1 user", "refused", true),
        (Phase::Rcpt, "554 5.7.1 <ann@example.org>: Relay access denied", "relay", false),
        (Phase::Data, "451 4.3.0 later", "later", true),
        (Phase::Data, "554 5.7.1 policy", "refused", true),
        (Phase::Data, "250 what?", "relay", false),
        (Phase::Dot, "452 4.3.1 disk full", "later", true),
        (Phase::Dot, "421 4.3.2 shutting down", "later", false),
        (Phase::Dot, "554 5.7.1 looks like spam", "refused", true),
        (Phase::Dot, "554 5.3.0 system is broken", "later", true),
        (Phase::Dot, "354 again?", "doubt", false),
    ]) {
        let relay = start(Box::new(move |turn| {
            let here = turn.phase == at && (at == Phase::Mail || turn.to.starts_with("first"));
            if here { Act::Say(answer.to_owned()) } else { Act::Go }
        }));
        let mut session = open(relay.settings()).await.unwrap();
        let told = send(&mut session, &parcel(1, "first@example.org", "Subject: x\r\n\r\n")).await;
        assert_eq!(word(&told), verdict, "{at:?} {answer}");
        assert!(!format!("{told:?}").contains("ann@"), "{told:?}");
        assert_eq!(session.is_usable(), goes_on, "{at:?} {answer}");
        if goes_on {
            assert_eq!(
                word(&send(&mut session, &parcel(2, "second@example.org", "x\r\n")).await),
                "accepted"
            );
            assert_eq!(relay.listener.connections(), 1);
        }
        assert_eq!(relay.taken().len(), usize::from(goes_on), "{at:?} {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_421_after_the_dot_is_safe_to_repeat() {
    let relay = Relay::start(|turn| match (turn.phase, turn.connection) {
        (Phase::Dot, 0) => Act::SayAndDrop("421 4.3.2 shutting down".to_owned()),
        _ => Act::Go,
    });
    let mut session = open(relay.settings()).await.unwrap();
    assert_eq!(word(&send(&mut session, &plain(1)).await), "later");
    let mut session = open(relay.settings()).await.unwrap();
    assert_eq!(word(&send(&mut session, &plain(1)).await), "accepted");
    assert_eq!(relay.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_one_silent_connection_does_not_hold_up_another() {
    let relay = Relay::start(|turn| match turn.to.as_str() {
        "slow@example.org" if turn.phase == Phase::Dot => Act::Hang,
        _ => Act::Go,
    });
    let settings = relay.settings();
    let patience = Patience { dot: Duration::from_secs(2), ..settings.patience };
    let outlet = Outlet::Smtp(Smtp::new(SmtpSettings { patience, connections: 2, ..settings }));
    assert_eq!(outlet.connections(), 2);
    let held = tokio::spawn({
        let outlet = outlet.clone();
        async move { send(&mut outlet.open().await.unwrap(), &parcel(1, "slow@example.org", "x\r\n")).await }
    });
    let mut session = outlet.open().await.unwrap();
    assert_eq!(word(&send(&mut session, &plain(2)).await), "accepted");
    assert_eq!(word(&held.await.unwrap()), "doubt");
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_s8_silence_ends_at_the_deadline_of_its_phase() {
    let short = Duration::from_millis(300);
    for ((at, verdict), start) in each([
        (Phase::Connect, "relay"),
        (Phase::Ehlo, "relay"),
        (Phase::Mail, "relay"),
        (Phase::Rcpt, "relay"),
        (Phase::Data, "relay"),
        (Phase::Dot, "doubt"),
    ]) {
        let relay = start(Box::new(move |turn| if turn.phase == at { Act::Hang } else { Act::Go }));
        let patience = Patience { connect: short, command: short, dot: short };
        let told = timeout(SOON, async {
            match open(SmtpSettings { patience, ..relay.settings() }).await {
                Ok(mut session) => {
                    let told = send(&mut session, &plain(1)).await;
                    assert!(!session.is_usable(), "{at:?}");
                    told
                }
                Err(error) => Err(error),
            }
        });
        assert_eq!(word(&told.await.expect("it ends by itself")), verdict, "{at:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_endless_and_garbled_answers_are_cut() {
    for garbage in [
        "250-more\r\n".repeat(100_000),
        "2".repeat(1_000_000),
        "250 \0\u{1}\u{fffd}binary".to_owned(),
        "250-one\r\n550 two".to_owned(),
        "hello".to_owned(),
    ] {
        for at in [Phase::Rcpt, Phase::Dot] {
            let text = garbage.clone();
            let relay =
                Relay::start(move |turn| if turn.phase == at { Act::Say(text.clone()) } else { Act::Go });
            let mut session = open(relay.settings()).await.unwrap();
            let told = timeout(SOON, send(&mut session, &plain(1))).await.expect("it is cut");
            let fine = garbage.contains("binary");
            let expected = if fine {
                "accepted"
            } else if at == Phase::Dot {
                "doubt"
            } else {
                "relay"
            };
            assert_eq!(word(&told), expected, "{at:?} {:?}", garbage.get(..20));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_a_refused_recipient_does_not_touch_the_next() {
    let relay = Relay::start(|turn| match turn.to.as_str() {
        "gone@example.org" if turn.phase == Phase::Rcpt => {
            Act::Say("550 5.1.1 <gone@example.org> unknown".into())
        }
        _ => Act::Go,
    });
    let mut session = open(relay.settings()).await.unwrap();
    let told = send(&mut session, &parcel(1, "gone@example.org", "x\r\n")).await.unwrap();
    let reason = "550 5.1.1 *** unknown".to_owned();
    assert_eq!(told, Verdict::Refused { code: "5.1.1".to_owned(), reason });
    assert_eq!(word(&send(&mut session, &parcel(2, "here@example.org", "x\r\n")).await), "accepted");
    assert_eq!(relay.taken().iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["here@example.org"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_wants_a_message_for_nobody_gets_none() {
    let relay = Relay::start(|turn| match (turn.phase, turn.to.as_str()) {
        // What it says to RCPT and then to DATA, in one breath: some relays look at recipients only after the message.
        (Phase::Rcpt, "gone@example.org") => Act::Say("550 5.1.1 unknown\r\n354 go".into()),
        _ => Act::Go,
    });
    let mut session = open(relay.settings()).await.unwrap();
    assert_eq!(word(&send(&mut session, &parcel(1, "gone@example.org", "x\r\n")).await), "refused");
    assert!(!session.is_usable());
    assert!(relay.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn finishing_what_was_not_prepared_sends_nothing() {
    let relay = Relay::start(|_| Act::Go);
    let mut session = open(relay.settings()).await.unwrap();
    assert_eq!(session.prepare(&plain(1)).await.unwrap(), Readiness::Ready);
    assert!(!session.is_usable());
    assert!(matches!(session.finish(&plain(2)).await, Verdict::TryLater { .. }));
    assert!(session.prepare(&plain(3)).await.is_err());
    drop(session);
    // Dropped between 354 and the dot: a crash before "in doubt" is committed sends nothing either.
    let mut session = open(relay.settings()).await.unwrap();
    session.prepare(&plain(1)).await.unwrap();
    drop(session);
    let mut session = open(relay.settings()).await.unwrap();
    assert_eq!(word(&send(&mut session, &plain(4)).await), "accepted");
    assert_eq!(relay.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_and_starttls_carry_login_and_mail() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new(folder.path());
    let config = authority.server_config();
    for (cover, security) in [
        (Cover::Implicit(config.clone()), Security::Tls),
        (Cover::Upgrade(config.clone()), Security::StartTls),
    ] {
        let relay = Relay::covered(cover, |_| Act::Go);
        let login =
            (security == Security::Tls).then(|| ("desk".to_owned(), Secret::new("secret".to_owned())));
        let ca = Some(authority.ca.clone());
        let settings = SmtpSettings { security, login, extra_ca: ca, ..relay.settings() };
        let mut session = open(settings).await.unwrap();
        assert_eq!(word(&send(&mut session, &plain(1)).await), "accepted");
        assert_eq!(relay.taken().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s18_without_proof_of_its_name_a_relay_gets_neither_password_nor_mail() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    std::fs::create_dir(&ours).unwrap();
    std::fs::create_dir(&theirs).unwrap();
    let good = Authority::new(&ours);
    let misnamed = Authority::for_names(&theirs, &["mail.example.org"]);
    let login = Some(("desk".to_owned(), Secret::new("secret".to_owned())));
    for (cover, security, ca, says) in [
        (Cover::Implicit(good.server_config()), Security::Tls, None, "its issuer is unknown"),
        (Cover::Implicit(misnamed.server_config()), Security::Tls, Some(misnamed.ca.clone()), "another name"),
        (
            Cover::Upgrade(misnamed.server_config()),
            Security::StartTls,
            Some(misnamed.ca.clone()),
            "another name",
        ),
        (Cover::None, Security::StartTls, Some(good.ca.clone()), "does not offer STARTTLS"),
    ] {
        let relay = Relay::covered(cover, |_| Act::Go);
        let settings = SmtpSettings { security, extra_ca: ca, login: login.clone(), ..relay.settings() };
        let error = open(settings).await.err().expect(says);
        assert!(error.is_permanent() && error.to_string().contains(says), "{error}");
        assert!(relay.heard().iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")));
    }
    let refused = Relay::covered(Cover::Upgrade(good.server_config()), |turn| {
        if turn.phase == Phase::StartTls {
            Act::SayAndDrop("454 4.7.0 no TLS today".to_owned())
        } else {
            Act::Go
        }
    });
    let settings = SmtpSettings { security: Security::StartTls, login, ..refused.settings() };
    assert!(matches!(open(settings).await, Err(DeliveryError::Busy { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_the_relays_trouble_and_shows_no_password() {
    for (answer, permanent) in [("535 5.7.8 bad password canary-7", true), ("454 4.7.0 later", false)] {
        let relay =
            Relay::start(
                move |turn| {
                    if turn.phase == Phase::Auth { Act::Say(answer.to_owned()) } else { Act::Go }
                },
            );
        let login = Some(("desk".to_owned(), Secret::new("hunter2".to_owned())));
        let error = open(SmtpSettings { login, ..relay.settings() }).await.err().unwrap();
        assert_eq!(error.is_permanent(), permanent, "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_away_is_said_so() {
    let relay = Relay::start(|_| Act::Go);
    let gone = SmtpSettings { port: crate::rig::free_port(), ..relay.settings() };
    let away = SmtpSettings { host: "192.0.2.1".to_owned(), ..relay.settings() };
    assert!(matches!(open(gone).await, Err(DeliveryError::Unreachable(_))));
    let error = open(away).await.err().unwrap();
    assert!(error.is_permanent() && error.to_string().contains("loopback"), "{error}");
}
