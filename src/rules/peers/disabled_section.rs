//! `peers/disabled-section`.

use crate::{config::Peers, rules::prelude::*};

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
    for peers in cx.config.peers.iter().filter(|p| p.disabled) {
        let Some(line) = peers.section.statements().rfind(|s| s.keyword() == "disabled") else { continue };
        let tables = tables(cx, peers);
        let Some(first) = tables.first() else { continue };
        let what = if tables.len() == 1 { format!("table `{first}` is") } else { format!("the {} tables of it are", tables.len()) };
        out.report(
            Draft::at(line.location(), format!("{} is disabled: {what} shared with nobody, and empty after each reload", peers.title()))
                .label("HAProxy says nothing of it")
                .help("take the line out, or take `peers` out of the tables if they are to stay apart"),
        );
    }
}

/// The tables that are to be replicated through a section.
fn tables(cx: &Context<'_>, peers: &Peers<'_>) -> Vec<String> {
    let proxies = cx.config.proxies.iter().filter(|p| p.runs());
    let of_proxies = proxies.filter(|p| p.tables.iter().any(|t| t.peers.is_some_and(|w| w.is(peers.name()))));
    let own = peers.tables.iter().filter_map(|t| t.name?.known());
    of_proxies.map(|p| p.name().to_owned()).chain(own.map(str::to_owned)).collect()
}
