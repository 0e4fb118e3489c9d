//! Files, users and groups of this machine, for `--env-checks`.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

use haproxy_lint::{
    source::{Entry, FileReader},
    surroundings::Surroundings,
};

use super::files::Disk;

/// This machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine;

impl Surroundings for Machine {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        Disk.entry(path)
    }

    fn has_user(&self, name: &str) -> Option<bool> {
        has("passwd", name)
    }

    fn has_group(&self, name: &str) -> Option<bool> {
        has("group", name)
    }
}

/// Whether a database of the system has the name: its own file, or whatever else `getent` asks.
fn has(database: &str, name: &str) -> Option<bool> {
    let text = std::fs::read_to_string(Path::new("/etc").join(database)).ok()?;
    if text.lines().any(|line| line.split(':').next() == Some(name)) {
        return Some(true);
    }
    // Nobody has a name that `getent` would take for an option.
    if name.starts_with('-') {
        return Some(false);
    }
    // Without `getent` the file is all there is.
    let asked = Command::new("getent").args([database, name]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    Some(asked.is_ok_and(|status| status.success()))
}
