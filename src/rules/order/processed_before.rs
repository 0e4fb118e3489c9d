//! `order/processed-before`.

use crate::rules::prelude::*;

rule! {
    /// A rule stands behind one that HAProxy runs later.
    ///
    /// ## Why
    ///
    /// HAProxy runs the rules of a section by kind, whatever order they are written in: `tcp-request connection`,
    /// `tcp-request session`, `tcp-request content`, `monitor fail`, `http-request`, `redirect`, then `use_backend` and
    /// `use-server`. Only rules of one kind run in their order. Where a section is written otherwise, somebody expects another
    /// order, so HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     mode http
    ///     redirect location /login unless { req.cook(SESSION) -m found }
    ///     http-request set-header X-Proxy one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    ///     mode http
    ///     http-request set-header X-Proxy one
    ///     redirect location /login unless { req.cook(SESSION) -m found }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check; `tcp-response content` behind `http-response` since 3.1.
    "order/processed-before", Warning, World(check)
}

/// The first words of the kinds of request rules, in the order in which they run.
const REQUEST: &[&[&str]] = &[
    &["quic-initial"],
    &["tcp-request", "connection"],
    &["tcp-request", "session"],
    &["tcp-request", "content"],
    &["monitor", "fail"],
    &["http-request"],
    &["redirect"],
    &["use_backend"],
    &["use-server"],
];

/// The kinds of response rules that HAProxy compares.
const RESPONSE: &[&[&str]] = &[&["tcp-response", "content"], &["http-response"]];

/// HAProxy says nothing of these, wherever they stand.
const SILENT: [&str; 2] = ["use_backend", "use-server"];

/// The versions that look at response rules.
const WITH_RESPONSES: VersionSet = VersionSet::since(3, 1, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (kinds, warned) in [(REQUEST, VersionSet::ALL), (RESPONSE, WITH_RESPONSES)] {
        // Most configurations have few of them.
        let kinds: Vec<&[&str]> = kinds.iter().copied().filter(|kind| cx.config.reading.may_have(&kind[..1])).collect();
        if kinds.len() > 1 {
            let proxies = cx.config.proxies.iter().filter(|p| p.created && !p.is_defaults());
            proxies.for_each(|proxy| order(proxy.section.statements(), &kinds, warned, out));
        }
    }
}

fn order<'r>(lines: impl Iterator<Item = Statement<'r>>, kinds: &[&[&str]], warned: VersionSet, out: &mut Sink<'_>) {
    let mut seen: Vec<Option<Statement<'r>>> = vec![None; kinds.len()];
    for line in lines {
        let Some(kind) = kinds.iter().position(|kind| kind[0] == line.keyword() && line.starts_with(kind)) else { continue };
        let later = (kind + 1..kinds.len()).find_map(|k| Some((kinds[k], seen[k]?)));
        if let Some((later, at)) = later.filter(|_| !SILENT.contains(&line.keyword())) {
            let (name, later) = (kinds[kind].join(" "), later.join(" "));
            let draft = Draft::at(line.location(), format!("this `{name}` rule runs before the `{later}` rule above it"))
                .label("runs first")
                .also(at.location(), "runs later")
                .help(format!("write `{name}` rules above `{later}` rules, in the order in which they run"));
            out.report(draft.warned_by(warned));
        }
        seen[kind].get_or_insert(line);
    }
}
