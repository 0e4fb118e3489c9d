//! `security/open-redirect`.

use crate::{
    config::Proxy,
    rules::{clients, prelude::*},
};

rule! {
    /// A redirect goes wherever the request says.
    ///
    /// ## Why
    ///
    /// A link to your own site that leads on to any other is what phishing is made of, and what steals the tokens of a login. A value
    /// that is looked up in a map, or that a condition of the line looks at, is no such thing, and neither is the `Host` header, which
    /// a link cannot set.
    ///
    /// A path can name a host, too: who asks for `//www.example.net/` is sent to `www.example.net` by a `location` that begins with the
    /// path. A condition on the path, or `normalize-uri path-merge-slashes` above, keeps that from happening.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/open-redirect
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request redirect location %[url_param(next)] if { path /logout }
    /// ```
    ///
    /// ```haproxy bad select=security/open-redirect
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request redirect location %[path]/ if { query -m found }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/open-redirect
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request redirect location %[url_param(next)] if { path /logout } { url_param(next) -m beg https://www.example.org/ }
    ///     http-request redirect prefix https://%[req.hdr(host)] unless { ssl_fc }
    ///     http-request redirect location %[path,regsub(^/+,/)]/ if { query -m found }
    /// ```
    ///
    /// ## Source
    ///
    /// CWE-601; tried with HAProxy 2.6 and 2.8.
    "security/open-redirect", Warning, World(check), mentions: ["redirect"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        for line in proxy.section.statements().filter(|line| line.keyword() == "redirect" || line.str(1) == "redirect") {
            let Some(target) = line.after("location", 1).or_else(|| line.after("prefix", 1)) else { continue };
            if let Some(name) = target.known().and_then(clients::path).filter(|_| line.after("location", 1).is_some()) {
                out.report_all(of_path(cx, proxy, &line, target.location, name));
            }
            let Some(value) = target.known().and_then(|text| clients::format(text, false)) else { continue };
            if value.to_ascii_lowercase().contains("host") || !clients::is_free(cx, proxy, &line, value) {
                continue;
            }
            let draft = Draft::at(target.location, format!("who makes the link says where this redirect goes: `{value}`"))
                .label("any address")
                .help(format!("add a condition on it, such as `{{ {value} -m beg https://www.example.org/ }}`, or look it up in a map"));
            out.report(draft);
        }
    }
}

/// A location that begins with a path, which may begin with the name of a host.
fn of_path(cx: &Context<'_>, proxy: &Proxy<'_>, line: &Statement<'_>, at: Location, name: &str) -> Option<Draft> {
    let merged = proxy.lines(&["http-request", "normalize-uri", "path-merge-slashes"]).any(|l| l.location().span.start < at.span.start);
    let looked_at = ["path", "url", "uri", "base"].iter().any(|value| !clients::is_free(cx, proxy, line, value));
    if merged || looked_at {
        return None;
    }
    let message = format!("who asks for `//www.example.net/` is sent to that host: this location begins with `{name}`");
    let help = "write the host before it, or `%[path,regsub(^/+,/)]`, or `http-request normalize-uri path-merge-slashes` above";
    Some(Draft::at(at, message).label("may begin with `//`").help(help))
}
