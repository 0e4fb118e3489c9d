//! HAProxy versions, and sets of them: every judgement of this crate is a set of versions.

use std::{fmt, str::FromStr};

/// The branches this crate knows, oldest first, each with its newest patch level known when this was written.
/// 3.5 is a development branch and is known as a preview.
const BRANCHES: [(u8, u8, u8); 12] = [
    (2, 4, 36),
    (2, 5, 14),
    (2, 6, 31),
    (2, 7, 12),
    (2, 8, 26),
    (2, 9, 15),
    (3, 0, 25),
    (3, 1, 17),
    (3, 2, 21),
    (3, 3, 12),
    (3, 4, 2),
    (3, 5, 0),
];

/// The first branch that counts as supported where the user names no version: 2.6.
const FIRST_SUPPORTED: Version = Version::new(2, 6, 0);

/// The last branch that counts as supported where the user names no version; 3.5 is only a preview.
const LAST_SUPPORTED: (u8, u8) = (3, 4);

/// One HAProxy release, such as 2.8.25.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The 2 of 2.8.25.
    pub major: u8,
    /// The 8 of 2.8.25.
    pub minor: u8,
    /// The 25 of 2.8.25.
    pub patch: u8,
}

impl Version {
    /// The version `major.minor.patch`.
    pub const fn new(major: u8, minor: u8, patch: u8) -> Self {
        Self { major, minor, patch }
    }

    /// The version that a person names: as it is written anywhere, or `latest` for the newest that is no preview.
    ///
    /// # Errors
    /// If it is not known.
    pub fn named(text: &str) -> Result<Self, UnknownVersion> {
        let (major, minor) = LAST_SUPPORTED;
        if text == "latest" { format!("{major}.{minor}").parse() } else { text.parse() }
    }

    fn branch(self) -> Option<usize> {
        BRANCHES.iter().position(|b| (b.0, b.1) == (self.major, self.minor))
    }

    /// What its manual is called at docs.haproxy.org: `2.6`, or `dev` while the branch is only a preview.
    pub fn manual(self) -> String {
        if (self.major, self.minor) > LAST_SUPPORTED { "dev".to_owned() } else { format!("{}.{}", self.major, self.minor) }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A version that a user wrote and that is not one this crate can check for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVersion {
    /// What was written.
    pub text: String,
}

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a HAProxy version this program knows", self.text)
    }
}

impl std::error::Error for UnknownVersion {}

impl UnknownVersion {
    /// The newest patch level of the known branch that is nearest to what was written, where that is a version at all.
    pub fn nearest(&self) -> Option<Version> {
        let plain = self.text.trim_start_matches('v').split(['-', '+', '~']).next()?;
        let mut numbers = plain.split('.').map(str::parse::<u8>);
        let wanted = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let ends = (BRANCHES[0], BRANCHES[BRANCHES.len() - 1]);
        let later = BRANCHES.iter().find(|branch| (branch.0, branch.1) >= wanted);
        let (major, minor, patch) = *later.unwrap_or(&ends.1);
        (wanted.0 <= ends.1.0 + 1 && !numbers.any(|number| number.is_err())).then_some(Version::new(major, minor, patch))
    }

    /// What may be written instead.
    pub fn help() -> String {
        let (first, last) = (BRANCHES[0], BRANCHES[BRANCHES.len() - 1]);
        format!(
            "write X.Y (its newest patch known), X.Y.Z or `latest`, from {}.{} to {}.{}, or {}.{} as a preview",
            first.0, first.1, LAST_SUPPORTED.0, LAST_SUPPORTED.1, last.0, last.1
        )
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    /// Reads `X.Y` (the newest patch known), `X.Y.Z`, and forms that people copy: `v2.8.1`, `3.5-dev5`, `2.6.12-1+deb12u4`.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let unknown = || UnknownVersion { text: text.to_owned() };
        let plain = text.strip_prefix('v').unwrap_or(text);
        let plain = plain.split(['-', '+', '~']).next().unwrap_or("");
        let numbers: Vec<u8> = plain.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| unknown())?;
        let (major, minor, patch) = match numbers[..] {
            [major, minor] => (major, minor, None),
            [major, minor, patch] if patch < 64 => (major, minor, Some(patch)),
            _ => return Err(unknown()),
        };
        let branch = Version::new(major, minor, 0).branch().ok_or_else(unknown)?;
        Ok(Version::new(major, minor, patch.unwrap_or(BRANCHES[branch].2)))
    }
}

/// A set of HAProxy versions: a bit for each patch level of each branch from 2.4 to 3.5.
///
/// ```
/// use haproxy_lint::version::{Version, VersionSet};
/// let refused = VersionSet::since(2, 9, 0) | VersionSet::branch_since(2, 8, 25);
/// assert!(refused.contains(Version::new(2, 8, 25)) && !refused.contains(Version::new(2, 8, 0)));
/// assert_eq!(refused.to_string(), "2.8.25 and later");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VersionSet([u64; BRANCHES.len()]);

