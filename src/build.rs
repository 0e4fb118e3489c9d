//! What one build of HAProxy is, from what its `-vv` prints.

use std::collections::BTreeMap;

use crate::version::Version;

/// A build: its version, and what was compiled in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Build {
    /// Its version.
    pub version: Version,
    /// Each feature of its `Feature list`, such as `QUIC`, and whether it is there.
    pub features: BTreeMap<String, bool>,
}

/// What was given is not what `haproxy -vv` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// It does not begin with `HAProxy version X.Y.Z`.
    NoVersion,
    /// Its version is not one that this crate knows.
    UnknownVersion,
    /// There is no `Feature list`: it is the output of `-v`.
    NoFeatures,
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoVersion => "this is not what `haproxy -vv` prints: no line begins with `HAProxy version`",
            Self::UnknownVersion => "this is a HAProxy version that this program does not know",
            Self::NoFeatures => "the `Feature list` is missing: this looks like the output of `-v`, not of `-vv`",
        })
    }
}

impl std::error::Error for BuildError {}

impl Build {
    /// Reads the output of `haproxy -vv`.
    ///
    /// # Errors
    /// It is something else.
    ///
    /// ```
    /// use haproxy_lint::build::Build;
    /// let build = Build::parse("HAProxy version 2.8.25-5cf5d0683 2026/06/26\nFeature list : +OPENSSL -QUIC\n").unwrap();
    /// assert_eq!((build.version.to_string().as_str(), build.has("QUIC")), ("2.8.25", Some(false)));
    /// ```
    pub fn parse(text: &str) -> Result<Self, BuildError> {
        // Up to 2.4 the name was written `HA-Proxy`.
        let version =
            text.lines().find_map(|line| line.strip_prefix("HAProxy version ").or_else(|| line.strip_prefix("HA-Proxy version ")));
        let version = version.and_then(|rest| rest.split_whitespace().next()).ok_or(BuildError::NoVersion)?;
        let version = version.parse().map_err(|_| BuildError::UnknownVersion)?;
        let list = text.lines().find_map(|line| line.strip_prefix("Feature list :")).ok_or(BuildError::NoFeatures)?;
        let feature = |word: &str| match word.split_at_checked(1) {
            Some(("+", name)) => Some((name.to_owned(), true)),
            Some(("-", name)) => Some((name.to_owned(), false)),
            _ => None,
        };
        Ok(Self { version, features: list.split_whitespace().filter_map(feature).collect() })
    }

    /// Whether the build has a feature; `None` where its list does not name it.
    pub fn has(&self, feature: &str) -> Option<bool> {
        self.features.get(feature).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_build_is_told() {
        assert_eq!(Build::parse("nginx version: 1.2"), Err(BuildError::NoVersion));
        assert_eq!(Build::parse("HAProxy version 1.8.0 2018"), Err(BuildError::UnknownVersion));
        assert_eq!(Build::parse("HAProxy version 2.8.25 2026"), Err(BuildError::NoFeatures));
        let old = Build::parse("HA-Proxy version 2.4.0-6cbbecf 2021/05/14\nFeature list : +EPOLL\n").unwrap();
        assert_eq!((old.version, old.has("EPOLL"), old.has("LUA")), (Version::new(2, 4, 0), Some(true), None));
    }
}
