//! `reference/tracking-unchecked`.

use crate::{
    config::{NameKind, Proxy, Server, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A server takes its health from one that is not checked.
    ///
    /// ## Why
    ///
    /// The server behind `track` must have `check`, `agent-check` or a `track` of its own: there is no health to take
    /// otherwise, and HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.1:81 track one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:80 check
    ///     server two 192.0.2.1:81 track one
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reference/tracking-unchecked", Error, World(check), mentions: ["track"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        for server in &proxy.servers {
            let Some((track, name)) = server.get(ServerOption::Track).and_then(|w| Some((w, w.known()?))) else { continue };
            let Some(target) = target(cx, proxy, name) else { continue };
            if target.open || target.has(ServerOption::Check) || target.has(ServerOption::AgentCheck) || target.has(ServerOption::Track) {
                continue;
            }
            let message = format!("server `{}` takes its health from `{name}`, which is not checked", server.name().display());
            let draft = Draft::at(server.statement.location(), message).also(track.location, "takes its health from here");
            let draft =
                draft.label("refused").help(format!("add `check` to the server `{name}`")).also(target.name().location, "not checked");
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// The server that `name` stands for: of this proxy, or of another one as `proxy/server`.
pub(super) fn target<'a>(cx: &'a Context<'a>, proxy: &Proxy<'a>, name: &'a str) -> Option<Server<'a>> {
    let (section, name) = match name.rsplit_once('/') {
        Some((other, name)) => (cx.config.backend(other)?.section.index(), name),
        None => (proxy.section.index(), name),
    };
    let declared = cx.config.names.find(NameKind::Server, Some(section), name).first()?;
    cx.config.proxy(section)?.servers.of_line(declared.statement)
}
