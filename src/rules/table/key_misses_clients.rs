//! `table/key-misses-clients`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{
        KeyType, NameKind, Proxy,
        address::{self, Host},
    },
    cut::Cut,
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// Clients that come by IPv6 have no entry in a stick table of `type ip`.
    ///
    /// ## Why
    ///
    /// The keys of `type ip` are IPv4 addresses. An IPv6 address does not fit, so that such a client is not tracked at all: no limit
    /// is ever reached, and `stick on src` keeps nobody on a server. HAProxy says nothing of it. A table of `type ipv6` holds both:
    /// an IPv4 address becomes `::ffff:192.0.2.7`.
    ///
    /// ```text
    /// 192.0.2.7    ──► bind :::80 v4v6 ──► track-sc0 src ──► 192.0.2.7, 1, 2, 3, … denied
    /// 2001:db8::7  ──►                                  ──► no entry           … never denied
    /// ```
    ///
    /// Nothing is said where another rule tracks the source in a table that takes it, where the rule asks for the source itself
    /// before, of listeners that take the address from a proxy in front, and where the topology says that IPv6 is switched off.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :::80 v4v6
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :::80 v4v6
    ///     timeout client 30s
    ///     stick-table type ipv6 size 100k expire 1m store http_req_rate(10s)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: with a limit of 3, all of 8 requests from `::1` were let through and none left an
    /// entry, of 8 from 127.0.0.1 only 3; with `type ipv6` 3 of each. `stick on src` made no entry for `::1` either.
    "table/key-misses-clients", Warning, World(check), about: ["stick-table", "table"], mends: true
}

/// A rule that looks up the source in a table.
struct Keyed<'a> {
    line: Statement<'a>,
    /// Where its key stands.
    key: Location,
    proxy: usize,
    table: usize,
    always: bool,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let counters = &cx.config.counters;
    if counters.tables.is_empty() || cx.is_open() || counters.open || cx.options.without_ipv6 {
        return;
    }
    let all = keyed(cx);
    let frontends = |rule: &Keyed<'_>| counters.frontends(cx.config, rule.proxy);
    let of_ipv4 = |rule: &&Keyed<'_>| counters.tables[rule.table].line.key == KeyType::Ip;
    // Where clients have an entry in another table, they are not lost.
    let helped: FxHashSet<usize> = all.iter().filter(|rule| !of_ipv4(rule)).flat_map(frontends).collect();
    let mut told = FxHashSet::default();
    let mut listeners = FxHashMap::default();
    let mut takes = |f: usize| listeners.entry(f).or_insert_with(|| takes_ipv6(&cx.config.proxies[f])).clone();
    for rule in all.iter().filter(of_ipv4) {
        let Some((bind, written)) = frontends(rule).find_map(&mut takes) else { continue };
        if frontends(rule).any(|f| helped.contains(&f)) || asks_for_source(rule, cx) || !told.insert((rule.table, bind.line())) {
            continue;
        }
        out.report(draft(rule, bind, &written, cx));
    }
}

fn draft(rule: &Keyed<'_>, bind: Statement<'_>, address: &str, cx: &Context<'_>) -> Draft {
    let table = &cx.config.counters.tables[rule.table];
    let sticks = rule.line.keyword() == "stick";
    let edit = table.line.statement.words().zip(table.line.statement.words().skip(1)).find(|(word, _)| word.is("type"));
    Draft::at(
        rule.key,
        format!("clients that come to `{address}` by IPv6 have no entry in table `{}`, whose keys are IPv4 addresses", table.name),
    )
    .label(if sticks { "keeps none of them on a server" } else { "counts none of them" })
    .also(bind.location(), "takes IPv6")
    .also(table.line.statement.location(), "the table")
    .offer_if("write `type ipv6`, which holds both", edit.map(|(_, word)| vec![Edit::replace(word.location, "ipv6")]))
    .help("write `type ipv6`: it holds IPv4 addresses too; change it on all nodes that share the table")
}

