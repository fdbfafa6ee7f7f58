//! An email address that was parsed strictly once, at the rim.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One strict `local@domain` address: ASCII, no quoting, no comments, no route; the domain in lower case.
///
/// Further in, nobody takes a `&str` for an address. It holds a person's data: `Debug` masks it, and there is no
/// `Display`; whoever really must write it calls [`EmailAddress::as_str`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why a text is not one strict address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAnAddress {
    /// No `@`, or more than one.
    #[error("an email address has exactly one @")]
    At,
    /// A character outside the plain set, or an empty or overlong part.
    #[error("the part before the @ is empty, too long or has a character we do not accept")]
    Local,
    /// Not a host name with at least one dot.
    #[error("the part after the @ is not a domain such as example.org")]
    Domain,
}

/// Providers where anybody can have an address, apart from those of several names below.
const PUBLIC: [&str; 43] = [
    "126.com",
    "163.com",
    "aol.com",
    "att.net",
    "bellsouth.net",
    "btinternet.com",
    "charter.net",
    "comcast.net",
    "cox.net",
    "earthlink.net",
    "fastmail.com",
    "free.fr",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.es",
    "laposte.net",
    "live.com",
    "live.com.mx",
    "mail.com",
    "mail.ru",
    "msn.com",
    "naver.com",
    "optonline.net",
    "orange.fr",
    "outlook.com",
    "outlook.es",
    "qq.com",
    "rocketmail.com",
    "sbcglobal.net",
    "tutanota.com",
    "verizon.net",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.mx",
    "yahoo.es",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Here dots before the `@` do not count.
const GMAIL: &str = "gmail.com";

/// The names of one provider each, under all of which it keeps one mailbox for one person.
const ONE_PROVIDER: [&[&str]; 3] = [
    &[GMAIL, "googlemail.com"],
    &["icloud.com", "me.com", "mac.com"],
    &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
];

/// Whether anybody can have an address at this domain, which is in lower case.
#[must_use]
pub fn is_public_provider(domain: &str) -> bool {
    PUBLIC.contains(&domain) || ONE_PROVIDER.iter().any(|names| names.contains(&domain))
}

impl EmailAddress {
    /// Reads one strict address; white space around it is forgiven, nothing else.
    ///
    /// # Errors
    /// [`NotAnAddress`] with the part that is wrong.
    pub fn parse(text: &str) -> Result<EmailAddress, NotAnAddress> {
        let (local, domain) = text.trim().split_once('@').ok_or(NotAnAddress::At)?;
        if domain.contains('@') {
            return Err(NotAnAddress::At);
        }
        if !is_local(local) {
            return Err(NotAnAddress::Local);
        }
        let domain = domain.to_ascii_lowercase();
        if !is_domain(&domain) {
            return Err(NotAnAddress::Domain);
        }
        Ok(EmailAddress([local, "@", &domain].concat()))
    }

    /// The address as text, for an envelope or a sealed column.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The mailbox behind it: lower case, without a `+tag`, without dots where the provider ignores them, and under the
    /// first name of a provider that has several. Two addresses of one mailbox are equal in this form.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let mut local = self.local().split('+').next().unwrap_or_default().to_ascii_lowercase();
        let domain = self.provider();
        if domain == GMAIL {
            local.retain(|c| c != '.');
        }
        [&local, "@", domain].concat()
    }

    /// The domain under which the provider keeps the mailbox.
    fn provider(&self) -> &str {
        let domain = self.domain();
        let names = ONE_PROVIDER.iter().find(|names| names.contains(&domain));
        names.and_then(|names| names.first()).map_or(domain, |first| *first)
    }

    /// Whether both reach one mailbox: the same as comparing [`Self::mailbox`], without writing it out for every
    /// domain.
    #[must_use]
    pub fn shares_mailbox(&self, other: &EmailAddress) -> bool {
        self.provider() == other.provider() && self.mailbox() == other.mailbox()
    }

    /// The same mailbox with a `+tag`, for replies that carry a token.
    #[must_use]
    pub fn with_tag(&self, tag: &str) -> EmailAddress {
        let local = self.local().split('+').next().unwrap_or_default();
        EmailAddress(format!("{local}+{tag}@{}", self.domain()))
    }
}

/// RFC 5321 §4.5.3.1.1.
const LONGEST_LOCAL: usize = 64;
/// RFC 1035 §2.3.4, as it is written: without the dot at its end.
const LONGEST_DOMAIN: usize = 253;
/// RFC 1035 §2.3.4.
const LONGEST_LABEL: usize = 63;

fn is_local(local: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&c);
    !local.is_empty()
        && local.len() <= LONGEST_LOCAL
        && local.bytes().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    domain.len() <= LONGEST_DOMAIN && domain.contains('.') && domain.split('.').all(label)
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnAddress;
    fn try_from(text: String) -> Result<Self, NotAnAddress> {
        EmailAddress::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***@***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_strict_address_is_an_address() {
        for good in ["a@b.org", " Ann.Smith+x@Example.ORG ", "o'neil@x-y.example"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "@",
            "a@",
            "@b.org",
            "a@b",
            "a@b@c.org",
            "a b@c.org",
            "<a@b.org>",
            "\"a\"@b.org",
            "a@b..org",
            ".a@b.org",
            "a@-b.org",
            "a\r\n@b.org",
            "a@b.org\0",
            "а@b.org",
            "a@b.org, c@d.org",
            "a@b_c.org",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_is_never_shown_by_debug() {
        let address = EmailAddress::parse("ann@example.org").unwrap();
        assert!(!format!("{address:?}").contains("ann"));
    }

    #[test]
    fn plus_tags_and_case_are_one_mailbox() {
        let address = EmailAddress::parse("Ann+lists@example.org").unwrap();
        assert_eq!(address.mailbox(), "ann@example.org");
        assert_eq!(address.with_tag("t").as_str(), "Ann+t@example.org");
    }

    #[test]
    fn under_every_name_of_a_public_provider_anybody_can_have_an_address() {
        for domain in ["gmail.com", "mac.com", "me.com", "pm.me", "protonmail.ch", "zoho.com", "comcast.net"]
        {
            assert!(is_public_provider(domain), "{domain}");
        }
        assert!(!is_public_provider("harbor.example"));
    }

    #[test]
    fn a_provider_of_several_names_has_one_mailbox_behind_them() {
        let parsed = |text: &str| EmailAddress::parse(text).unwrap();
        for (one, other, is_one) in [
            ("a.nn@gmail.com", "Ann+x@GoogleMail.com", true),
            ("ann@me.com", "ann@icloud.com", true),
            ("ann@proton.me", "ann@pm.me", true),
            ("a.nn@proton.me", "ann@pm.me", false),
            ("ann@gmail.com", "ann@me.com", false),
            ("ann@mail.example", "ann@other.example", false),
        ] {
            assert_eq!(parsed(one).shares_mailbox(&parsed(other)), is_one, "{one} {other}");
            assert_eq!(parsed(other).shares_mailbox(&parsed(one)), is_one, "{other} {one}");
        }
    }
}
