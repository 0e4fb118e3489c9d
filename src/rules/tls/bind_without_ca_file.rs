//! `tls/bind-without-ca-file`.

use crate::{
    config::Bind,
    rules::{listeners::listeners, prelude::*},
};

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
    /// ```haproxy bad local-name=lb1
    /// peers cluster
    ///     default-bind ssl crt /etc/haproxy/peers.pem verify required
    ///     default-server ssl ca-file /etc/haproxy/ca.pem crt /etc/haproxy/peers.pem
    ///     peer lb1 192.0.2.1:1024
    ///     peer lb2 192.0.2.2:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
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
    /// HAProxy's own check, observed with 2.6 to 3.5.
    "tls/bind-without-ca-file", Error, World(check), about: ["bind", "default-bind"], mentions: ["ssl"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for listener in listeners(cx).into_iter().filter(|listener| listener.has("ssl")) {
        let verify = listener.value("verify").filter(|_| !CA_FILES.iter().any(|file| listener.has(file)));
        let generates = listener.find("generate-certificates").filter(|_| !listener.has("ca-sign-file"));
        out.report_all(refusals(verify, generates, listener.versions));
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        for options in proxy.binds.iter().filter(|bind| bind.statement.is_known()).map(Bind::options) {
            if !options.has("ssl") {
                continue;
            }
            let verify = options.value("verify").filter(|_| !CA_FILES.iter().any(|file| options.has(file)));
            let generates = options.find("generate-certificates").filter(|_| !options.has("ca-sign-file"));
            out.report_all(refusals(verify, generates, VersionSet::ALL));
        }
    }
}

/// The options that name authorities to check clients against.
const CA_FILES: &[&str] = &["ca-file", "ca-verify-file"];

/// What is to be said of `verify` and `generate-certificates` that have no authority.
fn refusals(verify: Option<Word<'_>>, generates: Option<Word<'_>>, versions: VersionSet) -> impl Iterator<Item = Draft> {
    let refused = move |word: Word<'_>, message: &str, help: &str| {
        let draft = Draft::at(word.location, message).label("nobody to check them against").help(help);
        draft.stage(Stage::Whole).rejected_by(versions)
    };
    let verify = verify
        .filter(|word| !word.is("none"))
        .map(|word| refused(word, "the certificates of clients are to be verified, and there is no `ca-file`", "add `ca-file FILE`"));
    let generates =
        generates.map(|word| refused(word, "certificates are to be made, and there is no `ca-sign-file`", "add `ca-sign-file FILE`"));
    verify.into_iter().chain(generates)
}
