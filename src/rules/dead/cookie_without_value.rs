//! `dead/cookie-without-value`.

use crate::{
    config::{Mode, ServerOption},
    rules::prelude::*,
};

rule! {
    /// A backend keeps clients on servers by a cookie, and no server has a value for it.
    ///
    /// ## Why
    ///
    /// `cookie NAME insert` says how the cookie is called. What is in it says `cookie VALUE` behind each server. Without one the server
    /// leaves no mark: HAProxy deletes the cookie instead of setting it, and each request goes to another server. HAProxy says nothing
    /// of it.
    ///
    /// Nothing is said of `dynamic`, with which HAProxy makes the values itself, of a backend with one server, and of a `cookie` line
    /// in `defaults`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     cookie SRV insert indirect nocache
    ///     server one 192.0.2.1:80
    ///     server two 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     cookie SRV insert indirect nocache
    ///     server one 192.0.2.1:80 cookie one
    ///     server two 192.0.2.2:80 cookie two
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: `Set-Cookie: SRV=; Expires=Thu, 01-Jan-1970 00:00:01 GMT` without a value,
    /// `Set-Cookie: SRV=one` with one.
    "dead/cookie-without-value", Warning, World(check), about: ["cookie"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend() && p.traffic() == Mode::Http) {
        let Some(line) = proxy.lines(&["cookie"]).last().filter(Statement::is_known) else { continue };
        let made = Options::of(line, 2).has("dynamic");
        let template = proxy.servers.iter().any(|server| server.template);
        let marked = proxy.servers.iter().any(|server| server.open || server.has(ServerOption::Cookie));
        if made || template || marked || proxy.servers.len() < 2 {
            continue;
        }
        let edits =
            proxy.servers.iter().map(|server| Some(Edit::replace(server.statement.end(), format!(" cookie {}", server.name().known()?))));
        let edits: Option<Vec<Edit>> = edits.collect();
        let message =
            format!("no server of {} has a value for the cookie `{}`: clients are not kept on one server", proxy.called(), line.str(1));
        let draft = Draft::at(line.location(), message)
            .label("never set")
            .help("write `cookie VALUE` behind each server, another value for each, or `dynamic` with a `dynamic-cookie-key`");
        out.report(draft.offer_if("use the names of the servers", edits));
    }
}
