//! `security/cookie-flags`.

use crate::rules::prelude::*;

rule! {
    /// A cookie that HAProxy sets can be read by scripts, or goes out unencrypted.
    ///
    /// ## Why
    ///
    /// The cookie of `cookie NAME insert` says which server a client is on. Without `httponly` every script of the page reads it, and
    /// without `secure` a browser sends it by plain HTTP too, where it can be seen and changed. Neither opens a door by itself; scanners
    /// ask for both. `secure` is asked for where clients come by TLS alone: elsewhere the cookie would be lost.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/cookie-flags
    /// backend app
    ///     mode http
    ///     cookie SRV insert indirect nocache
    ///     server one 192.0.2.1:80 cookie one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/cookie-flags
    /// backend app
    ///     mode http
    ///     cookie SRV insert indirect nocache httponly secure
    ///     server one 192.0.2.1:80 cookie one
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `cookie`; RFC 6265, 4.1.2.
    "security/cookie-flags", Info, World(check), about: ["cookie"], quiet: true, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let tls = by_tls_alone(cx);
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        for line in proxy.lines(&["cookie"]).filter(Statement::is_known) {
            let has = |flag: &str| Options::of(line, 2).has(flag);
            if !has("insert") {
                continue;
            }
            let mut missing: Vec<&str> = Vec::new();
            missing.extend((!has("httponly")).then_some("httponly"));
            missing.extend((!has("secure") && tls).then_some("secure"));
            if missing.is_empty() {
                continue;
            }
            let names: Vec<String> = missing.iter().map(|flag| format!("`{flag}`")).collect();
            let draft = Draft::at(line.location(), format!("the cookie `{}` is set without {}", line.str(1), names.join(" and ")))
                .label("can be read by others")
                .help(format!("write {} at the end of the line", names.join(" and ")))
                .offer("add what is missing", vec![Edit::replace(line.end(), format!(" {}", missing.join(" ")))]);
            out.report(draft);
        }
    }
}

/// Whether all clients come by TLS.
fn by_tls_alone(cx: &Context<'_>) -> bool {
    let mut binds = cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()).flat_map(|p| &p.binds).peekable();
    binds.peek().is_some() && binds.all(|bind| bind.options().has("ssl"))
}
