//! `table/counter-not-stored`.

use rustc_hash::FxHashSet;

use crate::{
    config::{
        Proxy,
        counters::{Deed, Read, Source},
    },
    rules::{limits, prelude::*},
};

rule! {
    /// A rule asks for a counter that the stick table does not store.
    ///
    /// ## Why
    ///
    /// A table keeps of each entry what stands behind `store`, and nothing else. A counter that is not there is no error: what asks
    /// for it finds nothing, and a limit on it is never reached.
    ///
    /// ```text
    /// http-request track-sc0 src                       the table stores conn_cnt: 1, 2, 3, …
    /// http-request deny if { sc_http_req_rate(0) … }   the table has no http_req_rate: nothing, for ever
    /// ```
    ///
    /// A limit of bandwidth (`filter bwlim-out`) with a table that cannot count for it is refused.
    ///
    /// Nothing is said where one of the tables that a slot may be tracked in stores it, and where Lua runs.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store conn_cnt
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     filter bwlim-out slow limit 1m key src table sizes
    ///     http-response set-bandwidth-limit slow
    ///
    /// backend sizes
    ///     stick-table type ip size 100k expire 1m store bytes_in_rate(1s)
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: with a limit of 3, all of 8 requests were let through with the first table, and 3 with
    /// the second.
    "table/counter-not-stored", Warning, World(check), about: ["stick-table", "table"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if !cx.is_open() && cx.config.reading.may_mention("bwlim-") {
        cx.config.proxies.iter().filter(|p| p.runs()).for_each(|proxy| limits_of_bandwidth(cx, proxy, out));
    }
    let Some(counters) = limits::counters(cx) else { return };
    let mut told = FxHashSet::default();
    for read in counters.reads.iter().filter(|r| r.call.deed != Deed::Clear && counters.is_reached(cx.config, r.proxy)) {
        let Some(tables) = counters.looks_into(read, cx.config).filter(|tables| !tables.is_empty()) else { continue };
        let lacks = tables.iter().all(|table| !counters.stores(*table, &read.call));
        if lacks && told.insert(read.written) {
            out.report(draft(read, &tables, cx));
        }
    }
}

/// The versions with limits of bandwidth.
const BANDWIDTH: VersionSet = VersionSet::since(2, 7, 0);

/// A limit of bandwidth that streams share counts in a table, and HAProxy looks whether it can.
fn limits_of_bandwidth(cx: &Context<'_>, proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    for line in proxy.lines(&["filter"]).filter(|line| line.is_known()) {
        let counter = match line.str(1) {
            "bwlim-in" => "bytes_in_rate",
            "bwlim-out" => "bytes_out_rate",
            _ => continue,
        };
        let options = Options::of(line, 3);
        if !options.has("key") {
            continue;
        }
        let named = options.value("table");
        let name = named.map_or(Some(proxy.name()), Word::known);
        let Some(table) = name.and_then(|name| cx.config.counters.named(name)).map(|at| &cx.config.counters.tables[at].line) else {
            continue;
        };
        let is_known = table.statement.is_known() && table.store.iter().all(|stored| !stored.types.is_empty());
        if is_known && !table.store.iter().any(|stored| stored.types.iter().any(|data| data.name == counter)) {
            let message = format!("this filter counts in table `{}`, which does not store `{counter}`", name.unwrap_or_default());
            let draft = Draft::at(named.map_or(line.location(), |word| word.location), message).severity(Severity::Error);
            let draft = draft.label("cannot count there").also(table.statement.location(), "the table").stage(Stage::Whole);
            out.report(draft.help(format!("add `{counter}(1s)` to what the table stores")).only(BANDWIDTH).rejected_by(BANDWIDTH));
        }
    }
}

fn draft(read: &Read<'_>, tables: &[usize], cx: &Context<'_>) -> Draft {
    let counter = read.call.counter.as_deref().unwrap_or_default();
    let table = &cx.config.counters.tables[tables[0]];
    let which = match (&read.call.source, &read.call.table) {
        (Source::Slot(slot), None) => format!("table `{}`, in which slot {slot} is tracked, does not store", table.name),
        _ => format!("table `{}` does not store", table.name),
    };
    let period = if counter.ends_with("_rate") { "(10s)" } else { "" };
    let help = match table.line.store.is_empty() {
        true => format!("add `store {counter}{period}` to the table"),
        false => {
            format!("add `{counter}{period}` to what the table stores: `store {},{counter}{period}`", table.line.store[0].word.display())
        }
    };
    Draft::at(read.written, format!("`{}` asks for `{counter}`, which {which}", read.text))
        .label(limits::consequence(read))
        .severity(limits::severity(read))
        .also(table.line.statement.location(), "the table")
        .help(help)
}
