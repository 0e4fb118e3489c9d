//! `dead/unused-backend`.

use crate::{
    config::{Declared, Mode, NameKind, Proxy},
    rules::{mentions, prelude::*},
};

rule! {
    /// No traffic is sent to this backend.
    ///
    /// ## Why
    ///
    /// A `backend` gets traffic through `use_backend` and `default_backend` alone. One that none of them names is left over,
    /// or the rule that should name it is missing. HAProxy checks its servers all the same.
    ///
    /// A name that is misspelt counts for the backend it is nearest to. Nothing is said where one is near to none, where a `use_backend` makes the name for each request (`%[…]`), where Lua is loaded, and of backends
    /// that are named elsewhere: for their stick table, for a server to `track`, in a fetch.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend old
    ///     mode http
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// `ap` was meant to be `app`, and `old` is left over all the same:
    ///
    /// ```haproxy bad select=dead/unused-backend
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     default_backend ap
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend old
    ///     mode http
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     use_backend old if { path_beg /old/ }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend old
    ///     mode http
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `use_backend` and `default_backend`.
    "dead/unused-backend", Info, World(check), about: ["backend"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || mentions::has_lua(cx.config) {
        return;
    }
    let Some(meant) = mentions::meant(cx.config, NameKind::Backend) else { return };
    let names = &cx.config.names;
    let mut used = vec![false; cx.config.reading.sections.len()];
    // Where one of a name is noted, all of it are.
    let mut note = |meant: Declared<'_, '_>| {
        if meant.first().is_some_and(|first| !used[first.section()]) {
            meant.iter().for_each(|backend| used[backend.section()] = true);
        }
    };
    for same in names.used_declarations(NameKind::Backend) {
        let part =
            same.first().and_then(|first| first.name().split_once('/')).map(|(backend, _)| names.find(NameKind::Backend, None, backend));
        note(part.unwrap_or(same));
    }
    let others = [NameKind::Table, NameKind::Frontend, NameKind::Server].into_iter().flat_map(|kind| names.uses_of(kind));
    for backend in names.undeclared(NameKind::Backend).chain(others).filter_map(|user| backend(user.kind, user.name)) {
        note(names.find(NameKind::Backend, None, backend));
    }
    let idle = |p: &&Proxy<'_>| {
        p.section.kind == SectionKind::Backend && p.runs() && !used[p.section.index()] && !p.name().is_empty() && is_plain(p)
    };
    let mut idle: Vec<&Proxy<'_>> = cx.config.proxies.iter().filter(idle).collect();
    if idle.is_empty() || any_backend_may_be_used(cx) {
        return;
    }
    // What an agent's own file says is not known; it is spoken to in TCP mode, or in its own.
    let spoe = cx.config.proxies.iter().any(|p| p.lines(&["filter", "spoe"]).next().is_some());
    let mentioned = mentions::arguments(cx.config);
    idle.retain(|p| !mentioned.contains(p.name()) && !meant.contains(p.name()) && (!spoe || p.traffic() == Mode::Http));
    for proxy in idle {
        let Some(place) = proxy.place() else { continue };
        let draft = Draft::at(place, format!("nothing sends traffic to backend `{}`", proxy.name()))
            .label("no `use_backend` and no `default_backend` names it")
            .help("remove it, or add the `use_backend` rule that was meant");
        out.report(draft);
    }
}

/// The backend that a name means, if it does.
fn backend(kind: NameKind, name: &str) -> Option<&str> {
    match kind {
        NameKind::Backend | NameKind::Table | NameKind::Frontend => Some(name.split('/').next().unwrap_or(name)),
        NameKind::Server => name.split_once('/').map(|(backend, _)| backend),
        _ => None,
    }
}

/// A table is there for others, and a section without servers that only holds one is no backend for traffic.
fn is_plain(proxy: &Proxy<'_>) -> bool {
    proxy.tables.is_empty()
}

/// Whether some rule makes the name of the backend as it goes, or nothing here takes traffic in.
fn any_backend_may_be_used(cx: &Context<'_>) -> bool {
    let switches = |p: &Proxy<'_>| {
        p.section.statements().any(|s| match s.keyword() {
            "use_backend" | "default_backend" => s.word(1).is_none_or(|w| w.known().is_none_or(|name| name.contains('%'))),
            // Up to 2.0 these named a backend.
            "" | "reqsetbe" | "reqisetbe" => true,
            _ => false,
        })
    };
    let routes = |p: &Proxy<'_>| p.is_frontend() && p.created;
    cx.config.proxies.iter().any(switches) || !cx.config.proxies.iter().any(routes)
}
