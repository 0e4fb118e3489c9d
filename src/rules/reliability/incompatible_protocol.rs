//! `reliability/incompatible-protocol`.

use crate::{
    config::{Mode, Proxy, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A proxy in TCP mode is to speak a protocol of HTTP.
    ///
    /// ## Why
    ///
    /// `proto h1`, `proto h2` and `proto fcgi` on a `bind` or `server` line need `mode http`, and HAProxy refuses them in a proxy
    /// of another mode, and in `log-forward`. So does `use-fcgi-app`. In HTTP mode there is no `proto none`, and nobody listens for FastCGI
    /// or SPOP.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:80 proto h2
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     mode http
    ///     bind :80 proto spop
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
    "reliability/incompatible-protocol", Error, World(check), mentions: ["proto", "use-fcgi-app"]
}

/// The protocols of HTTP that every version has.
const HTTP: [&str; 3] = ["h1", "h2", "fcgi"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if !cx.is_open() {
        cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()).for_each(|proxy| nobody_listens(proxy, out));
        let http = cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Http);
        http.for_each(|proxy| unusable_in_http(proxy, out));
        let agents = cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && p.traffic() == Mode::Spop);
        agents.for_each(|proxy| not_for_agents(proxy, out));
    }
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::LogForward) {
        let binds =
            section.statements().filter(|line| line.keyword() == "bind").filter_map(|line| Options::of_bind(line, 1).value("proto"));
        for word in binds.filter(|word| word.known().is_some_and(|p| HTTP.contains(&p))) {
            let draft = Draft::at(word.location, format!("`proto {}` cannot be used in a `log-forward` section", word.display()));
            let draft = draft.label("a protocol of HTTP").help("leave it out: messages are no HTTP").stage(Stage::Whole);
            out.report(draft.rejected_by(VersionSet::ALL));
        }
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && matches!(p.traffic(), Mode::Tcp | Mode::Log) && !cx.is_open()) {
        let binds = proxy.binds.iter().filter_map(|b| Some((b.options().value("proto")?, b.statement)));
        let servers = proxy.servers.iter().filter_map(|s| Some((s.get(ServerOption::Proto)?, s.statement)));
        let frontend = proxy.is_frontend();
        let found = binds.filter(|_| frontend).chain(servers.filter(|_| proxy.is_backend()));
        for (word, line) in found.filter(|(word, _)| word.known().is_some_and(|p| HTTP.contains(&p))) {
            let name = line.word(1).map(Word::display).unwrap_or_default();
            let mode = proxy.traffic().word();
            let message = format!("`proto {}` cannot be used for `{name}`: {} is in {mode} mode", word.display(), proxy.called());
            out.report(refused(Draft::at(line.location(), message).also(word.location, "the protocol")));
        }
        for line in proxy.lines(&["use-fcgi-app"]).take(1).filter(|_| proxy.traffic() == Mode::Tcp) {
            let message = format!("{} uses a FastCGI application, and is in tcp mode", proxy.called());
            out.report(refused(Draft::at(line.location(), message)));
        }
    }
}

/// HAProxy asks agents of SPOE, and is none.
fn nobody_listens(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    for word in proxy.binds.iter().filter_map(|bind| bind.options().value("proto")).filter(|word| word.is("spop")) {
        let draft = Draft::at(word.location, "`proto spop` cannot be used on `bind` lines: HAProxy is no agent");
        let draft = draft.label("for servers").help("leave it out").stage(Stage::Whole).only(SPOP);
        out.report(draft.rejected_by(SPOP));
    }
}

/// Agents of SPOE are spoken to in SPOP.
fn not_for_agents(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    let words = proxy.servers.iter().filter_map(|server| server.get(ServerOption::Proto));
    for word in words.filter(|word| word.known().is_some_and(|p| p == "none" || HTTP.contains(&p))) {
        let message = format!("`proto {}` cannot be used here: {} is in spop mode", word.display(), proxy.called());
        let draft = Draft::at(word.location, message).label("not for agents").help("leave it out").stage(Stage::Whole).only(SPOP);
        out.report(draft.rejected_by(SPOP));
    }
}

/// The versions that know `proto spop`.
const SPOP: VersionSet = VersionSet::since(3, 1, 0);

/// `proto none` is for TCP, and nobody listens for FastCGI
/// or SPOP.
fn unusable_in_http(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    let binds = proxy.binds.iter().filter_map(|b| b.options().value("proto")).filter(|_| proxy.is_frontend());
    let servers = proxy.servers.iter().filter_map(|s| s.get(ServerOption::Proto)).filter(|_| proxy.is_backend());
    for word in binds.filter(|word| word.is("fcgi") || word.is("none")).chain(servers.filter(|word| word.is("none") || word.is("spop"))) {
        let message = format!("`proto {}` cannot be used here: {} is in http mode", word.display(), proxy.called());
        let draft = Draft::at(word.location, message).label("not for this").help("leave it out, or write `proto h1` or `proto h2`");
        out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}

fn refused(draft: Draft) -> Draft {
    draft.label("needs `mode http`").help("write `mode http` in this proxy").stage(Stage::Whole).rejected_by(VersionSet::ALL)
}
