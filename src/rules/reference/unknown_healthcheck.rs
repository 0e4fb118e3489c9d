//! `reference/unknown-healthcheck`.

use crate::{config::ServerOption, finding::Help, nearest::nearest, rules::prelude::*};

rule! {
    /// A server names a `healthcheck` section that does not exist.
    ///
    /// ## Why
    ///
    /// `server … healthcheck NAME` checks the server as the `healthcheck` section of that name says, since HAProxy 3.4. HAProxy
    /// refuses the configuration if no such section is there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4.0
    /// backend app
    ///     server one 192.0.2.1:80 check healthcheck alive
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4.0
    /// healthcheck alive
    ///     type httpchk GET /alive
    ///
    /// backend app
    ///     server one 192.0.2.1:80 check healthcheck alive
    /// ```
    ///
    /// ## Source
    ///
    /// `check_server_tcpcheck()` in HAProxy's tcpcheck.c, observed with 3.4 and 3.5.
    "reference/unknown-healthcheck", Error, World(check), mentions: ["healthcheck"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let mut names = Vec::new();
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::HealthCheck) {
        match section.header().and_then(|header| header.word(1)).and_then(Word::known) {
            Some(name) => names.push(name),
            None => return,
        }
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        for server in &proxy.servers {
            let own = |word: &Word<'_>| server.statement.words().any(|w| w.location == word.location);
            let Some(word) = server.get(ServerOption::Healthcheck).filter(own) else { continue };
            let Some(name) = word.known().filter(|name| !names.contains(name)) else { continue };
            let near = nearest(name, names.iter().copied());
            let help = Help::near(word.location, name, near, || format!("declare it: `healthcheck {name}`, in a section of its own"));
            let draft = Draft::at(word.location, format!("there is no `healthcheck` section `{name}`")).label("no such section");
            out.report(draft.stage(Stage::Whole).help(help).rejected_by(VersionSet::since(3, 4, 0)));
        }
    }
}
