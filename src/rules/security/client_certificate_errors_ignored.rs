//! `security/client-certificate-errors-ignored`.

use crate::{
    config::Bind,
    rules::{mentions, prelude::*},
};

rule! {
    /// Certificates of clients are let in whatever is wrong with them.
    ///
    /// ## Why
    ///
    /// With `crt-ignore-err all` a client gets in with any certificate, one that it has made itself included: `verify required` asks
    /// for a certificate, and no longer for one that an authority of `ca-file` has signed. It is meant for pages that tell clients what
    /// is wrong with theirs, so a rule must ask for `ssl_c_verify` (0 is good), and none in this configuration does.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/clients.pem verify required crt-ignore-err all
    ///     timeout client 30s
    ///     http-request return status 200
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/clients.pem verify required crt-ignore-err all
    ///     timeout client 30s
    ///     http-request deny unless { ssl_c_verify 0 }
    ///     http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `crt-ignore-err` and `ssl_c_verify`; a self-signed certificate was let in by 2.6 and 2.8.
    "security/client-certificate-errors-ignored", Warning, World(check), mentions: ["crt-ignore-err"]
}

/// What a rule asks for that looks at what is wrong.
const ASKS: [&str; 3] = ["ssl_c_verify", "ssl_c_err", "ssl_c_ca_err"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || mentions::has_lua(cx.config) {
        return;
    }
    let asks = |word: Word<'_>| word.known().is_none_or(|text| ASKS.iter().any(|ask| text.contains(ask)));
    if cx.config.sections().flat_map(|section| section.statements()).flat_map(|line| line.words()).any(asks) {
        return;
    }
    for options in cx.config.proxies.iter().filter(|p| p.runs()).flat_map(|p| &p.binds).map(Bind::options) {
        let verifies = options.value("verify").is_some_and(|word| word.is("required") || word.is("optional"));
        let Some(ignored) = options.value("crt-ignore-err").filter(|word| verifies && word.is("all")) else { continue };
        let draft = Draft::at(ignored.location, "clients get in with any certificate, one that they have made themselves included")
            .label("nothing that is wrong keeps them out")
            .help("add `http-request deny unless { ssl_c_verify 0 }`, or take `crt-ignore-err` out");
        out.report(draft);
    }
}