impl VersionSet {
    /// No version.
    pub const NONE: Self = Self([0; BRANCHES.len()]);
    /// Every version this crate knows.
    pub const ALL: Self = Self([u64::MAX; BRANCHES.len()]);

    /// `major.minor.patch` and everything released on it and on later branches.
    pub const fn since(major: u8, minor: u8, patch: u8) -> Self {
        let mut set = Self::NONE;
        let mut i = 0;
        while i < BRANCHES.len() {
            let (a, b, _) = BRANCHES[i];
            if a == major && b == minor {
                set.0[i] = u64::MAX << patch;
            } else if a > major || (a == major && b > minor) {
                set.0[i] = u64::MAX;
            }
            i += 1;
        }
        set
    }

    /// Everything before `major.minor.patch`.
    pub const fn before(major: u8, minor: u8, patch: u8) -> Self {
        Self::since(major, minor, patch).complement()
    }

    /// `major.minor.patch` and the later patch levels of that branch: how a back-port is said.
    pub const fn branch_since(major: u8, minor: u8, patch: u8) -> Self {
        Self::since(major, minor, patch).minus(Self::since(major, minor + 1, 0))
    }

    /// The whole branch `major.minor`.
    pub const fn branch(major: u8, minor: u8) -> Self {
        Self::branch_since(major, minor, 0)
    }

    /// Only this version.
    pub const fn only(version: Version) -> Self {
        let mut set = Self::branch(version.major, version.minor);
        let mut i = 0;
        while i < BRANCHES.len() {
            set.0[i] &= 1 << version.patch;
            i += 1;
        }
        set
    }

    /// What counts where the user names no version: every patch level from 2.6 to 3.4.
    pub fn supported() -> Self {
        let past = Self::since(LAST_SUPPORTED.0, LAST_SUPPORTED.1 + 1, 0);
        Self::since(FIRST_SUPPORTED.major, FIRST_SUPPORTED.minor, 0).minus(past).released()
    }

    /// The part of the set up to the newest patch level known of each branch.
    fn released(mut self) -> Self {
        for (bits, branch) in self.0.iter_mut().zip(BRANCHES) {
            *bits &= (2u64 << branch.2) - 1;
        }
        self
    }

    /// The newest patch level known of each branch, where it is in the set.
    pub fn newest(mut self) -> Self {
        for (bits, branch) in self.0.iter_mut().zip(BRANCHES) {
            *bits &= 1 << branch.2;
        }
        self
    }

    /// Every version that is not in this set.
    pub const fn complement(mut self) -> Self {
        let mut i = 0;
        while i < BRANCHES.len() {
            self.0[i] = !self.0[i];
            i += 1;
        }
        self
    }

    /// What is in this set and not in `other`.
    pub const fn minus(mut self, other: Self) -> Self {
        let mut i = 0;
        while i < BRANCHES.len() {
            self.0[i] &= !other.0[i];
            i += 1;
        }
        self
    }

    /// What is in this set or in `other`; `|` does the same where no `const` is needed.
    pub const fn or(mut self, other: Self) -> Self {
        let mut i = 0;
        while i < BRANCHES.len() {
            self.0[i] |= other.0[i];
            i += 1;
        }
        self
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0.iter().all(|branch| *branch == 0)
    }

    /// Whether `version` is in the set.
    pub fn contains(self, version: Version) -> bool {
        version.branch().is_some_and(|b| self.0[b] >> version.patch & 1 == 1)
    }

    /// Whether all of `other` is in this set.
    pub fn covers(self, other: Self) -> bool {
        other.minus(self).is_empty()
    }

    /// Whether this set and `other` have a version in common.
    pub fn meets(self, other: Self) -> bool {
        !(self & other).is_empty()
    }

    /// The versions of the set that `keep` says yes to.
    pub fn filter(mut self, keep: impl Fn(Version) -> bool) -> Self {
        for (bits, (major, minor, _)) in self.0.iter_mut().zip(BRANCHES) {
            let dropped = (0..64).filter(|patch| !keep(Version::new(major, minor, *patch)));
            *bits &= !dropped.fold(0, |mask, patch| mask | 1 << patch);
        }
        self
    }

    /// The versions in the set up to the newest patch known of each branch, oldest first.
    pub fn iter(self) -> impl Iterator<Item = Version> {
        BRANCHES.into_iter().enumerate().flat_map(move |(b, (major, minor, newest))| {
            (0..=newest).filter(move |patch| self.0[b] >> patch & 1 == 1).map(move |patch| Version::new(major, minor, patch))
        })
    }

