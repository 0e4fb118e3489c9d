//! `reliability/incomplete-email-alert`.

use crate::rules::prelude::*;

rule! {
    /// Mail alerts are set up in part, so none is sent.
    ///
    /// ## Why
    ///
    /// HAProxy sends mails only if a proxy has `email-alert mailers`, `email-alert from` and `email-alert to`, its own or its
    /// `defaults`'. With only some of them it warns and sends none.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=dead/unused-mailers
    /// mailers mail
    ///     mailer one 192.0.2.25:25
    ///
    /// backend app
    ///     email-alert mailers mail
    ///     email-alert to ops@example.com
    ///     server one 192.0.2.1:80 check
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
    "reliability/incomplete-email-alert", Warning, World(check), about: ["email-alert"]
}

/// All of them are needed.
const NEEDED: [&str; 3] = ["email-alert mailers", "email-alert from", "email-alert to"];

/// Each of them begins it.
const ANY: [&str; 5] = ["email-alert mailers", "email-alert from", "email-alert to", "email-alert level", "email-alert myhostname"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open) {
        let first = ANY.iter().find_map(|name| proxy.in_force.get(name));
        let Some((line, place)) = first.zip(proxy.place()) else { continue };
        let missing: Vec<String> = NEEDED.iter().filter(|n| proxy.in_force.get(n).is_none()).map(|n| format!("`{n}`")).collect();
        if missing.is_empty() {
            continue;
        }
        let at = if proxy.holds(line) { line.location() } else { place };
        let draft = Draft::at(at, format!("{} sends no `email-alert`: {} is missing", proxy.called(), missing.join(" and ")))
            .label("no mail is sent")
            .help(format!("add {} here or in its `defaults` section", missing.join(" and ")));
        out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}
