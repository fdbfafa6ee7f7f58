//! A server process that cannot outlive the test binary, however that ends.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A process that is stopped, and whose folder is removed, when this value is dropped or the test binary dies.
///
/// A shell holds the other end of a pipe of ours: when the pipe closes, the shell ends the process.
pub(crate) struct Leash(Child);

impl Leash {
    /// Starts `program` and stops it with `signal`; then removes `folder`.
    pub(crate) fn start<A: AsRef<OsStr>>(signal: &str, folder: &Path, program: &[A]) -> Leash {
        const SCRIPT: &str = r#"signal=$1; folder=$2; shift 2
            "$@" </dev/null >"$folder/output" 2>&1 & child=$!
            read -r _; kill -s "$signal" "$child"; wait "$child"; rm -rf "$folder""#;
        let child = Command::new("sh")
            .args(["-c", SCRIPT, "leash", signal])
            .arg(folder)
            .args(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Leash(child.unwrap())
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
