//! Letter × field over the ways that go wrong (RELIABILITY §4, P1 to P16): refusals that quote the person, a letter
//! that comes back with everything in it, an answer full of private words, a store from a backup. Whatever leaves, and
//! whatever stays in the clear, names nobody.

use std::fs;

use super::all_settled;
use crate::rig::desk::{self, Desk, PARTNER, header};
use crate::rig::relay::{Act, Phase, Relay, Taken};
use crate::rig::{SOON, free_port, until};

/// Stands in every value of the packet and in everything anybody writes; nowhere else.
const CANARY: &str = "quokka";

fn packet() -> String {
    format!(
        "Client name: {CANARY} Smith\r\nDate of birth: 1980-02-03\r\nPhone: 518-555-0142\r\nEmail: {CANARY}@client.example\r\n\
         Address: {CANARY} Street 5, Troy, NY 12180\r\nSafe to call: yes\r\nSafe to email: yes\r\n\
         Safe times: any time\r\nLanguage: English\r\nMatter type: {CANARY} housing\r\n\
         Reason for referral: {CANARY} reason\r\nOpposing party: Bob {CANARY}son\r\nSafety notes: none\r\n\
         Household income: {CANARY} 1,200\r\nDocuments: {CANARY} lease\r\nCounty: {CANARY}\r\nCourt date: {CANARY} 12/31/2026\r\n\
         Your reference: {CANARY} 7\r\nConsent to share: yes\r\n"
    )
}

fn mail(from: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: referrals@desk.example.org\r\nSubject: {subject}\r\nMessage-ID: <{}@rig.example>\r\n\
         Date: Tue, 17 Nov 2026 09:00:00 -0500\r\nMIME-Version: 1.0\r\n{more}\r\n{body}",
        body.len() + subject.len()
    )
    .into_bytes()
}

/// A delivery report about one of our letters, with the whole of it and more inside.
fn report_of(letter: &[u8]) -> Vec<u8> {
    let head = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\nAuto-Submitted: auto-replied\r\n";
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\n{CANARY}@client.example could not be reached: no user {CANARY}\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n\
         Final-Recipient: rfc822; {CANARY}@client.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 no user {CANARY}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--b--\r\n",
        String::from_utf8_lossy(letter)
    );
    mail("mailer-daemon@client.example", "Undelivered", head, &body)
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|window| window.eq_ignore_ascii_case(CANARY.as_bytes()))
}

/// A letter as it is read, however it is coded, without the field that must name whom it goes to.
fn without_recipient(letter: &[u8]) -> Vec<u8> {
    let mail = mailparse::parse_mail(letter).unwrap();
    let fields = mail.headers.iter().filter(|field| !field.get_key_ref().eq_ignore_ascii_case("to"));
    let fields = fields.map(|field| (field.get_key() + ": " + &field.get_value() + "\n").into_bytes());
    fields.chain(mail.parts().map(|part| part.get_body_raw().unwrap())).flatten().collect()
}

#[test]
fn p1_to_p16_no_letter_holds_a_field_whatever_goes_wrong_on_the_way() {
    let refuses = |to: &str| to.starts_with("maria@");
    let relay = Relay::start(move |turn| match turn.phase {
        Phase::Rcpt if refuses(&turn.to) => {
            Act::Say(format!("550 5.1.1 {CANARY} Smith <{CANARY}@client.example> is unknown here"))
        }
        Phase::Rcpt if turn.to.starts_with("sam@") && turn.connection < 2 => {
            Act::Say(format!("451 4.3.0 {CANARY}@client.example is greylisted"))
        }
        _ => Act::Go,
    });
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(free_port()), desk::SQLITE);
    desk.environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    let partner = format!("worker1@{PARTNER}");
    desk.drop_in("1", &mail(&partner, &format!("Referral of {CANARY}"), "", &packet()));
    desk.start();
    until("the referral is opened", SOON, || desk.run(&["list", "--json"]).out.contains("reference"));
    desk.terminate();
    let backup = fs::read(desk.path("handoffd.db")).unwrap();
    desk.configure(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.start();
    let client = format!("{CANARY}@client.example");
    let to_client = || relay.taken().into_iter().find(|letter| letter.to == client);
    until("the client is written to", SOON, || to_client().is_some());
    desk.drop_in("2", &report_of(&to_client().unwrap().message));
    desk.drop_in(
        "3",
        &mail(&client, &format!("I am {CANARY}"), "", &format!("Call {CANARY} at 518-555-0142")),
    );
    desk.drop_in("4", &mail(&partner, "status", "", "status\r\n"));
    desk.drop_in(
        "5",
        &mail("other@else.example", &format!("About {CANARY}"), "", &packet().replace("518", "617")),
    );
    desk.drop_in("6", &mail(&format!("\"{CANARY}\u{0}\" <broken"), CANARY, "", CANARY));
    all_settled(&desk, 6);
    let listed = desk.json(&["list", "--all"]);
    let ours = listed.as_array().unwrap().iter().find(|one| one["partner"] == "harbor-house").unwrap();
    let reference = ours["reference"].as_str().unwrap().to_owned();
    for act in [
        "attempt call no answer",
        "redirect to Elsewhere: full",
        "reopen she called",
        "bounce bad contact info",
    ] {
        desk.run(&["act", &reference, act]);
    }
    all_settled(&desk, 6);
    desk.terminate();
    fs::write(desk.path("handoffd.db"), backup).unwrap();
    desk.start();
    until("it is said that the store was put back", SOON, || desk.said("was put back from a backup") > 0);
    all_settled(&desk, 6);
    desk.terminate();

    let letters = relay.taken();
    assert!(letters.len() >= 6, "receipts, the client's, answers: {}", letters.len());
    for letter in &letters {
        judge(letter, &client);
    }
    assert!(!holds(desk.log().as_bytes()), "the log, at trace");
    for name in
        ["handoffd.db", "handoffd.db-wal", "handoffd.db.claims", "handoffd.db.stops", "handoffd.db.lock"]
    {
        assert!(!holds(&fs::read(desk.path(name)).unwrap_or_default()), "{name}");
    }
    let digest = desk.run(&["report", "daily", "--json"]);
    let said = desk.run(&["health", "--json"]).out + &desk.run(&["verify"]).out + &digest.out + &digest.err;
    assert!(!holds(said.as_bytes()));
}

/// A letter names nobody; one to the client is plain text of no foreign thread.
fn judge(letter: &Taken, client: &str) {
    let subject = header(&letter.message, "Subject");
    assert!(!holds(&without_recipient(&letter.message)), "to {}: {subject}", letter.to);
    assert!(!holds(subject.as_bytes()));
    if letter.to == client {
        // Its own earlier letters may be named, nobody else's mail.
        let thread = header(&letter.message, "In-Reply-To") + &header(&letter.message, "References");
        assert!(!thread.contains("rig.example"), "{thread}");
        assert!(header(&letter.message, "Content-Type").starts_with("text/plain"));
        // The letters of it alone may stand in a number of ours.
        let body = mailparse::parse_mail(&letter.message).unwrap().get_body().unwrap().to_ascii_lowercase();
        assert!(!["http:", "https:", "www."].iter().any(|link| body.contains(link)), "{body}");
    }
}
