//! Unread: what tells whether the referral of a mail is in a file that somebody must type in.

use crate::referral::packet::{Confidence, Packet};

/// Whether anything in it is more than a guess: the words that come with an e-fax name the sender's own number, and the
/// referral is in the file.
pub(super) fn says_something(packet: &Packet) -> bool {
    packet.iter().any(|(_, found)| found.confidence != Confidence::Low)
}

/// An e-fax, a scan, a document, what is encrypted or packed: somebody must type it in.
pub(super) fn may_hold_a_packet(media_type: &str) -> bool {
    [
        "application/pdf",
        "image/",
        "application/msword",
        "application/vnd",
        "application/ms-tnef",
        "application/octet-stream",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/zip",
        "application/x-zip",
    ]
    .iter()
    .any(|kind| media_type.starts_with(kind))
}
