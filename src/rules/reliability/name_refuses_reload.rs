//! `reliability/name-refuses-reload`.

use crate::{
    config::{ServerOption, address},
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// A server is looked up while HAProxy runs, and HAProxy does not start when its name is gone.
    ///
    /// ## Why
    ///
    /// `resolvers` follows a name while HAProxy runs. At the start, and so at each reload, the name is looked up by the system's
    /// resolver all the same, and HAProxy refuses the whole configuration for one name that is not there:
    /// `could not resolve address`. `init-addr last,libc,none` lets the server begin without an address, DOWN until
    /// the name is there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     mode http
    ///     server one localhost:8080 check resolvers dns
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     mode http
    ///     server one localhost:8080 check resolvers dns init-addr last,libc,none
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `init-addr`; observed with HAProxy 2.6 and 2.8.
    "reliability/name-refuses-reload", Info, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || !cx.config.reading.may_mention("resolvers") {
        return;
    }
    let mut found = Vec::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        // The last address may be in a state file.
        if proxy.in_force.open || proxy.in_force.get("load-server-state-from-file").is_some() {
            continue;
        }
        found.extend(proxy.servers.iter().filter(|s| {
            use ServerOption::{InitAddr, Resolvers};
            !s.open && s.has(Resolvers) && !s.has(InitAddr) && s.address().and_then(Word::known).is_some_and(is_name)
        }));
    }
    let Some((server, more)) = found.split_first() else { return };
    let Some(address) = server.address() else { return };
    let message = format!("HAProxy does not start, and refuses to reload, while `{}` cannot be resolved", address.display());
    let edit = |s: &&crate::config::Server<'_>| Edit::replace(s.statement.end(), " init-addr last,libc,none");
    let draft = Draft::at(address.location, message)
        .label("looked up at the start")
        .help("add `init-addr last,libc,none`, or write it on a `default-server` line")
        .offer("begin without an address", found.iter().map(edit).collect());
    out.report(match more.len() {
        0 => draft,
        1 => draft.note("so it is with one more server"),
        n => draft.note(format!("so it is with {n} more servers")),
    });
}

fn is_name(text: &str) -> bool {
    let address = address::parse(text, &|_| Lookup::Unknown);
    address.is_network() && matches!(&address.host, address::Host::Name(_)) && address.host.ip().is_none()
}
