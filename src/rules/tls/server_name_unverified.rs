//! `tls/server-name-unverified`.

use crate::{
    config::{Server, ServerOption},
    rules::prelude::*,
};

rule! {
    /// The certificate of a server is verified, but not whose it is.
    ///
    /// ## Why
    ///
    /// `verify required` makes HAProxy look whether a certificate was signed by one of the authorities of `ca-file`. Whether it was
    /// made out to this server is looked at only where `verifyhost` or `sni` says a name. Without one, up to HAProxy 3.2, anybody
    /// with any certificate of these authorities is taken for the server: with a bundle of public authorities, everybody. From 3.3
    /// on the `Host` header is what `sni` is, if nothing else is said.
    ///
    /// With a private authority that signs for this one server alone there is nothing to mend: such findings are for
    /// information.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:443 ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt sni str(app.example.com)
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `verify`, `verifyhost` and `sni` of servers; observed with HAProxy 2.6 and 2.8.
    "tls/server-name-unverified", Warning, World(check), mentions: ["ca-file"]
}

/// What bundles of public authorities are called.
const PUBLIC: [&str; 6] = ["@system-ca", "ca-certificates", "ca-bundle", "cacert.pem", "/etc/ssl/cert.pem", "tls-ca-bundle"];

/// The versions without an automatic `sni`.
const MANUAL: VersionSet = VersionSet::ALL.minus(VersionSet::since(3, 3, 0));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let unverified = cx.config.global_line("ssl-server-verify").is_some_and(|line| line.str(1) != "required");
    let proxies = cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend());
    let nameless = proxies.flat_map(|p| &p.servers).filter(|s| !s.open && is_nameless(s, unverified));
    // One finding for each file of authorities: there may be a thousand servers.
    let mut found: Vec<(Server<'_>, Word<'_>, usize)> = Vec::new();
    for server in nameless {
        let Some(file) = server.get(ServerOption::CaFile) else { continue };
        match found.iter_mut().find(|(_, known, _)| known.known() == file.known()) {
            Some((.., more)) => *more += 1,
            None => found.push((server, file, 0)),
        }
    }
    out.report_all(found.into_iter().map(|(server, file, more)| draft(&server, file, more)));
}

fn draft(server: &Server<'_>, file: Word<'_>, more: usize) -> Draft {
    let public =
        file.known().is_some_and(|path| path.trim_end_matches('/') == "/etc/ssl/certs" || PUBLIC.iter().any(|known| path.contains(known)));
    let name = server.name().display();
    let who = if public { "anybody with a public certificate passes" } else { "any certificate of these authorities passes" };
    let message = format!("server `{name}` may be anybody: its certificate is verified, but the name in it is not");
    let draft = Draft::at(server.name().location, message)
        .label("no name to verify")
        .also(file.location, who)
        .help("add `sni str(NAME)`, or `verifyhost NAME` where the server wants no server name")
        .severity(if public { Severity::Warning } else { Severity::Info })
        .only(MANUAL);
    match more {
        0 => draft,
        1 => draft.note("the same is true of one more server"),
        _ => draft.note(format!("the same is true of {more} more servers")),
    }
}

fn is_nameless(server: &Server<'_>, unverified: bool) -> bool {
    use ServerOption::{CaFile, Sni, Ssl, Verify, VerifyHost};
    let verified = match server.get(Verify).map(Word::known) {
        None => !unverified,
        Some(verify) => verify == Some("required"),
    };
    verified && server.has(Ssl) && server.has(CaFile) && !server.has(Sni) && !server.has(VerifyHost)
}
