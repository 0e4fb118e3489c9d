//! `tls/ca-ignore-err-alone`.

use crate::rules::prelude::*;

rule! {
    /// Errors of the authorities of a client's certificate are ignored, and those of the certificate itself are not.
    ///
    /// ## Why
    ///
    /// `ca-ignore-err` is for what is wrong with the certificates above the client's, `crt-ignore-err` for the client's own. A
    /// certificate that has expired, or that no authority here has signed, is refused in spite of the first.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/ca.crt verify optional ca-ignore-err all
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/ca.crt verify optional ca-ignore-err all crt-ignore-err all
    ///     http-request deny if { ssl_c_used } !{ ssl_c_verify 0 }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `ca-ignore-err` and `crt-ignore-err`.
    "tls/ca-ignore-err-alone", Info, World(check), mentions: ["ca-ignore-err"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for bind in cx.config.proxies.iter().flat_map(|p| &p.binds).filter(|bind| bind.statement.is_known()) {
        let Some(word) = bind.options().find("ca-ignore-err") else { continue };
        if bind.options().has("crt-ignore-err") {
            continue;
        }
        let draft = Draft::at(word.location, "`ca-ignore-err` ignores nothing that is wrong with the certificate of the client itself")
            .label("for the authorities above it")
            .help("add `crt-ignore-err` if certificates are to be let in that have expired, or that nobody here has signed");
        out.report(draft);
    }
}
