//! `reliability/no-inspect-delay`.

use rustc_hash::FxHashSet;

use crate::{
    config::{Mode, Proxy},
    expression::{Places, lookup_acl, lookup_fetch},
    rules::{dead::tcp_fetch_in_http::raw, prelude::*},
};

rule! {
    /// A rule looks at what a client sends, and does not wait for it.
    ///
    /// ## Why
    ///
    /// When a connection comes in, the first bytes may be there or not. `tcp-request inspect-delay` is the time that HAProxy waits for
    /// them; without it rules about the contents are decided at once, and match at random. HAProxy warns of what is tracked or
    /// captured, and says nothing of conditions.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend tls
    ///     mode tcp
    ///     bind :443
    ///     use_backend app if { req.ssl_sni -i app.example }
    ///
    /// backend app
    ///     server one 192.0.2.1:443
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend tls
    ///     mode tcp
    ///     bind :443
    ///     tcp-request inspect-delay 5s
    ///     tcp-request content accept if { req.ssl_hello_type 1 }
    ///     use_backend app if { req.ssl_sni -i app.example }
    ///
    /// backend app
    ///     server one 192.0.2.1:443
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks in action.c, observed with 2.6 and 2.8; the manual, `tcp-request inspect-delay`.
    "reliability/no-inspect-delay", Warning, World(check), about: ["tcp-request", "use_backend"]
}

/// What helps.
const HELP: &str = "add `tcp-request inspect-delay 5s`, and for TLS `tcp-request content accept if { req.ssl_hello_type 1 }`";

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && !p.in_force.open) {
        let waits = |p: &Proxy<'_>| p.lines(&["tcp-request", "inspect-delay"]).any(|line| !line.str(2).starts_with('0'));
        let inherits = || cx.config.ancestors(proxy).any(waits);
        if waits(proxy) || inherits() {
            continue;
        }
        stored(proxy, out);
        if proxy.traffic() == Mode::Tcp {
            asked(proxy, out);
        }
    }
}

/// What is tracked or captured.
fn stored(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    for line in proxy.lines(&["tcp-request", "content"]) {
        let action = line.str(2);
        let Some(word) = line.word(3).filter(|_| action == "capture" || action.starts_with("track-sc")) else { continue };
        let name = word.known().unwrap_or("").split(['(', ',']).next().unwrap_or("");
        let late = lookup_fetch(name).iter().filter(|form| !form.places.meets(Places::TCP_REQUEST_SESSION));
        let versions = late.fold(VersionSet::NONE, |all, form| all | form.versions);
        if !versions.is_empty() {
            out.report(draft(word, proxy).only(versions).warned_by(versions));
        }
    }
}

/// What conditions ask for, in TCP mode: the first of them.
fn asked(proxy: &Proxy<'_>, out: &mut Sink<'_>) {
    let of_request = |text: &str| raw(text) && !text.starts_with("res") && !text.starts_with("rep");
    let acls: FxHashSet<&str> = proxy.lines(&["acl"]).filter(|acl| of_request(criterion(acl.str(2)))).map(|acl| acl.str(1)).collect();
    for line in proxy.section.statements().filter(|line| line.keyword() == "use_backend" || line.starts_with(&["tcp-request", "content"])) {
        if acls.is_empty() && !line.may_contain(b'{') {
            continue;
        }
        let mut before = "";
        let found = line.words().skip_while(|w| !w.is("if") && !w.is("unless")).skip(1).find(|word| {
            let text = word.known().unwrap_or("");
            let begins = matches!(std::mem::replace(&mut before, text), "{" | "!{");
            if begins { of_request(criterion(text)) } else { acls.contains(text.trim_start_matches('!')) }
        });
        if let Some(word) = found {
            out.report(draft(word, proxy));
            return;
        }
    }
}

/// What a criterion fetches: `req.len` of `req_len`.
fn criterion(text: &str) -> &str {
    let name = text.split(['(', ',']).next().unwrap_or("");
    lookup_acl(name).map_or(name, |acl| acl.fetch)
}

fn draft(word: Word<'_>, proxy: &Proxy<'_>) -> Draft {
    let message = format!("`{}` may not be there yet: {} has no `tcp-request inspect-delay`", word.display(), proxy.called());
    Draft::at(word.location, message).label("matches at random").help(HELP).stage(Stage::Whole)
}
