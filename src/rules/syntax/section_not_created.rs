//! `syntax/section-not-created`.

use crate::rules::prelude::*;

rule! {
    /// A word behind the name keeps HAProxy from creating the proxy.
    ///
    /// ## Why
    ///
    /// Behind the name of a proxy only `from NAME` may follow. `backend app main` creates no proxy, and HAProxy says nothing of
    /// the line itself: it refuses every line below it instead, with `'listen' or 'defaults' expected`. `frontend web :80` is
    /// the old way to write a listening address; there it prints an alert as well.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=syntax/keyword-without-proxy
    /// backend app main
    ///     server a 10.0.0.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server a 10.0.0.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/section-not-created", Error, World(check)
}

/// Where an address behind the name of a frontend is refused for itself; elsewhere it is only an alert.
const FATAL_ADDRESS: VersionSet = VersionSet::since(3, 4, 0).or(VersionSet::branch_since(2, 8, 25));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| !p.created) {
        let Some(header) = proxy.section.header else { continue };
        let Some(extra) = header.word(2) else { continue };
        let keyword = proxy.section.kind.keyword();
        let name = proxy.name();
        let draft = Draft::at(extra.location, format!("this word keeps HAProxy from creating `{keyword} {name}`"));
        let draft = draft.label("only `from NAME` may follow the name");
        out.report(if extra.is("from") {
            draft.help("name the `defaults` section behind `from`, or delete the word")
        } else if proxy.is_frontend() {
            let draft = draft.help(format!("write `bind {}` on a line of its own", extra.display()));
            draft.rejected_by(FATAL_ADDRESS).alerted_by(FATAL_ADDRESS.complement())
        } else {
            draft.help(format!("delete it, or write `from {}` if that is its `defaults` section", extra.display()))
        });
    }
}
