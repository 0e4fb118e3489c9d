//! `table/too-large`.

use crate::{config::amount, rules::prelude::*, topology::ClientTable};

rule! {
    /// Stick tables can grow larger than the container of HAProxy may.
    ///
    /// ## Why
    ///
    /// HAProxy takes memory for an entry when it comes, so that a table with room for many costs nothing until somebody sends
    /// requests from many addresses, or with many cookies. Then it grows until it is full. If that is more than the limit of the
    /// container, the kernel kills HAProxy, and all connections with it, at the very moment that the table was made for.
    ///
    /// ```text
    /// stick-table type ip size 1m store http_req_rate(10s)    1 048 576 entries of 208 bytes: 208 MiB, beside all else
    /// ```
    ///
    /// Tables count whose keys clients choose, and each with the version in which it is the smallest. `explain stick-table` says what
    /// an entry takes.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     mem_limit: 128m
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       frontend web
    ///           mode http
    ///           bind :8080
    ///           timeout client 30s
    ///           stick-table type ip size 1m expire 10m store http_req_rate(10s)
    ///           http-request track-sc0 src
    ///           http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb:
    ///     image: haproxy:2.8
    ///     mem_limit: 128m
    ///     configs: [{source: cfg, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   cfg:
    ///     content: |
    ///       frontend web
    ///           mode http
    ///           bind :8080
    ///           timeout client 30s
    ///           stick-table type ip size 100k expire 10m store http_req_rate(10s)
    ///           http-request track-sc0 src
    ///           http-request deny deny_status 429 if { sc_http_req_rate(0) gt 50 }
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25, 3.0, 3.2, 3.4 and 3.5: how much the process grows with each entry.
    "table/too-large", Warning, Mesh(check)
}

/// So many tables are named.
const SHOWN: usize = 4;

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut told: Vec<(usize, Location)> = Vec::new();
    for view in &mesh.views {
        let (group, number) = (mesh.group(view), mesh.node(view).group);
        let Some(limit) = &group.memory else { continue };
        let mut tables: Vec<&ClientTable> = mesh.summary(view).client_tables.iter().collect();
        tables.sort_by_key(|table| std::cmp::Reverse(table.takes.full()));
        let all = tables.iter().fold(0u64, |all, table| all.saturating_add(table.takes.full()));
        let Some(first) = tables.first().filter(|_| all > limit.value) else { continue };
        if told.contains(&(number, first.at)) {
            continue;
        }
        told.push((number, first.at));
        let nodes = mesh.views.iter().filter(|v| mesh.node(v).group == number);
        let what = match tables.as_slice() {
            [one] => format!("table `{}` takes {}", one.name, amount(all)),
            more => format!("{} tables take {}", more.len(), amount(all)),
        };
        let draft = Draft::at(first.at, format!("full, {what}, and the container may have {}", amount(limit.value)))
            .label("when it is full, HAProxy is killed")
            .also(limit.at, "the limit")
            .help("write a smaller `size`, or raise the limit; entries that go early (`expire`) keep a table small as long as few clients come");
        let named = tables.iter().take(SHOWN).map(|table| {
            format!("`{}`: {} entries of {} bytes are {}", table.name, table.takes.entries, table.takes.least, amount(table.takes.full()))
        });
        out.report(named.fold(draft, Draft::note).nodes(mesh.node_names(nodes)));
    }
}
