//! `peers/ignored-params`.

use crate::{
    config::{Peers, Role, address::Host},
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
        let shard = || matches!(line.keyword(), "peer" | "server").then(|| line.after("shard", 2)).flatten();
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

/// The option that a word is, if HAProxy ignores that.
fn ignored(word: Word<'_>) -> Option<&'static str> {
    TOLD.into_iter().chain(SILENT).chain(SWITCHES).find(|option| word.is(option))
}

fn line(statement: &Statement<'_>, from: usize, named: bool, out: &mut Sink<'_>) {
    let words = || statement.words().skip(from);
    let found: Vec<Word<'_>> = words().filter(|word| ignored(*word).is_some()).collect();
    let Some(first) = found.first() else { return };
    let all: Vec<String> = found.iter().map(|word| format!("`{}`", word.display())).collect();
    let switch = found.iter().any(|word| SWITCHES.iter().any(|option| word.is(option)));
    let help = match switch {
        true => "delete it, or comment the line out: a single peer cannot be switched off",
        false => "delete it; peers are not checked, and their names are resolved once, while the configuration is read",
    };
    let told = words().any(|w| TOLD.iter().any(|o| w.is(o)));
    let fatal = named && statement.after("init-addr", from).is_some_and(|w| w.known().is_some_and(|t| t.split(',').any(|m| m == "none")));
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
    for (at, word) in statement.words().enumerate().skip(from) {
        let Some(option) = ignored(word) else { continue };
        let values = usize::from(!matches!(option, "check" | "agent-check" | "backup") && !SWITCHES.contains(&option));
        edits.push(Edit::delete(statement.cut(at, at + values)?));
        left = left.saturating_sub(1 + values);
    }
    // A `default-server` that says nothing any more goes too.
    Some(if from == 1 && left == 0 { vec![Edit::delete(statement.whole_line())] } else { edits })
}
