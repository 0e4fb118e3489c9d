//! `security/old-tls`.

use crate::rules::prelude::*;

rule! {
    /// Versions of TLS are let in that are broken.
    ///
    /// ## Why
    ///
    /// SSLv3, TLS 1.0 and 1.1 have known weaknesses; RFC 8996 forbids them, and so do PCI DSS and all browsers. Without a word HAProxy
    /// takes TLS 1.2 and later from clients.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/old-tls
    /// global
    ///     ssl-default-bind-options ssl-min-ver TLSv1.0
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/old-tls
    /// global
    ///     ssl-default-bind-options ssl-min-ver TLSv1.2
    /// ```
    ///
    /// ## Source
    ///
    /// RFC 8996; HAProxy manual, `ssl-min-ver`.
    "security/old-tls", Warning, World(check), quiet: true
}

/// The versions, as values of `ssl-min-ver` and `ssl-max-ver`.
const OLD: [&str; 3] = ["SSLv3", "TLSv1.0", "TLSv1.1"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let has = |line: &Statement<'_>| {
        matches!(
            line.keyword(),
            "bind" | "server" | "server-template" | "default-server" | "ssl-default-bind-options" | "ssl-default-server-options"
        )
    };
    for line in cx.config.sections().flat_map(|s| s.statements()).filter(has) {
        let words: Vec<Word<'_>> = line.words().collect();
        let valued = words.windows(2).find(|pair| {
            matches!(pair[0].known(), Some("ssl-min-ver" | "ssl-max-ver")) && pair[1].known().is_some_and(|v| OLD.contains(&v))
        });
        let forced = words.iter().find(|w| matches!(w.known(), Some("force-sslv3" | "force-tlsv10" | "force-tlsv11")));
        let Some(word) = valued.map(|pair| pair[1]).or(forced.copied()) else { continue };
        let message = format!("`{}` allows versions of TLS that are broken", word.display());
        out.report(Draft::at(word.location, message).label("older than TLS 1.2").help("write `ssl-min-ver TLSv1.2`"));
    }
}
