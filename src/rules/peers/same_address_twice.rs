//! `peers/same-address-twice`.

use rustc_hash::FxHashMap;

use crate::{
    config::{
        Peer, Role,
        address::{Address, Host, Port},
    },
    rules::prelude::*,
};

rule! {
    /// Two peers of one section have the same address.
    ///
    /// ## Why
    ///
    /// One HAProxy listens there, and it goes by one name. It turns away whoever asks for it under another one, so of the two peers one is
    /// never reached. Such a line is left where a node was renamed, or was copied and only half of it changed.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     peer old-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6: `show peers` says `last_status=NAME` of the second one for ever.
    "peers/same-address-twice", Warning, World(check), about: ["peers"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for peers in cx.config.peers.iter().filter(|p| !p.disabled) {
        let mut seen: FxHashMap<String, &Peer<'_>> = FxHashMap::default();
        let role = if peers.binds.is_empty() { Role::Remote } else { Role::Unknown };
        for peer in &peers.list {
            let Some(word) = peer.address(role).filter(|word| is_of_one(&cx.config.address(*word))) else { continue };
            let first = *seen.entry(word.display().into_owned()).or_insert(peer);
            let (Some(one), Some(two)) = (first.name.known(), peer.name.known()) else { continue };
            // Two of one name are told of as that.
            if one == two {
                continue;
            }
            out.report(
                Draft::at(word.location, format!("`{two}` has the address of `{one}`, where one HAProxy answers to one name alone"))
                    .about(Subject::new(SubjectKind::Peer, two))
                    .label("the same address again")
                    .help(format!("write the address of `{two}`, or take the line out if that node is no more"))
                    .also(first.name.location, format!("`{one}` is there already")),
            );
        }
    }
}

/// Whether an address is that of one node. The name of a service, as containers have it, may lead to any of several.
fn is_of_one(address: &Address) -> bool {
    let one = match &address.host {
        Host::Ip(_) => true,
        Host::Name(name) => name.contains('.'),
        _ => false,
    };
    one && matches!(address.port, Port::Fixed(_)) && address.variables.is_empty()
}
