//! `reliability/no-destination`.

use rustc_hash::FxHashSet;

use crate::{
    catalog::section_table,
    config::{Mode, NameKind, Proxy},
    rules::prelude::*,
};

rule! {
    /// Traffic comes to a section that can neither answer it nor send it on.
    ///
    /// ## Why
    ///
    /// A `frontend` without `default_backend` and `use_backend`, and a `backend` without a server, have nowhere to send a
    /// request to: the client gets an error 503, or a closed connection in TCP mode. HAProxy starts without a word. Nothing is
    /// said where a rule, `stats`, or an error file of the section answers in its place.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     balance leastconn
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     balance leastconn
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy 2.6 and 2.8 accept it.
    "reliability/no-destination", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let used: FxHashSet<&str> = cx.config.names.uses().filter(|u| u.kind == NameKind::Backend).map(|u| u.name).collect();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.servers.is_empty() && p.tables.is_empty() && !answers(p, cx.config)) {
        let reached = if proxy.is_frontend() { !proxy.binds.is_empty() } else { used.contains(proxy.name()) };
        let Some(place) = proxy.place().filter(|_| reached) else { continue };
        let (lacks, help) = match proxy.section.kind {
            SectionKind::Frontend => ("no `default_backend` and no `use_backend`", "add a `default_backend`"),
            SectionKind::Listen => ("no server and no `default_backend`", "add a `server` line"),
            _ => ("no server", "add a `server` line, or let `http-request` rules answer"),
        };
        let draft = Draft::at(place, format!("{} has {lacks}: what comes there gets an error", proxy.called()))
            .label("has nowhere to send traffic to")
            .help(help);
        out.report(draft);
    }
}

/// Whether a line of the section, or of its defaults, may answer a request or say where it goes.
fn answers(proxy: &Proxy<'_>, config: &Config<'_>) -> bool {
    let force = &proxy.in_force;
    let set = ["default_backend", "dispatch", "option transparent", "monitor-uri"].iter().any(|name| force.get(name).is_some());
    let table = section_table(proxy.section.kind);
    let line = |s: Statement<'_>| match s.keyword() {
        "" | "use_backend" | "redirect" | "errorfile" | "errorfiles" | "errorloc" | "errorloc302" | "errorloc303" | "http-error" => true,
        "reqsetbe" | "reqisetbe" | "stats" | "monitor" | "use-fcgi-app" | "filter" | "block" => true,
        // Who knows what a word of another program's does.
        keyword if !matches!(keyword, "no" | "default") && table.is_some_and(|t| t.find(keyword).is_empty()) => true,
        "http-request" => is_answer(s.str(1)),
        "tcp-request" => is_answer(s.str(2)),
        _ => false,
    };
    let mode = matches!(proxy.traffic(), Mode::Log | Mode::Spop | Mode::Unknown);
    set || mode
        || force.open
        || force.stats.is_some()
        || proxy.section.statements().any(line)
        || proxy.defaults.is_some_and(|at| config.proxies[at].section.statements().any(line))
}

/// Whether a rule with this action may be the last for a request; Lua may do anything.
fn is_answer(action: &str) -> bool {
    matches!(
        action,
        "" | "return"
            | "redirect"
            | "deny"
            | "tarpit"
            | "auth"
            | "reject"
            | "silent-drop"
            | "use-service"
            | "switch-mode"
            | "set-dst"
            | "do-resolve"
            | "attach-srv"
    ) || action.starts_with("lua.")
        || action.starts_with("do-resolve(")
}
