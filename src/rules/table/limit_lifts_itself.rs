//! `table/limit-lifts-itself`.

use rustc_hash::FxHashSet;

use crate::{
    config::{
        Guard,
        counters::{Deed, Read, Source, Track},
    },
    rules::{limits, prelude::*},
};

rule! {
    /// Clients above a limit are no longer tracked, so that the limit lifts itself.
    ///
    /// ## Why
    ///
    /// Tracking raises the counters of an entry and puts off its end. Where a rule tracks only `if !over`, both stop as soon as `over`
    /// holds: the rate falls although the client goes on, and after `expire` the entry is gone with all that it says. And what
    /// asks for the slot further down, such as `sc_http_req_rate(0)`, finds nothing for exactly these clients.
    ///
    /// ```text
    /// 1, 2, 3, 4 requests    tracked        rate 1, 2, 3, 4
    /// over the limit         not tracked    rate falls: 4, 3, 2, …
    /// below the limit        tracked again  the client never paused
    /// ```
    ///
    /// It may be meant so: then a client is let in again at the rate of the limit.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store http_req_rate(10s)
    ///     acl over src_http_req_rate gt 50
    ///     http-request track-sc0 src if !over
    ///     http-request deny deny_status 429 if over
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
    ///     acl over src_http_req_rate gt 50
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if over
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: five requests a second for six seconds, a limit of 3 in 2 seconds. `show table` said 3
    /// at the end with the condition, and 9 without. With `deny if { sc_http_req_rate(0) gt 3 }` below it, one of ten requests was
    /// denied.
    "table/limit-lifts-itself", Info, World(check), about: ["stick-table", "table"], mentions: ["track-sc"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    let mut told = FxHashSet::default();
    for track in counters.tracks.iter().filter(|t| !t.always && t.table.is_some()) {
        let Some(read) = stops_at(track, cx) else { continue };
        if told.insert(track.statement.location()) {
            let message = format!("a client above the limit of `{}` is no longer tracked, and the limit lifts itself", read.text);
            let draft = Draft::at(read.asked, message)
                .label("no longer counts these")
                .also(track.statement.location(), "tracks all others")
                .help("track without this condition, if a client that goes on is to stay out");
            out.report(match blinded(track, cx) {
                Some(blind) => draft
                    .severity(Severity::Warning)
                    .also(blind.asked, format!("finds nothing for them, since slot {} is empty", track.slot)),
                None => draft,
            });
        }
    }
}

/// A limit that asks for the slot, which nothing else fills: it finds nothing for the clients that are over it.
fn blinded<'a>(track: &Track<'a>, cx: &Context<'a>) -> Option<&'a Read<'a>> {
    let counters = &cx.config.counters;
    let only = |read: &Read<'a>| counters.before(read).map(|t| t.statement.location()).eq([track.statement.location()]);
    let limit = |read: &&Read<'a>| {
        let asks = read.call.source == Source::Slot(track.slot) && read.call.deed == Deed::Get;
        asks && limits::wants_more_than_nothing(&read.compared) && limits::place(read).is_some_and(|(_, _, holds)| holds) && only(read)
    };
    counters.reads.iter().find(limit)
}

/// The read of an entry of the same table that must find little before anything is tracked.
fn stops_at<'a>(track: &Track<'a>, cx: &Context<'a>) -> Option<&'a Read<'a>> {
    let counters = &cx.config.counters;
    let Guard::Condition(condition) = Guard::of(&track.statement) else { return None };
    if condition.terms.len() != 1 {
        return None;
    }
    let line = track.statement.location();
    let same_entry = |read: &Read<'_>| match read.call.source {
        Source::Client => track.key == Some("src") && read.table == track.table,
        Source::Slot(_) => counters.looks_into(read, cx.config).is_some_and(|tables| tables.iter().map(|t| Some(*t)).eq([track.table])),
        Source::Key => false,
    };
    let limit = |read: &&Read<'_>| {
        let here = read.statement.location() == line && read.call.deed == Deed::Get;
        here && limits::wants_more_than_nothing(&read.compared)
            && limits::place(read).is_some_and(|(_, _, holds)| !holds)
            && same_entry(read)
    };
    counters.reads_at(track).iter().find(limit)
}
