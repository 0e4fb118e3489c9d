//! `table/requests-count-as-connections`.

use rustc_hash::FxHashSet;

use crate::{
    config::{
        Mode,
        counters::{Deed, Phase, Track},
    },
    rules::{limits, prelude::*},
};

rule! {
    /// A limit on connections counts requests.
    ///
    /// ## Why
    ///
    /// `conn_rate` and `conn_cnt` rise whenever a rule begins to track an entry. `tcp-request connection` does so once for each
    /// connection. `http-request` does it for each request, so that a client that sends many requests on one connection is over
    /// the limit.
    ///
    /// ```text
    /// one connection, 8 requests   tcp-request connection track-sc0 src   conn_rate 1
    ///                              http-request track-sc0 src             conn_rate 8
    /// ```
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store conn_rate(10s)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_conn_rate(0) gt 50 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store conn_rate(10s)
    ///     tcp-request connection track-sc0 src
    ///     http-request deny deny_status 429 if { sc_conn_rate(0) gt 50 }
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: after 8 requests on one connection `show table` says `conn_rate(60000)=8` where
    /// `http-request` or `tcp-request content` tracks in HTTP mode, and 1 where `tcp-request connection` does.
    "table/requests-count-as-connections", Info, World(check), about: ["stick-table", "table"], mentions: ["track-sc"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    let mut told = FxHashSet::default();
    let connections = |counter: &str| matches!(counter, "conn_rate" | "conn_cnt");
    for read in counters.reads.iter().filter(|r| r.call.deed == Deed::Get && r.call.counter.as_deref().is_some_and(connections)) {
        let Some(tables) = counters.looks_into(read, cx.config).filter(|_| !read.phase.is_of_log()) else { continue };
        let stored = tables.iter().all(|table| counters.stores(*table, &read.call));
        let mut tracks = tables.iter().flat_map(|table| counters.into(*table)).peekable();
        let Some(first) = tracks.peek().copied().filter(|_| stored) else { continue };
        let requests = |track: &Track<'_>| match track.phase {
            Phase::Connection | Phase::Session => false,
            Phase::Content | Phase::Answer => cx.config.proxies[track.proxy].traffic() == Mode::Http,
            _ => true,
        };
        if tracks.all(requests) && told.insert(read.written) {
            let counter = read.call.counter.as_deref().unwrap_or_default();
            let better = if counter == "conn_rate" { "http_req_rate(PERIOD)" } else { "http_req_cnt" };
            let draft =
                Draft::at(read.written, format!("`{counter}` counts requests here: `{}` rules track each of them", first.phase.rules()))
                    .label("rises with each request")
                    .also(first.statement.location(), "tracked here")
                    .help(format!("track with `tcp-request connection`, or ask for what is counted: `{better}`"));
            out.report(draft);
        }
    }
}
