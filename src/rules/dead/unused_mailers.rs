//! `dead/unused-mailers`.

use rustc_hash::FxHashSet;

use crate::rules::prelude::*;

rule! {
    /// No proxy uses this `mailers` section.
    ///
    /// ## Why
    ///
    /// HAProxy removes a `mailers` section that no enabled proxy names in `email-alert mailers`, with `email-alert from` and
    /// `email-alert to` beside it, and warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// mailers mail
    ///     mailer one 192.0.2.25:25
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// mailers mail
    ///     mailer one 192.0.2.25:25
    ///
    /// backend app
    ///     email-alert mailers mail
    ///     email-alert from haproxy@example.com
    ///     email-alert to ops@example.com
    ///     server one 192.0.2.1:80 check
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "dead/unused-mailers", Info, World(check), about: ["mailers"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let mut used = FxHashSet::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        let force = &proxy.in_force;
        let Some(mailers) = force.get("email-alert mailers").and_then(|line| line.word(2)) else { continue };
        if mailers.known().is_none() || force.open {
            return;
        }
        if force.get("email-alert from").is_some() && force.get("email-alert to").is_some() {
            used.extend(mailers.known());
        }
    }
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Mailers && !used.contains(s.name_str())) {
        let Some(word) = section.name().filter(|w| w.known().is_some()) else { continue };
        // HAProxy writes the section's keyword and name together.
        let draft = Draft::at(word.location, format!("nothing uses `mailers {}`, HAProxy removes it", section.name_str()))
            .label("not used")
            .help("remove it, or let a proxy send its alerts there: that takes a sender and a receiver, too");
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
