//! `reliability/external-check-disabled`.

use crate::{config::Proxy, rules::prelude::*};

rule! {
    /// `option external-check` lacks what it needs.
    ///
    /// ## Why
    ///
    /// HAProxy runs programs as health checks only if `external-check` stands in `global` and the proxy, or its `defaults`,
    /// has an `external-check command`. Otherwise it refuses the configuration. A command without a leading `/` is found
    /// only with `external-check path`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=reliability/external-check-without-fork
    /// backend app
    ///     option external-check
    ///     external-check command /usr/local/bin/probe
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     external-check
    ///     insecure-fork-wanted
    ///
    /// backend app
    ///     option external-check
    ///     external-check command /usr/local/bin/probe
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "reliability/external-check-disabled", Error, World(check), mentions: ["external-check"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let global = cx.config.global_line("external-check").is_some();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open) {
        let Some(line) = chosen(proxy) else { continue };
        let refuse = |message: String, help: &str| {
            let draft = Draft::at(line.location(), message).help(help).stage(Stage::Whole).rejected_by(VersionSet::ALL);
            let header = proxy.place().filter(|_| !proxy.holds(line));
            header.map_or(draft.clone(), |header| draft.also(header, "inherited here"))
        };
        if !global {
            let message = format!("{} has `option external-check`, and `global` has no `external-check` line", proxy.called());
            out.report(refuse(message, "write `external-check` and `insecure-fork-wanted` in `global`"));
        }
        if proxy.in_force.get("external-check command").is_none() {
            let message = format!("{} has `option external-check`, but no `external-check command`", proxy.called());
            out.report(refuse(message, "add `external-check command /path/of/the/program`"));
        }
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open) {
        let Some(command) = proxy.in_force.get("external-check command").and_then(|line| line.word(2)) else { continue };
        let relative = command.known().is_some_and(|c| !c.starts_with('/'));
        if relative && proxy.in_force.get("external-check path").is_none() {
            let message = format!("the external check of {} is no absolute path, and there is no `external-check path`", proxy.called());
            let draft = Draft::at(command.location, message).label("not found without a path");
            let draft = draft.help("write the whole path, beginning with `/`, or add `external-check path`");
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }
}

/// The `option external-check` in force.
pub(super) fn chosen<'r>(proxy: &Proxy<'r>) -> Option<Statement<'r>> {
    proxy.in_force.get("check").filter(|line| line.str(1) == "external-check")
}
