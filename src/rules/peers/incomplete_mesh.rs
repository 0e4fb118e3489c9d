//! `peers/incomplete-mesh`.

use std::collections::BTreeSet;

use crate::{
    rules::prelude::*,
    topology::{PeerLine, Target, matrix::Cause},
};

rule! {
    /// A node lists another one, but is not listed by it.
    ///
    /// ## Why
    ///
    /// Peers do not pass on what they learned from others, so every node must list every other one. Who is not listed is turned away:
    /// `show peers` says `last_status=UNKN`, and HAProxy does not try again. So not even the direction that is listed works.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: two, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   one:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: one, target: /usr/local/etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: two, target: /usr/local/etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   one:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    ///   two:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m store gpc0 peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.4: a key does not reach a node through a third one.
    "peers/incomplete-mesh", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    not_relayed(mesh, out);
    let mut told = Vec::new();
    for link in mesh.matrix.broken().filter(|l| l.cause == Cause::NotListed) {
        let (from, to) = (&mesh.views[link.from], &mesh.views[link.to]);
        let same = mesh.summary(from).configuration == mesh.summary(to).configuration && mesh.summary(from).sections.len() < 2;
        let (Some(local), false) = (&to.local, same && from.summary == to.summary) else { continue };
        let lists = |v: &View, name: &str| mesh.summary(v).sections.iter().find(|s| s.peer(name).is_some());
        let Some(mine) = from.local.as_deref().and_then(|name| lists(from, name)) else { continue };
        let alone = |v: &View| mesh.summary(v).sections.iter().all(|s| s.peers.len() < 2);
        if alone(from) && alone(to) {
            // Each keeps its tables for itself, and means to.
            continue;
        }
        let key = (mine.at, local.clone());
        let Some(place) = mine.at.filter(|_| !told.contains(&key)) else { continue };
        told.push(key);
        let (a, b) = (&mesh.node(from).title, &mesh.node(to).title);
        let draft = Draft::at(place, format!("`{a}` does not list `{local}`, so `{a}` and `{b}` share nothing"))
            .label(format!("no line for `{local}` in here"))
            .help(format!("list the same peers on every node: add a line for `{local}`"))
            .note("a node that is not listed is turned away: `show peers` says `last_status=UNKN`, and entries are not passed on by third nodes")
            .nodes(mesh.node_names([from, to]));
        let draft = match called_otherwise(mesh, from, mine, to) {
            Some(line) => draft
                .also(line.at, format!("this is the address of `{b}`, under another name"))
                .help(format!(
                    "write `{local}` instead of `{}`, on every node: the letters and the domain have to be those that `{b}` calls itself by; \
                     or start HAProxy on `{b}` with `-L {}`",
                    line.shown, line.shown
                ))
                .offer_if(format!("call it `{local}`"), mesh.word(line.at, local).map(|edit| vec![edit])),
            None => draft.fix_if(format!("list `{local}`"), mesh.list(from, mine, &[to])),
        };
        let theirs = from.local.as_deref().and_then(|name| lists(to, name)?.peer(name));
        out.report(match theirs {
            Some(line) => draft.also(line.at, format!("`{b}` lists `{a}`")),
            None => draft,
        });
    }
}

/// The line that leads to a node and has another name than it goes by, where no node goes by that.
fn called_otherwise<'m>(mesh: &Mesh<'_>, from: &'m View, mine: &'m Section, to: &View) -> Option<&'m PeerLine> {
    let leads = |line: &&PeerLine| {
        let host = line.address.as_ref().map(|a| &a.address.host);
        host.is_some_and(|host| matches!(mesh.target(from, host), Target::Nodes(nodes) if nodes == [to.node]))
    };
    let is_name = |line: &&PeerLine| mesh.views.iter().any(|v| v.local.is_some() && v.local == line.name);
    let mut found = from.remotes(mine).filter(leads).filter(|line| !is_name(line));
    found.next().filter(|_| found.next().is_none())
}

/// Nodes that only third ones join: told once for each section, with all of them.
fn not_relayed(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let mut found: Vec<(&Section, BTreeSet<usize>)> = Vec::new();
    for link in mesh.matrix.broken().filter(|l| l.cause == Cause::NotRelayed && l.from < l.to) {
        let (from, to) = (&mesh.views[link.from], &mesh.views[link.to]);
        let shared = |s: &&Section| {
            let theirs = mesh.summary(to).sections.iter().find(|t| t.name == s.name);
            theirs.is_some_and(|theirs| s.tables.iter().any(|t| theirs.tables.iter().any(|other| other.name == t.name)))
        };
        let Some(section) = mesh.summary(from).sections.iter().find(shared) else { continue };
        match found.iter_mut().find(|(known, _)| known.name == section.name) {
            Some((_, nodes)) => nodes.extend([link.from, link.to]),
            None => found.push((section, [link.from, link.to].into())),
        }
    }
    for (section, nodes) in found {
        let views: Vec<&View> = nodes.iter().map(|at| &mesh.views[*at]).collect();
        let names: Vec<String> = views.iter().take(6).map(|v| format!("`{}`", mesh.node(v).title)).collect();
        let message = format!("{} list other nodes of `peers {}` and not each other: they share nothing", names.join(", "), section.name);
        let draft = Draft { location: section.at, ..Draft::nowhere(message) };
        out.report(
            draft
                .severity(Severity::Warning)
                .help("list the same peers on every node: each sends its entries only to those that it is joined to, and nobody passes them on")
                .nodes(mesh.node_names(views)),
        );
    }
}
