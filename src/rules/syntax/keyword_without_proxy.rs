//! `syntax/keyword-without-proxy`.

use crate::rules::prelude::*;

rule! {
    /// A line belongs to a proxy that HAProxy does not create.
    ///
    /// ## Why
    ///
    /// Where the header of a proxy has a word too many, HAProxy creates no proxy, and refuses each line below the header. The
    /// header is what has to be mended; see `syntax/section-not-created`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=syntax/section-not-created
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
    "syntax/keyword-without-proxy", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| !p.created) {
        for statement in proxy.section.statements() {
            let message = format!("`{}` belongs to a proxy that is not created", statement.keyword());
            let draft = Draft::at(statement.location(), message).label("no proxy here").help("mend the header of the section");
            out.report(draft.rejected_by(VersionSet::ALL).consequence());
        }
    }
}
