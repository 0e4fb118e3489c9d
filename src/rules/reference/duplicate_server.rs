//! `reference/duplicate-server`.

use std::{borrow::Cow, collections::hash_map::Entry};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{NameKind, Names, Proxy, Server, ServerOption},
    rules::{prelude::*, unknown},
};

rule! {
    /// Two servers of a backend have the same name.
    ///
    /// ## Why
    ///
    /// Statistics, `use-server`, cookies and the state file know servers by their name, so HAProxy refuses a section
    /// in which two share one. 3.3 and 3.4 overlook them unless all servers of the section share that name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:80
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ```haproxy bad
    /// ring remote
    ///     size 1048576
    ///     timeout connect 5s
    ///     timeout server 10s
    ///     server one 192.0.2.5:514
    ///     server one 192.0.2.6:514
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5.
    "reference/duplicate-server", Error, World(check), about: ["server", "server-template"]
}

/// The versions that look at the line itself.
const EARLY: VersionSet = VersionSet::since(3, 5, 0);

/// The versions that find a second name only where all servers of the section share one.
const SHORT_SIGHTED: VersionSet = VersionSet::since(3, 3, 0).minus(EARLY);

/// The versions that leave out servers with an `id` of their own.
const BY_ID: VersionSet = VersionSet::before(3, 3, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    in_rings(cx, out);
    let templates = cx.config.proxies.iter().flat_map(|p| &p.servers).filter(|server| server.template).count();
    let most = (ALL_TOGETHER / templates.max(1)).clamp(1, MOST) as u32;
    for (at, proxy) in cx.config.proxies.iter().enumerate().filter(|(_, p)| p.created && p.is_backend()) {
        if all_differ(&cx.config.names, proxy) {
            continue;
        }
        let mut first: FxHashMap<Cow<'_, str>, Location> = FxHashMap::default();
        let alone = alone(proxy, most);
        for server in &proxy.servers {
            let mut taken = names(server, most).into_iter().filter_map(|name| match first.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(server.name().location);
                    None
                }
                Entry::Occupied(earlier) => Some((earlier.key().clone(), *earlier.get())),
            });
            let Some((name, earlier)) = taken.next() else { continue };
            taken.for_each(drop);
            let draft = Draft::at(server.name().location, format!("{} has two servers named `{name}`", proxy.called()))
                .label("this name is taken")
                .help("give each server of the section a name of its own")
                .also(earlier, "the first server of this name");
            let deaf = if alone { VersionSet::NONE } else { SHORT_SIGHTED };
            let deaf = if server.has(ServerOption::Id) { deaf | BY_ID } else { deaf };
            out.report(if EARLY.covers(cx.config.reading.world.versions) {
                draft.rejected_by(EARLY)
            } else if cx.config.looks_up(Some(at)) {
                draft.stage(Stage::Whole).rejected_by(deaf.complement())
            } else {
                unknown::asleep(draft)
            });
        }
    }
}

/// The most names that a `server-template` is asked for.
const MOST: usize = 1_000;

/// The most names that all of them together are asked for.
const ALL_TOGETHER: usize = 100_000;

/// Whether no two servers have one name, as far as that is soon seen.
fn all_differ<'r>(declared: &Names<'r>, proxy: &Proxy<'r>) -> bool {
    let servers = &proxy.servers;
    if servers.iter().any(|server| server.template) {
        return false;
    }
    // Names of a section without a header are not declared.
    let known = proxy.section.header().is_some() && !declared.is_open(NameKind::Server, Some(proxy.section.index()));
    let one_each = || known && !declared.repeats(NameKind::Server, true);
    let mut names = FxHashSet::default();
    servers.len() < 2 || one_each() || servers.iter().all(|server| server.name().known().is_some_and(|name| names.insert(name)))
}

/// The names of a server, or so many of those that a `server-template` makes.
fn names(server: Server<'_>, most: u32) -> Vec<Cow<'_, str>> {
    // Of an empty name another rule tells.
    let Some(name) = server.name().known().filter(|name| !name.is_empty()) else { return Vec::new() };
    if !server.template {
        return vec![Cow::Borrowed(name)];
    }
    let Some(range) = server.statement.word(2).and_then(Word::known) else { return Vec::new() };
    let (low, high) = range.split_once('-').unwrap_or(("1", range));
    match (low.parse::<u32>(), high.parse::<u32>()) {
        (Ok(low), Ok(high)) => (low..=high.min(low.saturating_add(most))).map(|n| Cow::Owned(format!("{name}{n}"))).collect(),
        _ => Vec::new(),
    }
}

/// Whether all servers of a section share one name.
fn alone(proxy: &Proxy<'_>, most: u32) -> bool {
    let mut all = proxy.servers.iter().map(|server| names(server, most));
    let first = all.next().unwrap_or_default();
    first.len() == 1 && all.all(|names| names == first)
}

/// A ring is a backend of the servers it sends to.
fn in_rings(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Ring) {
        let mut first: FxHashMap<&str, Location> = FxHashMap::default();
        let name = |line: Statement<'_>| line.word(1).and_then(Word::known).map(str::to_owned);
        let mut names = section.with("server").map(name);
        let leader = names.next();
        let deaf = if names.all(|name| Some(name) == leader) { VersionSet::NONE } else { SHORT_SIGHTED };
        for word in section.with("server").filter_map(|s| s.word(1)) {
            let Some(name) = word.known() else { continue };
            let Some(earlier) = first.get(name) else {
                first.insert(name, word.location);
                continue;
            };
            let draft = Draft::at(word.location, format!("ring `{}` has two servers named `{name}`", section.name_str()))
                .label("this name is taken")
                .help("give each server of the section a name of its own")
                .also(*earlier, "the first server of this name");
            out.report(draft.stage(Stage::Whole).rejected_by(deaf.complement()));
        }
    }
}
