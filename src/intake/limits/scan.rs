//! The walk before the parse: the same parts in the same order as the parser will see them, but nothing is kept.

use mail_parser::{Header, HeaderName, MessageParser};

use super::super::ParkCause;
use super::loose::{ends_delimiter, text_among_fields};
use super::{Limits, parser};

/// How often the whole mail may be searched in vain for a declared boundary that never comes.
const VAIN_SEARCHES: usize = 16;

/// So many places may be set right before a person has to look.
const GAPS: usize = 1_000;

/// Longest boundary we search for (RFC 2046 allows 70): the search costs mail size times boundary length at worst.
const BOUNDARY_BYTES: usize = 120;

/// One open container on the way down.
struct Open {
    /// The boundary searched for inside it; a nested message borrows its parent's.
    boundary: Option<Vec<u8>>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message,
    Digest,
    Multipart,
}

/// What a header block says about the part below it.
struct Part {
    body: usize,
    is_multipart: bool,
    is_digest: bool,
    boundary: Option<Vec<u8>>,
    message: Option<MessagePart>,
}

struct MessagePart {
    is_encoded: bool,
    /// Where the `m` of `message/` stands, if it was written.
    type_at: Option<usize>,
}

/// A walk over the whole mail.
pub(super) struct Scan<'a> {
    mail: &'a [u8],
    limits: &'a Limits,
    parser: &'static MessageParser,
    at: usize,
    parts: usize,
    vain: usize,
    stack: Vec<Open>,
    current: Open,
    may_mend: bool,
    found: Seen,
}

/// What a scan found besides that the mail is within its bounds.
#[derive(Default)]
pub(super) struct Seen {
    /// Where the `m` of an encoded `message/…` stands.
    pub(super) sealed: Vec<usize>,
    /// The place where its parent goes on below a container that never ends, and what ends it there: the parser would
    /// swallow the parent's other parts.
    pub(super) unclosed: Option<(usize, Vec<u8>)>,
    /// Line ends between a parameter's `=` and its value: a fold may stand between any two words (RFC 822 §3.1.4), and
    /// the parser would take the value for missing.
    pub(super) folds: Vec<usize>,
    /// Where a byte has to come in, so that text is no delimiter and no field: the place and the byte.
    pub(super) gaps: Vec<(usize, u8)>,
    /// Lines among the fields that the parser passes over and that cannot be set apart.
    pub(super) dropped: Vec<u8>,
    /// Bytes of the fields of the mail itself.
    pub(super) head: usize,
}

/// What to do after a step.
enum Next {
    Part,
    Stop,
}

impl<'a> Scan<'a> {
    /// A scan that reports containers without an end when `may_mend`.
    pub(super) fn new(mail: &'a [u8], limits: &'a Limits, may_mend: bool) -> Self {
        let parser = parser();
        let current = Open { boundary: None, kind: Kind::Message };
        Scan {
            mail,
            limits,
            parser,
            at: 0,
            parts: 0,
            vain: 0,
            stack: Vec::new(),
            current,
            may_mend,
            found: Seen::default(),
        }
    }

    /// Walks the mail from end to end, or to the first bound that is passed.
    pub(super) fn run(mut self) -> Result<Seen, ParkCause> {
        while let Some(part) = self.header_block()? {
            self.parts += 1;
            if self.parts > self.limits.parts {
                return Err(ParkCause::TooMany);
            }
            match self.enter(part)? {
                Next::Part => {}
                Next::Stop => break,
            }
        }
        Ok(self.found)
    }

    /// Reads the header block at the current place; `None` at the end of the mail.
    fn header_block(&mut self) -> Result<Option<Part>, ParkCause> {
        let rest = self.mail.get(self.at..).unwrap_or_default();
        let bounded = rest.get(..self.limits.header_bytes).unwrap_or(rest);
        let block = self.parser.parse_headers(bounded);
        let headers =
            block.as_ref().and_then(|block| block.parts.first()).map_or(&[][..], |root| &root.headers);
        if headers.len() > self.limits.header_fields {
            return Err(ParkCause::TooMany);
        }
        let fields_end = headers.last().map_or(0, |header| header.offset_end as usize);
        let Some(length) = block_end(bounded, fields_end) else {
            // No end of the block up to the bound: the parser would walk on through the whole mail.
            return if bounded.len() < rest.len() { Err(ParkCause::TooMany) } else { Ok(None) };
        };
        let described = headers
            .iter()
            .filter(|header| matches!(header.name, HeaderName::ContentType | HeaderName::ContentDisposition));
        for header in described {
            let (start, end) = (header.offset_start as usize, header.offset_end as usize);
            let value = rest.get(start..end).unwrap_or_default();
            self.found.folds.extend(folds(value).into_iter().map(|at| self.at + start + at));
        }
        let is_part = self.current.kind == Kind::Multipart;
        let fields = rest.get(..length).unwrap_or_default();
        if self.current.kind != Kind::Digest {
            let loose = text_among_fields(fields, is_part);
            self.found.dropped.extend_from_slice(&loose.passed);
            if let Some(text) = loose.at {
                self.open(self.at + text, b'\n')?;
            }
        }
        if self.at == 0 {
            self.found.head = length;
        }
        let in_digest = self.current.kind == Kind::Digest;
        let part = describe(headers, rest, self.at, self.at + length, in_digest);
        Ok(Some(part))
    }

