//! `order/counter-before-track`.

use rustc_hash::FxHashSet;

use crate::{
    config::counters::{Read, Track},
    rules::{limits, prelude::*},
};

rule! {
    /// A rule asks for a counter before anything tracks in its slot.
    ///
    /// ## Why
    ///
    /// `track-sc0` finds the entry of a client, and `sc_http_req_rate(0)` looks at it. A slot is empty until then, and for every new
    /// connection or request it is empty again. Rules of one kind run from top to bottom, the kinds in an order of their own, and
    /// those of a frontend before those of its backends:
    ///
    /// ```text
    /// tcp-request connection   tcp-request session   tcp-request content   http-request   use_backend   (frontend)
    ///                                                tcp-request content   http-request                 (backend)
    /// tcp-response content   http-response            (backend, then frontend)   http-after-response   log-format
    /// ```
    ///
    /// A slot that `tcp-request connection` or `session` fills stays filled for all requests of that connection.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    ///     http-request track-sc0 src
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
    /// Measured with HAProxy 2.6.12 and 2.8.25: with a limit of 3, all of 8 requests were let through, on one connection and on eight,
    /// with the rules in this order, with `tcp-request connection reject` before `tcp-request session track-sc0`, and with the limit
    /// in the frontend of a backend that tracks.
    "order/counter-before-track", Warning, World(check), mentions: ["track-sc"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    let mut told = FxHashSet::default();
    for (read, _) in limits::of_slots(cx, counters) {
        let late: Vec<&Track<'_>> = counters.on_the_way(read).collect();
        let waits = |track: &&Track<'_>| is_read_again(read, track, cx);
        if late.is_empty() || counters.before(read).next().is_some() || late.iter().any(waits) || !told.insert(read.asked) {
            continue;
        }
        let track = late.iter().find(|t| t.proxy == read.proxy).unwrap_or(&late[0]);
        let draft = Draft::at(read.asked, format!("`{}` is asked for before `{}` runs", read.text, limits::action(track)))
            .label(limits::consequence(read))
            .severity(limits::severity(read))
            .also(track.statement.location(), "tracked only here")
            .help(help(read, track, cx));
        out.report(draft);
    }
}

/// Rules that wait for data are read again from the top when some has come.
fn is_read_again(read: &Read<'_>, track: &Track<'_>, cx: &Context<'_>) -> bool {
    let proxy = &cx.config.proxies[read.proxy];
    let content = crate::config::counters::Phase::Content;
    let waits = || proxy.lines(&["tcp-request", "inspect-delay"]).next().is_some();
    track.proxy == read.proxy && (track.phase, read.phase) == (content, content) && waits()
}

fn help(read: &Read<'_>, track: &Track<'_>, cx: &Context<'_>) -> String {
    let (early, late) = (read.phase.rules(), track.phase.rules());
    if track.proxy == read.proxy && track.phase == read.phase {
        return format!("move the `{}` rule above this one", limits::action(track));
    }
    if track.proxy == read.proxy {
        return format!("`{early}` runs before `{late}`, wherever the lines stand: track in a phase that is not later, or ask later");
    }
    let (here, there) = (cx.config.proxies[read.proxy].called(), cx.config.proxies[track.proxy].called());
    let table = track.table.map_or("NAME", |table| cx.config.counters.tables[table].name.as_str());
    format!("these rules of {here} run before those of {there}: track here, with `table {table}`, or ask there")
}
