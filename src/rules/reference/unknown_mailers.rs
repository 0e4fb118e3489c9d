//! `reference/unknown-mailers`.

use rustc_hash::FxHashSet;

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
    /// The same of a `defaults` section that a proxy inherits:
    ///
    /// ```haproxy bad
    /// defaults
    ///     email-alert mailers mailer
    ///     email-alert from haproxy@example.com
    ///     email-alert to ops@example.com
    ///
    /// backend app
    ///     server one 192.0.2.1:80
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
    let mut complete = None;
    for (used, draft) in unknown::unknown(cx, NameKind::Mailers) {
        // HAProxy looks for the mailers of the last line, and only if it knows a sender and a receiver, too.
        let looked_up = complete.get_or_insert_with(|| lines_that_count(cx)).contains(&used.statement.location());
        out.report(if looked_up { unknown::refused_at_the_end(draft, true) } else { draft.severity(Severity::Warning) });
    }
}

/// The lines that give a proxy its mailers, its own or its `defaults`'.
fn lines_that_count(cx: &Context<'_>) -> FxHashSet<Location> {
    let running = cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open).map(|p| &p.in_force);
    let complete = running.filter(|force| force.get("email-alert from").is_some() && force.get("email-alert to").is_some());
    complete.filter_map(|force| Some(force.get("email-alert mailers")?.location())).collect()
}
