//! `reference/unknown-mailers`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `email-alert` names a mailers section that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration once the sender and the receiver of the mails are given too; until then it
    /// ignores all `email-alert` lines of the section.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     email-alert mailers mailer
    ///     email-alert from haproxy@example.com
    ///     email-alert to ops@example.com
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// mailers mailer
    ///     mailer smtp 192.0.2.25:25
    ///
    /// backend app
    ///     email-alert mailers mailer
    ///     email-alert from haproxy@example.com
    ///     email-alert to ops@example.com
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4.
    "reference/unknown-mailers", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::Mailers) {
        let proxy = used.proxy(cx.config).map(|p| &cx.config.proxies[p]);
        let says = |what| proxy.is_some_and(|p| p.section.statements().any(|s| s.starts_with(&["email-alert", what])));
        let complete = cx.config.looks_up(used.proxy(cx.config)) && says("from") && says("to");
        // Without both, the addresses may still come from defaults: then nothing is said of what HAProxy says.
        out.report(if complete { unknown::refused_at_the_end(draft, true) } else { draft.severity(Severity::Warning) });
    }
}
