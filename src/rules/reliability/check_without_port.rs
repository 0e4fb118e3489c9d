//! `reliability/check-without-port`.

use crate::{
    config::{Proxy, Server, ServerOption, address},
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// A server is to be checked, and has no port to connect to.
    ///
    /// ## Why
    ///
    /// A server without a port gets the connections on the port that the client used. A health check has no client: it needs
    /// a port in the server's address, in `port` or `addr`, or a number in each `tcp-check connect` rule. HAProxy refuses the server otherwise.
    /// `http-check connect` counts once an `http-check send` rule says what is asked.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1 check
    /// ```
    ///
    /// ```haproxy bad
    /// backend app
    ///     option tcp-check
    ///     tcp-check connect port 80
    ///     tcp-check connect
    ///     server one 192.0.2.1 check
    /// ```
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1 check addr 192.0.2.7
    /// ```
    ///
    /// ```haproxy bad
    /// backend app
    ///     option httpchk
    ///     http-check connect port 8080
    ///     server one 192.0.2.1 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1 check port 80
    /// ```
    ///
    /// ```haproxy good
    /// backend app
    ///     option httpchk
    ///     http-check connect port 8080
    ///     http-check send meth GET uri /health
    ///     server one 192.0.2.1 check
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.5.
    "reliability/check-without-port", Error, World(check), about: ["server"], mentions: ["check"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !connects(cx, p)) {
        for server in proxy.servers.iter().filter(|s| !s.template && lacks_port(s)) {
            let Some(address) = server.address() else { continue };
            let message = format!("server `{}` is checked, and has no port", server.name().display());
            let draft = Draft::at(address.location, message).label("no port").help("write the port behind the address, or `port NUMBER`");
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// Whether each `connect` rule of the health check may bring a port, and there is one.
fn connects<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> bool {
    if !cx.config.reading.may_have(&["tcp-check", "http-check"]) {
        return false;
    }
    // Rules of a check that is not the one in force are thrown away, unless its option stands behind them.
    let check = proxy.in_force.get("check");
    let runs = |rule: &Statement<'_>| {
        let option = if rule.keyword() == "http-check" { "httpchk" } else { rule.keyword() };
        proxy.in_force.open || check.is_some_and(|c| c.str(1) == option || (proxy.holds(c) && c.line() > rule.line()))
    };
    let connects = |s: &Statement<'_>| matches!(s.keyword(), "tcp-check" | "http-check") && s.str(1) == "connect";
    // A request that no rule sends goes out before the first rule, with no connection yet.
    let sends = |p: &Proxy<'r>| p.section.with("http-check").any(|s| s.str(1) == "send");
    let all = |p: &Proxy<'r>| -> Vec<Statement<'r>> {
        let counts = |s: &Statement<'_>| connects(s) && runs(s) && (s.keyword() != "http-check" || sends(p));
        p.section.statements().filter(counts).collect()
    };
    let own = all(proxy);
    let rules = if own.is_empty() { proxy.defaults().map_or(own, |d| all(&cx.config.proxies[d])) } else { own };
    !rules.is_empty() && rules.into_iter().all(may_have_port)
}

/// Whether a rule may say which port to connect to; one that is fetched does not count.
fn may_have_port(connect: Statement<'_>) -> bool {
    let options = Options::of(connect, 2);
    let port =
        options.value("port").is_some_and(|word| word.known().is_none_or(|text| text.starts_with(|digit| matches!(digit, '1'..='9'))));
    port || options.value("addr").is_some_and(may_say_port) || connect.is_open()
}

/// Whether an address may have a port, or be one that needs none.
fn may_say_port(word: Word<'_>) -> bool {
    word.known().is_none_or(|text| {
        let address = address::parse(text, &|_| Lookup::Unknown);
        !address.is_network() || !matches!(address.port, address::Port::None | address::Port::Fixed(0))
    })
}

fn lacks_port(server: &Server<'_>) -> bool {
    // The usual `ADDRESS:PORT` needs no closer look.
    let mut parts = server.address_bytes().split(|byte| *byte == b':').skip(1);
    if parts.next().is_some_and(|port| port.first().is_some_and(|digit| matches!(digit, b'1'..=b'9'))) && parts.next().is_none() {
        return false;
    }
    if !server.has(ServerOption::Check)
        || server.open
        || server.has(ServerOption::Port)
        || server.get(ServerOption::Addr).is_some_and(may_say_port)
        || server.has(ServerOption::Track)
    {
        return false;
    }
    let Some(text) = server.address().and_then(Word::known) else { return false };
    let address = address::parse(text, &|_| Lookup::Unknown);
    // An offset is added to the port of the client, which a check has not.
    let plain = matches!(address.host, address::Host::Ip(_))
        && matches!(address.port, address::Port::None | address::Port::Fixed(0) | address::Port::Offset(_));
    plain && address.is_network() && !text.contains('$')
}