/// The rules whose key is the source.
fn keyed<'a>(cx: &Context<'a>) -> Vec<Keyed<'a>> {
    let counters = &cx.config.counters;
    let mut found = Vec::new();
    for track in counters.tracks.iter().filter(|t| t.key.is_some_and(is_source)) {
        let (Some(table), Some(key)) = (track.table, track.statement.words().find(|w| w.known() == track.key)) else { continue };
        found.push(Keyed { line: track.statement, key: key.location, proxy: track.proxy, table, always: track.always });
    }
    for (proxy, section) in cx.config.proxies.iter().enumerate().filter(|(_, p)| p.runs() && p.is_backend()) {
        for line in section.lines(&["stick"]).filter(|line| is_source(line.str(2))) {
            let name = line.after("table", 3).map_or(Some(section.name()), |word| word.known());
            let Some((table, key)) = name.and_then(|name| counters.named(name)).zip(line.word(2)) else { continue };
            let always = !line.words().any(|w| w.known().is_none_or(|text| matches!(text, "if" | "unless")));
            found.push(Keyed { line, key: key.location, proxy, table, always });
        }
    }
    let mut changes = FxHashMap::default();
    let mut given = |at: usize| *changes.entry(at).or_insert_with(|| gives_source(&cx.config.proxies[at], cx));
    found.retain(|rule| !given(rule.proxy) && !counters.frontends(cx.config, rule.proxy).any(&mut given));
    found
}

/// Whether the source may be one that a rule or a proxy in front gives.
fn gives_source(proxy: &Proxy<'_>, cx: &Context<'_>) -> bool {
    let gives = |line: Statement<'_>| line.words().take(3).any(|w| w.known().is_none_or(|t| t == "set-src" || t.starts_with("expect-")));
    let lines = std::iter::once(proxy).chain(cx.config.ancestors(proxy)).flat_map(|p| p.section.statements());
    lines.filter(|line| matches!(line.keyword(), "tcp-request" | "http-request")).any(gives)
}

fn is_source(key: &str) -> bool {
    key == "src" || key.starts_with("src,ipmask(")
}

/// Whether the condition of a rule may leave out the clients in question.
fn asks_for_source(rule: &Keyed<'_>, cx: &Context<'_>) -> bool {
    if rule.always {
        return false;
    }
    let asks = |line: Statement<'_>, from: usize| line.words().skip(from).any(|w| w.known().is_none_or(|t| t.contains("src")));
    let section = Some(cx.config.proxies[rule.proxy].section.index());
    let condition = rule.line.words().position(|w| w.is("if") || w.is("unless")).unwrap_or(0);
    let named = |word: Word<'_>| {
        let lines = word.known().map(|name| cx.config.names.find(NameKind::Acl, section, name.trim_start_matches('!')));
        lines.into_iter().flatten().any(|acl| asks(acl.statement, 2))
    };
    asks(rule.line, condition) || rule.line.words().skip(condition).any(named)
}

/// The first listener that certainly takes clients by IPv6, and its address as it is written.
fn takes_ipv6<'a>(proxy: &Proxy<'a>) -> Option<(Statement<'a>, String)> {
    let certain = |text: &str| {
        let address = address::parse(text, &|_| Lookup::Unknown);
        let v6 = matches!(address.host, Host::Any6) || address.host.ip().is_some_and(|ip| ip.is_ipv6());
        address.is_network() && v6 && !address.host.is_loopback()
    };
    proxy.binds.iter().filter(|bind| !bind.statement.words().any(|w| w.known().is_none_or(|t| t.starts_with("accept-")))).find_map(|bind| {
        let text = bind.address.and_then(Word::known)?;
        let range = address::list(text).find(|range| certain(text.cut(range.clone())))?;
        Some((bind.statement, text.cut(range).to_owned()))
    })
}
