//! `peers/known-bad-version`.

use std::ops::RangeInclusive;

use crate::rules::prelude::*;

rule! {
    /// The HAProxy to check for has a known bug with peers.
    ///
    /// ## Why
    ///
    /// A few patch levels lose updates, crash or spin with peers, some of them only with many peers or with one, and no
    /// configuration helps. This rule speaks only if `--target`
    /// says one of them. A distribution may have repaired its package without another number.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.6.1 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.6.12 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#1497, #1799, #2470, #2937, #3161, #3170.
    "peers/known-bad-version", Warning, World(check), about: ["peers"], asked: ByNode
}

const fn upto(major: u8, minor: u8, patch: u8) -> VersionSet {
    VersionSet::branch(major, minor).minus(VersionSet::branch_since(major, minor, patch + 1))
}

const fn exactly(major: u8, minor: u8, patch: u8) -> VersionSet {
    VersionSet::only(Version::new(major, minor, patch))
}

const ANY: RangeInclusive<usize> = 1..=usize::MAX;
/// The reports are of 50 peers and more; where it begins is not known.
const MANY: RangeInclusive<usize> = 16..=usize::MAX;

/// Versions, how many peers it takes, what happens, and the thread that tells.
const BAD: [(VersionSet, RangeInclusive<usize>, &str, u16); 6] = [
    (exactly(2, 5, 0), ANY, "replicated counters grow without bound after a reload", 1497),
    (upto(2, 6, 2), ANY, "old processes may spin after a reload until the watchdog kills them", 1799),
    (upto(2, 9, 4), MANY, "it may crash on a reload in a section with many peers", 2470),
    (exactly(3, 0, 8).or(exactly(3, 1, 6)), 1..=1, "it may freeze with a section that has the local peer alone", 2937),
    (exactly(3, 1, 9), ANY, "it may crash while it replicates tables", 3170),
    (upto(3, 2, 6), MANY, "it may lose updates without a word in a section with many peers, although all are connected", 3161),
];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(target) = cx.options.target else { return };
    let Some(peers) = cx.config.peers.iter().find(|p| !p.disabled && !p.list.is_empty()) else { return };
    let Some(location) = peers.location() else { return };
    for (versions, _, what, issue) in BAD.iter().filter(|bad| bad.0.contains(target) && bad.1.contains(&peers.list.len())) {
        out.report(
            Draft::at(location, format!("HAProxy {target} has a known bug with peers: {what}"))
                .confidence(Confidence::Medium)
                .help("run the newest patch level of this branch")
                .note(format!("see https://github.com/haproxy/haproxy/issues/{issue}"))
                .only(*versions),
        );
    }
}
