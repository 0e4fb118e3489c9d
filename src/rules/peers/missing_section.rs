//! `peers/missing-section`.

use rustc_hash::FxHashMap;

use crate::{
    catalog::{Fact, NoteKind},
    config::Peers,
    rules::{prelude::*, unknown},
};

rule! {
    /// A stick table is to be replicated through a `peers` section that does not exist or has nothing in it.
    ///
    /// ## Why
    ///
    /// HAProxy refuses a `stick-table … peers NAME` if there is no `peers NAME`, and also if that section is there but has no line
    /// to build on: no peer, no `bind`, no `table`. A section that has lines but not the local peer is not refused: see
    /// `peers/local-name-missing`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024
    ///     table seen type ip size 100k expire 30m
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers clusters
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
    /// Observed with HAProxy 2.4 to 3.5.
    "peers/missing-section", Error, World(check), about: ["stick-table"], asked: ByNode
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut known: FxHashMap<&str, &Peers<'_>> = FxHashMap::default();
    for peers in &cx.config.peers {
        known.entry(peers.name()).or_insert(peers);
    }
    let unnamed = known.contains_key("");
    let names: Vec<&str> = known.keys().copied().collect();
    let mut hints = unknown::Hints::new();
    let mut hollows: FxHashMap<&str, bool> = FxHashMap::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !p.disabled && !p.is_defaults()) {
        for word in proxy.tables.iter().filter_map(|t| t.peers).filter(|_| !cx.is_open()) {
            let Some(name) = word.known() else { continue };
            match known.get(name) {
                None if !unnamed => out.report(missing(word, name, hints.nearest(name, &names))),
                Some(peers) if !peers.disabled && *hollows.entry(name).or_insert_with(|| is_hollow(peers)) => {
                    out.report(hollow(word, name, peers));
                }
                _ => {}
            }
        }
    }
}

fn missing(word: Word<'_>, name: &str, near: Option<&str>) -> Draft {
    let help = match near {
        Some(near) => format!("write `peers {near}`, which exists"),
        None => format!("add a section `peers {name}` with a line for every node, or delete `peers {name}` here"),
    };
    Draft::at(word.location, format!("there is no section `peers {name}`"))
        .label("this table would be replicated through it")
        .help(help)
        .stage(Stage::Whole)
        .rejected_by(VersionSet::ALL)
}

/// Whether no line of it makes HAProxy set the section up.
fn is_hollow(peers: &Peers<'_>) -> bool {
    peers.section.statements().all(|s| Fact::of(SectionKind::Peers, &s, 0).is_some_and(|fact| fact.has(NoteKind::Hollow)))
}

fn hollow(word: Word<'_>, name: &str, peers: &Peers<'_>) -> Draft {
    let draft = Draft::at(word.location, format!("`peers {name}` has no peer, so this table cannot be replicated through it"))
        .label("HAProxy finds no local peer there")
        .help(format!("add a `peer NAME ADDRESS:PORT` line to `peers {name}` for every node"))
        .stage(Stage::Whole)
        .rejected_by(VersionSet::ALL);
    match peers.location() {
        Some(location) => draft.also(location, "the section"),
        None => draft,
    }
}
