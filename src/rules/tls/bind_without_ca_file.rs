//! `tls/bind-without-ca-file`.

use crate::{config::Bind, rules::prelude::*};

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
        for options in proxy.binds.iter().filter(|bind| bind.statement.is_known()).map(Bind::options) {
            if !options.has("ssl") {
                continue;
            }
            let verify = options.value("verify").filter(|word| !word.is("none"));
            if let Some(word) = verify.filter(|_| !options.has("ca-file") && !options.has("ca-verify-file")) {
                out.report(refused(
                    word,
                    "the certificates of clients are to be verified, and there is no `ca-file`",
                    "add `ca-file FILE`",
                ));
            }
            let generates = options.find("generate-certificates");
            if let Some(word) = generates.filter(|_| !options.has("ca-sign-file")) {
                out.report(refused(word, "certificates are to be made, and there is no `ca-sign-file`", "add `ca-sign-file FILE`"));
            }
        }
    }
}

fn refused(word: Word<'_>, message: &str, help: &str) -> Draft {
    Draft::at(word.location, message).label("nobody to check them against").help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL)
}
