//! `reference/tracking-loop`.

use rustc_hash::FxHashMap;

use crate::{
    config::{Proxy, Server, ServerOption},
    rules::{prelude::*, reference::tracking_unchecked::target},
    source::FileId,
};

rule! {
    /// Servers take their health from each other in a circle.
    ///
    /// ## Why
    ///
    /// `track` follows the health of another server. If that one follows in turn the first, nobody is checked, and HAProxy refuses
    /// the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     server a 192.0.2.1:80 track b
    ///     server b 192.0.2.2:80 track a
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     server a 192.0.2.1:80 check
    ///     server b 192.0.2.2:80 track a
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "reference/tracking-loop", Error, World(check), mentions: ["track"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let mut steps: FxHashMap<Place, Step<'_>> = FxHashMap::default();
    let mut order = Vec::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        for server in &proxy.servers {
            if let Some(target) = tracked(cx, proxy, server) {
                steps.insert(place(server), Step { server, target: place(target), walk: 0 });
                order.push(place(server));
            }
        }
    }
    for last in circles(&mut steps, &order) {
        let message = format!("server `{}` takes its health from servers that take theirs from it", last.name().display());
        let track = last.get(ServerOption::Track).map_or(last.name().location, |word| word.location);
        let draft = Draft::at(track, message).label("ends where it began").help("let one of them be checked: `check` instead of `track`");
        out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}

type Place = (FileId, u32);

fn place(server: Server<'_>) -> Place {
    (server.name().location.file, server.name().location.span.start)
}

/// A server that takes its health from another one.
struct Step<'a> {
    server: Server<'a>,
    target: Place,
    /// The walk that came by first; 0: none.
    walk: usize,
}

/// The server that another one takes its health from.
fn tracked<'a>(cx: &'a Context<'a>, proxy: &'a Proxy<'a>, server: Server<'a>) -> Option<Server<'a>> {
    let name = server.get(ServerOption::Track)?.known()?;
    let home = name.rsplit_once('/').map_or(Some(proxy), |(other, _)| cx.config.backend(other))?;
    target(cx, home, name)
}

/// The last server of each circle. Each has one target, so every server is walked over once.
fn circles<'a>(steps: &mut FxHashMap<Place, Step<'a>>, order: &[Place]) -> Vec<Server<'a>> {
    let mut found = Vec::new();
    for (walk, start) in (1..).zip(order) {
        let mut at = *start;
        while let Some(step) = steps.get_mut(&at).filter(|step| step.walk == 0) {
            step.walk = walk;
            at = step.target;
        }
        // The walk came back to itself: from here on it is a circle.
        if steps.get(&at).is_none_or(|step| step.walk != walk) {
            continue;
        }
        let (first, mut last) = (at, at);
        while let Some(step) = steps.get(&at) {
            at = step.target;
            last = last.max(at);
            if at == first {
                break;
            }
        }
        found.extend(steps.get(&last).map(|step| step.server));
    }
    found
}
