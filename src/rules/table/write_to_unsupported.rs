//! `table/write-to-unsupported`.

use crate::rules::prelude::*;

rule! {
    /// A stick table uses `write-to` or `recv-only`, which this HAProxy does not know yet.
    ///
    /// ## Why
    ///
    /// `write-to`, which copies received updates into another table, came with HAProxy 2.9, and `recv-only` with 3.2. Earlier
    /// versions refuse the line.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     table sums type ip size 100k expire 30m store gpc0
    ///     table seen type ip size 100k expire 30m store gpc0 write-to cluster/sums
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.0 local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     table sums type ip size 100k expire 30m store gpc0
    ///     table seen type ip size 100k expire 30m store gpc0 write-to cluster/sums
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "table/write-to-unsupported", Error, World(check), about: ["stick-table", "table"]
}

const WITHOUT_WRITE_TO: VersionSet = VersionSet::before(2, 9, 0);
const WITHOUT_RECV_ONLY: VersionSet = VersionSet::before(3, 2, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for table in cx.config.tables() {
        let write_to = table.write_to.map(|w| (w, "write-to", WITHOUT_WRITE_TO, "2.9"));
        let recv_only = table.recv_only.map(|w| (w, "recv-only", WITHOUT_RECV_ONLY, "3.2"));
        for (word, argument, versions, since) in write_to.into_iter().chain(recv_only) {
            out.report(
                Draft::at(word.location, format!("`{argument}` of a stick table came with HAProxy {since}"))
                    .label("not known before")
                    .help(format!("delete `{argument}`, or run HAProxy {since} or later"))
                    .only(versions)
                    .rejected_by(versions),
            );
        }
    }
}
