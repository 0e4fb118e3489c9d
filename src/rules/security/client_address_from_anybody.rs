//! `security/client-address-from-anybody`.

use crate::{
    config::{Atom, Guard, NameKind, Proxy},
    rules::prelude::*,
};

rule! {
    /// The address of the client is taken from a header that the client itself can write.
    ///
    /// ## Why
    ///
    /// `http-request set-src hdr(X-Forwarded-For)` without a condition believes whoever comes: with a header of his own a client is
    /// whom he likes to be, for `src` in rules, tables and logs. Believe it only of the balancers that stand before HAProxy.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/client-address-from-anybody
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-src req.hdr(X-Forwarded-For)
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/client-address-from-anybody
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-src req.hdr(X-Forwarded-For) if { src 10.0.0.0/8 }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `http-request set-src`.
    "security/client-address-from-anybody", Warning, World(check), mentions: ["set-src"], quiet: true
}

/// Headers that balancers write.
const HEADERS: [&str; 6] = ["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip", "forwarded"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        // Who lets in the balancers alone may believe them.
        let inner = proxy.section.statements().any(|s| s.keyword() == "tcp-request" && s.str(1) == "connection" && s.str(2) == "reject");
        for line in proxy.lines(&["http-request", "set-src"]).filter(|line| !inner && is_open(cx, proxy, line)) {
            let Some(word) = line.word(2) else { continue };
            let text = word.known().unwrap_or("").to_ascii_lowercase();
            let Some(header) =
                HEADERS.iter().find(|header| text.contains(&format!("hdr({header}")) || text.contains(&format!("hdr_ip({header}")))
            else {
                continue;
            };
            let message = format!("clients choose their own address: `{header}` is believed whoever sends it");
            let help = "add a condition, such as `if { src 10.0.0.0/8 }` with the addresses of the balancers";
            out.report(Draft::at(line.location(), message).label("from everybody").help(help));
        }
    }
}

/// Whether a rule is for clients too: it has no condition, or one that asks for nothing but what clients write themselves.
fn is_open<'r>(cx: &Context<'r>, proxy: &Proxy<'r>, line: &Statement<'r>) -> bool {
    let of_clients = |criterion: &str| {
        let fetch = criterion.trim_start_matches("req.").split(['(', ',']).next().unwrap_or("");
        ["hdr", "path", "url", "query", "method", "base", "cook"].iter().any(|begin| fetch.starts_with(begin))
    };
    let written = |name: &'r str| {
        let lines = cx.config.names.find(NameKind::Acl, Some(proxy.section.index()), name);
        !lines.is_empty() && lines.iter().all(|acl| of_clients(acl.statement.str(2)))
    };
    match Guard::of(line) {
        Guard::None => true,
        Guard::Unknown => false,
        Guard::Condition(condition) => condition.terms.iter().flatten().all(|literal| match &literal.atom {
            Atom::Name(name) => written(name),
            Atom::Anonymous(words) => words.first().is_some_and(|criterion| of_clients(criterion)),
        }),
    }
}