    fn enter(&mut self, part: Part) -> Result<Next, ParkCause> {
        self.at = part.body;
        if part.is_multipart
            && let Some(boundary) = part.boundary
        {
            if boundary.len() > BOUNDARY_BYTES {
                return Err(ParkCause::TooMany);
            }
            if self.seek(&boundary, b"\n\n")? {
                let kind = if part.is_digest { Kind::Digest } else { Kind::Multipart };
                self.descend(Open { boundary: Some(boundary), kind })?;
                self.skip_line();
                return Ok(Next::Part);
            }
        } else if let Some(message) = part.message {
            if !message.is_encoded {
                let boundary = self.current.boundary.take();
                self.descend(Open { boundary, kind: Kind::Message })?;
                return Ok(Next::Part);
            }
            // A type we cannot find in the bytes cannot be marked, so a person must look.
            self.found.sealed.push(message.type_at.ok_or(ParkCause::TooDeep)?);
        }
        self.leave()
    }

    fn descend(&mut self, open: Open) -> Result<(), ParkCause> {
        self.stack.push(std::mem::replace(&mut self.current, open));
        if self.stack.len() > self.limits.depth { Err(ParkCause::TooDeep) } else { Ok(()) }
    }

    /// Goes to the end of a leaf and up as far as its containers end there.
    fn leave(&mut self) -> Result<Next, ParkCause> {
        let Some(boundary) = self.current.boundary.clone() else { return Ok(Next::Stop) };
        let start = self.at;
        if boundary.is_empty() || !self.seek(&boundary, b"")? {
            if self.may_mend && self.found.unclosed.is_none() {
                self.found.unclosed = self.parent_goes_on(start).map(|at| (at, closing(&boundary, b"")));
            }
            return Ok(Next::Stop);
        }
        loop {
            if self.current.kind == Kind::Message {
                let boundary = self.current.boundary.take();
                let Some(parent) = self.stack.pop() else { return Ok(Next::Stop) };
                self.current = Open { boundary, ..parent };
            }
            if !self.at_multipart_end() {
                return Ok(Next::Part);
            }
            let Some(parent) = self.stack.pop() else { return Ok(Next::Stop) };
            self.current = parent;
            let Some(boundary) = self.current.boundary.clone() else { return Ok(Next::Stop) };
            if boundary.is_empty() || !self.seek(&boundary, b"")? {
                return Ok(Next::Stop);
            }
        }
    }

    /// The line, behind `start`, where the nearest container around the current one goes on.
    fn parent_goes_on(&self, start: usize) -> Option<usize> {
        let boundary = self.stack.iter().rev().find_map(|open| open.boundary.as_deref())?;
        let line = [b"\n--", boundary].concat();
        let rest = self.mail.get(start..)?;
        let mut from = 0;
        while let Some(at) =
            rest.get(from..).and_then(|rest| rest.windows(3).position(|start| start == b"\n--"))
        {
            if rest.get(from + at..).is_some_and(|rest| rest.starts_with(&line)) {
                return Some(start + from + at + 1);
            }
            from += at + 1;
        }
        None
    }

    fn open(&mut self, at: usize, byte: u8) -> Result<(), ParkCause> {
        self.found.gaps.push((at, byte));
        if self.found.gaps.len() > GAPS { Err(ParkCause::TooMany) } else { Ok(()) }
    }

