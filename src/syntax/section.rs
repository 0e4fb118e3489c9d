//! The sections of a configuration, and which versions know them.

use crate::version::VersionSet;

/// Kinds of sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after its keyword")]
#[non_exhaustive]
pub enum SectionKind {
    Global,
    Defaults,
    Frontend,
    Backend,
    Listen,
    Peers,
    Resolvers,
    Mailers,
    Userlist,
    Cache,
    HttpErrors,
    Ring,
    LogForward,
    FcgiApp,
    NamespaceList,
    Program,
    CrtStore,
    LogProfile,
    Traces,
    Acme,
    HealthCheck,
}

/// What a section header looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// No name may follow; HAProxy refuses any further word.
    None,
    /// Whatever follows is ignored.
    Ignored,
    /// A name may follow.
    Optional,
    /// A name must follow.
    Required,
}

/// One row of [`SECTIONS`].
#[derive(Debug)]
pub struct SectionSpec {
    /// The keyword that opens the section.
    pub keyword: &'static str,
    /// The kind.
    pub kind: SectionKind,
    /// The versions that know it.
    pub versions: VersionSet,
    /// What may follow the keyword.
    pub naming: Naming,
}

const fn section(keyword: &'static str, kind: SectionKind, versions: VersionSet, naming: Naming) -> SectionSpec {
    SectionSpec { keyword, kind, versions, naming }
}

/// Every section of the main configuration file.
pub static SECTIONS: &[SectionSpec] = {
    use Naming::{Ignored, None, Optional, Required};
    use SectionKind as K;
    const ALL: VersionSet = VersionSet::ALL;
    const SINCE_3_0: VersionSet = VersionSet::since(3, 0, 0);
    const SINCE_3_1: VersionSet = VersionSet::since(3, 1, 0);
    &[
        section("global", K::Global, ALL, None),
        section("defaults", K::Defaults, ALL, Optional),
        section("frontend", K::Frontend, ALL, Required),
        section("backend", K::Backend, ALL, Required),
        section("listen", K::Listen, ALL, Required),
        section("peers", K::Peers, ALL, Required),
        section("resolvers", K::Resolvers, ALL, Required),
        section("mailers", K::Mailers, ALL, Required),
        section("userlist", K::Userlist, ALL, Required),
        section("cache", K::Cache, ALL, Required),
        section("http-errors", K::HttpErrors, ALL, Required),
        section("ring", K::Ring, ALL, Required),
        section("log-forward", K::LogForward, ALL, Required),
        section("fcgi-app", K::FcgiApp, ALL, Required),
        section("namespace_list", K::NamespaceList, ALL, Ignored),
        section("program", K::Program, VersionSet::before(3, 3, 0), Required),
        section("crt-store", K::CrtStore, SINCE_3_0, Optional),
        section("log-profile", K::LogProfile, SINCE_3_1, Required),
        section("traces", K::Traces, SINCE_3_1, None),
        section("acme", K::Acme, VersionSet::since(3, 2, 0), Required),
        section("healthcheck", K::HealthCheck, VersionSet::since(3, 4, 0), Required),
    ]
};

/// Whether `c` can stand in a name.
pub fn is_name_char(c: char) -> bool {
    is_name(c.encode_utf8(&mut [0; 4]))
}

/// Whether all of a text can stand in a name.
pub fn is_name(text: &str) -> bool {
    text.bytes().fold(true, |all, byte| all & OF_NAMES[usize::from(byte)])
}

/// The bytes that can stand in names.
static OF_NAMES: [bool; 256] = {
    let (mut of_names, mut byte) = ([false; 256], 0u8);
    while byte < 128 {
        of_names[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_' | b'-');
        byte += 1;
    }
    of_names
};

/// The bytes that keywords of sections begin with.
static FIRST: [bool; 256] = {
    let (mut first, mut at) = ([false; 256], 0);
    while at < SECTIONS.len() {
        first[SECTIONS[at].keyword.as_bytes()[0] as usize] = true;
        at += 1;
    }
    first
};

/// The section that `keyword` opens, in any version. Keywords are case-sensitive.
pub fn section_kind(keyword: &str) -> Option<&'static SectionSpec> {
    // Nearly every line asks; nearly every answer is no, which the first byte tells.
    let first = keyword.as_bytes().first()?;
    FIRST[usize::from(*first)].then(|| SECTIONS.iter().find(|s| s.keyword == keyword)).flatten()
}

impl SectionKind {
    /// The keyword that opens it.
    pub fn keyword(self) -> &'static str {
        self.spec().keyword
    }

    /// The row of [`SECTIONS`].
    pub fn spec(self) -> &'static SectionSpec {
        SECTIONS.iter().find(|s| s.kind == self).unwrap_or(&SECTIONS[0])
    }

    /// Whether it is a proxy: `defaults`, `frontend`, `backend` or `listen`.
    pub fn is_proxy(self) -> bool {
        matches!(self, Self::Defaults | Self::Frontend | Self::Backend | Self::Listen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_opens_its_section() {
        for section in SECTIONS {
            assert_eq!(section_kind(section.keyword).map(|found| found.kind), Some(section.kind), "{}", section.keyword);
        }
        assert!(["", "Global", "backends", "\u{e4}"].into_iter().all(|word| section_kind(word).is_none()));
    }
}
