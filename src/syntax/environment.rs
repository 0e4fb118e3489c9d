//! The environment that HAProxy will have, as far as it is known.

use std::collections::BTreeMap;

use super::condition::Lookup;
use crate::version::VersionSet;

/// The variables that HAProxy sets itself, and the versions that may (haproxy.c, mworker.c, log.c). Of the log formats those are
/// left out that are known not to.
const OWN: [(&str, VersionSet); 17] = [
    ("HAPROXY_BRANCH", VersionSet::ALL),
    ("HAPROXY_CFGFILES", VersionSet::ALL),
    ("HAPROXY_CLI", VersionSet::ALL),
    ("HAPROXY_HTTPS_LOG_FMT", FORMATS),
    ("HAPROXY_HTTP_CLF_LOG_FMT", CLF_FORMATS),
    ("HAPROXY_HTTP_LOG_FMT", FORMATS),
    ("HAPROXY_KEYLOG_BC_LOG_FMT", KEY_FORMATS),
    ("HAPROXY_KEYLOG_FC_LOG_FMT", KEY_FORMATS),
    ("HAPROXY_LOCALPEER", VersionSet::ALL),
    ("HAPROXY_MASTER_CLI", VersionSet::ALL),
    ("HAPROXY_MWORKER", VersionSet::ALL),
    ("HAPROXY_MWORKER_REEXEC", VersionSet::ALL),
    ("HAPROXY_MWORKER_WAIT_ONLY", VersionSet::ALL),
    ("HAPROXY_PROCESSES", VersionSet::ALL),
    ("HAPROXY_STARTUP_VERSION", VersionSet::ALL),
    ("HAPROXY_TCP_CLF_LOG_FMT", CLF_FORMATS),
    ("HAPROXY_TCP_LOG_FMT", FORMATS),
];

const FORMATS: VersionSet = VersionSet::since(2, 7, 0);
const CLF_FORMATS: VersionSet = VersionSet::since(3, 1, 0);
const KEY_FORMATS: VersionSet = VersionSet::since(3, 3, 0);

/// Whether one of these versions may set `name` itself.
fn is_own(name: &str, versions: VersionSet) -> bool {
    OWN.iter().any(|(own, of)| *own == name && of.meets(versions))
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
#[derive(Clone, Debug)]
pub struct Environment {
    known: BTreeMap<String, Option<Option<String>>>,
    closed: bool,
    /// The versions that may set variables of their own.
    versions: VersionSet,
}

impl Default for Environment {
    fn default() -> Self {
        Self { known: BTreeMap::new(), closed: false, versions: VersionSet::ALL }
    }
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

    /// The environment of these versions, which have variables of their own.
    pub(super) fn of(mut self, versions: VersionSet) -> Self {
        self.versions = versions;
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
        *self = Self::default().closed().of(self.versions);
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
            None if self.closed && !is_own(name, self.versions) => Lookup::Unset,
            None => Lookup::Unknown,
        }
    }

    /// How many bytes the value of `name` has; 0 where it has none.
    pub(super) fn length(&self, name: &str) -> usize {
        self.known.get(name).map_or(0, |value| value.as_ref().and_then(|value| value.as_ref()).map_or(0, String::len))
    }

    /// Whether `name` exists, where that is known: a variable may exist although nobody knows its value.
    pub fn exists(&self, name: &str) -> Option<bool> {
        match self.known.get(name) {
            Some(value) => Some(value.is_some()),
            None => matches!(self.get(name), Lookup::Unset).then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_haproxy_sets_itself_is_known_to_be_unset_where_it_does_not() {
        let of = |minor| Environment::default().closed().of(VersionSet::branch(3, minor)).get("HAPROXY_KEYLOG_FC_LOG_FMT");
        assert_eq!((of(2), of(4)), (Lookup::Unset, Lookup::Unknown));
        let every = Environment::default().closed();
        assert_eq!((every.get("HAPROXY_HTTP_LOG_FMT"), every.get("HOME")), (Lookup::Unknown, Lookup::Unset));
        assert_eq!(Environment::default().of(VersionSet::branch(2, 6)).get("HAPROXY_HTTP_LOG_FMT"), Lookup::Unknown);
    }
}
