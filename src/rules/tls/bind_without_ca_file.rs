//! `tls/bind-without-ca-file`.

use crate::rules::prelude::*;

rule! {
    /// Certificates are to be verified or made, and there is no authority to do it with.
    ///
    /// ## Why
    ///
    /// `verify required` and `verify optional` on a `bind` line check the certificates of clients against `ca-file`, and
    /// `generate-certificates` signs new ones with `ca-sign-file`. HAProxy refuses the first without the second.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/web.pem verify required
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/web.pem verify required ca-file /etc/haproxy/clients.pem
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "tls/bind-without-ca-file", Error, World(check), about: ["bind"], mentions: ["ssl"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        for line in proxy.binds.iter().map(|b| b.statement).filter(|line| line.is_known()) {
            let has = |name: &str| line.words().skip(2).any(|word| word.is(name));
            if !has("ssl") {
                continue;
            }
            let verify = line.after("verify", 2).filter(|word| !word.is("none"));
            if let Some(word) = verify.filter(|_| !has("ca-file") && !has("ca-verify-file")) {
                out.report(refused(
                    word,
                    "the certificates of clients are to be verified, and there is no `ca-file`",
                    "add `ca-file FILE`",
                ));
            }
            let generates = line.words().skip(2).find(|word| word.is("generate-certificates"));
            if let Some(word) = generates.filter(|_| !has("ca-sign-file")) {
                out.report(refused(word, "certificates are to be made, and there is no `ca-sign-file`", "add `ca-sign-file FILE`"));
            }
        }
    }
}

fn refused(word: Word<'_>, message: &str, help: &str) -> Draft {
    Draft::at(word.location, message).label("nobody to check them against").help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL)
}
