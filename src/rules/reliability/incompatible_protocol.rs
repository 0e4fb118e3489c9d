//! `reliability/incompatible-protocol`.

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// A proxy in TCP mode is to speak a protocol of HTTP.
    ///
    /// ## Why
    ///
    /// `proto h1`, `proto h2` and `proto fcgi` on a `bind` or `server` line need `mode http`, and HAProxy refuses them in a proxy
    /// of another mode. So does `use-fcgi-app`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:80 proto h2
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80 proto h2
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.2.
    "reliability/incompatible-protocol", Error, World(check)
}

/// The protocols of HTTP that every version has.
const HTTP: [&str; 3] = ["h1", "h2", "fcgi"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Tcp && !cx.is_open()) {
        let binds = proxy.binds.iter().filter_map(|b| Some((b.statement.after("proto", 2)?, b.statement)));
        let servers = proxy.servers.iter().filter_map(|s| Some((s.settings.get("proto")?, s.statement)));
        let frontend = proxy.is_frontend();
        let found = binds.filter(|_| frontend).chain(servers.filter(|_| proxy.is_backend()));
        for (word, line) in found.filter(|(word, _)| word.known().is_some_and(|p| HTTP.contains(&p))) {
            let name = line.word(1).map(Word::display).unwrap_or_default();
            let message = format!("`proto {}` cannot be used for `{name}`: {} is in tcp mode", word.display(), proxy.called());
            out.report(refused(Draft::at(line.location(), message).also(word.location, "the protocol")));
        }
        for line in proxy.lines(&["use-fcgi-app"]).take(1) {
            let message = format!("{} uses a FastCGI application, and is in tcp mode", proxy.called());
            out.report(refused(Draft::at(line.location(), message)));
        }
    }
}

fn refused(draft: Draft) -> Draft {
    draft.label("needs `mode http`").help("write `mode http` in this proxy").stage(Stage::Whole).rejected_by(VersionSet::ALL)
}
