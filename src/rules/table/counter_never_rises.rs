//! `table/counter-never-rises`.

use rustc_hash::FxHashSet;

use crate::{
    config::{
        Counters, Mode,
        counters::{Deed, Phase, Read, Track},
    },
    rules::{limits, prelude::*},
};

rule! {
    /// A limit is on a counter that stays at zero, however the clients behave.
    ///
    /// ## Why
    ///
    /// What a table counts depends on when its entries are tracked:
    ///
    /// ```text
    /// tcp-request connection, session    conn_…  sess_…  bytes_…  and, where requests are read, http_…
    ///            the session is counted: sess_… rises here, and only in entries that are tracked by now
    /// tcp-request content, http-request  conn_…          bytes_…  http_…
    /// mode tcp, from end to end          nothing is a request: http_… stays at zero
    /// no rule tracks in the table        src_…  and table_… find no entry, or one that nothing counts in
    /// gpc…, gpt…                         rise only by `sc-inc-gpc0`, `sc-set-gpt0` and their kin
    /// ```
    ///
    /// Nothing is said of a table that peers may fill, and where Lua runs. Of `gpc…` and `gpt…` it is an advice where a
    /// `stats socket` lets people set them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store sess_rate(10s)
    ///     http-request track-sc0 src
    ///     http-request deny deny_status 429 if { sc_sess_rate(0) gt 50 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind 192.0.2.1:80
    ///     timeout client 30s
    ///     stick-table type ip size 100k expire 1m store sess_rate(10s)
    ///     tcp-request session track-sc0 src
    ///     http-request deny deny_status 429 if { sc_sess_rate(0) gt 50 }
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: after 8 requests `show table` says `sess_cnt=0 sess_rate(60000)=0` where
    /// `http-request` or `tcp-request content` tracks, 8 and 8 where `tcp-request session` or `connection` does; and
    /// `http_req_rate(60000)=0` in TCP mode, 8 where the backend is in HTTP mode.
    "table/counter-never-rises", Warning, World(check), about: ["stick-table", "table"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(counters) = limits::counters(cx) else { return };
    if counters.tracks.iter().any(|t| t.table.is_none()) {
        return;
    }
    let all = All { cx, counters, raised: raised(counters) };
    let mut told = FxHashSet::default();
    for read in counters.reads.iter().filter(|r| r.call.deed == Deed::Get && counters.is_reached(cx.config, r.proxy)) {
        let Some(tables) = counters.looks_into(read, cx.config).filter(|tables| !tables.is_empty()) else { continue };
        let silent = |table: &usize| counters.tables[*table].shared || !counters.stores(*table, &read.call);
        if tables.iter().any(silent) || told.contains(&read.written) {
            continue;
        }
        if let Some(draft) = stays_at_zero(read, &tables, &all) {
            told.insert(read.written);
            out.report(draft);
        }
    }
}

/// What the judgement of a read needs.
struct All<'a> {
    cx: &'a Context<'a>,
    counters: &'a Counters<'a>,
    /// The counters that rules raise, each with its table; without one where that is not known.
    raised: FxHashSet<(&'a str, Option<usize>)>,
}

fn stays_at_zero(read: &Read<'_>, tables: &[usize], all: &All<'_>) -> Option<Draft> {
    let (cx, counters) = (all.cx, all.counters);
    let counter = read.call.counter.as_deref()?;
    let tracks = || tables.iter().flat_map(|table| counters.into(*table));
    let first = tracks().next();
    let draft = |message: String, help: &str| {
        let draft = Draft::at(read.written, message).label("always zero").severity(limits::severity(read)).help(help);
        match first {
            Some(track) => draft.also(track.statement.location(), "tracked here"),
            None => draft,
        }
    };
    let own = counter.starts_with("gpc") || counter.starts_with("gpt");
    if !own && first.is_none() && !is_filled_otherwise(counter, tables, all) {
        let table = &counters.tables[tables[0]];
        let message = format!("no rule tracks in table `{}`, so nothing is counted in it", table.name);
        let help = format!("track what is to be counted: `http-request track-sc0 src table {}`", table.name);
        return Some(draft(message, &help).also(table.line.statement.location(), "the table"));
    }
    if counter.starts_with("sess_") {
        let late = first.filter(|_| !tracks().any(|t| t.phase.is_of_session()))?;
        let rules = late.phase.rules();
        let message = format!("`{counter}` counts sessions, and `{rules}` rules track only behind the place where they are counted");
        return Some(draft(message, sessions(late)));
    }
    if counter.starts_with("http_") {
        first.filter(|_| tracks().all(|t| sees_no_request(t, cx, counters)))?;
        let message = format!("`{counter}` counts requests, and everything that is tracked in this table is in TCP mode");
        return Some(draft(message, "count connections instead, with `conn_rate(PERIOD)`, or use `mode http`"));
    }
    if !own || all.raises(limits::base(counter), tables) {
        return None;
    }
    let by_hand = cx.config.sections().flat_map(|s| s.statements()).any(|line| line.starts_with(&["stats", "socket"]));
    // The fetch says with which of its tracks it looks: `sc2_gpc0_rate`, `sc_gpc0_rate(2)`.
    let digit = read.text.bytes().find(u8::is_ascii_digit).filter(|_| read.text.starts_with("sc"));
    let slot = match read.text.strip_prefix("sc_").map(|rest| rest.split_once('(')) {
        None => digit.map_or('0', char::from).to_string(),
        Some(of) => of.map_or("0", |(_, inside)| inside.split([',', ')']).next().unwrap_or("0")).to_owned(),
    };
    let name = limits::base(counter);
    let how = if name.starts_with("gpc") { format!("sc-inc-{name}") } else { format!("sc-set-{name}") };
    let found = draft(
        format!("nothing raises `{name}`, which `{}` asks for", read.text),
        &format!("raise it where it is to rise: `http-request {how}({slot}) if …`"),
    );
    Some(if by_hand { found.severity(Severity::Info).note("`set table` on the stats socket could") } else { found })
}

fn sessions(track: &Track<'_>) -> &'static str {
    match track.phase {
        Phase::Content => "track in a `tcp-request session` rule, or count what is tracked here: `conn_rate(PERIOD)`",
        _ => "count requests, with `http_req_rate(PERIOD)`, or track in a `tcp-request session` rule",
    }
}

/// Whether no stream that a rule tracks is ever read as HTTP.
fn sees_no_request(track: &Track<'_>, cx: &Context<'_>, counters: &Counters<'_>) -> bool {
    let tcp = |at: usize| cx.config.proxies[at].traffic() == Mode::Tcp;
    tcp(track.proxy) && counters.frontends(cx.config, track.proxy).all(|f| tcp(f) && counters.backends(f).all(tcp))
}

/// Whether something else than a track may raise a counter: another fetch, a filter that limits bandwidth.
fn is_filled_otherwise(counter: &str, tables: &[usize], all: &All<'_>) -> bool {
    let filters = || all.cx.config.sections().flat_map(|s| s.statements()).any(|line| line.keyword() == "filter");
    all.raises(counter, tables) || counter.starts_with("bytes_") && filters()
}

impl All<'_> {
    /// Whether some rule may raise a counter of this name in entries of one of the tables.
    fn raises(&self, name: &str, tables: &[usize]) -> bool {
        let somewhere = self.raised.contains(&(name, None));
        somewhere || tables.iter().any(|table| self.raised.contains(&(name, Some(*table))))
    }
}

/// The counters that rules raise.
fn raised<'a>(counters: &'a Counters<'a>) -> FxHashSet<(&'a str, Option<usize>)> {
    let mut found = FxHashSet::default();
    for read in counters.reads.iter().filter(|read| read.call.deed == Deed::Raise) {
        let name = limits::base(read.call.counter.as_deref().unwrap_or_default());
        match (&read.call.table, read.table) {
            (None, None) => found.extend(counters.on_the_way(read).map(|t| (name, t.table))),
            (_, table) => drop(found.insert((name, table))),
        }
    }
    found
}
