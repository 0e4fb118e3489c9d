//! `reliability/frontend-without-bind`.

use crate::rules::prelude::*;

rule! {
    /// A section that takes traffic in has no `bind` line.
    ///
    /// ## Why
    ///
    /// No connection can reach a `frontend` or `listen` that listens nowhere. HAProxy warns and starts. A `listen` without
    /// `bind` is often meant to be a `backend`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     timeout client 30s
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    ///     timeout client 30s
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "reliability/frontend-without-bind", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::LogForward) {
        let listens = |s: Statement<'_>| s.keyword().is_empty() || matches!(s.keyword(), "bind" | "dgram-bind") && s.len() > 1;
        let Some(location) = section.name().map(|n| n.location).filter(|_| !section.statements().any(listens)) else { continue };
        let draft = Draft::at(location, format!("log-forward `{}` has no `bind` or `dgram-bind` line", section.name_str()));
        let draft = draft.label("no message can come in here").help("add a `dgram-bind` line such as `dgram-bind :514`");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && p.binds.is_empty()) {
        // One without a name is refused for that.
        if proxy.section.name().is_none() {
            continue;
        }
        let Some(location) = proxy.place() else { continue };
        let help = if proxy.is_backend() { "add a `bind` line, or make it a `backend`" } else { "add a `bind` line such as `bind :80`" };
        let draft = Draft::at(location, format!("{} has no `bind` line", proxy.called())).label("no traffic can come in here");
        out.report(draft.help(help).stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
