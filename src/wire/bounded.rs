//! A reader that hands on only so much: a hostile server must not make a parser behind it allocate or spin.
//!
//! The IMAP library reserves whatever a literal announces and parses a line again with each piece that arrives, and
//! the SMTP library reads a line to its end however long it is. So the bytes are measured before they see them.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest line of an IMAP response outside literals, in bytes.
pub const IMAP_LINE: u64 = 64 * 1024;
/// The most literals in one IMAP response: we ask for one body at a time per message.
const LITERALS: u32 = 16;
/// The longest SMTP reply with all its lines, in bytes (RFC 5321 §4.5.3.1.5 says 512 a line).
pub const SMTP_REPLY: u64 = 16 * 1024;
/// The most lines of one SMTP reply: the library reads all of them again with each one that comes.
const SMTP_LINES: u32 = 128;

/// Which bounds hold.
#[derive(Clone, Copy, Debug)]
pub enum Grammar {
    /// Lines of at most [`IMAP_LINE`], literals of at most this many bytes.
    Imap {
        /// The largest literal, in bytes.
        literal: u64,
    },
    /// Replies of at most [`SMTP_REPLY`] and 128 lines; bytes outside ASCII become `?`, so that a reply is always
    /// text.
    Smtp,
}

/// A stream whose reading side is measured.
pub struct Bounded<S> {
    inner: S,
    gauge: Gauge,
}

impl<S> Bounded<S> {
    /// Measures what is read from `inner`.
    pub fn new(inner: S, grammar: Grammar) -> Bounded<S> {
        Bounded { inner, gauge: Gauge::new(grammar) }
    }

    /// The stream inside.
    pub fn into_inner(self) -> S {
        self.inner
    }

    /// The stream inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }
}

impl<S> fmt::Debug for Bounded<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bounded")
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.inner).poll_read(cx, buf))?;
        let fresh = buf.filled_mut().get_mut(before..).unwrap_or_default();
        Poll::Ready(this.gauge.measure(fresh).map_err(io::Error::from))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// The server went over a bound. The connection is of no use afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the server sent more than is allowed in one answer")]
pub struct TooMuch;

impl From<TooMuch> for io::Error {
    fn from(too_much: TooMuch) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, too_much)
    }
}

/// Where in the server's grammar the next byte stands.
struct Gauge {
    grammar: Grammar,
    /// Bytes of the literal still to come.
    literal_left: u64,
    /// Literals of an IMAP response, lines of an SMTP reply.
    pieces: u32,
    line: u64,
    response: u64,
    /// IMAP: the first bytes of a response, of which only `* 12 FETCH` may hold literals. SMTP: the byte after the
    /// code.
    head: [u8; 3],
    brace: Brace,
}

/// How far `{123}CR` at the end of a line was seen.
#[derive(Clone, Copy)]
enum Brace {
    None,
    Open(u64),
    Closed(u64),
    Return(u64),
}

impl Gauge {
    fn new(grammar: Grammar) -> Gauge {
        Gauge { grammar, literal_left: 0, pieces: 0, line: 0, response: 0, head: [0; 3], brace: Brace::None }
    }

    fn measure(&mut self, bytes: &mut [u8]) -> Result<(), TooMuch> {
        match self.grammar {
            Grammar::Imap { literal } => self.measure_imap(bytes, literal),
            Grammar::Smtp => self.measure_smtp(bytes),
        }
    }

    fn measure_smtp(&mut self, bytes: &mut [u8]) -> Result<(), TooMuch> {
        for byte in bytes {
            if !byte.is_ascii() || *byte == 0 {
                *byte = b'?';
            }
            // The byte after the code says whether more lines follow.
            if self.line == 3 {
                self.head = [*byte, 0, 0];
            }
            self.line += 1;
            self.response += 1;
            if self.response > SMTP_REPLY || self.pieces > SMTP_LINES {
                return Err(TooMuch);
            }
            if *byte == b'\n' {
                self.end_smtp_line();
            }
        }
        Ok(())
    }

    fn end_smtp_line(&mut self) {
        if self.head == [b'-', 0, 0] {
            (self.line, self.pieces) = (0, self.pieces + 1);
        } else {
            *self = Gauge::new(self.grammar);
        }
    }

    fn measure_imap(&mut self, bytes: &[u8], literal_max: u64) -> Result<(), TooMuch> {
        let mut rest = bytes;
        loop {
            let skipped = usize::try_from(self.literal_left).unwrap_or(usize::MAX).min(rest.len());
            self.literal_left = self.literal_left.saturating_sub(skipped as u64);
            let Some((byte, after)) = rest.get(skipped..).and_then(<[u8]>::split_first) else {
                return Ok(());
            };
            self.imap_byte(*byte, literal_max)?;
            rest = after;
        }
    }

