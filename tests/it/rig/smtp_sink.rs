//! Postfix's `smtp-sink`: a relay that somebody else wrote.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tempfile::TempDir;

use super::leash::Leash;
use super::{SOON, free_port, is_root, listens, until};

/// The sink.
pub(crate) struct SmtpSink {
    pub(crate) port: u16,
    dump: PathBuf,
    _process: Leash,
}

impl SmtpSink {
    /// Starts it with options of its own, such as `-q .` (loses the 250 of every mail).
    pub(crate) fn start(options: &[&str]) -> SmtpSink {
        let folder = TempDir::with_prefix("handoffd-sink-").unwrap().keep();
        // As root it becomes nobody and must still write here.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        let (port, dump) = (free_port(), folder.join("dump"));
        let mut program = vec!["smtp-sink".to_owned()];
        if is_root() {
            program.extend(["-u", "nobody"].map(str::to_owned));
        }
        program.extend(options.iter().map(ToString::to_string));
        program.extend([
            "-D".to_owned(),
            dump.display().to_string(),
            format!("127.0.0.1:{port}"),
            "50".to_owned(),
        ]);
        let process = Leash::start("TERM", &folder, &program);
        until("smtp-sink listens", SOON, || listens(port));
        SmtpSink { port, dump, _process: process }
    }

    /// The recipients of what it took, in order.
    pub(crate) fn recipients(&self) -> Vec<String> {
        let dump = fs::read_to_string(&self.dump).unwrap_or_default();
        let lines = dump.lines().filter_map(|line| line.strip_prefix("X-Rcpt-Args: <"));
        lines.map(|line| line.trim_end_matches('>').to_owned()).collect()
    }
}
