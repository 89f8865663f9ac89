//! A small disk of its own for the state, which can be full.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Room for a state, and quickly filled.
const SIZE: &str = "size=4m";

/// A mounted disk; where the machine does not allow that, an ordinary folder that is never full.
pub struct Disk {
    folder: PathBuf,
    is_mounted: bool,
}

impl Disk {
    pub fn new(folder: PathBuf) -> Self {
        fs::create_dir(&folder).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", SIZE, "tmpfs"])
            .arg(&folder)
            .stderr(Stdio::null());
        let is_mounted = mount.status().is_ok_and(|status| status.success());
        Disk { folder, is_mounted }
    }

    /// Whether it can be full.
    pub fn is_small(&self) -> bool {
        self.is_mounted
    }

    /// Leaves no room on a small disk.
    pub fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        let full = loop {
            if let Err(error) = filler.write_all(&[0; 4096]) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
    }

    /// Makes room again.
    pub fn free(&self) {
        let _ = fs::remove_file(self.filler());
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            // What a killed process still holds goes with it.
            let status = Command::new("umount").arg("-l").arg(&self.folder).status();
            assert!(status.is_ok_and(|status| status.success()));
        }
    }
}
