//! `peers/localpeer-and-option-l`.

use crate::{
    config::{Peer, PeerKind},
    rules::prelude::*,
};

rule! {
    /// `localpeer` gives the node the name of another node.
    ///
    /// ## Why
    ///
    /// A `localpeer` line that is copied to all nodes makes each of them answer to one and the same name. A node that asks for
    /// `haproxy-1` and reaches one that calls itself `haproxy-0` is told so, gives up, and does not try again until it is
    /// reloaded: `show peers` says `last_status=NAME` on both sides.
    ///
    /// If the node's name comes from `-L`, that wins over `localpeer` up to 3.0, with a warning; from 3.1 on HAProxy refuses to
    /// have both.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-1
    /// global
    ///     localpeer haproxy-0
    ///
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// The same with `server` lines, which are written for `haproxy-0` here: its own has no address. HAProxy would refuse them under the
    /// node's own name, so there is no fix, and the help says what else changes.
    ///
    /// ```haproxy bad local-name=haproxy-1 select=peers/localpeer-and-option-l
    /// global
    ///     localpeer haproxy-0
    ///
    /// peers cluster
    ///     bind :1024
    ///     server haproxy-0
    ///     server haproxy-1 10.0.0.11:1024
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good local-name=haproxy-1
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
    /// haproxy/haproxy#2730, haproxy/haproxy#938; observed with HAProxy 2.4 to 3.5.
    "peers/localpeer-and-option-l", Warning, World(check), about: ["localpeer"], asked: ByNode, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(given) = cx.options.local_name.as_deref() else { return };
    for line in &cx.config.localpeer {
        let Some(name) = line.word(1).filter(|w| w.known().is_some_and(|name| name != given)) else { continue };
        // Of a line that nothing is left of, the line itself is told.
        if name.is("") {
            continue;
        }
        // A `localpeer` that names a node whose host name is in no list is what `localpeer` is for.
        let Some(own) = cx.config.peers.iter().filter(|p| !p.disabled).find_map(|p| p.peer(given)) else { continue };
        let copied = name.display();
        // With `server` lines a node's own has no address, and all others have one.
        let is_written_for_the_other = cx.config.peers.iter().filter(|p| !p.disabled).any(|p| {
            let server = |name: &str| p.peer(name).filter(|peer| peer.kind == PeerKind::Server);
            let has_address = |peer: &Peer<'_>| peer.statement.word(2).is_some();
            server(given).is_some_and(has_address) || server(&copied).is_some_and(|peer| !has_address(peer))
        });
        let help = format!("delete the line and let each node go by its host name or by `-L`; here that is `-L {given}`");
        out.report(
            Draft::at(name.location, format!("`localpeer {copied}` on the node `{given}`, which is a peer of its own"))
                .label(format!("makes this node answer to `{copied}`"))
                .fix_if("delete the line", (!is_written_for_the_other).then(|| vec![Edit::delete(line.whole_line())]))
                .also(own.name.location, format!("the peer `{given}`"))
                .help(match is_written_for_the_other {
                    true => format!(
                        "{help}. The `server` lines are written for `{copied}`: give its line an address, and take that of `{given}` away"
                    ),
                    false => help,
                })
                .note("two nodes of one name never synchronise: each finds the other's name wrong, and `show peers` says `NAME`")
                .note("HAProxy from 3.1 on refuses `localpeer` together with `-L`, and ignores it up to 3.0"),
        );
    }
}
