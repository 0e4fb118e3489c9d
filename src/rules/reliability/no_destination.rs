//! `reliability/no-destination`.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use crate::{
    catalog::{Fact, NoteKind},
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
    let used = LazyCell::new(|| cx.config.names.uses_of(NameKind::Backend).map(|u| u.name).collect::<FxHashSet<&str>>());
    let settings: Vec<&Fact> =
        Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::Answers).into_iter().filter(|fact| fact.is_one_setting()).collect();
    // There may be many heirs.
    let answering = LazyCell::new(|| -> Vec<bool> {
        cx.config.proxies.iter().map(|p| p.is_defaults() && p.section.statements().any(is_answer)).collect()
    });
    let inherits = |proxy: &Proxy<'_>| proxy.defaults().is_some_and(|at| answering[at]);
    let proxies = cx.config.proxies.iter().filter(|p| p.runs() && p.servers.is_empty() && p.tables.is_empty());
    for proxy in proxies.filter(|p| !answers(p, &settings) && !inherits(p)) {
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

/// Whether a line of the section may answer a request or say where it goes, or a setting that it inherits.
fn answers(proxy: &Proxy<'_>, settings: &[&Fact]) -> bool {
    let force = &proxy.in_force;
    let set = settings.iter().any(|fact| force.get(fact.name).is_some());
    let mode = matches!(proxy.traffic(), Mode::Log | Mode::Spop | Mode::Unknown);
    set || mode || force.open || force.stats().is_some() || proxy.section.statements().any(is_answer)
}

/// Whether a line may answer, or say where traffic goes, whatever else there is.
fn is_answer(line: Statement<'_>) -> bool {
    // Who knows what a word of another program's does.
    let Some(fact) = Fact::of(SectionKind::Listen, &line, 0) else { return !matches!(line.keyword(), "no" | "default") };
    // The list of a rule or its action may not be known.
    let may_be_rule = fact.has(NoteKind::Rules) || fact.following().any(|fact| fact.has(NoteKind::Rules));
    may_be_rule && line.str(fact.words).is_empty() || fact.path().any(|fact| fact.has(NoteKind::Answers) && !fact.is_one_setting())
}
