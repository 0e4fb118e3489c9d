//! `table/sticks-to-backup`.

use crate::{config::Proxy, rules::prelude::*};

rule! {
    /// Clients that came to a backup server stay there when the others are back.
    ///
    /// ## Why
    ///
    /// A stick rule takes the server that the table has for a client as long as that server is up, and a `backup` server is up all the
    /// time. Who came while the others were down stays on it for the life of the entry, which each request puts off.
    ///
    /// ```text
    /// one is up     a ──► one     table: a = one
    /// one is down   b ──► spare   table: b = spare
    /// one is up     b ──► spare   until `expire` passes without a request of b
    /// ```
    ///
    /// Nothing is said of keys that are the same for all, such as `stick on dst`, by which a service is to stay where it is, and
    /// of rules with a condition.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     stick-table type ip size 100k expire 30m
    ///     stick on src
    ///     server one 192.0.2.1:80 check
    ///     server spare 192.0.2.2:80 check backup
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80 check
    ///     server spare 192.0.2.2:80 check backup
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: the client stayed on the backup server once `one` was back; new clients came to `one`.
    "table/sticks-to-backup", Info, World(check), about: ["stick"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.has_servers()) {
        if let Some(draft) = sticks(proxy) {
            out.report(draft);
        }
    }
}

fn sticks(proxy: &Proxy<'_>) -> Option<Draft> {
    let rule = proxy.lines(&["stick"]).find(|line| {
        let stores = matches!(line.str(1), "on" | "store-request" | "store-response");
        let plain = line.words().all(|w| w.known().is_some_and(|text| !matches!(text, "if" | "unless")));
        stores
            && plain
            && (line.str(2).starts_with("src") || ["hdr(", "cook", "req.", "res."].iter().any(|start| line.str(2).starts_with(start)))
    })?;
    let (backups, others): (Vec<_>, Vec<_>) = proxy.servers.iter().partition(|server| server.own().has("backup"));
    let (backup, _) = backups.first().zip(others.first())?;
    // One entry for all is meant to keep the service where it is.
    let single = proxy.tables.first().is_some_and(|t| t.size.is_some_and(|size| size.is("1")));
    let draft = Draft::at(rule.location(), "a client that came to the backup server stays there when the others are back")
        .label("remembers the backup server too")
        .also(backup.statement.location(), "the backup server")
        .help("leave it, if clients are to stay; otherwise keep `expire` short, or stick by `cookie`, which forgets with the browser");
    (!single).then_some(draft)
}
