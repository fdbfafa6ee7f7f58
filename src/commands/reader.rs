//! Whoever reads what a command prints may have enough of it, as `head` does: the command goes on to its end all the
//! same, and its exit code is its own.

use std::io::{self, ErrorKind, Write};

/// Writes until nobody reads any more, and then nothing.
pub(super) struct Reader<'a> {
    out: &'a mut dyn Write,
    is_gone: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn of(out: &'a mut dyn Write) -> Reader<'a> {
        Reader { out, is_gone: false }
    }
}

impl Write for Reader<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_gone {
            return Ok(bytes.len());
        }
        match self.out.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_gone = true;
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.out.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_gone = true;
                Ok(())
            }
            flushed => flushed,
        }
    }
}
