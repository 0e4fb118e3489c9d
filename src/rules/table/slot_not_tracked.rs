//! `table/slot-not-tracked`.

use rustc_hash::FxHashSet;

use crate::{
    config::counters::Read,
    rules::{limits, prelude::*},
};

rule! {
    /// A rule asks for a counter of a slot that nothing tracks.
    ///
    /// ## Why
    ///
    /// `sc_http_req_rate(1)` looks at the entry that `track-sc1` has found for this connection or request. Where no rule on the
    /// way tracks in that slot there is no entry: nothing is found, and a limit on it is never reached.
    ///
    /// ```text
    /// http-request track-sc0 src                       slot 0: the entry of 192.0.2.7
    ///                                                  slot 1: empty
    /// http-request deny if { sc_http_req_rate(1) … }   nothing, for ever
    /// ```
    ///
    /// A request goes through its frontend and one backend: what another frontend tracks is no help. `src_…` and `table_…` look
    /// an entry up by its key, and need no slot.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_http_req_rate(1) gt 50 }
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
    /// Measured with HAProxy 2.6.12 and 2.8.25: with a limit of 3, all of 8 requests were let through, and 3 with the right slot.
    "table/slot-not-tracked", Warning, World(check), mentions: ["track-sc", "sc_", "sc0_", "sc1_", "sc2_", "src_", "table_"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    let reads = limits::of_slots(cx, counters);
    // An ACL may be used where the slot is tracked, and elsewhere too.
    let filled: FxHashSet<Location> =
        reads.iter().filter(|(read, _)| counters.on_the_way(read).next().is_some()).map(|(read, _)| read.written).collect();
    let mut told = FxHashSet::default();
    for (read, slot) in reads {
        if !filled.contains(&read.written) && told.insert(read.written) {
            out.report(draft(read, slot, cx));
        }
    }
}

fn draft(read: &Read<'_>, slot: u32, cx: &Context<'_>) -> Draft {
    let counters = &cx.config.counters;
    let section = &cx.config.proxies[read.proxy];
    let elsewhere = counters.tracks.iter().find(|t| t.slot == slot);
    let message = match elsewhere {
        Some(_) => format!("no rule on the way through {} tracks in slot {slot}", section.called()),
        None => format!("nothing tracks in slot {slot}, which `{}` asks for", read.text),
    };
    let near = counters.tracks.iter().find(|t| t.proxy == read.proxy && !t.phase.is_of_log());
    let help = match (elsewhere, near) {
        (_, Some(track)) => format!("slot {} is tracked here: ask for that, or add a `track-sc{slot}` rule", track.slot),
        _ => format!("track first: `http-request track-sc{slot} src`, with `table NAME` for the table of another section"),
    };
    let draft = Draft::at(read.written, message).label(limits::consequence(read)).severity(limits::severity(read)).help(help);
    match near.or(elsewhere) {
        Some(track) => {
            draft.also(track.statement.location(), format!("slot {} is tracked by {}", track.slot, cx.config.proxies[track.proxy].called()))
        }
        None => draft,
    }
}
