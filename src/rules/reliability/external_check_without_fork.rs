//! `reliability/external-check-without-fork`.

use crate::rules::prelude::*;

use super::external_check_disabled::chosen;

rule! {
    /// External checks are used, but HAProxy may not start programs.
    ///
    /// ## Why
    ///
    /// HAProxy forbids itself to start programs unless `global` has `insecure-fork-wanted`. An external check then fails every
    /// time, and its servers stay down. HAProxy warns and starts.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     external-check
    ///
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
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "reliability/external-check-without-fork", Warning, World(check), about: ["option"], mentions: ["external-check"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.config.global_line("insecure-fork-wanted").is_some() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        let Some((line, header)) = chosen(proxy).zip(proxy.place()) else { continue };
        let at = if proxy.holds(line) { line.location() } else { header };
        let draft = Draft::at(at, format!("the external checks of {} will fail: `insecure-fork-wanted` is missing", proxy.called()))
            .label("HAProxy may not start programs")
            .help("write `insecure-fork-wanted` in `global`");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
