//! The questions that conditions can ask, as HAProxy knows them.

use crate::version::VersionSet;

/// What a predicate looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Defined,
    Equal,
    Contains,
    Version,
    Enabled,
    OpensslVersion,
    AwslcApi,
    Build,
}

/// A predicate as HAProxy knows it. All of its arguments are mandatory and strings.
pub(super) struct Spec {
    pub(super) name: &'static str,
    pub(super) usage: &'static str,
    pub(super) args: usize,
    pub(super) since: VersionSet,
    pub(super) meaning: Meaning,
    /// The predicate that is true where this one is false; this one is evaluated as its negation.
    pub(super) opposite: Option<&'static str>,
}

impl Spec {
    const fn new(name: &'static str, usage: &'static str, args: usize, since: (u8, u8), meaning: Meaning) -> Self {
        Self { name, usage, args, since: VersionSet::since(since.0, since.1, 0), meaning, opposite: None }
    }

    const fn against(mut self, opposite: &'static str) -> Self {
        self.opposite = Some(opposite);
        self
    }
}

/// `cond_predicates[]` of `src/cfgcond.c`, compared between the releases 2.4.0 (there in `src/cfgparse.c`) to 3.5-dev5.
pub(super) static PREDICATES: [Spec; 14] = [
    Spec::new("defined", "defined(NAME)", 1, (2, 4), Meaning::Defined),
    Spec::new("feature", "feature(OPENSSL)", 1, (2, 4), Meaning::Build),
    Spec::new("streq", "streq(a,b)", 2, (2, 4), Meaning::Equal),
    Spec::new("strneq", "strneq(a,b)", 2, (2, 4), Meaning::Equal).against("streq"),
    Spec::new("strstr", "strstr(text,part)", 2, (2, 8), Meaning::Contains),
    Spec::new("version_atleast", "version_atleast(2.8)", 1, (2, 4), Meaning::Version),
    Spec::new("version_before", "version_before(2.8)", 1, (2, 4), Meaning::Version).against("version_atleast"),
    Spec::new("openssl_version_atleast", "openssl_version_atleast(3.0.0)", 1, (2, 5), Meaning::OpensslVersion),
    Spec::new("openssl_version_before", "openssl_version_before(3.0.0)", 1, (2, 5), Meaning::OpensslVersion)
        .against("openssl_version_atleast"),
    Spec::new("ssllib_name_startswith", "ssllib_name_startswith(OpenSSL)", 1, (2, 5), Meaning::Build),
    Spec::new("enabled", "enabled(SPLICE)", 1, (2, 8), Meaning::Enabled),
    Spec::new("awslc_api_atleast", "awslc_api_atleast(35)", 1, (3, 3), Meaning::AwslcApi),
    Spec::new("awslc_api_before", "awslc_api_before(35)", 1, (3, 3), Meaning::AwslcApi).against("awslc_api_atleast"),
    Spec::new("fips_mode", "fips_mode", 0, (3, 5), Meaning::Build),
];

/// The options `enabled()` knows (`cfg_eval_cond_enabled()`, the same in 2.8.0 and 3.5-dev5); it is false for any other.
pub(super) const OPTIONS: [&str; 9] =
    ["POLL", "EPOLL", "KQUEUE", "EVPORTS", "SPLICE", "GETADDRINFO", "REUSEPORT", "FAST-FORWARD", "SERVER-SSL-VERIFY-NONE"];

/// What every HAProxy has that people run, unless a build is shown that has not: one without threads is made on purpose.
pub(super) const USUAL: &str = "feature(THREAD)";

pub(super) fn spec(name: &str) -> Option<&'static Spec> {
    PREDICATES.iter().find(|s| s.name == name)
}
