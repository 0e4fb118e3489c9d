//! `reference/unknown-mailers`.

use crate::{
    config::{NameKind, Proxy},
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
    "reference/unknown-mailers", Error, World(check), uses: Mailers, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::Mailers) {
        // HAProxy looks for the mailers of the last line, and only if it knows a sender and a receiver, too.
        let counts = |proxy: &Proxy<'_>| {
            let force = &proxy.in_force;
            let last = force.get("email-alert mailers").is_some_and(|line| line.location() == used.statement.location());
            last && !force.open && force.get("email-alert from").is_some() && force.get("email-alert to").is_some()
        };
        let proxy = used.proxy(cx.config);
        let complete = cx.config.looks_up(proxy) && proxy.is_some_and(|at| counts(&cx.config.proxies[at]));
        out.report(if complete { unknown::refused_at_the_end(draft, true) } else { draft.severity(Severity::Warning) });
    }
}
