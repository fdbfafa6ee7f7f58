//! One mail from a pipe, as an MTA hands it to `handoffd ingest`.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{Fetched, MailboxError, Origin, Raw};

/// Reads one mail to its end. The same bytes have the same origin, so an MTA that repeats itself changes nothing.
///
/// # Errors
/// [`MailboxError::TooLarge`] over `cap` bytes, so that the MTA tells the sender; [`MailboxError::Io`] when the pipe
/// breaks or is empty.
pub async fn read(pipe: impl AsyncRead + Unpin, cap: u64) -> Result<Fetched, MailboxError> {
    let broken = |kind| MailboxError::Io { path: PathBuf::from("stdin"), kind };
    let mut bytes = Vec::new();
    pipe.take(cap.saturating_add(1)).read_to_end(&mut bytes).await.map_err(|error| broken(error.kind()))?;
    if bytes.is_empty() {
        return Err(broken(std::io::ErrorKind::UnexpectedEof));
    }
    if bytes.len() as u64 > cap {
        return Err(MailboxError::TooLarge { cap });
    }
    let origin = Origin { mailbox: "stdin".to_owned(), validity: 0, uid: 0, name: digest(&bytes) };
    Ok(Fetched { origin, raw: Raw::Whole(bytes), internal_date: None })
}

fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_bytes_have_the_same_origin_and_too_many_are_refused() {
        let mail = b"Subject: x\r\n\r\nhello\r\n".as_slice();
        let first = read(mail, 100).await.unwrap().origin;
        assert_eq!(first, read(mail, 100).await.unwrap().origin);
        assert_eq!(first.key().len(), "stdin:".len() + 64);
        assert!(matches!(read(mail, 5).await, Err(MailboxError::TooLarge { cap: 5 })));
        assert!(matches!(read(b"".as_slice(), 5).await, Err(MailboxError::Io { .. })));
    }
}
