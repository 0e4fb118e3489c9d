//! `order/slot-taken`.

use rustc_hash::FxHashSet;

use crate::rules::{limits, prelude::*};

rule! {
    /// A rule tracks in a slot that an earlier rule has always filled, and does nothing.
    ///
    /// ## Why
    ///
    /// A slot holds one entry. Who comes first fills it, for the rest of the request, or of the connection where a `tcp-request
    /// connection` or `session` rule came first. Any other rule for the same slot is passed over without a word, in the backend
    /// as well: its table stays empty, and limits on it are never reached.
    ///
    /// ```text
    /// frontend   http-request track-sc0 src table per_client   slot 0: entry of per_client
    /// backend    http-request track-sc0 src table per_app      slot 0 is filled: passed over
    /// ```
    ///
    /// Rules with conditions may share a slot, and what tracks the same key in the same table again does no harm.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     http-request track-sc0 src table short
    ///     http-request track-sc0 src table long
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    ///
    /// backend short
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///
    /// backend long
    ///     stick-table type ip size 100k expire 1h store http_req_rate(1h)
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     http-request track-sc0 src table short
    ///     http-request track-sc1 src table long
    ///     http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 } or { sc_http_req_rate(1) gt 500 }
    ///
    /// backend short
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///
    /// backend long
    ///     stick-table type ip size 100k expire 1h store http_req_rate(1h)
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: with both rules in a frontend, in a frontend and its backend, and as `tcp-request
    /// session` and `http-request`, `show table` finds no entry in the second table after 8 requests.
    "order/slot-taken", Warning, World(check), mentions: ["track-sc"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    // A line of a `defaults` section runs in many proxies: it does nothing only if it does so in all of them.
    let used: FxHashSet<Location> =
        counters.tracks.iter().filter(|t| counters.taken(t, cx.config).is_none()).map(|t| t.statement.location()).collect();
    let mut told = FxHashSet::default();
    for track in &counters.tracks {
        let location = track.statement.location();
        let Some(first) = counters.taken(track, cx.config).filter(|_| !used.contains(&location)) else { continue };
        let same = first.table.is_some() && (first.table, first.key) == (track.table, track.key);
        if same || !told.insert(location) {
            continue;
        }
        let free = (0..3).find(|slot| counters.tracks.iter().all(|t| t.slot != *slot));
        let help = match free {
            Some(free) => format!("track in a slot of its own: `track-sc{free}`, and `sc_…({free})` where its counters are asked for"),
            None => "track in a slot of its own; `tune.stick-counters` makes more of them".to_owned(),
        };
        let draft = Draft::at(location, format!("slot {} is filled already when this rule runs, so it tracks nothing", track.slot))
            .label("passed over")
            .also(first.statement.location(), "fills the slot")
            .help(help);
        out.report(draft);
    }
}
