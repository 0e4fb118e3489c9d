//! `dead/dispatch-and-balance`.

use crate::rules::prelude::*;

rule! {
    /// A proxy has `balance`, and another way to choose where its traffic goes.
    ///
    /// ## Why
    ///
    /// With `balance` HAProxy chooses among the servers, and ignores `dispatch` with a warning. `balance` together with
    /// `option transparent` it refuses. A `balance` of the `defaults` section counts.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// backend app
    ///     balance roundrobin
    ///     dispatch 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     balance roundrobin
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "dead/dispatch-and-balance", Warning, World(check), about: ["balance"], mentions: ["dispatch", "transparent"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && !p.in_force.open) {
        let Some((balance, place)) = proxy.in_force.get("balance").zip(proxy.place()) else { continue };
        let (line, message) = match (proxy.in_force.get("option transparent"), proxy.lines(&["dispatch"]).next()) {
            (Some(line), _) => (line, format!("{} cannot have both `balance` and `option transparent`", proxy.called())),
            (_, Some(line)) => (line, format!("`dispatch` is ignored in {}: it has a `balance` line", proxy.called())),
            _ => continue,
        };
        let at = if proxy.holds(line) { line.location() } else { place };
        let draft = Draft::at(at, message).also(balance.location(), "`balance` is set here").help("remove one of the two");
        let draft = draft.stage(Stage::Whole);
        let refused = line.keyword() == "option";
        out.report(if refused { draft.rejected_by(VersionSet::ALL) } else { draft.warned_by(VersionSet::ALL) });
    }
}
