//! `table/conn-cur-replicated`.

use std::cell::LazyCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{config::counters::Phase, rules::prelude::*};

rule! {
    /// A replicated table stores `conn_cur`, which is not replicated.
    ///
    /// ## Why
    ///
    /// `conn_cur` counts the connections that are open on this node right now. Peers do not apply it to their own tables, since
    /// nobody would ever count it down there. A limit on `conn_cur` is a limit for each node, not for the cluster. What works instead
    /// depends on where the table is filled: `tcp-request connection` and `session` rules count connections and sessions,
    /// `http-request` rules count requests, and `sess_rate` stays at zero there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m store conn_cur peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m store conn_rate(10s) peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#2079.
    "table/conn-cur-replicated", Info, World(check), about: ["peers"], mentions: ["conn_cur"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let enabled = || cx.config.peers.iter().filter(|p| !p.disabled);
    let several: FxHashSet<&str> = enabled().filter(|p| p.list.len() > 1).map(|p| p.name()).collect();
    let of_proxies = cx.config.proxies.iter().filter(|p| !p.disabled).flat_map(|p| &p.tables);
    let replicated = of_proxies.filter(|t| t.peers.and_then(Word::known).is_some_and(|name| several.contains(name)));
    let numbers = LazyCell::new(|| -> FxHashMap<Location, usize> {
        let tables = cx.config.counters.tables.iter().enumerate();
        // The first of a line counts.
        tables.rev().map(|(number, table)| (table.line.statement.location(), number)).collect()
    });
    for table in replicated.chain(enabled().filter(|p| p.list.len() > 1).flat_map(|p| &p.tables)) {
        let Some(stored) = table.store.iter().find(|s| s.types.iter().any(|t| t.name == "conn_cur")) else { continue };
        out.report(
            Draft::at(stored.word.location, "`conn_cur` counts the connections of this node alone, although the table is replicated")
                .label("every node has its own value")
                .help(format!(
                    "divide a limit on it by the number of nodes, or use {}, which peers do get",
                    instead(numbers.get(&table.statement.location()).copied(), cx)
                )),
        );
    }
}

/// What the rules that fill the table of this number count: sessions are counted only where connections and sessions are tracked.
fn instead(number: Option<usize>, cx: &Context<'_>) -> &'static str {
    let counters = &cx.config.counters;
    let phases: Vec<Phase> = number.into_iter().flat_map(|number| counters.into(number)).map(|t| t.phase).collect();
    if phases.iter().any(|phase| phase.is_of_session()) {
        "`conn_rate(PERIOD)` or `sess_rate(PERIOD)`"
    } else if phases.iter().any(|phase| *phase != Phase::Content) {
        "`http_req_rate(PERIOD)`, since requests are what is tracked in it"
    } else {
        "`conn_rate(PERIOD)`"
    }
}
