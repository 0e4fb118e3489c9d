//! `reliability/log-mode`.

use crate::{
    config::{Mode, Proxy, Server},
    rules::{dead::needs_http_mode::hashes_http, prelude::*},
};

rule! {
    /// A proxy in log mode has what only traffic has, or one for traffic balances as only logs can be.
    ///
    /// ## Why
    ///
    /// A backend with `mode log` sends log messages to its servers. It balances with `roundrobin`, `random`, `sticky` and
    /// `log-hash` alone (`log-hash` only with `hash-type map-based`), and its servers have IP addresses: HAProxy refuses anything
    /// else, and `dispatch` and `option transparent`, too. It ignores `tcp-request`, `tcp-response`, `use-server` and stick tables there with a warning. Up to 3.2 it refuses each
    /// `frontend` in log mode; messages are received by a `log-forward` section. In other modes `balance log-hash` falls back to
    /// `roundrobin`, with a warning.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2.0
    /// backend collectors
    ///     mode log
    ///     balance leastconn
    ///     server one udp@192.0.2.1:514
    /// ```
    ///
    /// ```haproxy bad target=3.2.0
    /// backend collectors
    ///     mode log
    ///     server one /run/collector.sock
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2.0
    /// backend collectors
    ///     mode log
    ///     balance roundrobin
    ///     server one udp@192.0.2.1:514
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's log.c and server.c, observed with 3.0 to 3.5.
    "reliability/log-mode", Error, World(check)
}

/// The versions that have `mode log` as it is now.
const SINCE: VersionSet = VersionSet::since(3, 0, 0);

/// The versions in which no frontend can be in log mode.
const NO_FRONTENDS: VersionSet = VersionSet::since(2, 9, 0).minus(VersionSet::since(3, 3, 0));

/// What it can balance with.
const ALGORITHMS: [&str; 4] = ["roundrobin", "random", "sticky", "log-hash"];

/// Rules that it ignores, as HAProxy counts them.
const IGNORED: [&[&str]; 6] =
    [&["tcp-request"], &["tcp-response"], &["use-server"], &["stick"], &["stick-table"], &["http-send-name-header"]];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.config.reading.may_mention("log-hash") {
        let others = cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && p.traffic() != Mode::Log);
        others.filter(|_| !cx.is_open()).for_each(|proxy| of_logs(proxy, out));
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Log && !cx.is_open()) {
        let warned = if proxy.is_backend() { SINCE } else { SINCE & NO_FRONTENDS };
        ignored(proxy, warned, out);
        if proxy.is_backend() {
            balance(proxy, out);
            proxy.servers.iter().for_each(|server| address(&server, out));
        } else if let Some(place) = proxy.place() {
            let draft = Draft::at(place, format!("{} is in log mode, which is for backends", proxy.called())).label("refused");
            let draft = draft.help("receive messages with a `log-forward` section").only(NO_FRONTENDS);
            out.report(draft.stage(Stage::Whole).rejected_by(NO_FRONTENDS));
        }
    }
}

/// What is balanced otherwise than it says.
fn of_logs(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    let Some(line) = proxy.in_force.get("balance").filter(|line| line.str(1) == "log-hash") else { return };
    let message = format!("{} falls back to `roundrobin`: `log-hash` is for backends with `mode log`", proxy.called());
    let draft = Draft::at(line.location(), message).label("not for traffic").help("write how its servers are to be chosen").only(SINCE);
    out.report(draft.stage(Stage::Whole).severity(Severity::Warning).warned_by(SINCE));
}

/// How it chooses a server.
fn balance(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    for line in proxy.lines(&["dispatch"]).chain(proxy.lines(&["option", "transparent"])) {
        let message = format!("`{}` cannot be used in {}: it is in log mode", line.str(line.len().min(2) - 1), proxy.called());
        out.report(refused(Draft::at(line.location(), message).label("not for messages").help("write `server` lines")));
    }
    let Some(line) = proxy.in_force.get("balance") else { return };
    let Some(algorithm) = line.word(1).and_then(Word::known) else { return };
    // `random` may have a number.
    let name = algorithm.split_once('(').map_or(algorithm, |(name, _)| name);
    // What looks at HTTP is taken for `roundrobin` before, as in each mode but http.
    if !ALGORITHMS.contains(&name) && !hashes_http(&line) {
        let message = format!("`balance {algorithm}` cannot be used in {}: it is in log mode", proxy.called());
        let draft = Draft::at(line.location(), message).label("not for messages");
        out.report(refused(draft.help("write `roundrobin`, `random`, `sticky` or `log-hash`")));
    }
    let consistent = proxy.in_force.get("hash-type").filter(|line| line.str(1) == "consistent" && name == "log-hash");
    if let Some(line) = consistent {
        let message = format!("`balance log-hash` of {} needs `hash-type map-based`", proxy.called());
        out.report(refused(Draft::at(line.location(), message).label("cannot be used here").help("leave it out")));
    }
}

/// Where messages are sent.
fn address(server: &Server<'_>, out: &mut Sink<'_>) {
    let Some(address) = server.address() else { return };
    if address.known().is_some_and(|text| text.starts_with('/') || text.starts_with("unix@") || text.starts_with("abns@")) {
        let name = server.name().display();
        let draft = Draft::at(address.location, format!("server `{name}` has no IP address, and its backend is in log mode"));
        out.report(refused(draft.label("a socket").help("name an IP address, or write `log` lines with the socket instead")));
    }
}

/// What HAProxy leaves out.
fn ignored(proxy: &Proxy<'_>, versions: VersionSet, out: &mut Sink<'_>) {
    let rules = IGNORED.iter().filter_map(|words| proxy.lines(words).find(|line| line.str(1) != "inspect-delay"));
    for line in rules {
        let message = format!("`{}` is ignored in {}: it is in log mode", line.keyword(), proxy.called());
        let draft = Draft::at(line.location(), message).label("does nothing").help("remove it").only(versions);
        out.report(draft.stage(Stage::Whole).severity(Severity::Warning).warned_by(versions));
    }
}

fn refused(draft: Draft) -> Draft {
    draft.only(SINCE).stage(Stage::Whole).rejected_by(SINCE)
}
