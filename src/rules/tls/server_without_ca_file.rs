//! `tls/server-without-ca-file`.

use crate::{
    config::{Proxy, ServerOption},
    rules::prelude::*,
};

rule! {
    /// The certificate of a server is to be verified, but nothing says against what.
    ///
    /// ## Why
    ///
    /// HAProxy verifies the certificates of servers unless it is told otherwise, and needs `ca-file` for that. It refuses
    /// a server with `ssl` or `check-ssl` that has neither `ca-file` nor `verify none`. `ssl-server-verify none` in `global`
    /// changes the default. `verify none` accepts whoever answers.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:443 ssl
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:443 ssl ca-file /etc/haproxy/ca.crt sni str(app.example.com)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "tls/server-without-ca-file", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let unverified = globals.flat_map(|s| s.statements()).any(|s| s.keyword() == "ssl-server-verify" && s.str(1) != "required");
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        let checks = checks_with_tls(cx, proxy);
        for server in &proxy.servers {
            let asked = server.get(ServerOption::Ssl).or(server.get(ServerOption::CheckSsl)).or(checks);
            let Some(ssl) = asked.filter(|_| !server.open && !server.has(ServerOption::CaFile)) else {
                continue;
            };
            let wanted = match server.get(ServerOption::Verify).map(Word::known) {
                None => !unverified,
                Some(verify) => verify == Some("required"),
            };
            if !wanted {
                continue;
            }
            let name = server.name().display();
            let message = format!("the certificate of server `{name}` is to be verified, and there is no `ca-file`");
            let draft = Draft::at(server.name().location, message).also(ssl.location, "TLS is asked for here");
            let help = "add `ca-file FILE` (`ca-file @system-ca` since 2.4), or `verify none` to trust whoever answers";
            out.report(draft.label("cannot be verified").help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// The word that makes a step of the health check speak TLS.
fn checks_with_tls<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Option<Word<'r>> {
    if !cx.config.reading.may_have(&["tcp-check", "http-check"]) {
        return None;
    }
    let connects = |p: &Proxy<'r>| {
        let mut lines = p.section.statements().filter(|s| matches!(s.keyword(), "tcp-check" | "http-check") && s.str(1) == "connect");
        lines.find_map(|line| line.words().skip(2).find(|word| word.is("ssl")))
    };
    connects(proxy).or_else(|| connects(&cx.config.proxies[proxy.defaults?]))
}
