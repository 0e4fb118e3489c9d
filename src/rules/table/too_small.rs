//! `table/too-small`.

use crate::rules::prelude::*;

rule! {
    /// A stick table has room for fewer entries than there are clients.
    ///
    /// ## Why
    ///
    /// A table that is full throws out its oldest entry for each newcomer. With a handful of entries a client is forgotten before it
    /// comes again: it is sent to another server, and its requests are counted from zero.
    ///
    /// ```text
    /// size 1, stick on hdr(X)    a: one   b: two   c: one   a: two   b: one   c: two
    /// size 1k, stick on hdr(X)   a: one   b: two   c: one   a: one   b: two   c: one
    /// ```
    ///
    /// Nothing is said of keys that are the same for all, such as `dst`, with which `size 1` keeps all clients on one server,
    /// and of tables with `nopurge`, which take nobody any more when they are full.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     stick-table type ip size 100 expire 30m
    ///     stick on src
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     stick-table type ip size 100k expire 30m
    ///     stick on src
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12 and 2.8.25: with `size 100` all of 151 clients that came twice had changed the server, and with
    /// `size 1` two clients in turn never came to a limit of 3.
    "table/too-small", Warning, World(check), about: ["stick-table", "table"]
}

/// A table of this many entries is too small for the clients of anything.
const FEW: u64 = 100;

/// A table of this many entries counts nobody.
const CERTAIN: u64 = 10;

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let keyed = cx.config.counters.keyed_by_clients(cx.config);
    for (at, table) in cx.config.counters.tables.iter().enumerate().filter(|(at, _)| keyed.contains_key(at)) {
        let Some((word, size)) = table.line.size.and_then(|word| Some((word, word.known()?))) else { continue };
        let few = size.parse::<u64>().is_ok_and(|size| (1..=FEW).contains(&size));
        let purges = table.line.statement.words().all(|w| w.known().is_some_and(|text| text != "nopurge"));
        if few && purges {
            let entries = if size == "1" { "1 entry" } else { &format!("{size} entries") };
            let draft = Draft::at(
                word.location,
                format!("table `{}` has room for {entries}, and each client wants its own", cx.config.counters.tables[at].name),
            )
            .label("new clients push the others out")
            .help("write the number of clients that are to be known at once: `size 100k`");
            // A page for a few people may count them in a few entries.
            let certain = keyed[&at] || size.parse::<u64>().is_ok_and(|size| size <= CERTAIN);
            out.report(if certain { draft } else { draft.severity(Severity::Info) });
        }
    }
}
