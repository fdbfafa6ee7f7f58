//! What a relay's reply means for the mail, and what it means for the relay.
//!
//! A wrong setting at the relay answers every recipient with 5xx. Telling that as "this address is bad" would bounce
//! everybody at once, so a refusal counts against a recipient only if its code is about recipients or content.

use super::super::{DeliveryError, Verdict};
use crate::wire::server_words::{enhanced_code, sanitised};

/// A reply, read.
pub(super) struct Answer {
    code: u16,
    text: String,
}

impl Answer {
    pub(super) fn new(code: u16, text: String) -> Answer {
        Answer { code, text }
    }

    /// Done (2xx).
    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// Send the message (354).
    pub(super) fn is_go_ahead(&self) -> bool {
        self.code == 354
    }

    /// Surely not done (4xx, 5xx).
    pub(super) fn is_negative(&self) -> bool {
        (400..600).contains(&self.code)
    }

    /// The relay closes the connection now.
    pub(super) fn closes(&self) -> bool {
        matches!(self.code, 421 | 521)
    }

    /// Its words with the code, sanitised.
    pub(super) fn said(&self) -> String {
        sanitised(&format!("{} {}", self.code, self.text))
    }

    /// Before a recipient was named, every refusal is about us.
    pub(super) fn before_recipient(&self, during: &'static str) -> Result<Verdict, DeliveryError> {
        if self.code >= 500 { Err(self.refused(during)) } else { Err(self.busy(during)) }
    }

    /// After a recipient was named: about that recipient or that mail, unless the code says otherwise.
    pub(super) fn about_recipient(&self, during: &'static str) -> Result<Verdict, DeliveryError> {
        match self.code {
            421 => Err(self.busy(during)),
            400..500 => Ok(Verdict::TryLater { reason: self.said() }),
            500..600 if self.is_about_us() => Err(self.refused(during)),
            500..600 => Ok(Verdict::Refused { code: self.best_code(), reason: self.said() }),
            _ => Err(DeliveryError::Broken { during, why: "the answer is out of place" }),
        }
    }

    /// Wrong commands, missing logins, forbidden relaying (RFC 5321 §4.2, RFC 4954 §6, RFC 3463 §3.4, §3.6, §3.8).
    fn is_about_us(&self) -> bool {
        if matches!(self.code, 500..=504 | 521 | 530 | 534 | 535 | 538 | 555) {
            return true;
        }
        let text = self.text.to_ascii_lowercase();
        let denies_us =
            ["relay", "authenticat", "not permitted to send"].iter().any(|word| text.contains(word));
        match enhanced_code(&self.text).and_then(|code| code.split_once('.')).map(|(_, rest)| rest) {
            Some("3.4") => false,
            Some("7.0" | "7.8" | "7.9" | "7.11" | "7.12" | "7.13" | "7.14") => true,
            Some(rest) if rest.starts_with("3.") || rest.starts_with("5.") => true,
            Some(rest) if rest.starts_with("1.") || rest.starts_with("2.") => false,
            Some(_) | None => denies_us,
        }
    }

    fn best_code(&self) -> String {
        enhanced_code(&self.text).map_or_else(|| self.code.to_string(), str::to_owned)
    }

    fn refused(&self, during: &'static str) -> DeliveryError {
        DeliveryError::Refused { during, said: self.said() }
    }

    fn busy(&self, during: &'static str) -> DeliveryError {
        DeliveryError::Busy { during, said: self.said() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_of_the_relay_is_never_told_as_a_bad_address() {
        for (code, text, meaning) in [
            (550, "5.1.1 <ann@example.org> no such user", "refused 5.1.1"),
            (550, "no such user here", "refused 550"),
            (552, "5.2.2 mailbox full", "refused 5.2.2"),
            (554, "5.7.1 message looks like spam", "refused 5.7.1"),
            (552, "5.3.4 message too big", "refused 5.3.4"),
            (556, "5.1.10 null MX", "refused 5.1.10"),
            (550, "5.1.1 user unknown in relay recipient table", "refused 5.1.1"),
            (554, "5.7.1 <ann@example.org>: Relay access denied", "relay"),
            (550, "relaying not allowed", "relay"),
            (530, "5.7.0 Authentication required", "relay"),
            (535, "5.7.8 bad credentials", "relay"),
            (554, "5.5.1 no valid recipients", "relay"),
            (503, "bad sequence", "relay"),
            (554, "5.3.0 system not accepting mail", "relay"),
            (421, "4.3.2 shutting down", "relay"),
            (450, "4.2.0 greylisted", "later"),
            (452, "4.3.1 disk full", "later"),
            (250, "ok", "relay"),
        ] {
            let told = match Answer::new(code, text.to_owned()).about_recipient("RCPT") {
                Ok(Verdict::Refused { code, .. }) => format!("refused {code}"),
                Ok(Verdict::TryLater { .. }) => "later".to_owned(),
                Ok(Verdict::Accepted { .. } | Verdict::InDoubt { .. }) => "wrong".to_owned(),
                Err(_) => "relay".to_owned(),
            };
            assert_eq!(told, meaning, "{code} {text}");
        }
    }

    #[test]
    fn no_reason_holds_an_address() {
        let answer = Answer::new(550, "5.1.1 <ann@example.org> unknown".to_owned());
        assert_eq!(answer.said(), "550 5.1.1 *** unknown");
    }
}