    fn imap_byte(&mut self, byte: u8, literal_max: u64) -> Result<(), TooMuch> {
        let place = usize::try_from(self.response).unwrap_or(usize::MAX);
        if let Some(head) = self.head.get_mut(place) {
            *head = byte;
        }
        self.line += 1;
        self.response += 1;
        if self.line > IMAP_LINE {
            return Err(TooMuch);
        }
        if byte != b'\n' {
            self.brace = self.brace.then(byte);
            return Ok(());
        }
        self.line = 0;
        match std::mem::replace(&mut self.brace, Brace::None) {
            Brace::Return(length) if self.may_hold_literals() => self.begin_literal(length, literal_max),
            Brace::None | Brace::Open(_) | Brace::Closed(_) | Brace::Return(_) => {
                *self = Gauge::new(self.grammar);
                Ok(())
            }
        }
    }

    /// Elsewhere `{9}` at the end of a line is only text, and the line after it is measured as a line.
    fn may_hold_literals(&self) -> bool {
        matches!(self.head, [b'*', b' ', digit] if digit.is_ascii_digit())
    }

    fn begin_literal(&mut self, length: u64, literal_max: u64) -> Result<(), TooMuch> {
        self.pieces += 1;
        self.literal_left = length;
        self.response = self.response.saturating_add(length);
        let most = literal_max.saturating_add(2 * IMAP_LINE);
        if length > literal_max || self.pieces > LITERALS || self.response > most {
            return Err(TooMuch);
        }
        Ok(())
    }
}

impl Brace {
    fn then(self, byte: u8) -> Brace {
        match (self, byte) {
            (_, b'{') => Brace::Open(0),
            (Brace::Open(n), b'0'..=b'9') => {
                Brace::Open(n.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Brace::Open(n), b'}') => Brace::Closed(n),
            (Brace::Closed(n), b'\r') => Brace::Return(n),
            (Brace::None | Brace::Open(_) | Brace::Closed(_) | Brace::Return(_), _) => Brace::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imap(bytes: &[u8], step: usize) -> Result<(), TooMuch> {
        let mut gauge = Gauge::new(Grammar::Imap { literal: 1000 });
        bytes.to_vec().chunks_mut(step).try_for_each(|piece| gauge.measure(piece))
    }

    #[test]
    fn ordinary_answers_pass_however_they_are_cut() {
        let mail = b"* 1 FETCH (UID 7 BODY[] {12}\r\nSubject: x\r\n)\r\nA1 OK done {5000}\r\n* 2 EXISTS\r\n"
            .repeat(9);
        for step in [1, 2, 3, 7, 64, mail.len()] {
            assert_eq!(imap(&mail, step), Ok(()), "pieces of {step}");
        }
    }

    #[test]
    fn what_is_over_a_bound_is_cut() {
        let long_line = [b"* OK ".as_slice(), &b"x".repeat(64 * 1024)].concat();
        let after_text = [b"* OK {900}\r\n".as_slice(), &long_line].concat();
        let many = [b"* 1 FETCH ".as_slice(), &b"{1}\r\nx".repeat(40)].concat();
        for hostile in [
            b"* 1 FETCH (BODY[] {1001}\r\n".to_vec(),
            b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n".to_vec(),
            long_line,
            after_text,
            many,
        ] {
            assert_eq!(imap(&hostile, 4096), Err(TooMuch));
        }
    }

    #[test]
    fn an_smtp_reply_is_always_text_of_bounded_lines() {
        let mut reply = b"250 accept\xe9\0\r\n".to_vec();
        let mut gauge = Gauge::new(Grammar::Smtp);
        assert_eq!(gauge.measure(&mut reply), Ok(()));
        assert_eq!(reply, b"250 accept??\r\n");
        for _ in 0..10 {
            assert_eq!(gauge.measure(&mut b"250-more\r\n".repeat(100)), Ok(()));
            assert_eq!(gauge.measure(&mut b"250 end\r\n".to_vec()), Ok(()));
        }
        assert_eq!(gauge.measure(&mut b"250-more\r\n".repeat(200)), Err(TooMuch));
        let mut gauge = Gauge::new(Grammar::Smtp);
        assert_eq!(gauge.measure(&mut vec![b'2'; 20_000]), Err(TooMuch));
    }
}
