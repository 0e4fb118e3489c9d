//! `table/unattached-table`.

use std::cell::LazyCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{KeyType, Proxy, StickTable},
    rules::prelude::*,
};

rule! {
    /// No table is replicated through a `peers` section, or one of several like tables is not.
    ///
    /// ## Why
    ///
    /// A `peers` section replicates the tables that are declared in it and those of proxies that say `peers NAME` behind
    /// `stick-table`. Without any, nodes connect, greet each other, and exchange nothing. If some tables are replicated and
    /// another one of the same make is not, it was perhaps forgotten: then this is only a hint.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m
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
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, section "peers".
    "table/unattached-table", Warning, World(check), about: ["peers", "stick-table"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut used: FxHashSet<&str> = FxHashSet::default();
    let mut shared: FxHashMap<Make<'_>, &str> = FxHashMap::default();
    let proxies = || cx.config.proxies.iter().filter(|p| p.created && !p.disabled && !p.is_defaults());
    for table in proxies().flat_map(|p| &p.tables) {
        let Some(peers) = table.peers else { continue };
        used.insert(peers.known().unwrap_or(""));
        if let (Some(make), Some(name)) = (make(table), peers.known()) {
            shared.entry(make).or_insert(name);
        }
    }
    let only = LazyCell::new(|| {
        let mut own = proxies().flat_map(|p| &p.tables).filter(|t| t.peers.is_none());
        own.next().filter(|_| own.next().is_none())
    });
    // A name that is not known may be any.
    // A file of peers alone that no node is seen to read is a part of a configuration, as `generate` writes it: the tables are in another one.
    let is_part = || cx.options.local_name.is_none() && proxies().next().is_none();
    let closed = !used.contains("") && !cx.is_open() && !is_part();
    for peers in cx.config.peers.iter().filter(|p| closed && !p.disabled && p.tables.is_empty() && !used.contains(p.name())) {
        if let (Some(location), false) = (peers.location(), peers.list.is_empty()) {
            let edit = only.map(|table| vec![Edit::replace(table.statement.end(), format!(" peers {}", peers.name()))]);
            out.report(unused(location, peers.name()).offer_if("replicate the only table through it", edit));
        }
    }
    for (proxy, table) in proxies().flat_map(|p| p.tables.iter().map(move |t| (p, t))).filter(|(_, t)| t.peers.is_none()) {
        if let Some(peers) = make(table).and_then(|make| shared.get(&make)) {
            out.report(forgotten(proxy, table, peers));
        }
    }
}

/// What makes two tables alike: the type of the key, and what is stored.
type Make<'r> = (KeyType, Vec<&'r str>);

fn make<'r>(table: &StickTable<'r>) -> Option<Make<'r>> {
    let store: Option<Vec<&str>> = table.store.iter().map(|s| s.word.known()).collect();
    store.filter(|s| !s.is_empty()).map(|store| (table.key, store))
}

fn unused(location: Location, name: &str) -> Draft {
    Draft::at(location, format!("no table is replicated through `peers {name}`"))
        .about(Subject::new(SubjectKind::Name, name))
        .label("these peers connect and exchange nothing")
        .help(format!("write `peers {name}` behind the `stick-table` lines whose tables the nodes are to share, or declare tables in this section with `table`"))
}

fn forgotten(proxy: &Proxy<'_>, table: &StickTable<'_>, peers: &str) -> Draft {
    Draft::at(table.statement.location(), format!("the table of `{}` is not replicated, while one of the same make is", proxy.title()))
        .about(Subject::new(SubjectKind::Name, proxy.name()))
        .severity(Severity::Info)
        .confidence(Confidence::Low)
        .label("each node has its own")
        .offer(format!("replicate it through `{peers}`"), vec![Edit::replace(table.statement.end(), format!(" peers {peers}"))])
        .help(format!("add `peers {peers}` if the nodes are to share it"))
}
