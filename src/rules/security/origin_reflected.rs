//! `security/origin-reflected`.

use crate::{
    config::Proxy,
    rules::{clients, prelude::*},
};

rule! {
    /// Every site may read answers with the cookies of its visitors.
    ///
    /// ## Why
    ///
    /// `Access-Control-Allow-Origin` with whatever `Origin` the browser sent, and `Access-Control-Allow-Credentials: true` beside it,
    /// let the script of any page ask this site in the name of who looks at that page, and read the answer. Browsers refuse `*` there
    /// for this very reason.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/origin-reflected
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request set-var(txn.origin) req.hdr(Origin)
    ///     http-response set-header Access-Control-Allow-Origin %[var(txn.origin)]
    ///     http-response set-header Access-Control-Allow-Credentials true
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/origin-reflected
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request set-var(txn.origin) req.hdr(Origin)
    ///     http-response set-header Access-Control-Allow-Origin %[var(txn.origin)] if { var(txn.origin) -m str https://app.example.org }
    ///     http-response set-header Access-Control-Allow-Credentials true
    /// ```
    ///
    /// ## Source
    ///
    /// Fetch standard, CORS protocol and credentials; CWE-942.
    "security/origin-reflected", Warning, World(check), about: ["http-response", "http-after-response"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        let Some(credentials) = headers(proxy, "access-control-allow-credentials").find(|line| line.str(3) == "true") else { continue };
        for line in headers(proxy, "access-control-allow-origin") {
            let Some(word) = line.word(3) else { continue };
            let Some(value) = word.known().and_then(|text| text.strip_prefix("%[")?.strip_suffix(']')) else { continue };
            let Some(from) = origin(cx, proxy, value) else { continue };
            if clients::is_free(cx, proxy, &line, value) && clients::is_free(cx, proxy, &line, "origin") {
                let draft = Draft::at(word.location, "scripts of every site may read what this answers to those who are logged in")
                    .label("the `Origin` of the request, whichever it is")
                    .also(credentials.location(), "with cookies")
                    .also(from.location(), "taken from the request");
                out.report(draft.help("add a condition that names the sites, or look the origin up in a map"));
            }
        }
    }
}

/// The lines that set a header of the answer.
fn headers<'r>(proxy: &Proxy<'r>, name: &'static str) -> impl Iterator<Item = Statement<'r>> {
    let answers = |line: &Statement<'_>| matches!(line.keyword(), "http-response" | "http-after-response");
    let sets = |line: &Statement<'_>| matches!(line.str(1), "set-header" | "add-header");
    proxy.section.statements().filter(move |line| answers(line) && sets(line) && line.str(2).eq_ignore_ascii_case(name))
}

/// The line that takes the `Origin` of the request into what `value` shows, without looking at it.
fn origin<'r>(cx: &Context<'r>, proxy: &Proxy<'r>, value: &str) -> Option<Statement<'r>> {
    let is_origin = |text: &str| clients::written(text).is_some_and(|fetch| fetch.to_ascii_lowercase().ends_with("hdr(origin)"));
    if let Some(variable) = value.strip_prefix("var(").and_then(|rest| rest.strip_suffix(')')) {
        let action = format!("set-var({variable})");
        let mut sets = proxy.section.statements().filter(|line| line.str(1) == action || line.str(2) == action);
        let set = sets.next().filter(|_| sets.next().is_none())?;
        let from = set.word(if set.str(1) == action { 2 } else { 3 })?.known()?;
        return (is_origin(from) && clients::is_free(cx, proxy, &set, "origin")).then_some(set);
    }
    let slot: usize = value.strip_prefix("capture.req.hdr(")?.strip_suffix(')')?.parse().ok()?;
    let capture = proxy.lines(&["capture", "request", "header"]).nth(slot)?;
    capture.str(3).eq_ignore_ascii_case("origin").then_some(capture)
}
