//! The classes and ids by which mail programs say what an element is, in lower case.

/// Parts of the names of what is quoted.
pub(in crate::intake) const QUOTES: [&str; 12] = [
    "yahoo_quoted",
    "moz-cite-prefix",
    "gmail_attr",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "olk_src_body_section",
    "yahooquoted",
    "quoted-reply",
    "mailspring_quote",
    "fm-quote",
    "reply-intro",
];
/// Of signatures.
pub(in crate::intake) const SIGNATURES: [&str; 6] = [
    "gmail_signature",
    "moz-signature",
    "ms-outlook-mobile-signature",
    "protonmail_signature_block",
    "tutanota_signature",
    "x_gmail_signature",
];
/// Of the place from which everything is quoted.
pub(in crate::intake) const RESTS: [&str; 6] = [
    "divrplyfwdmsg",
    "appendonsend",
    "outlookmessageheader",
    "stopspelling",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
];

/// All of them.
pub(super) fn telling() -> impl Iterator<Item = &'static str> {
    QUOTES.into_iter().chain(SIGNATURES).chain(RESTS)
}
