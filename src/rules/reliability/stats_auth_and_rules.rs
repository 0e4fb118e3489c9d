//! `reliability/stats-auth-and-rules`.

use crate::rules::prelude::*;

rule! {
    /// Access to the statistics is restricted in two ways that exclude each other.
    ///
    /// ## Why
    ///
    /// `stats auth` and `stats realm` stand for rules that HAProxy makes of them. With `stats http-request` you write these rules
    /// yourself, and HAProxy refuses to have both.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend stats
    ///     mode http
    ///     bind :8404
    ///     stats uri /
    ///     stats auth admin:secret
    ///     stats http-request deny unless { src 192.0.2.0/24 }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// userlist admins
    ///     user admin insecure-password secret
    ///
    /// frontend stats
    ///     mode http
    ///     bind :8404
    ///     stats uri /
    ///     stats http-request deny unless { src 192.0.2.0/24 }
    ///     stats http-request auth unless { http_auth(admins) }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.4.
    "reliability/stats-auth-and-rules", Error, World(check), about: ["stats"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    // With a `stats` line of its own a proxy inherits none.
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        let simple = proxy.lines(&["stats", "auth"]).chain(proxy.lines(&["stats", "realm"])).next();
        let rule = proxy.lines(&["stats", "http-request"]).next();
        let Some((simple, rule)) = simple.zip(rule) else { continue };
        let message = format!("`stats {}` and `stats http-request` exclude each other", simple.str(1));
        let help = "name the users in a `userlist` section, and write `stats http-request auth unless { http_auth(USERLIST) }`";
        let draft = Draft::at(rule.location(), message).also(simple.location(), "the other one").help(help);
        out.report(draft.label("refused beside it").stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}
