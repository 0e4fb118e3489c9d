//! `dead/server-state-without-file`.

use crate::rules::prelude::*;

rule! {
    /// The state of servers is to be loaded from a file that nobody names.
    ///
    /// ## Why
    ///
    /// `load-server-state-from-file global` reads the file of `server-state-file` in `global`. Without that line there is
    /// nothing to read, and HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     load-server-state-from-file global
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     server-state-file /var/lib/haproxy/state
    ///
    /// backend app
    ///     load-server-state-from-file global
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "dead/server-state-without-file", Warning, World(check), about: ["load-server-state-from-file"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.config.global_line("server-state-file").is_some() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
        let Some((line, place)) = proxy.in_force.get("load-server-state-from-file").zip(proxy.place()) else { continue };
        if line.str(1) != "global" {
            continue;
        }
        let at = if proxy.holds(line) { line.location() } else { place };
        let draft = Draft::at(at, format!("{} loads the state of its servers, and `global` has no `server-state-file`", proxy.called()))
            .label("there is no file to load")
            .help("add `server-state-file FILE` to `global`");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
