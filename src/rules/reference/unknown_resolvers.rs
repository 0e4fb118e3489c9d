//! `reference/unknown-resolvers`.

use crate::{
    config::{NameKind, ServerOption},
    rules::{prelude::*, unknown},
};

rule! {
    /// A server, `do-resolve` or HAProxy's own HTTP client names a resolvers section that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration. From 2.6 on a section named `default`, made from `/etc/resolv.conf`, exists
    /// without being written.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     server one app.example.com:80 resolvers dsn
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     server one app.example.com:80 resolvers dns
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5.
    "reference/unknown-resolvers", Error, World(check), mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    nameless(cx, out);
    let mut found = Vec::new();
    for (used, draft) in unknown::unknown(cx, NameKind::Resolvers) {
        if used.name == "default" || used.statement.keyword().starts_with("httpclient.") && resolves_nothing(cx) {
            continue;
        }
        // A `default-server` line hands it to the servers behind it, and there may be none.
        if used.statement.keyword() == "default-server" {
            let looked_up = unknown::is_inherited(cx, &used, ServerOption::Resolvers);
            out.report(if looked_up { unknown::refused_at_the_end(draft, true) } else { draft });
        } else {
            found.push((used, draft));
        }
    }
    unknown::report(cx, found, out);
}

/// Whether HAProxy's own HTTP client looks up no names.
fn resolves_nothing(cx: &Context<'_>) -> bool {
    cx.config.global_line("httpclient.resolvers.disabled").is_some_and(|line| line.str(1) != "off")
}

/// HAProxy's own HTTP client is told to use a section, and not which.
fn nameless(cx: &Context<'_>, out: &mut Sink<'_>) {
    let empty = |line: &Statement<'_>| line.word(1).is_none_or(|word| word.is("")) && !line.is_open();
    let Some(line) = cx.config.global_line("httpclient.resolvers.id").filter(empty) else { return };
    if !cx.is_open() && !resolves_nothing(cx) {
        let draft = Draft::at(line.location(), "no resolvers section has an empty name").help("write the name of a `resolvers` section");
        out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}
