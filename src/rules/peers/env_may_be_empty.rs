//! `peers/env-may-be-empty`.

use crate::{
    config::{
        PeerKind, PeersView, Role,
        address::{Address, Port},
    },
    rules::{
        prelude::*,
        variables::{alike, unset},
    },
    syntax::Part,
};

rule! {
    /// The host of a remote peer is a variable alone: if it is empty, the node connects to itself.
    ///
    /// ## Why
    ///
    /// An address of which only `:1024` is left means every address of this machine. HAProxy takes it for a peer, connects to
    /// itself, finds that the name is not the one it asked for, and gives that peer up until it is reloaded: `show peers` says
    /// `last_status=NAME`. This is what becomes of a start script whose DNS lookup came too early. There is no error.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 "${OTHER_IP}:1024"
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
    /// hpi-schul-cloud/jitsi-deployment; observed with HAProxy 2.4 to 3.5.
    "peers/env-may-be-empty", Warning, World(check), about: ["peers"], asked: ByNode, moot: InTemplate
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        for member in view.members.iter().filter(|m| m.role == Role::Remote || m.role == Role::Unknown && m.peer.kind == PeerKind::Peer) {
            let Some((word, address)) = &member.address else { continue };
            let name = member.peer.name.display();
            if address.host.is_any() && member.role == Role::Remote && cx.text(word.location).contains('$') {
                out.report(empty(cx, word, address, &view, &name));
            } else if let Some(variable) = alone(*word).filter(|v| !may_be_own(v) && !is_tested(cx, v)) {
                let draft = draft(word, variable, &view)
                    .note(format!("nothing here says that `{variable}` is set; `.if defined()` cannot see that a variable is empty"));
                out.report(if member.role == Role::Remote { draft } else { draft.confidence(Confidence::Medium) });
            }
        }
    }
}

/// A variable that is known to be empty, or not to be set.
fn empty(cx: &Context<'_>, word: &Word<'_>, address: &Address, view: &PeersView<'_, '_>, peer: &str) -> Draft {
    let raw = cx.text(word.location);
    let environment = &cx.config.reading.environment;
    let names: Vec<&str> = unset(&raw, environment).collect();
    let shown = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let (shown, are) = match names.len() {
        0 => ("the variable".to_owned(), "is"),
        1 => (shown, "is"),
        _ => (shown, "are"),
    };
    let without_port = matches!(address.port, Port::None);
    let what = if without_port { "has neither host nor port" } else { "is every address of this node" };
    let near = names.iter().find_map(|name| Some((*name, alike(name, environment)?)));
    let help = match near {
        Some((name, other)) => format!("`{other}` is set: write `${{{other}}}`, or call that variable `{name}`"),
        None => "set the variable for HAProxy, or write the host name or address itself".to_owned(),
    };
    Draft::at(word.location, format!("{shown} {are} not set here, so the address of `{peer}` {what}"))
        .severity(Severity::Error)
        .label(if without_port { "HAProxy does not take it" } else { "HAProxy would connect to itself" })
        .help(help)
        .note(format!("the address is `{}`", word.display()))
        .only(view.versions)
}

fn draft(word: &Word<'_>, variable: &str, view: &PeersView<'_, '_>) -> Draft {
    Draft::at(word.location, format!("if `{variable}` is empty, the address of the peer is every address of this node"))
        .label("HAProxy would connect to itself")
        .help("check the variable before HAProxy starts, or write the host name or address itself")
        .only(view.versions)
}

/// The variable that is all of the host part.
fn alone(word: Word<'_>) -> Option<&str> {
    let Text::Parts(parts) = word.text else { return None };
    match parts {
        [Part::Variable { name, default: None, .. }] => Some(name),
        [Part::Variable { name, default: None, .. }, Part::Text(rest), ..] if rest.starts_with(':') => Some(name),
        _ => None,
    }
}

/// A variable that by its name holds this node's own address, or that HAProxy sets.
fn may_be_own(name: &str) -> bool {
    matches!(name, "POD_IP" | "HOST_IP" | "NODE_IP" | "MY_IP" | "MY_POD_IP" | "LOCAL_IP" | "BIND_IP") || name.starts_with("HAPROXY_")
}

fn is_tested(cx: &Context<'_>, name: &str) -> bool {
    cx.config.reading.world.assumed.get(&format!("defined({name})")) == Some(&true)
}
