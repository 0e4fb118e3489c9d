//! `reliability/name-refuses-reload`.

use crate::{
    config::{Server, ServerOption, address},
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// A server has a name for an address, and one name that is gone refuses every reload.
    ///
    /// ## Why
    ///
    /// HAProxy looks the names of servers up when it starts, and a reload is a start: `could not resolve address` is an error, and the
    /// new process does not come up for one name of a service that was taken away, or for a name server that does not answer just
    /// then. The old process goes on with the old configuration, often unnoticed. `init-addr last,libc,none` lets such a server begin
    /// without an address, and `resolvers` gives it one later; with `resolvers` alone HAProxy does so by itself.
    ///
    /// This is told where the configuration shows that it is reloaded: it has `master-worker`, or a socket with `expose-fd listeners`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
    ///
    /// backend app
    ///     mode http
    ///     server one app.example.com:8080 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
    ///
    /// resolvers dns
    ///     parse-resolv-conf
    ///
    /// backend app
    ///     mode http
    ///     server one app.example.com:8080 check resolvers dns init-addr last,libc,none
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `init-addr` and `resolvers`; observed with HAProxy 2.6 and 2.8.
    "reliability/name-refuses-reload", Info, World(check), about: ["master-worker", "stats"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Names in containers are those of services beside it, which are there by other means.
    if cx.is_open() || cx.options.ports_are_mapped || !reloads(cx) {
        return;
    }
    let mut found = Vec::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        // The last address may be in a state file.
        if !proxy.in_force.open && proxy.in_force.get("load-server-state-from-file").is_none() {
            found.extend(proxy.servers.iter().filter(|s| must_resolve(s)));
        }
    }
    let Some((server, more)) = found.split_first() else { return };
    let Some(address) = server.address() else { return };
    let message = format!("HAProxy refuses to reload while `{}` cannot be resolved", address.display());
    let edit = |s: &Server<'_>| (!s.has(ServerOption::InitAddr)).then(|| Edit::replace(s.statement.end(), " init-addr last,libc,none"));
    let draft = Draft::at(address.location, message)
        .label("looked up at each start")
        .help("add `init-addr last,libc,none`, and `resolvers` to find the address later; a `default-server` line says so for all")
        .offer_if("begin without an address", found.iter().map(edit).collect());
    out.report(match more.len() {
        0 => draft,
        1 => draft.note("the same is true of one more server"),
        n => draft.note(format!("the same is true of {n} more servers")),
    });
}

/// Whether the configuration shows that it is reloaded.
fn reloads(cx: &Context<'_>) -> bool {
    let mut lines = cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements());
    lines.any(|line| {
        line.keyword() == "master-worker" || line.starts_with(&["stats", "socket"]) && Options::of_bind(line, 3).has("expose-fd")
    })
}

/// Whether a server has a name that HAProxy must find to start.
fn must_resolve(server: &Server<'_>) -> bool {
    let may_have_none = match server.get(ServerOption::InitAddr) {
        Some(methods) => methods.known().is_none_or(|m| m.split(',').any(|method| method == "none" || method.contains(['.', ':']))),
        None => server.has(ServerOption::Resolvers),
    };
    !server.open && !may_have_none && server.address().and_then(Word::known).is_some_and(is_name)
}

fn is_name(text: &str) -> bool {
    let address = address::parse(text, &|_| Lookup::Unknown);
    // Names of services, which begin so, are asked of resolvers alone.
    let named = matches!(&address.host, address::Host::Name(name) if !name.starts_with('_') && !name.starts_with("localhost"));
    address.is_network() && named && address.host.ip().is_none()
}
