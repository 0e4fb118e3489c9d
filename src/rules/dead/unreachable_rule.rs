//! `dead/unreachable-rule`.

use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
};

rule! {
    /// A rule stands behind one that always ends the processing.
    ///
    /// ## Why
    ///
    /// `allow`, `deny`, `tarpit`, `auth`, `return` and `redirect` end the list of rules they stand in. Without a condition they
    /// do so for every request, and no rule of the same kind behind them ever runs. HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request deny
    ///     http-request set-header X-Proxy one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request set-header X-Proxy one
    ///     http-request deny
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8.
    "dead/unreachable-rule", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let told = |list: &&'static Fact| list.following().any(|action| action.says(NoteKind::Final, "told"));
    let lists = Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::Rules);
    let lists: Vec<&str> = lists.into_iter().filter(told).map(|l| l.name).filter(|l| cx.config.reading.may_have(&[l])).collect();
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        for list in &lists {
            let mut before: Option<Statement<'_>> = None;
            for line in proxy.lines(&[list]) {
                if let Some(end) = before.filter(is_final) {
                    let action = end.str(1);
                    let draft = Draft::at(line.location(), format!("this `{list}` rule never runs: the `{action}` above has no condition"))
                        .label("never runs")
                        .help("move this rule up, or give the one above a condition")
                        .also(end.location(), "ends the processing of every request");
                    out.report(draft.warned_by(VersionSet::ALL));
                }
                before = Some(line);
            }
        }
    }
}

/// Whether a rule certainly ends its list.
fn is_final(line: &Statement<'_>) -> bool {
    let open = || line.words().any(|w| w.known().is_none_or(|text| matches!(text, "if" | "unless" | "ignore-empty")));
    line.mark().is_none() && !open() && Fact::of(SectionKind::Listen, line, 0).is_some_and(|action| action.says(NoteKind::Final, "told"))
}
