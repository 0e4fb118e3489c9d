//! `dead/needs-check-option`.

use crate::rules::prelude::*;

rule! {
    /// A setting of one kind of health check stands in a proxy that uses another.
    ///
    /// ## Why
    ///
    /// `http-check disable-on-404` and `http-check send-state` belong to `option httpchk`, `external-check command` and
    /// `external-check path` to `option external-check`. With another check HAProxy ignores them and warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     external-check command /usr/local/bin/probe
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4; those of `http-check` ended with 3.3.
    "dead/needs-check-option", Warning, World(check), about: ["external-check", "http-check"]
}

/// The versions that look at `disable-on-404` and `send-state`.
const HTTP: VersionSet = VersionSet::before(3, 4, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open) {
        let check = proxy.in_force.get("check").map_or("", |line| line.str(1));
        let mut report = |name: &str, option: &str, versions: VersionSet| {
            let Some((line, header)) = proxy.in_force.get(name).zip(proxy.place()) else { return };
            let at = if proxy.holds(line) { line.location() } else { header };
            let message = format!("`{name}` is ignored in {}: it needs `option {option}`", proxy.called());
            let draft = Draft::at(at, message).label("does nothing").help(format!("add `option {option}`, or remove this"));
            out.report(draft.stage(Stage::Whole).only(versions).warned_by(versions));
        };
        if check != "external-check" {
            report("external-check command", "external-check", VersionSet::ALL);
            report("external-check path", "external-check", VersionSet::ALL);
        }
        // A frontend keeps the option of its defaults, but not what it means.
        if !matches!(check, "" | "external-check") && (check != "httpchk" || !proxy.is_backend()) {
            report("http-check disable-on-404", "httpchk", HTTP);
            report("http-check send-state", "httpchk", HTTP);
        }
    }
}
