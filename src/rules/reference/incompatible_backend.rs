//! `reference/incompatible-backend`.

use crate::{
    config::{Mode, Proxy},
    rules::prelude::*,
};

rule! {
    /// Traffic is sent to a backend that cannot take it.
    ///
    /// ## Why
    ///
    /// HAProxy refuses to send the traffic of an HTTP frontend to a TCP backend, and a `listen` section to send traffic to
    /// itself. A TCP frontend may send traffic to an HTTP backend. A backend without a `mode` line, its own or its
    /// `defaults`', is in TCP mode.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     default_backend app
    ///
    /// backend app
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "reference/incompatible-backend", Error, World(check), about: ["default_backend", "use_backend"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    // Where all proxies are in one mode, none but one that names itself is at fault.
    let differ = cx.config.proxies.windows(2).any(|two| two[0].traffic() != two[1].traffic());
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && (differ || p.is_backend())) {
        let default = proxy.in_force.get("default_backend");
        for line in proxy.lines(&["use_backend"]).chain(default) {
            let Some((word, name)) = line.word(1).and_then(|w| Some((w, w.known()?))) else { continue };
            // A backend switches nothing, and yet it may not name itself.
            let looks = proxy.is_frontend() && differ || name == proxy.name();
            let Some(target) = looks.then(|| cx.config.backend(name)).flatten() else { continue };
            let switches = proxy.is_frontend() || proxy.section.index() == target.section.index();
            let Some((message, help)) = fault(proxy, target).filter(|_| switches) else { continue };
            let place = proxy.place().filter(|_| !proxy.holds(line));
            let draft = Draft::at(place.unwrap_or(word.location), message).label("refused").help(help);
            let draft = place.map_or(draft.clone(), |_| draft.also(word.location, "inherited from here"));
            let draft = target.place().map_or(draft.clone(), |at| draft.also(at, "the backend"));
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// What is wrong with sending the traffic of `proxy` to `target`.
fn fault(proxy: &Proxy<'_>, target: &Proxy<'_>) -> Option<(String, String)> {
    if proxy.section.index() == target.section.index() {
        return Some((format!("{} sends its traffic to itself", proxy.called()), "name another section".to_owned()));
    }
    let (from, to) = (proxy.traffic(), target.traffic());
    let known = from != Mode::Unknown && to != Mode::Unknown;
    (known && from != to && (from, to) != (Mode::Tcp, Mode::Http)).then(|| {
        let message = format!("{} is in {} mode, {} in {} mode", proxy.called(), from.word(), target.called(), to.word());
        (message, format!("give both the same mode: `mode {}` in {}", from.word(), target.called()))
    })
}