    /// Moves behind the next `--boundary` that ends its line; stays when there is none. The parser takes any for one,
    /// so that an outer delimiter which begins like it ends the container; `empty` is what makes a part of one that has
    /// none.
    fn seek(&mut self, boundary: &[u8], empty: &[u8]) -> Result<bool, ParkCause> {
        let rest = self.mail.get(self.at..).unwrap_or_default();
        if boundary.is_empty() {
            return Ok(false);
        }
        let mut from = 0;
        while let Some(dash) = rest.get(from..).and_then(find_dashes) {
            let after = from + dash + 2;
            let line = rest.get(after..).unwrap_or_default();
            if let Some(behind) = line.strip_prefix(boundary) {
                if ends_delimiter(behind) {
                    self.at += after + boundary.len();
                    return Ok(true);
                }
                if self.is_outer(line) {
                    if !self.may_mend {
                        // The parser would take what follows for text: an attachment would be gone unheard.
                        return Err(ParkCause::TooMany);
                    }
                    let at = self.at + from + dash;
                    self.found.unclosed.get_or_insert_with(|| (at, closing(boundary, empty)));
                    return Ok(false);
                }
                self.open(self.at + from + dash + 1, b' ')?;
            }
            from += dash + 1;
        }
        self.vain += 1;
        if self.vain > VAIN_SEARCHES { Err(ParkCause::TooMany) } else { Ok(false) }
    }

    /// Whether what stands behind two dashes is a whole delimiter of a container that is open.
    fn is_outer(&self, line: &[u8]) -> bool {
        let open = self.stack.iter().chain([&self.current]).filter_map(|open| open.boundary.as_deref());
        let mut behind =
            open.filter(|boundary| !boundary.is_empty()).filter_map(|boundary| line.strip_prefix(boundary));
        behind.any(ends_delimiter)
    }

    fn at_multipart_end(&mut self) -> bool {
        let is_end = self.mail.get(self.at..).is_some_and(|rest| rest.starts_with(b"--"));
        if is_end {
            self.at += 2;
        } else {
            self.skip_line();
        }
        is_end
    }

    fn skip_line(&mut self) {
        while let Some(byte) = self.mail.get(self.at) {
            match byte {
                b'\r' | b' ' | b'\t' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    return;
                }
                _ => return,
            }
        }
    }
}

/// The delimiter that closes a container; with `empty`, a part without a text before it.
fn closing(boundary: &[u8], empty: &[u8]) -> Vec<u8> {
    let first: &[&[u8]] = if empty.is_empty() { &[] } else { &[b"--", boundary, empty] };
    [first, &[b"--", boundary, b"--\n"]].concat().concat()
}

/// Where the body begins: behind the first blank line after the fields; lines that are no field are passed over.
fn block_end(bytes: &[u8], fields_end: usize) -> Option<usize> {
    let mut at = fields_end;
    loop {
        let byte = bytes.get(at)?;
        at += 1;
        if *byte == b'\n' {
            return Some(at);
        }
        if !byte.is_ascii_whitespace() {
            at += bytes.get(at..)?.iter().position(|byte| *byte == b'\n')? + 1;
        }
    }
}

/// Where the line ends stand that follow an `=`, the fold's white space behind them.
fn folds(value: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut is_value_due = false;
    for (at, pair) in value.windows(2).enumerate() {
        match pair {
            [b'=', _] => is_value_due = true,
            [b'\r' | b'\n', next] if is_value_due && next.is_ascii_whitespace() => found.push(at),
            [b' ' | b'\t', _] => {}
            _ => is_value_due = false,
        }
    }
    found
}

fn find_dashes(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"--")
}

/// Reads type, boundary and encoding of a part; `base` is where `rest` begins in the mail.
fn describe(headers: &[Header<'_>], rest: &[u8], base: usize, body: usize, in_digest: bool) -> Part {
    let last = |name: HeaderName<'static>| headers.iter().rev().find(|header| header.name == name);
    let header = last(HeaderName::ContentType);
    let kind = header.and_then(|header| header.value.as_content_type());
    let is = |main: &str| kind.is_some_and(|kind| kind.c_type.eq_ignore_ascii_case(main));
    let sub = kind.and_then(|kind| kind.c_subtype.as_deref()).unwrap_or_default();
    let is_message = is("message") && ["rfc822", "global"].iter().any(|name| sub.eq_ignore_ascii_case(name))
        || kind.is_none() && in_digest;
    let encoding = last(HeaderName::ContentTransferEncoding).and_then(|header| header.value.as_text());
    let is_encoded = encoding.is_some_and(|name| {
        name.eq_ignore_ascii_case("base64") || name.eq_ignore_ascii_case("quoted-printable")
    });
    let type_at = header.and_then(|header| {
        let value = rest.get(header.offset_start as usize..header.offset_end as usize)?;
        let at = value.windows(7).position(|word| word.eq_ignore_ascii_case(b"message"))?;
        Some(base + header.offset_start as usize + at)
    });
    Part {
        body,
        is_multipart: is("multipart"),
        is_digest: sub.eq_ignore_ascii_case("digest"),
        boundary: kind.and_then(|kind| kind.attribute("boundary")).map(|name| name.as_bytes().to_vec()),
        message: is_message.then_some(MessagePart { is_encoded, type_at }),
    }
}
