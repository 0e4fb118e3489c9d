//! `security/localhost-is-everybody`.

use crate::{
    address::Port,
    config::{Atom, Guard, Server, ServerOption, address},
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// `LOCALHOST` holds for everybody: HAProxy connects to this page itself.
    ///
    /// ## Why
    ///
    /// `stats admin if LOCALHOST` is for who is logged in on the machine. Where another section of the same HAProxy has the page as its
    /// server on 127.0.0.1, all who come through that section come from there too. With `send-proxy` on the server and `accept-proxy` on
    /// the `bind` line the address of the client is kept.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/localhost-is-everybody
    /// listen stats
    ///     mode http
    ///     bind 127.0.0.1:8404
    ///     stats enable
    ///     stats admin if LOCALHOST
    ///
    /// backend monitoring
    ///     mode http
    ///     server stats 127.0.0.1:8404
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/localhost-is-everybody
    /// listen stats
    ///     mode http
    ///     bind 127.0.0.1:8404
    ///     stats enable
    ///     stats auth operator:CHANGE-ME-9f2c
    ///     stats admin if TRUE
    ///
    /// backend monitoring
    ///     mode http
    ///     server stats 127.0.0.1:8404
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `stats admin` and the predefined ACL `LOCALHOST`; tried with 2.6 and 2.8.
    "security/localhost-is-everybody", Warning, World(check), about: ["stats"], mentions: ["LOCALHOST"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        let Some(admin) = proxy.lines(&["stats", "admin"]).find(trusts_localhost) else { continue };
        if proxy.lines(&["stats", "auth"]).next().is_some() {
            continue;
        }
        let ports: Vec<u16> = proxy.binds.iter().filter_map(|bind| port(bind.address?.known()?)).collect();
        let all = cx.config.proxies.iter().filter(|other| other.runs()).flat_map(|other| &other.servers);
        let Some(server) = all.into_iter().find(|server| leads_to(server, &ports)) else { continue };
        let draft = Draft::at(admin.location(), "whoever comes through this HAProxy can take servers down on this page")
            .label("true for all of them")
            .also(server.statement.location(), "connects from 127.0.0.1");
        out.report(draft.help("ask for a password with `stats auth`, or keep the client's address with `send-proxy` and `accept-proxy`"));
    }
}

/// Whether nothing but `LOCALHOST` is asked for.
fn trusts_localhost(line: &Statement<'_>) -> bool {
    let Guard::Condition(condition) = Guard::of(line) else { return false };
    let alone = |terms: &[_]| matches!(terms, [term] if is_localhost(term));
    condition.positive().is_some_and(|terms| alone(&terms[..]))
}

fn is_localhost(term: &crate::config::Term<'_>) -> bool {
    matches!(&term[..], [literal] if !literal.negated && literal.atom == Atom::Name("LOCALHOST"))
}

fn port(text: &str) -> Option<u16> {
    match address::parse(text, &|_| Lookup::Unknown).port {
        Port::Fixed(port) => Some(port),
        _ => None,
    }
}

/// Whether a server is one of these ports of the machine, without the client's own address.
fn leads_to(server: &Server<'_>, ports: &[u16]) -> bool {
    let Some(text) = server.address().and_then(Word::known) else { return false };
    let host = address::parse(text, &|_| Lookup::Unknown).host;
    let here = text.starts_with("localhost:") || host.ip().is_some_and(|ip| ip.is_loopback());
    let tells = server.has(ServerOption::SendProxy);
    here && !server.open && !tells && port(text).is_some_and(|port| ports.contains(&port))
}
