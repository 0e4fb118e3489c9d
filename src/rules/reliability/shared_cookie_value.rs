//! `reliability/shared-cookie-value`

use rustc_hash::FxHashMap;

use crate::{
    config::{Mode, ServerOption},
    rules::prelude::*,
};

rule! {
    /// Two servers have the same value for the cookie that keeps clients on one server.
    ///
    /// ## Why
    ///
    /// The value of the cookie says which server a client came to first. Where two servers share one, HAProxy takes the first of
    /// them that runs: clients of the second are sent to the first with their next request, and lose what the second kept for
    /// them. HAProxy says nothing. Mostly a line was copied, and one of its words forgotten. A `backup` server may well share the
    /// value of the server that it stands in for.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     cookie SRV insert indirect nocache
    ///     server one 192.0.2.1:80 cookie one
    ///     server two 192.0.2.2:80 cookie one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     cookie SRV insert indirect nocache
    ///     server one 192.0.2.1:80 cookie one
    ///     server two 192.0.2.2:80 cookie two
    ///     server spare 192.0.2.3:80 backup cookie one
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `cookie` of servers; observed with HAProxy 2.6 and 2.8.
    "reliability/shared-cookie-value", Warning, World(check), about: ["cookie"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && p.traffic() == Mode::Http) {
        if proxy.in_force.get("cookie").is_none() {
            continue;
        }
        let mut first: FxHashMap<&str, Word<'_>> = FxHashMap::default();
        for server in proxy.servers.iter().filter(|s| !s.template && !s.open) {
            let backup = server.own().has("backup");
            let Some(word) = server.get(ServerOption::Cookie).filter(|_| !backup) else { continue };
            let Some(value) = word.known() else { continue };
            let Some(earlier) = first.get(value) else {
                first.insert(value, word);
                continue;
            };
            // What all inherit from `default-server` was given once.
            if earlier.location == word.location {
                continue;
            }
            let message =
                format!("two servers of {} have the cookie value `{value}`: clients of the second come to the first", proxy.called());
            let draft = Draft::at(word.location, message).label("this value is taken").also(earlier.location, "the first server with it");
            out.report(draft.help("give each server a value of its own"));
        }
    }
}
