//! `syntax/section-not-created`.

use crate::rules::prelude::*;

rule! {
    /// A word behind the name keeps HAProxy from creating the proxy.
    ///
    /// ## Why
    ///
    /// Behind the name of a proxy only `from NAME` may follow. `backend app main` creates no proxy, and HAProxy says nothing of
    /// the line itself: it refuses every line below it instead, with `'listen' or 'defaults' expected`. `frontend web :80` is
    /// the old way to write a listening address; there it prints an alert as well. Behind `from` a name has to follow.
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

/// Where a word too many behind the name of a frontend is refused for itself; elsewhere it is only an alert.
const FATAL_ADDRESS: VersionSet = VersionSet::since(3, 3, 0).or(VersionSet::branch_since(2, 8, 25));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in &cx.config.proxies {
        let Some(header) = proxy.section.header() else { continue };
        let keyword = proxy.section.kind.keyword();
        let draft = |extra: Word<'_>| {
            let message = format!("this word keeps HAProxy from creating `{}`", proxy.title());
            Draft::at(extra.location, message).label("only `from NAME` may follow the name")
        };
        match (header.word(2), header.word(4)) {
            (Some(from), _) if proxy.is_defaults() && from.is("from") && header.len() == 3 => {
                out.report(draft(from).help("name another `defaults` section behind `from`, or delete the word").aborts(VersionSet::ALL));
            }
            (_, Some(extra)) if !proxy.created && header.str(2) == "from" => {
                out.report(
                    draft(extra).help(format!("delete it; `{keyword} NAME from NAME` is all there can be")).rejected_by(VersionSet::ALL),
                );
            }
            (Some(extra), _) if !proxy.created => {
                let draft = draft(extra).help(if extra.is("from") {
                    "name the `defaults` section behind `from`, or delete the word".to_owned()
                } else if proxy.is_frontend() {
                    format!("write `{}` on a line of its own", bind(&header))
                } else {
                    format!("delete it, or write `from {}` if that is its `defaults` section", extra.display())
                });
                // HAProxy takes it for a listening address, whatever it is.
                let old = |d: Draft| d.rejected_by(FATAL_ADDRESS).alerted_by(FATAL_ADDRESS.complement());
                out.report(if proxy.is_frontend() { old(draft) } else { draft });
            }
            _ => {}
        }
    }
}

/// The `bind` line that the words behind the name were meant to be: an address, which has no scheme and no path, or all of it.
fn bind(header: &Statement<'_>) -> String {
    let rest: Vec<String> = header.words().skip(2).map(|word| word.display().into_owned()).collect();
    if rest.first().is_some_and(|word| word == "bind") && rest.len() > 1 {
        return rest.join(" ");
    }
    let address = rest.first().map_or("", String::as_str);
    let address = address.split_once("://").map_or(address, |(_, rest)| rest.split('/').next().unwrap_or(rest));
    format!("bind {address}")
}
