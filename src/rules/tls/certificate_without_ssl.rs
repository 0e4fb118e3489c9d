//! `tls/certificate-without-ssl`.

use crate::rules::prelude::*;

rule! {
    /// A `bind` line has a certificate, but not `ssl`.
    ///
    /// ## Why
    ///
    /// Without `ssl` the port speaks plain text, whatever certificates are given to it. HAProxy starts without a word.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :443 crt /etc/haproxy/web.pem
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :443 ssl crt /etc/haproxy/web.pem
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 and 2.8, which say nothing: the check that their sources have is never reached.
    "tls/certificate-without-ssl", Warning, World(check), about: ["bind"], mentions: ["crt"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        for bind in &proxy.binds {
            let line = bind.statement;
            let options = bind.options();
            let address = bind.address.map(Word::display).unwrap_or_default();
            // QUIC is always encrypted.
            let quic = address.starts_with("quic");
            let unknown = !line.is_known();
            let Some(crt) = options.find("crt").or_else(|| options.find("crt-list")).filter(|_| !quic && !unknown && !options.has("ssl"))
            else {
                continue;
            };
            let message = format!("`bind {address}` of {} has a certificate, and speaks plain text", proxy.called());
            let draft = Draft::at(crt.location, message).label("not used without `ssl`").help("add `ssl`, or remove the certificate");
            out.report(draft.stage(Stage::Whole));
        }
    }
}
