//! `peers/localpeer-and-option-l`.

use rustc_hash::FxHashMap;

use crate::{
    config::{Peer, PeerKind, Peers},
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
    // A `localpeer` that names a node whose host name is in no list is what `localpeer` is for.
    let Some(own) = enabled(cx).find_map(|p| p.peer(given)) else { return };
    let given_has_address = enabled(cx).filter_map(|p| server(p, given)).any(has_address);
    // There may be many lines, and many sections.
    let mut lacking: FxHashMap<&str, bool> = FxHashMap::default();
    for line in &cx.config.localpeer {
        // Of a line that nothing is left of, the line itself is told.
        let name = line.word(1).and_then(|word| Some((word, word.known()?)));
        let Some((name, copied)) = name.filter(|(_, name)| *name != given && !name.is_empty()) else { continue };
        let mut lacks_address =
            || *lacking.entry(copied).or_insert_with(|| enabled(cx).filter_map(|p| server(p, copied)).any(|peer| !has_address(peer)));
        // With `server` lines a node's own has no address, and all others have one.
        let is_written_for_the_other = given_has_address || lacks_address();
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

fn enabled<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Peers<'a>> {
    cx.config.peers.iter().filter(|p| !p.disabled)
}

/// The peer of that name, if a `server` line declares it.
fn server<'a>(peers: &'a Peers<'a>, name: &str) -> Option<&'a Peer<'a>> {
    peers.peer(name).filter(|peer| peer.kind == PeerKind::Server)
}

fn has_address(peer: &Peer<'_>) -> bool {
    peer.statement.word(2).is_some()
}
