//! `security/invalid-http`.

use crate::rules::prelude::*;

rule! {
    /// Messages are let through that two servers may read in two ways.
    ///
    /// ## Why
    ///
    /// `option accept-invalid-http-request` and its kin let requests pass that break the rules of HTTP, for the sake of a client that
    /// cannot be mended. What HAProxy reads in one way and the server in another is how requests are smuggled past rules, and caches
    /// are poisoned. The manual says to use them for a while and to find what is wrong.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/invalid-http
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     option accept-invalid-http-request
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/invalid-http
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     option http-restrict-req-hdr-names reject
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `option accept-invalid-http-request` and `option accept-unsafe-violations-in-http-request`.
    "security/invalid-http", Warning, World(check), quiet: true
}

const DOORS: [&str; 5] = [
    "accept-invalid-http-request",
    "accept-invalid-http-response",
    "accept-unsafe-violations-in-http-request",
    "accept-unsafe-violations-in-http-response",
    "h1-accept-payload-with-any-method",
];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let proxies = cx.config.proxies.iter().filter(|p| p.created).flat_map(|p| p.section.statements());
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements());
    for line in proxies.filter(|line| line.keyword() == "option").chain(globals) {
        let at = usize::from(line.keyword() == "option");
        let Some(word) = line.word(at).filter(|_| DOORS.contains(&line.str(at))) else { continue };
        let message = format!("`{}` lets messages pass that the server may read otherwise than HAProxy does", word.display());
        out.report(
            Draft::at(word.location, message)
                .label("a door for smuggled requests")
                .help("mend the client or server that needs it, and delete the line"),
        );
    }
}
