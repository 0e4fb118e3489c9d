//! `dead/host-without-port`.

use crate::{
    config::{Proxy, address},
    expression::inclusion::{Method, Pattern, Question},
    rules::prelude::*,
};

rule! {
    /// A host is compared as a whole where clients write a port behind it.
    ///
    /// ## Why
    ///
    /// Behind a port other than 80 and 443 the `Host` header of a client is `example.com:8448`, and `hdr(host) example.com` does
    /// not match. Where the port is published or forwarded as 80 or 443 all is right, which a configuration does not tell.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend federation
    ///     mode http
    ///     bind :8448
    ///     timeout client 30s
    ///     use_backend app if { hdr(host) matrix.example.com }
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend federation
    ///     mode http
    ///     bind :8448
    ///     timeout client 30s
    ///     use_backend app if { req.hdr(host),host_only matrix.example.com }
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// RFC 9110, section 7.2; HAProxy manual, `host_only`; observed with HAProxy 2.6 and 2.8.
    "dead/host-without-port", Info, World(check), mentions: ["host", "Host"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.options.ports_are_mapped {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        let Some(port) = other_port(cx, proxy) else { continue };
        let compared: Vec<(Word<'_>, Question<'_>)> = proxy.section.statements().flat_map(|line| hosts(&line)).collect();
        let says_port =
            |q: &Question<'_>| q.method != Method::Whole || q.patterns.iter().any(|p| matches!(p, Pattern::Text(t) if t.contains(':')));
        // Where one of them knows of ports, or does not ask for the whole, it is known what clients write.
        let Some((word, question)) = compared.first().filter(|_| !compared.iter().any(|(_, q)| says_port(q))) else { continue };
        let Some(Pattern::Text(name)) = question.patterns.first() else { continue };
        let message = format!("clients of port {port} write `{name}:{port}` as host, unless it is forwarded from port 80 or 443");
        let draft = Draft::at(word.location, message)
            .label("compared as a whole")
            .confidence(Confidence::Medium)
            .help("write `req.hdr(host),host_only` (since 2.5), or give a second pattern with the port");
        out.report(match compared.len() {
            1 => draft,
            more => draft.note(format!("the same is true of {} more of {}", more - 1, proxy.called())),
        });
    }
}

/// The port of the first `bind` line, where all of them are known and none is 80 or 443, nor a socket of another kind.
fn other_port(cx: &Context<'_>, proxy: &Proxy<'_>) -> Option<u16> {
    let mut ports = Vec::new();
    for bind in &proxy.binds {
        // What comes with the PROXY protocol comes from a balancer with ports of its own.
        if !bind.statement.is_known() || bind.options().has("accept-proxy") {
            return None;
        }
        for range in address::list(bind.address?.known()?) {
            let address = address::parse(bind.address?.known()?.get(range)?, &|name| cx.config.reading.environment.get(name));
            match address.port {
                address::Port::Fixed(port) if !matches!(port, 80 | 443) && !address.host.ip().is_some_and(|ip| ip.is_loopback()) => {
                    ports.push(port);
                }
                _ => return None,
            }
        }
    }
    ports.first().copied()
}

/// The ACLs of a line that ask for the host as it is, each with the word of its criterion.
fn hosts<'r>(line: &Statement<'r>) -> Vec<(Word<'r>, Question<'r>)> {
    if !line.may_contain(b'(') {
        return Vec::new();
    }
    let words: Vec<(Word<'r>, &'r str)> = line.words().filter_map(|w| Some((w, w.known()?))).collect();
    let question = |part: &[(Word<'r>, &'r str)]| {
        let question = Question::new(&part.iter().map(|(_, text)| *text).collect::<Vec<_>>())?;
        matches!(&*question.value, "req.hdr(host)" | "req.hdr(host,1)" | "req.hdr(host,-1)").then_some((part[0].0, question))
    };
    if line.keyword() == "acl" {
        return words.get(2..).filter(|part| !part.is_empty()).and_then(question).into_iter().collect();
    }
    let parts = words.split(|(_, text)| matches!(*text, "{" | "!{" | "}"));
    parts.skip(1).filter(|part| !part.is_empty()).filter_map(question).collect()
}
