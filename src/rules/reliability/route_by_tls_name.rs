//! `reliability/route-by-tls-name`.

use rustc_hash::FxHashSet;

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// Requests are sent to a backend by the name of the TLS connection, not by that of the request.
    ///
    /// ## Why
    ///
    /// `ssl_fc_sni` is what a client named when it opened the connection. A browser uses that connection for every other host that the
    /// certificate is for, with HTTP/2 and a wildcard nearly always: the second site is asked for on the connection of the first, and
    /// the rules send it to the backend of the first. It happens to some clients, now and then, and looks like chance. The name that
    /// is meant is in each request: `req.hdr(host)`.
    ///
    /// Nothing is said of TCP mode, where there is no other name, and of rules that compare the two names.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/wildcard.pem alpn h2,http/1.1
    ///     timeout client 30s
    ///     use_backend shop if { ssl_fc_sni -i shop.example.com }
    ///     default_backend shop
    ///
    /// backend shop
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/wildcard.pem alpn h2,http/1.1
    ///     timeout client 30s
    ///     use_backend shop if { req.hdr(host),field(1,:) -i shop.example.com }
    ///     default_backend shop
    ///
    /// backend shop
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: a request for `b.example.com` on a connection that was opened for
    /// `a.example.com` was answered as one for `a.example.com`.
    "reliability/route-by-tls-name", Info, World(check), about: ["use_backend"], mentions: ["ssl_fc_sni"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && p.traffic() == Mode::Http) {
        let names: FxHashSet<&str> = proxy.lines(&["acl"]).filter(|acl| is_name(acl.str(2))).map(|acl| acl.str(1)).collect();
        // Who sends requests of another name away has thought of it.
        let compares = |line: Statement<'_>| line.words().any(|w| w.known().is_some_and(|t| t.contains("strcmp(") || t.contains("421")));
        if proxy.section.statements().any(compares) {
            continue;
        }
        let mut found = proxy.lines(&["use_backend"]).filter_map(|line| asked(line, &names));
        let Some(first) = found.next() else { continue };
        let message =
            format!("{} chooses backends by the name of the TLS connection, on which requests for other hosts may come", proxy.called());
        let draft = Draft::at(first.location, message).label("the name of the connection").help("compare `req.hdr(host)` instead");
        let more = found.count();
        out.report(if more == 0 { draft } else { draft.note(format!("the same is true of {more} more of its rules")) });
    }
}

/// The word of a rule that asks for the name, itself or by an ACL.
fn asked<'r>(line: Statement<'r>, names: &FxHashSet<&str>) -> Option<Word<'r>> {
    line.words().skip(2).find(|word| {
        let text = word.known().unwrap_or("").trim_start_matches('!');
        is_name(text) || names.contains(text)
    })
}

/// Whether an expression is the name of the connection, compared as it is.
fn is_name(expression: &str) -> bool {
    expression.split([',', '(']).next().is_some_and(|fetch| fetch.starts_with("ssl_fc_sni"))
}
