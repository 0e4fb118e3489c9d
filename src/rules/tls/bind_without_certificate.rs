//! `tls/bind-without-certificate`.

use crate::rules::prelude::*;

rule! {
    /// A `bind` line with `ssl` has no certificate.
    ///
    /// ## Why
    ///
    /// Without `crt` or `crt-list` there is nothing to show to clients, and HAProxy refuses the configuration. With
    /// `strict-sni` it starts and warns: every connection fails.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :443 ssl
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
    /// HAProxy's own checks, observed with 2.6 and 2.8.
    "tls/bind-without-certificate", Error, World(check), about: ["bind"], mentions: ["ssl"]
}

/// The options that bring certificates, or make them.
const CERTIFICATES: &[&str] = &["crt", "crt-list", "default-crt", "ech"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Its certificates belong to all `bind` lines of the section, or of the next one that has some.
    if cx.config.reading.may_have(&["ssl-f-use"]) {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        for bind in &proxy.binds {
            let line = bind.statement;
            let options = bind.options();
            let unknown = !line.is_known();
            let Some(ssl) = options.find("ssl").filter(|_| !unknown && !CERTIFICATES.iter().any(|c| options.has(c))) else { continue };
            let address = bind.address.map(Word::display).unwrap_or_default();
            let draft = Draft::at(ssl.location, format!("`bind {address}` of {} has `ssl`, and no certificate", proxy.called()))
                .label("nothing to show to clients")
                .help("add `crt FILE` or `crt-list FILE`")
                .stage(Stage::Whole);
            let starts = options.has("strict-sni") && !options.has("generate-certificates");
            out.report(if starts { draft.warned_by(VersionSet::ALL) } else { draft.rejected_by(VersionSet::ALL) });
        }
    }
}
