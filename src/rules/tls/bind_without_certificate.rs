//! `tls/bind-without-certificate`.

use crate::rules::{listeners::listeners, prelude::*};

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
    /// ```haproxy bad local-name=lb1
    /// peers cluster
    ///     default-bind ssl
    ///     default-server ssl ca-file /etc/haproxy/ca.pem
    ///     peer lb1 192.0.2.1:1024
    ///     peer lb2 192.0.2.2:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```haproxy bad
    /// log-forward syslog
    ///     bind :6514 ssl
    ///     log 192.0.2.5:514 local0
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
    /// HAProxy's own checks, observed with 2.6 to 3.5.
    "tls/bind-without-certificate", Error, World(check), about: ["bind", "default-bind"], mentions: ["ssl"]
}

/// The options that bring certificates, or make them.
const CERTIFICATES: &[&str] = &["crt", "crt-list", "default-crt", "ech"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for listener in listeners(cx) {
        let Some(ssl) = listener.find("ssl").filter(|_| !CERTIFICATES.iter().any(|c| listener.has(c))) else { continue };
        let starts = listener.has("strict-sni") && !listener.has("generate-certificates");
        out.report(bare(ssl, &listener.called, starts, listener.versions));
    }
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
            let whose = format!("`bind {}` of {}", bind.address.map(Word::display).unwrap_or_default(), proxy.called());
            let starts = options.has("strict-sni") && !options.has("generate-certificates");
            out.report(bare(ssl, &whose, starts, VersionSet::ALL));
        }
    }
}

/// What is to be said at the word `ssl`; HAProxy `starts` where names that it has no certificate for get no answer.
fn bare(ssl: Word<'_>, whose: &str, starts: bool, versions: VersionSet) -> Draft {
    let draft = Draft::at(ssl.location, format!("{whose} has `ssl`, and no certificate"))
        .label("nothing to show to clients")
        .help("add `crt FILE` or `crt-list FILE`")
        .stage(Stage::Whole);
    if starts { draft.warned_by(versions) } else { draft.rejected_by(versions) }
}
