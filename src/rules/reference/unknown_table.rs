//! `reference/unknown-table`.

use crate::{
    config::{NameKind, Use},
    rules::{prelude::*, unknown},
};

rule! {
    /// A rule uses a stick table that does not exist, or another table writes to it.
    ///
    /// ## Why
    ///
    /// `table NAME` means the `stick-table` of the proxy of that name, and `table PEERS/NAME` a `table` of a peers
    /// section. `write-to` in a peers section means a table of that section by its name alone. A proxy without a `stick-table` line has
    /// no table to be used. HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request track-sc0 src table rates
    ///
    /// backend rates
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ```haproxy bad target=3.2 local-name=lb1
    /// peers cluster
    ///     peer lb1 192.0.2.1:1024
    ///     peer lb2 192.0.2.2:1024
    ///     table sums type ip size 100k expire 30m store gpc0
    ///     table seen type ip size 100k expire 30m store gpc0 write-to sums
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request track-sc0 src table rates
    ///
    /// backend rates
    ///     stick-table type ip size 100k expire 30s store http_req_rate(10s)
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5.
    "reference/unknown-table", Error, World(check), uses: Table, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let names = &cx.config.names;
    let mut hints = unknown::Hints::new();
    let mut found = Vec::new();
    for used in names.uses_of(NameKind::Table).filter(|u| !may_exist(cx, u)) {
        let proxies = [NameKind::Backend, NameKind::Frontend].map(|kind| names.find(kind, None, used.name).first());
        let draft = match proxies.into_iter().flatten().next() {
            Some(proxy) => unknown::draft(&used, "add a `stick-table` line to the section of that name".to_owned())
                .also(proxy.location(), "this section has no `stick-table` line"),
            None => {
                let help = hints.help(
                    used.location(),
                    used.name,
                    &hints.unless_spent(|| names.list(NameKind::Table)),
                    "name a proxy with a `stick-table` line, or a table of a peers section as `peers/table`",
                );
                unknown::draft(&used, help)
            }
        };
        found.push((used, draft));
    }
    unknown::report(cx, unknown::together(cx, NameKind::Table, found), out);
}

/// Whether the table exists, or has a name that is not known.
fn may_exist(cx: &Context<'_>, used: &Use<'_>) -> bool {
    let names = &cx.config.names;
    let declared = |scope, name| names.is_open(NameKind::Table, scope) || !names.find(NameKind::Table, scope, name).is_empty();
    match used.name.split_once('/') {
        None => declared(None, used.name),
        Some((peers, table)) => {
            let sections = names.find(NameKind::Peers, None, peers);
            names.is_open(NameKind::Peers, None) || sections.iter().any(|s| declared(Some(s.section()), table))
        }
    }
}
