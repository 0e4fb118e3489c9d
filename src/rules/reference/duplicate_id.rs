//! `reference/duplicate-id`.

use rustc_hash::FxHashMap;

use crate::{config::ServerOption, rules::prelude::*};

rule! {
    /// Two proxies, or two servers or `bind` lines of a proxy, have the same number.
    ///
    /// ## Why
    ///
    /// An `id` is the number that statistics and commands know a proxy, a server or a listener by. HAProxy refuses a number that is taken.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend one
    ///     id 100
    ///
    /// backend two
    ///     id 100
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80 id 5
    ///     bind :81 id 5
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend one
    ///     id 100
    ///
    /// backend two
    ///     id 101
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 and 2.8.
    "reference/duplicate-id", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut proxies: FxHashMap<u32, Location> = FxHashMap::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !p.is_defaults()) {
        let mut lines = proxy.lines(&["id"]);
        if let Some(first) = lines.next() {
            take(&mut proxies, first.word(1), "proxy", out);
            // HAProxy finds the proxy itself under its new number.
            for again in lines {
                let draft = Draft::at(again.location(), format!("{} has an id already", proxy.called())).label("a second `id`");
                out.report(draft.help("leave one of them").also(first.location(), "the first one").rejected_by(VersionSet::ALL));
            }
        }
        let mut binds: FxHashMap<u32, Location> = FxHashMap::default();
        for bind in proxy.binds.iter().filter(|_| proxy.binds.len() > 1) {
            take(&mut binds, bind.options().value("id"), "`bind` line", out);
        }
        let mut servers: FxHashMap<u32, Location> = FxHashMap::default();
        for server in proxy.servers.iter().filter(|s| !s.template && proxy.is_backend()) {
            take(&mut servers, server.get(ServerOption::Id), "server", out);
        }
    }
}

fn take(taken: &mut FxHashMap<u32, Location>, word: Option<Word<'_>>, what: &str, out: &mut Sink<'_>) {
    let Some((word, number)) = word.and_then(|w| Some((w, w.known()?.parse::<u32>().ok()?))) else { return };
    let Some(earlier) = taken.get(&number) else {
        taken.insert(number, word.location);
        return;
    };
    let draft = Draft::at(word.location, format!("another {what} has the id `{number}`")).label("this number is taken");
    out.report(draft.help("give each of them a number of its own").also(*earlier, "taken here").rejected_by(VersionSet::ALL));
}
