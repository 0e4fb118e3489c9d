//! `reliability/rdp-persistence-without-port`.

use crate::{
    config::{Server, address},
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// A proxy finds servers by their RDP cookie, and one of them has no port.
    ///
    /// ## Why
    ///
    /// An RDP cookie holds the address and port of a server. `persist rdp-cookie` compares both, so that a server without a port
    /// of its own, or with an offset such as `:+1000`, is never found. HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend desktops
    ///     persist rdp-cookie
    ///     server one 192.0.2.1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend desktops
    ///     persist rdp-cookie
    ///     server one 192.0.2.1:3389
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reliability/rdp-persistence-without-port", Warning, World(check), about: ["persist"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !cx.is_open()) {
        let Some(persist) = proxy.in_force.get("persist").filter(|line| line.str(1).starts_with("rdp-cookie")) else { continue };
        for server in proxy.servers.iter().filter(|s| lacks_port(s)) {
            let name = server.name().display();
            let draft = Draft::at(server.name().location, format!("server `{name}` has no port: no RDP cookie leads to it"))
                .label("no port of its own")
                .help("write the port behind the address")
                .also(persist.location(), "servers are found by their cookie");
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}

fn lacks_port(server: &Server<'_>) -> bool {
    let Some(text) = server.address().and_then(Word::known).filter(|text| !text.contains('$')) else { return false };
    let address = address::parse(text, &|_| Lookup::Unknown);
    matches!(address.host, address::Host::Ip(_)) && address.port == address::Port::None && address.is_network()
}
