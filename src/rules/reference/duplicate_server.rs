//! `reference/duplicate-server`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// Two servers of a backend have the same name.
    ///
    /// ## Why
    ///
    /// Statistics, `use-server`, cookies and the state file know servers by their name, so HAProxy refuses a section
    /// in which two share one. 3.4.0 overlooks some of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     server one 192.0.2.1:80
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4.
    "reference/duplicate-server", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (at, proxy) in cx.config.proxies.iter().enumerate().filter(|(_, p)| p.is_backend()) {
        for server in proxy.servers.iter().filter(|s| !s.template) {
            let Some(name) = server.name.known() else { continue };
            let [first, _, ..] = cx.config.names.find(NameKind::Server, Some(proxy.section.index), name) else { continue };
            if first.word.location == server.name.location {
                continue;
            }
            let draft = Draft::at(server.name.location, format!("`{}` has two servers named `{name}`", proxy.title()))
                .label("this name is taken")
                .help("give each server of the section a name of its own")
                .also(first.word.location, "the first server of this name");
            out.report(unknown::wrong_at_the_end(draft, cx.config.looks_up(Some(at))));
        }
    }
}
