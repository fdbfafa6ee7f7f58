//! One mail from a pipe, as an MTA hands it to `handoffd ingest`.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::maildir::{HEADER, header_of};
use super::{Fetched, MailboxError, Origin, Raw};

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// Reads one mail to its end. The same bytes have the same origin, so an MTA that repeats itself changes nothing. Of one
/// over `cap` bytes the head is kept, as of a large mail in a mailbox: a person looks at it, and the MTA is rid of it.
///
/// # Errors
/// [`MailboxError::Io`] when the pipe breaks or is empty.
pub async fn read(mut pipe: impl AsyncRead + Unpin, cap: u64) -> Result<Fetched, MailboxError> {
    let broken = |kind| MailboxError::Io { path: PathBuf::from("stdin"), kind };
    let (mut bytes, mut size, mut digest) = (Vec::new(), 0_u64, Sha256::new());
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = pipe.read(&mut chunk).await.map_err(|error| broken(error.kind()))?;
        let Some(read) = chunk.get(..length).filter(|read| !read.is_empty()) else { break };
        digest.update(read);
        size = size.saturating_add(length as u64);
        if size <= cap || (bytes.len() as u64) < HEADER {
            bytes.extend_from_slice(read);
        }
    }
    if size == 0 {
        return Err(broken(std::io::ErrorKind::UnexpectedEof));
    }
    let name = hex::encode(digest.finalize());
    let origin = Origin { mailbox: "stdin".to_owned(), validity: 0, uid: 0, name };
    let raw = if size <= cap { Raw::Whole(bytes) } else { Raw::HeaderOnly { header: head_of(bytes), size } };
    Ok(Fetched { origin, raw, internal_date: None })
}

/// The head, as much of it as is kept of a mail in a mailbox.
fn head_of(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(usize::try_from(HEADER).unwrap_or(usize::MAX));
    header_of(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_bytes_have_the_same_origin_and_of_too_many_the_head_is_kept() {
        let mail = b"Subject: x\r\n\r\nhello\r\n".as_slice();
        let first = read(mail, 100).await.unwrap().origin;
        assert_eq!(first, read(mail, 100).await.unwrap().origin);
        assert_eq!(first.key().len(), "stdin:".len() + 64);
        let large = read(mail, 5).await.unwrap();
        assert_eq!(large.origin.key(), first.key(), "all of it is told apart, not only what is kept");
        let Raw::HeaderOnly { header, size } = large.raw else { panic!("all of it was kept") };
        assert_eq!((header.as_slice(), size), (b"Subject: x\r\n\r\n".as_slice(), mail.len() as u64));
        assert!(matches!(read(b"".as_slice(), 5).await, Err(MailboxError::Io { .. })));
    }
}
