//! `table/server-identity`.

use rustc_hash::FxHashMap;

use crate::{
    config::{Server, StickTable},
    rules::prelude::*,
};

rule! {
    /// A replicated table tells peers the server by a name that may be another server there.
    ///
    /// ## Why
    ///
    /// A table that `stick` rules fill holds the server of each client, and peers are told its name. With `server-template` the
    /// names are slots, and which address lands in which slot depends on the order of DNS answers, which differs from node to node:
    /// the entry arrives, and sends the client to the wrong server. With `srvkey addr` peers are told the address.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// defaults
    ///     mode http
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend app
    ///     balance leastconn
    ///     stick-table type string len 64 size 100k expire 30m peers cluster
    ///     stick on req.cook(SESSION)
    ///     server-template app 4 app.example.com:8080 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// defaults
    ///     mode http
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend app
    ///     balance leastconn
    ///     stick-table type string len 64 size 100k expire 30m srvkey addr peers cluster
    ///     stick on req.cook(SESSION)
    ///     server-template app 4 app.example.com:8080 check
    /// ```
    ///
    /// ## Source
    ///
    /// haproxy/haproxy#814.
    "table/server-identity", Warning, World(check), about: ["stick"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let tables = replicated(cx);
    for proxy in cx.config.proxies.iter().filter(|p| p.is_backend() && !p.disabled) {
        let Some(template) = proxy.servers.iter().find(|s| s.template && may_move(s)) else { continue };
        for rule in proxy.section.with("stick").filter(|s| s.len() > 1) {
            let name = rule.after("table", 2).map_or(Some(proxy.name()), Word::known);
            let Some(table) = name.and_then(|name| tables.get(name)) else { continue };
            out.report(
                Draft::at(
                    rule.location(),
                    format!("the servers of `{}` may be in another order on each node, so this rule may find the wrong one", proxy.title()),
                )
                .offer("tell the server by its address", vec![Edit::replace(table.statement.end(), " srvkey addr")])
                .label("a peer is told the name of the server")
                .also(template.statement.location(), "these names are slots, filled in the order of DNS answers")
                .also(table.statement.location(), "the table is replicated by name")
                .help("add `srvkey addr` to the `stick-table` line on every node"),
            );
            break;
        }
    }
}

/// Whether the address of a slot comes from a name.
fn may_move(server: &Server<'_>) -> bool {
    server
        .address()
        .and_then(Word::known)
        .is_some_and(|text| text.rsplit_once(':').map_or(text, |(host, _)| host).contains(|c: char| c.is_ascii_alphabetic()))
}

/// The replicated tables that tell the server by name.
fn replicated<'a, 'r>(cx: &'a Context<'r>) -> FxHashMap<String, &'a StickTable<'r>> {
    let mut tables = FxHashMap::default();
    let by_name = |t: &&StickTable<'_>| t.srvkey.is_none_or(|w| w.is("name"));
    for proxy in cx.config.proxies.iter().filter(|p| !p.disabled) {
        tables.extend(proxy.tables.iter().filter(by_name).filter(|t| t.peers.is_some()).map(|t| (proxy.name().to_owned(), t)));
    }
    for peers in cx.config.peers.iter().filter(|p| !p.disabled && p.list.len() > 1) {
        let full = |t: &StickTable<'_>| t.name.and_then(Word::known).map(|name| format!("{}/{name}", peers.name()));
        tables.extend(peers.tables.iter().filter(by_name).filter_map(|t| full(t).map(|name| (name, t))));
    }
    tables
}
