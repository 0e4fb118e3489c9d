//! `reliability/check-without-host`.

use crate::{
    config::{Proxy, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A health check speaks HTTP/1.1 or HTTP/2 and names no host, which most servers refuse.
    ///
    /// ## Why
    ///
    /// HTTP/1.1 demands a `Host` header of every request, and HTTP/2 its `:authority`. HAProxy sends neither with a check unless it
    /// is told: `option httpchk GET /health HTTP/1.1` is answered with `400 Bad Request` by Apache, nginx, Node.js and most others,
    /// and the server is DOWN. A check of HTTP/1.0, which is what HAProxy sends if no version is said, needs no host.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     option httpchk GET /health HTTP/1.1
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     option httpchk
    ///     http-check send meth GET uri /health ver HTTP/1.1 hdr Host app.example.com
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// RFC 9112, section 3.2; HAProxy manual, `option httpchk` and `http-check send`; observed with HAProxy 2.6 and 2.8.
    "reliability/check-without-host", Warning, World(check), about: ["option"], mentions: ["httpchk"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !p.in_force.open) {
        let Some(option) = proxy.in_force.get("check").filter(|line| line.str(1) == "httpchk") else { continue };
        let lines = if cx.config.reading.may_have(&["http-check"]) { steps(cx, proxy) } else { Vec::new() };
        let checked = |s: &crate::config::Server<'_>| {
            use ServerOption::{Check, Healthcheck, Track};
            !s.open && s.has(Check) && !s.has(Track) && !s.has(Healthcheck)
        };
        let Some(server) = proxy.servers.iter().find(checked) else { continue };
        let Some(word) = version(option, &lines).or_else(|| speaks_h2(&server, &lines)) else { continue };
        if names_host(option, &lines) {
            continue;
        }
        let what = if word.is("HTTP/1.1") || word.known().is_some_and(|w| w.contains("1.1")) { "HTTP/1.1" } else { "HTTP/2" };
        let message = format!("the health checks of {} speak {what} and name no host: most servers answer them with 400", proxy.called());
        let draft = Draft::at(word.location, message).label(format!("{what} needs a host"));
        let help = "add `hdr Host NAME` to its `http-check send` line, or a line `http-check send hdr Host NAME`";
        out.report(draft.also(server.statement.location(), "is DOWN where it refuses such a request").help(help));
    }
}

/// The steps of the checks, those of the defaults among them.
fn steps<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Vec<Statement<'r>> {
    let of = |p: &Proxy<'r>| p.lines(&["http-check"]).collect::<Vec<_>>();
    let inherited = cx.config.ancestors(proxy).flat_map(of);
    of(proxy).into_iter().chain(inherited).collect()
}

/// Whether a host is named somewhere, or may be.
fn names_host(option: Statement<'_>, lines: &[Statement<'_>]) -> bool {
    let absolute = |text: &str| text.contains("://");
    let says = |line: &Statement<'_>| {
        let words: Vec<_> = line.words().collect();
        let host = words.windows(2).any(|pair| pair[0].is("hdr") && pair[1].known().is_none_or(|name| name.eq_ignore_ascii_case("host")));
        host || words.iter().any(|w| w.known().is_none_or(absolute))
    };
    let inside = option.words().any(|w| w.known().is_none_or(|text| absolute(text) || text.to_ascii_lowercase().contains("host:")));
    inside || option.len() > 5 || lines.iter().any(says)
}

/// The word that names a version which needs a host.
fn version<'r>(option: Statement<'r>, lines: &[Statement<'r>]) -> Option<Word<'r>> {
    let sends = lines.iter().filter(|line| line.str(1) == "send");
    let needs = |word: &Word<'_>| word.known().is_some_and(|v| v == "HTTP/1.1" || v == "1.1" || v.starts_with("HTTP/2") || v == "2");
    let said: Vec<Word<'r>> = sends.filter_map(|line| Options::of(*line, 2).value("ver")).collect();
    // What the first `http-check send` leaves out is as the option says.
    if said.is_empty() { option.word(4).filter(needs) } else { said.into_iter().find(needs) }
}

/// The word that makes the checks of a server speak HTTP/2.
fn speaks_h2<'r>(server: &crate::config::Server<'r>, lines: &[Statement<'r>]) -> Option<Word<'r>> {
    let connect = lines.iter().find(|line| line.str(1) == "connect");
    if let Some(connect) = connect {
        let options = Options::of(*connect, 2);
        let offered = options.value("proto").or_else(|| options.value("alpn"));
        return offered.filter(|word| word.known().is_some_and(only_h2));
    }
    let of = |option| server.get(option);
    let asked = of(ServerOption::CheckProto).or_else(|| of(ServerOption::CheckAlpn)).or_else(|| of(ServerOption::Proto));
    asked.filter(|word| word.known().is_some_and(only_h2))
}

/// Whether nothing but HTTP/2 is spoken.
fn only_h2(protocols: &str) -> bool {
    protocols.split(',').next() == Some("h2")
}
