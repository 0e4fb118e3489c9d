//! `dead/unused-check-rules`.

use crate::{
    config::{Proxy, SectionView},
    rules::prelude::*,
};

rule! {
    /// `http-check` or `tcp-check` rules stand in a backend that checks its servers in another way.
    ///
    /// ## Why
    ///
    /// The rules of `http-check` need `option httpchk`, those of `tcp-check` need `option tcp-check`. Without it HAProxy
    /// ignores them: it connects to the server, takes that for health, and warns. In a `healthcheck` section (3.4 and later) they need
    /// `type httpchk` or `type tcp-check` above them; behind another type HAProxy refuses them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     http-check expect status 200
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     option httpchk
    ///     http-check expect status 200
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "dead/unused-check-rules", Warning, World(check), about: ["http-check", "tcp-check"]
}

/// The keywords that add rules.
const KINDS: [&str; 2] = ["http-check", "tcp-check"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    cx.config.sections().filter(|s| s.kind == SectionKind::HealthCheck).for_each(|section| healthcheck(&section, out));
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !p.in_force.open) {
        // An option behind the rules picks them up in some versions and drops them in others: nothing is said then.
        let check = proxy.in_force.get("check");
        for keyword in KINDS {
            let option = if keyword == "http-check" { "httpchk" } else { keyword };
            let Some(line) = rule(proxy, keyword) else { continue };
            if check.is_some_and(|c| c.str(1) == option || (proxy.holds(c) && c.line() > line.line())) {
                continue;
            }
            let message = format!("the `{keyword}` rules of {} are ignored: it has no `option {option}`", proxy.called());
            let draft =
                Draft::at(line.location(), message).label("never run").help(format!("add `option {option}`, or remove these rules"));
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}

/// The first line of the proxy that adds a rule to its health check.
fn rule<'r>(proxy: &Proxy<'r>, keyword: &str) -> Option<Statement<'r>> {
    let settings = ["disable-on-404", "send-state"];
    proxy.section.statements().find(|s| s.keyword() == keyword && s.len() > 1 && !settings.contains(&s.str(1)))
}

/// Of the rules of a `healthcheck` section HAProxy tells as of an error, and runs, where the section has no type; behind that of
/// another check it refuses them.
fn healthcheck(section: &SectionView<'_>, out: &mut Sink<'_>) {
    let mut kind = None;
    let mut idle: Vec<(Statement<'_>, &str)> = Vec::new();
    for line in section.statements() {
        let option = match line.keyword() {
            "type" => {
                kind = Some(line);
                continue;
            }
            "http-check" => "httpchk",
            "tcp-check" => "tcp-check",
            _ => continue,
        };
        let settings = line.len() < 2 || matches!(line.str(1), "disable-on-404" | "send-state");
        match kind {
            None if !settings && idle.iter().all(|(_, other)| *other != option) => idle.push((line, option)),
            Some(other) if other.word(1).is_some_and(|w| w.known().is_some_and(|known| known != option)) => {
                let message = format!("`{}` cannot stand in a healthcheck of the type `{}`", line.keyword(), other.str(1));
                let draft = Draft::at(line.location(), message).label("refused").also(other.location(), "the type");
                out.report(draft.help(format!("write `type {option}`, or delete this rule")).aborts(VersionSet::since(3, 4, 0)));
                return;
            }
            _ => {}
        }
    }
    // Behind the rules a type may pick them up.
    for (line, option) in idle.into_iter().filter(|_| kind.is_none()) {
        let message =
            format!("the `{}` rules of healthcheck `{}` are ignored: it has no `type {option}`", line.keyword(), section.name_str());
        let draft = Draft::at(section.location().unwrap_or_else(|| line.location()), message).also(line.location(), "never run");
        let draft = draft.help(format!("write `type {option}` above these rules"));
        out.report(draft.stage(Stage::Whole).alerted_by(VersionSet::since(3, 4, 0)));
    }
}
