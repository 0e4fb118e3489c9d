//! The environment that HAProxy will have, as far as it is known.

use std::collections::BTreeMap;

use super::condition::Lookup;

/// The variables that HAProxy sets itself, in some version or other, besides its log formats (haproxy.c, mworker.c).
const OWN: [&str; 10] = [
    "HAPROXY_BRANCH",
    "HAPROXY_CFGFILES",
    "HAPROXY_CLI",
    "HAPROXY_LOCALPEER",
    "HAPROXY_MASTER_CLI",
    "HAPROXY_MWORKER",
    "HAPROXY_MWORKER_REEXEC",
    "HAPROXY_MWORKER_WAIT_ONLY",
    "HAPROXY_PROCESSES",
    "HAPROXY_STARTUP_VERSION",
];

fn is_own(name: &str) -> bool {
    OWN.contains(&name) || name.starts_with("HAPROXY_") && name.ends_with("_LOG_FMT")
}

/// Environment variables: set, not set, or unknown.
///
/// ```
/// use haproxy_lint::syntax::{Environment, Lookup};
/// let open = Environment::default().with("POD_NAME", "haproxy-0");
/// assert_eq!(open.get("POD_NAME"), Lookup::Set("haproxy-0".into()));
/// assert_eq!(open.get("HOME"), Lookup::Unknown);
/// assert_eq!(open.closed().get("HOME"), Lookup::Unset);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Environment {
    known: BTreeMap<String, Option<Option<String>>>,
    closed: bool,
}

impl Environment {
    /// The environment with `name` set to `value`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, Some(value.into()));
        self
    }

    /// The environment in which every variable that is not named is not set, instead of unknown.
    #[must_use]
    pub fn closed(mut self) -> Self {
        self.closed = true;
        self
    }

    /// Sets `name`; `None` is a value that nobody knows.
    pub fn set(&mut self, name: impl Into<String>, value: Option<String>) {
        self.known.insert(name.into(), Some(value));
    }

    /// Makes `name` not set.
    pub fn unset(&mut self, name: impl Into<String>) {
        self.known.insert(name.into(), None);
    }

    /// The variables whose values are known.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_ref()?.as_deref()?)))
    }

    /// Whether variables that are not named are not set.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Forgets every variable but those that `keep` names, as `resetenv` does.
    pub fn reset(&mut self, keep: &[String]) {
        let kept = keep.iter().map(|name| (name.clone(), self.get(name)));
        let kept: Vec<_> = kept.collect();
        *self = Self::default().closed();
        for (name, value) in kept {
            match value {
                Lookup::Set(text) => self.set(name, Some(text)),
                Lookup::Unknown => self.set(name, None),
                Lookup::Unset => {}
            }
        }
    }

    /// What `name` holds. What HAProxy sets itself is never known to be unset.
    pub fn get(&self, name: &str) -> Lookup {
        match self.known.get(name) {
            Some(Some(Some(value))) => Lookup::Set(value.clone()),
            Some(Some(None)) => Lookup::Unknown,
            Some(None) => Lookup::Unset,
            None if self.closed && !is_own(name) => Lookup::Unset,
            None => Lookup::Unknown,
        }
    }

    /// Whether `name` exists, where that is known: a variable may exist although nobody knows its value.
    pub fn exists(&self, name: &str) -> Option<bool> {
        match self.known.get(name) {
            Some(value) => Some(value.is_some()),
            None => matches!(self.get(name), Lookup::Unset).then_some(false),
        }
    }
}
