//! `peers/disabled-section`.

use std::cell::LazyCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::rules::prelude::*;

rule! {
    /// Tables are attached to a `peers` section that is disabled.
    ///
    /// ## Why
    ///
    /// HAProxy takes the tables and says nothing. It does not listen for the other nodes, connects to none of them, and hands nothing
    /// to the process that takes its place when it is reloaded: each reload empties the tables.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// peers cluster
    ///     disabled
    ///     peer lb1 10.0.0.11:1024
    ///     peer lb2 10.0.0.12:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=lb1
    /// peers cluster
    ///     peer lb1 10.0.0.11:1024
    ///     peer lb2 10.0.0.12:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy 2.6 to 3.5; configuration manual, `disabled` of `peers`.
    "peers/disabled-section", Info, World(check), about: ["peers"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let proxies = LazyCell::new(|| replicated(cx));
    for peers in cx.config.peers.iter().filter(|p| p.disabled) {
        let Some(line) = peers.section.statements().rfind(|s| s.keyword() == "disabled") else { continue };
        let of_proxies = proxies.get(peers.name()).map_or(&[][..], Vec::as_slice);
        let own = || peers.tables.iter().filter_map(|t| t.name?.known());
        let Some(first) = of_proxies.first().copied().or_else(|| own().next()) else { continue };
        let what = match of_proxies.len() + own().count() {
            1 => format!("table `{first}` is"),
            count => format!("the {count} tables of it are"),
        };
        out.report(
            Draft::at(line.location(), format!("{} is disabled: {what} shared with nobody, and empty after each reload", peers.title()))
                .label("HAProxy says nothing of it")
                .help("take the line out, or take `peers` out of the tables if they are to stay apart"),
        );
    }
}

/// The proxies whose tables are to be replicated through each `peers` section.
fn replicated<'a>(cx: &Context<'a>) -> FxHashMap<&'a str, Vec<&'a str>> {
    let mut proxies: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        // One that names the section twice counts once.
        let mut named: SmallVec<[&str; 2]> = proxy.tables.iter().filter_map(|t| t.peers?.known()).collect();
        named.sort_unstable();
        named.dedup();
        named.into_iter().for_each(|peers| proxies.entry(peers).or_default().push(proxy.name()));
    }
    proxies
}