    /// The runs of neighbouring known versions in the set.
    fn runs(self) -> Vec<(Version, Version)> {
        let mut runs: Vec<(Version, Version)> = Vec::new();
        // Whether the last one goes to the end of the branch before.
        let mut goes_on = false;
        for (bits, (major, minor, newest)) in self.released().0.into_iter().zip(BRANCHES) {
            let mut rest = bits;
            while rest != 0 {
                let from = rest.trailing_zeros() as u8;
                let to = from + (rest >> from).trailing_ones() as u8 - 1;
                rest &= u64::MAX << to << 1;
                let (first, last) = (Version::new(major, minor, from), Version::new(major, minor, to));
                match runs.last_mut() {
                    Some(run) if goes_on && from == 0 => run.1 = last,
                    _ => runs.push((first, last)),
                }
            }
            goes_on = bits >> newest & 1 == 1;
        }
        runs
    }
}

impl std::ops::BitAnd for VersionSet {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.minus(other.complement())
    }
}

impl std::ops::BitOr for VersionSet {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl fmt::Debug for VersionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionSet({self})")
    }
}

/// A version the way people say it: without a patch level where that is the first or the newest one known.
#[derive(PartialEq)]
struct Said(u8, u8, Option<u8>);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)?;
        self.2.map_or(Ok(()), |patch| write!(f, ".{patch}"))
    }
}

/// A first version: the first patch level is called by its branch.
fn first(version: Version) -> Said {
    Said(version.major, version.minor, Some(version.patch).filter(|patch| *patch > 0))
}

/// A last version: the newest patch known is called by its branch.
fn last(version: Version) -> Said {
    let is_newest = version.branch().is_some_and(|b| BRANCHES[b].2 == version.patch);
    Said(version.major, version.minor, Some(version.patch).filter(|_| !is_newest))
}

impl fmt::Display for VersionSet {
    /// The set in words: `2.8.25 and later`, `2.6 to 2.8`, `3.0.0`, `no version`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (oldest, newest) = (BRANCHES[0], BRANCHES[BRANCHES.len() - 1]);
        let oldest = Version::new(oldest.0, oldest.1, 0);
        let is_newest = |v: Version| {
            let branch = (v.major, v.minor);
            branch == (newest.0, newest.1) || branch == LAST_SUPPORTED && BRANCHES.contains(&(v.major, v.minor, v.patch))
        };
        let runs = self.runs();
        if runs.is_empty() {
            return f.write_str("no version");
        }
        for (at, &(from, to)) in runs.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            match (from == oldest, is_newest(to)) {
                (true, true) => f.write_str("every version")?,
                (true, false) => write!(f, "{} and earlier", last(to))?,
                (false, true) if from != to || (from.major, from.minor) == (newest.0, newest.1) => write!(f, "{} and later", first(from))?,
                _ if from == to => write!(f, "{from}")?,
                _ if first(from) == last(to) => write!(f, "{}", first(from))?,
                _ => write!(f, "{} to {}", first(from), last(to))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_means_its_newest_patch() {
        assert_eq!("2.8".parse::<Version>().unwrap(), Version::new(2, 8, 26));
        assert_eq!("v2.6.12-1+deb12u4".parse::<Version>().unwrap(), Version::new(2, 6, 12));
        assert_eq!("3.5-dev5".parse::<Version>().unwrap(), Version::new(3, 5, 0));
        for bad in ["", "2", "2.3", "2.8.x", "4.0", "2.8.64", "2.8.1.1", "abc"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }

    #[test]
    fn sets_are_said_in_words() {
        assert_eq!(VersionSet::ALL.to_string(), "every version");
        assert_eq!(VersionSet::NONE.to_string(), "no version");
        assert_eq!(VersionSet::since(3, 3, 0).to_string(), "3.3 and later");
        assert_eq!(VersionSet::before(3, 1, 0).to_string(), "3.0 and earlier");
        assert_eq!((VersionSet::since(2, 5, 0) & VersionSet::before(2, 9, 0)).to_string(), "2.5 to 2.8");
        assert_eq!(VersionSet::only(Version::new(3, 0, 0)).to_string(), "3.0.0");
        assert_eq!((VersionSet::supported() & VersionSet::since(3, 3, 0)).to_string(), "3.3 and later");
    }

    #[test]
    fn a_run_goes_on_where_the_next_branch_begins() {
        let gap = VersionSet::only(Version::new(2, 8, 3)).complement() & VersionSet::since(2, 8, 0) & VersionSet::before(3, 0, 2);
        assert_eq!(gap.to_string(), "2.8 to 2.8.2, 2.8.4 to 3.0.1");
        let ends = VersionSet::branch_since(2, 6, 31) | VersionSet::only(Version::new(2, 8, 0)) | VersionSet::only(Version::new(2, 9, 0));
        assert_eq!(ends.to_string(), "2.6.31, 2.8.0, 2.9.0");
        assert_eq!((ends | VersionSet::only(Version::new(2, 7, 0))).to_string(), "2.6.31 to 2.7.0, 2.8.0, 2.9.0");
    }

    #[test]
    fn a_back_port_is_part_of_its_branch_only() {
        let set = VersionSet::branch_since(2, 8, 25);
        assert!(set.contains(Version::new(2, 8, 30)));
        assert!(!set.contains(Version::new(2, 8, 24)) && !set.contains(Version::new(2, 9, 0)));
    }
}
