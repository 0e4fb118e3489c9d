//! `table/too-small`.

use rustc_hash::FxHashMap;

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
    "table/too-small", Warning, World(check)
}

/// A table of this many entries is too small for the clients of anything.
const FEW: u64 = 100;

/// A table of this many entries counts nobody.
const CERTAIN: u64 = 10;

/// How expressions begin that differ from client to client.
const CLIENTS: [&str; 14] = [
    "src",
    "hdr(",
    "hdr_",
    "req.hdr",
    "req.fhdr",
    "cook",
    "req.cook",
    "res.cook",
    "base32",
    "url32",
    "url_param(",
    "urlp(",
    "path",
    "payload",
];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let keyed = keyed_by_clients(cx);
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
            .label("newcomers throw the others out")
            .help("write the number of clients that are to be known at once: `size 100k`");
            // A page for a few people may count them in a few entries.
            let certain = keyed[&at] || size.parse::<u64>().is_ok_and(|size| size <= CERTAIN);
            out.report(if certain { draft } else { draft.severity(Severity::Info) });
        }
    }
}

/// The tables into which some rule puts an entry for each client, and whether clients are kept on servers by it.
fn keyed_by_clients(cx: &Context<'_>) -> FxHashMap<usize, bool> {
    let counters = &cx.config.counters;
    let differs = |key: &str| CLIENTS.iter().any(|start| key.starts_with(start)) && !key.starts_with("src_");
    let tracks = counters.tracks.iter().filter(|t| t.key.is_some_and(differs)).filter_map(|t| t.table);
    let mut found: FxHashMap<usize, bool> = tracks.map(|table| (table, false)).collect();
    for section in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        for line in section.lines(&["stick"]) {
            let at = if line.str(1) == "on" || line.str(1).starts_with("store-") || line.str(1) == "match" { 2 } else { continue };
            let name = line.after("table", at + 1).map_or(Some(section.name()), |word| word.known());
            found.extend(name.filter(|_| differs(line.str(at))).and_then(|name| counters.named(name)).map(|table| (table, true)));
        }
    }
    found
}
