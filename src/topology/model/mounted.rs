//! What pods mount, and is not there.

use super::*;

/// Something that a pod mounts, or that HAProxy reads in it, and that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where it is asked for.
    pub at: Location,
    /// What is missing.
    pub missing: Missing,
    /// Whether HAProxy certainly does not start for it.
    pub stops: bool,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A container mounts a volume that the pod does not have.
    Volume(String),
    /// A volume is made of a ConfigMap or Secret that is not in the files.
    Object {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The object that may have been meant.
        near: Option<Near>,
    },
    /// Variables come from a ConfigMap or Secret that is not in the files.
    Variables {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
        /// An object of that kind that has variables, and that nobody takes them from.
        near: Option<Near>,
    },
    /// An object does not have the key that is asked for.
    Key {
        /// The kind of the object.
        kind: String,
        /// Its name.
        name: String,
        /// The key.
        key: String,
        /// The keys that it has.
        has: Vec<String>,
        /// Whether one file is mounted, which then is an empty folder.
        sub_path: bool,
    },
    /// Nothing is where HAProxy reads its configuration.
    Path {
        /// What HAProxy is told to read.
        path: String,
        /// Where a configuration is mounted instead.
        there: Option<String>,
    },
    /// A configuration lies in a folder that HAProxy reads, and is not called `*.cfg`.
    Unread {
        /// Its name.
        file: String,
        /// The folder.
        folder: String,
    },
    /// A container that fills in a template writes another file than HAProxy reads.
    Written {
        /// What HAProxy is told to read.
        path: String,
        /// The container.
        by: String,
        /// What it writes.
        writes: String,
        /// The same as HAProxy sees it; `None` where it does not.
        there: Option<String>,
    },
}

/// A folder of a container of which every file is known: ConfigMaps and Secrets are mounted there, and nothing writes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Where it is mounted.
    pub path: String,
    /// What is mounted, for people.
    pub of: String,
    /// The place of its path.
    pub at: Location,
    /// The files in it.
    pub files: Vec<String>,
}

/// A file with a certificate and no private key, beside which none lies as HAProxy looks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bare {
    /// Its path in the container.
    pub path: String,
    /// The Secret that it is of.
    pub secret: String,
    /// The key of that Secret.
    pub key: String,
    /// Whether the private key is called as the file is but for its ending: `tls.key` beside `tls.crt`.
    pub key_by_name: bool,
    /// The place of the path that the Secret is mounted at.
    pub at: Location,
    /// The volume, where it is that Secret alone with all of its keys.
    pub volume: Option<String>,
}

/// A file that HAProxy may not read, or a folder of such files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its path in the container.
    pub path: String,
    /// Whether it is all of a folder.
    pub whole: bool,
    /// The mode of the file, or of those in the folder.
    pub mode: u32,
    /// The same as it is written.
    pub written: String,
    /// Where that is said.
    pub at: Location,
    /// The path in it that HAProxy reads as its configuration.
    pub configuration: Option<String>,
}

impl Kept {
    /// Whether a path is that of the file, or in the folder.
    pub fn has(&self, path: &str) -> bool {
        let rest = path.trim_end_matches('/').strip_prefix(self.path.as_str());
        rest.is_some_and(|rest| rest.is_empty() || self.whole && rest.starts_with('/'))
    }
}

/// An object that may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// Its name.
    pub name: String,
    /// Its place.
    pub at: Location,
    /// Why it may be it.
    pub why: Likeness,
}

/// What an object has in common with the one that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The name but for the hash that kustomize puts behind it.
    Hash,
    /// The name; it is in this namespace.
    Namespace(String),
    /// It holds a configuration of HAProxy that no pod mounts.
    Unread,
}

impl Missing {
    /// What is wrong, in a sentence without a full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::Volume(name) => format!("the pod has no volume `{name}`, which a container mounts"),
            Self::Object { kind, name, .. } => format!("{kind} `{name}` is mounted, and is not here"),
            Self::Variables { kind, name, .. } => format!("variables come from {kind} `{name}`, which is not here"),
            Self::Key { kind, name, key, .. } => format!("{kind} `{name}` has no key `{key}`, which is asked for"),
            Self::Path { path, there: Some(there) } => format!("HAProxy reads `{path}`, and its configuration is mounted at `{there}`"),
            Self::Unread { file, folder } => format!("`{file}` in `{folder}` is never read: of a folder HAProxy reads `*.cfg` alone"),
            Self::Written { path, by, writes, there } => {
                let seen = there.as_ref().map_or("which no volume brings to it".to_owned(), |there| format!("which is `{there}` for it"));
                format!("HAProxy reads `{path}`, and container `{by}` writes `{writes}`, {seen}")
            }
            Self::Path { path, there: None } => format!("HAProxy reads `{path}`, and nothing is mounted there"),
        }
    }
}
