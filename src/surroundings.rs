//! What a configuration names outside of itself: files, directories, users and groups of the machine.

use std::{collections::BTreeSet, fmt, io, path::Path};

use crate::source::{Entry, FileReader, Memory};

/// Looks at the machine that HAProxy will run on. Without one in the options nothing outside of the configuration is
/// looked at.
pub trait Surroundings: fmt::Debug + Send + Sync {
    /// What `path` is, links followed.
    ///
    /// # Errors
    /// If it does not exist or may not be looked at.
    fn entry(&self, path: &Path) -> io::Result<Entry>;

    /// Whether there is a user of this name; `None` where that cannot be told.
    fn has_user(&self, name: &str) -> Option<bool>;

    /// Whether there is a group of this name; `None` where that cannot be told.
    fn has_group(&self, name: &str) -> Option<bool>;
}

/// Surroundings that are known from a list: for another machine, and for tests.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    files: Memory,
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl Listed {
    /// Adds a file, and with it the directories above it.
    #[must_use]
    pub fn with_file(mut self, path: &str) -> Self {
        self.files = self.files.with(path, "");
        self
    }

    /// Adds a user.
    #[must_use]
    pub fn with_user(mut self, name: &str) -> Self {
        self.users.insert(name.to_owned());
        self
    }

    /// Adds a group.
    #[must_use]
    pub fn with_group(mut self, name: &str) -> Self {
        self.groups.insert(name.to_owned());
        self
    }
}

impl Surroundings for Listed {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        self.files.entry(path)
    }

    fn has_user(&self, name: &str) -> Option<bool> {
        Some(self.users.contains(name))
    }

    fn has_group(&self, name: &str) -> Option<bool> {
        Some(self.groups.contains(name))
    }
}
