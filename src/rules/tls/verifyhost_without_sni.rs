//! `tls/verifyhost-without-sni`.

use crate::{
    config::{Mode, ServerOption},
    rules::prelude::*,
};

rule! {
    /// The name to verify gives way to the `Host` header of each request, from HAProxy 3.3 on.
    ///
    /// ## Why
    ///
    /// `verifyhost` is the name that the certificate must have where no server name is sent; where one is, that is the name. Since
    /// HAProxy 3.3 a server of mode http is sent the name of the `Host` header if there is no `sni`, so that `verifyhost` counts no
    /// more: what the client asks for must be in the certificate, or the request gets a 503.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl ca-file /etc/haproxy/ca.crt verifyhost app.internal
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl ca-file /etc/haproxy/ca.crt verifyhost app.internal sni str(app.internal)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual of 3.3, `sni-auto`, `verifyhost`.
    "tls/verifyhost-without-sni", Warning, World(check), mentions: ["verifyhost"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && p.traffic() == Mode::Http) {
        use ServerOption::{NoSniAuto, Sni, Ssl, Verify, VerifyHost};
        for server in proxy.servers.iter().filter(|s| !s.open && s.has(Ssl) && !s.has(Sni) && !s.has(NoSniAuto)) {
            let Some(name) = server.get(VerifyHost).filter(|_| server.get(Verify).is_none_or(|v| v.is("required"))) else { continue };
            let message =
                format!("`verifyhost {}` no longer counts since 3.3: the `Host` header of the client is what is verified", name.display());
            let plain = name.known().filter(|n| n.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)));
            let edit = plain.map(|n| vec![Edit::replace(server.statement.end(), format!(" sni str({n})"))]);
            let draft = Draft::at(name.location, message).label("gives way to the server name").only(VersionSet::since(3, 3, 0));
            out.report(draft.help("add `sni str(NAME)`, or `no-sni-auto` where no name is to be sent").offer_if("send this name", edit));
        }
    }
}
