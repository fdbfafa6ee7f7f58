//! A small disk of its own, to be filled or made read-only.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::is_root;

/// Gone when dropped. Only root can make one.
pub(crate) struct Disk {
    /// Where it is mounted.
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Disk {
    /// Mounts one of this size, such as `2m`; `None` without the right to.
    pub(crate) fn mount(size: &str) -> Option<Disk> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_owned();
        let mounted = is_root()
            && Command::new("mount")
                .args(["-t", "tmpfs", "-o", &format!("size={size}"), "handoffd-test"])
                .arg(&path)
                .status()
                .is_ok_and(|status| status.success());
        if !mounted {
            println!("skipped: a disk of its own needs the right to mount one");
            return None;
        }
        Some(Disk { path, _folder: folder })
    }

    /// Changes what it was mounted with, such as `ro`.
    pub(crate) fn remount(&self, options: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.path).status();
        assert!(done.unwrap().success(), "remount {options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}
