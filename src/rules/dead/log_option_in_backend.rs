//! `dead/log-option-in-backend`.

use crate::{
    catalog::{Fact, NoteKind},
    finding::Cause,
    rules::prelude::*,
};

rule! {
    /// A `backend` sets a log format.
    ///
    /// ## Why
    ///
    /// HAProxy logs in the section that took the connection in. `option httplog`, `option tcplog` and `option httpslog` do
    /// nothing in a `backend`, and HAProxy warns of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     option httplog
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     log stdout format raw local0
    ///     option httplog
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "dead/log-option-in-backend", Warning, World(check), about: ["option"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut first = None;
    for proxy in cx.config.proxies.iter().filter(|p| p.created && p.is_backend() && !p.is_frontend()) {
        let of_frontends =
            |line: &Statement<'_>| Fact::of(SectionKind::Listen, line, 0).is_some_and(|fact| fact.has(NoteKind::OfFrontends));
        for line in proxy.lines(&["option"]).filter(of_frontends) {
            let draft = Draft::at(line.location(), format!("`option {}` does nothing in {}", line.str(1), proxy.called()))
                .label("HAProxy logs in the frontend")
                .help("remove it here, and set the log format in the `frontend`");
            // HAProxy says it of each of them, and it is one thing to know.
            let first = *first.get_or_insert(line.location());
            let cause = Cause::at(first, "log formats that are set in a `backend` do nothing").label("HAProxy logs in the frontend");
            out.report(draft.cause(Some(cause.of(proxy.called()))).warned_by(VersionSet::ALL));
        }
    }
}
