//! `peers/ignored-params`.

use crate::{
    config::{Peers, PeersView, Role, address::Host},
    rules::prelude::*,
};

rule! {
    /// A peer has server options that have no effect on peers.
    ///
    /// ## Why
    ///
    /// Peers are connected to directly: no health check, no DNS resolution at run time, no load balancing. HAProxy accepts
    /// `check`, `agent-check`, `resolvers` and `init-addr` on a peer with a warning, and `weight`, `cookie`, `track`, `backup`,
    /// `disabled` and `enabled` without one, and ignores them all. `init-addr none` is the trap among them: a name that cannot be
    /// resolved at start stays fatal. A peer that is `disabled` is connected to all the same; only a line of that name switches the
    /// whole section off.
    ///
    /// ## Example
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024 check
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```haproxy bad local-name=haproxy-0
    /// peers cluster
    ///     peer haproxy-0 10.0.0.10:1024
    ///     peer haproxy-1 10.0.0.11:1024 disabled
    ///
    /// backend sessions
    ///     stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     localpeer one
    ///
    /// peers cluster
    ///     peer one 192.0.2.1:10000
    ///     peer two 192.0.2.2:10000 shard 1
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
    /// haproxy/haproxy#919; observed with HAProxy 2.6 to 3.5.
    "peers/ignored-params", Warning, World(check), about: ["peers"], asked: ByNode, mends: true
}

/// Options that HAProxy itself calls ignored.
const TOLD: [&str; 4] = ["check", "agent-check", "resolvers", "init-addr"];
const SILENT: [&str; 4] = ["weight", "cookie", "track", "backup"];
/// The same, of words that switch a server on and off.
const SWITCHES: [&str; 2] = ["disabled", "enabled"];
/// Where it does.
const TELLS: VersionSet = VersionSet::since(2, 6, 12);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for view in cx.config.peers_views(cx.options.local_name.as_deref()) {
        if let Some(local) = view.own().filter(|_| !cx.is_open()) {
            above_the_last(&view, local.peer.statement.number(), out);
        }
    }
    for peers in &cx.config.peers {
        shards(peers, out);
        for peer in &peers.list {
            let named = peer
                .address(Role::Unknown)
                .map(|w| cx.config.address(w))
                .is_some_and(|a| matches!(a.host, Host::Name(name) if name != "localhost"));
            line(&peer.statement, 2, named, out);
        }
        for defaults in &peers.default_servers {
            line(defaults, 1, false, out);
        }
    }
}

/// The versions with `shards`.
const SHARDS: VersionSet = VersionSet::since(2, 7, 0);

/// A shard above the number of shards that was given before.
fn shards(peers: &Peers<'_>, out: &mut Sink<'_>) {
    let mut most = None;
    for line in peers.section.statements() {
        if line.keyword() == "shards" {
            most = line.str(1).parse::<u32>().ok().filter(|number| *number > 0);
        }
        let shard = || matches!(line.keyword(), "peer" | "server").then(|| Options::of_server(line, 2).value("shard")).flatten();
        let Some((most, word)) = most.and_then(|most| Some((most, shard()?))) else { continue };
        if word.known().and_then(|text| text.parse::<u32>().ok()).is_some_and(|shard| shard > most) {
            let are = if most == 1 { "is" } else { "are" };
            let message = format!("there {are} {}, so that `shard {}` is ignored", counted(most, "shard"), word.display());
            let draft = Draft::at(word.location, message);
            let draft = draft.label("no such shard").help(format!("write a number up to {most}"));
            out.report(draft.only(SHARDS).warned_by(SHARDS));
        }
    }
}

/// A shard above the number of shards that the section has in the end: none where no line says it.
fn above_the_last(view: &PeersView<'_, '_>, own: usize, out: &mut Sink<'_>) {
    let said = view.peers.shards;
    let Some(most) = said.map_or(Some(0), |line| line.str(1).parse::<u32>().ok()) else { return };
    let known_before = |peer: usize| said.is_some_and(|line| line.number() < peer);
    for peer in view.peers.list.iter().filter(|peer| peer.statement.number() != own && !known_before(peer.statement.number())) {
        let Some(word) = peer.option("shard") else { continue };
        if word.known().and_then(|text| text.parse::<u32>().ok()).is_some_and(|shard| shard > most) {
            let message = match said {
                Some(_) => format!("`shard {}` is ignored: the section has {}", word.display(), counted(most, "shard")),
                None => format!("`shard {}` is ignored: the section does not say `shards`", word.display()),
            };
            let help = "write `shards NUMBER` above the peers, the same on every node, or leave `shard` out";
            let versions = view.versions & SHARDS;
            out.report(Draft::at(word.location, message).label("no such shard").help(help).only(versions).warned_by(versions));
        }
    }
}

/// The option that a word is, if HAProxy ignores that.
fn ignored(word: Word<'_>) -> Option<&'static str> {
    TOLD.into_iter().chain(SILENT).chain(SWITCHES).find(|option| word.is(option))
}

fn line(statement: &Statement<'_>, from: usize, named: bool, out: &mut Sink<'_>) {
    let options = Options::of_server(*statement, from);
    let found: Vec<Word<'_>> = options.words().filter(|word| ignored(*word).is_some()).collect();
    let Some(first) = found.first() else { return };
    let all: Vec<String> = found.iter().map(|word| format!("`{}`", word.display())).collect();
    let switch = found.iter().any(|word| SWITCHES.iter().any(|option| word.is(option)));
    let help = match switch {
        true => "delete it, or comment the line out: a single peer cannot be switched off",
        false => "delete it; peers are not checked, and their names are resolved once, while the configuration is read",
    };
    let told = found.iter().any(|w| TOLD.iter().any(|o| w.is(o)));
    let fatal = named && options.value("init-addr").is_some_and(|w| w.known().is_some_and(|t| t.split(',').any(|m| m == "none")));
    let have = if all.len() == 1 { "has" } else { "have" };
    let mut draft = Draft::at(first.location, format!("{} {have} no effect on peers", all.join(", ")))
        .label("HAProxy ignores it here")
        .fix_if("delete what is ignored", cuts(statement, from))
        .help(help);
    if fatal {
        draft = draft
            .severity(Severity::Error)
            .note("`init-addr none` does not let HAProxy start while this name cannot be resolved: for a peer that stays fatal");
    }
    // In `default-server` HAProxy says so only of the peers behind it.
    out.report(if told && from == 2 { draft.warned_by(TELLS) } else { draft });
}

/// Each ignored option, with its value where it has one.
fn cuts(statement: &Statement<'_>, from: usize) -> Option<Vec<Edit>> {
    let (mut edits, mut left) = (Vec::new(), statement.len() - from);
    for at in Options::of_server(*statement, from).numbers() {
        let Some(option) = statement.word(at).and_then(ignored) else { continue };
        let values = usize::from(!matches!(option, "check" | "agent-check" | "backup") && !SWITCHES.contains(&option));
        edits.push(Edit::delete(statement.cut(at, at + values)?));
        left = left.saturating_sub(1 + values);
    }
    // A `default-server` that says nothing any more goes too.
    Some(if from == 1 && left == 0 { vec![Edit::delete(statement.whole_line())] } else { edits })
}
