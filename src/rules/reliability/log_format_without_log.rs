//! `reliability/log-format-without-log`.

use std::cell::LazyCell;

use crate::{
    config::{Mode, Proxy},
    finding::Cause,
    rules::{inherited, prelude::*},
};

rule! {
    /// A log format is set, but the logs go nowhere.
    ///
    /// ## Why
    ///
    /// `option httplog`, `option tcplog` and `log-format` say what is logged, `log` says to whom. Without a `log` line in the
    /// section or its `defaults` nothing is logged. `log global` counts only if a `log` line in `global` stands above it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     mode http
    ///     option httplog
    ///
    /// frontend web
    ///     bind :80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     log stdout format raw local0
    ///
    /// defaults
    ///     mode http
    ///     log global
    ///     option httplog
    ///
    /// frontend web
    ///     bind :80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "reliability/log-format-without-log", Warning, World(check), mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let global = || cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let has_target = LazyCell::new(|| global().any(|s| s.statements().any(|l| l.keyword() == "log")));
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && matches!(p.traffic(), Mode::Tcp | Mode::Http)) {
        let force = &proxy.in_force;
        let Some(location) = proxy.place().filter(|_| force.logs == Some(false) && !force.open) else { continue };
        let set = |name| force.get(name).filter(|line| line.keyword() == "option" || line.word(1).is_some_and(|w| !w.is("")));
        let Some(format) = set("log-format").or_else(|| set("log-format-sd")) else { continue };
        let draft = Draft::at(location, format!("{} has a log format, but no `log` line: nothing is logged", proxy.called()))
            .label("logs go nowhere")
            .also(format.location(), "the log format");
        let draft = draft.help(help(cx, proxy)).stage(Stage::Whole).warned_by(VersionSet::ALL);
        let Some(defaults) = inherited::defaults(cx, proxy).filter(|defaults| defaults.lines(&["log"]).next().is_none()) else {
            out.report(draft);
            continue;
        };
        let edits = inherited::write(defaults, "    log global\n".to_owned()).filter(|_| *has_target);
        let title = format!("write `log global` into {}", inherited::called(defaults));
        out.report(draft.cause(shared(defaults, *has_target).map(|cause| cause.of(proxy.called()))).offer_if(title, edits));
    }
}

/// What is missing: the line in `global`, or the way to it.
fn help(cx: &Context<'_>, proxy: &Proxy<'_>) -> &'static str {
    let own = proxy.section.statements().any(|line| line.starts_with(&["log", "global"]));
    if own || inherited::defaults(cx, proxy).is_some_and(|defaults| defaults.lines(&["log"]).next().is_some()) {
        "`log global` takes the `log` lines of `global`, and none stands above: add one with an address there"
    } else {
        "add `log global` here or in its `defaults`, and a `log` line with an address in `global`, above both"
    }
}

/// What all that inherit from a `defaults` section without a `log` line have in common.
fn shared(defaults: &Proxy<'_>, has_target: bool) -> Option<Cause> {
    let message =
        format!("{} has no `log` line, and proxies with a log format have none either: nothing is logged", inherited::called(defaults));
    let help = if has_target { "add `log global` here" } else { "add `log global` here, and a `log` line with an address in `global`" };
    Some(Cause::at(inherited::place(defaults)?, message).label("what inherits from here logs nowhere").help(help))
}
