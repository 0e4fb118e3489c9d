//! `reference/service-without-resolvers`.

use crate::{config::ServerOption, rules::prelude::*};

rule! {
    /// The address of a server is a service record, and nobody is there to ask for it.
    ///
    /// ## Why
    ///
    /// A name that begins with `_` is a record of the DNS that lists servers with their ports. The system cannot look it up: HAProxy
    /// asks the name servers of a `resolvers` section, and refuses a server that names none, unless `init-addr` lets it start without
    /// an address.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server-template app 1-3 _http._tcp.app.example.com
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     server-template app 1-3 _http._tcp.app.example.com resolvers dns
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.5.
    "reference/service-without-resolvers", Error, World(check), about: ["server", "server-template"], mentions: [" _", "\t_", "\"_", "'_"]
}

/// The ways to an address that lead to none for a service.
const IN_VAIN: [&str; 2] = ["last", "libc"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        for server in proxy.servers.iter().filter(|s| s.address_bytes().first() == Some(&b'_') && !s.open) {
            let methods = server.get(ServerOption::InitAddr);
            let vain = |word: Word<'_>| word.known().is_some_and(|text| text.split(',').all(|method| IN_VAIN.contains(&method)));
            let Some(address) = server.address().filter(|_| methods.map_or(!server.has(ServerOption::Resolvers), vain)) else { continue };
            let draft = Draft::at(address.location, format!("nobody can look up the service `{}`", address.display()));
            let (label, help) = match methods {
                Some(_) => ("the system cannot look it up", "add `none` to `init-addr`, so that HAProxy starts without an address"),
                None => ("a name for a `resolvers` section", "add `resolvers NAME`"),
            };
            out.report(draft.label(label).help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}
