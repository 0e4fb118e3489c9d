//! `tls/server-without-ca-file`.

use crate::rules::prelude::*;

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
    ///     server one 192.0.2.1:443 ssl ca-file /etc/haproxy/ca.crt
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
        for server in &proxy.servers {
            let settings = &server.settings;
            let Some(ssl) =
                settings.get("ssl").or(settings.get("check-ssl")).filter(|_| !settings.open && settings.get("ca-file").is_none())
            else {
                continue;
            };
            let wanted = match settings.get("verify").map(Word::known) {
                None => !unverified,
                Some(verify) => verify == Some("required"),
            };
            if !wanted {
                continue;
            }
            let name = server.name.display();
            let message = format!("the certificate of server `{name}` is to be verified, and there is no `ca-file`");
            let draft = Draft::at(server.name.location, message).also(ssl.location, "TLS is asked for here");
            let help = "add `ca-file FILE` (`ca-file @system-ca` since 2.4), or `verify none` to trust whoever answers";
            out.report(draft.label("cannot be verified").help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}
