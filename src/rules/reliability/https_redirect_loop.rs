//! `reliability/https-redirect-loop`.

use crate::{
    config::{Guard, Literal, Mode, Proxy, address},
    cut::Cut,
    expression::inclusion::Method,
    rules::{implication::Acls, prelude::*},
    syntax::Lookup,
};

rule! {
    /// Clients are redirected to https where nothing of this configuration speaks TLS.
    ///
    /// ## Why
    ///
    /// `ssl_fc` is about the connection that HAProxy itself takes. Without a `bind` line with `ssl` or QUIC it is never true, and
    /// `redirect scheme https if !{ ssl_fc }` redirects every request. Behind a balancer that ends TLS the client comes back the same
    /// way, and is sent round until its browser gives up. Such a balancer says in a header what the client spoke.
    ///
    /// Where another process of this machine takes the connections to port 443, the redirect does no harm, and the condition is
    /// idle: leave it out to say so.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request redirect scheme https if !{ ssl_fc }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request redirect scheme https if !{ req.hdr(X-Forwarded-Proto) https }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `redirect` and `ssl_fc`; observed with HAProxy 2.6 and 2.8.
    "reliability/https-redirect-loop", Warning, World(check), mentions: ["ssl_fc"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let config = cx.config;
    let listens = config.proxies.iter().any(|p| !p.binds.is_empty());
    if cx.is_open() || !listens || config.proxies.iter().any(takes_tls) {
        return;
    }
    for proxy in config.proxies.iter().filter(|p| p.runs()) {
        let acls = Acls::new(config, proxy.section.index());
        for line in proxy.section.statements().filter(is_redirect) {
            let Guard::Condition(condition) = Guard::of(&line) else { continue };
            let Some(terms) = condition.positive() else { continue };
            let Some(literal) = terms.iter().find_map(|term| loops(&acls, term)) else { continue };
            let message = format!(
                "`{}` never holds, so that this redirects again and again: no `bind` line of this configuration speaks TLS",
                literal.atom
            );
            let draft = Draft::at(line.location(), message)
                .label("behind a balancer that ends TLS, the client is sent round for ever")
                .help("ask for the header of the balancer, `!{ req.hdr(X-Forwarded-Proto) https }`; or add a `bind` line with `ssl`");
            out.report(where_https_leads(draft, cx));
        }
    }
}

/// What becomes of a client that comes to the port of https, as far as the topology says.
fn where_https_leads(draft: Draft, cx: &Context<'_>) -> Draft {
    let published = cx.options.published;
    match published.iter().find(|(outside, _)| *outside == HTTPS) {
        Some((_, inside)) => draft.note(format!("port {HTTPS} leads to port {inside} of this HAProxy: the client comes back to it")),
        None if published.is_empty() => {
            draft.note("where another process takes port 443 the redirect works, and its condition is idle: leave it out")
        }
        None => draft
            .severity(Severity::Info)
            .note("port 443 does not lead here: where something else takes it the redirect works, and its condition is idle"),
    }
}

/// The port of https.
const HTTPS: u16 = 443;

fn is_redirect(line: &Statement<'_>) -> bool {
    let at = usize::from(line.keyword() == "http-request");
    let scheme = || line.after("scheme", at + 1).is_some_and(|word| word.is("https"));
    // To the host that was asked for, in another way.
    let same_host = |word: Word<'_>| {
        let text = word.known().unwrap_or("").to_ascii_lowercase();
        ["https://%[hdr(host)", "https://%[req.hdr(host)", "https://%[base"].iter().any(|start| text.starts_with(start))
    };
    let whole = || ["location", "prefix"].iter().any(|kind| line.after(kind, at + 1).is_some_and(same_host));
    line.str(at) == "redirect" && (scheme() || whole())
}

/// Whether a proxy takes connections that may be of TLS: by itself, or for servers that it only passes them to.
fn takes_tls(proxy: &Proxy<'_>) -> bool {
    let passes = |bind: Word<'_>| {
        let whole = bind.marked().into_owned();
        let port = |range| address::parse(whole.cut(range), &|_| Lookup::Unknown).port;
        address::list(&whole).any(|range| match port(range) {
            address::Port::Fixed(port) => matches!(port, 443 | 8443 | 6443),
            address::Port::Range(from, to) => from <= 443 && to >= 443,
            address::Port::None => false,
            _ => true,
        })
    };
    let bind = |bind: &crate::config::Bind<'_>| {
        let says = |word: Word<'_>| word.known().is_none_or(|text| text == "ssl" || text.starts_with("quic") || text.starts_with("fd@"));
        bind.statement.words().skip(1).any(says) || proxy.traffic() != Mode::Http && bind.address.is_some_and(passes)
    };
    let inspects =
        || proxy.section.statements().any(|s| s.words().filter_map(Word::known).any(|w| w.contains("req.ssl_") || w.contains("req_ssl_")));
    !proxy.disabled && (proxy.binds.iter().any(bind) || inspects())
}

/// The ACL that asks for TLS in a term that holds again when the client comes back.
fn loops<'a, 'r>(acls: &Acls<'_, 'r>, term: &'a [Literal<'r>]) -> Option<&'a Literal<'r>> {
    let tls = term.iter().find(|l| l.negated && asks_for_tls(acls, l))?;
    term.iter().all(|l| l == tls || is_elsewhere(acls, l)).then_some(tls)
}

/// Whether an ACL asks whether HAProxy itself speaks TLS with the client.
fn asks_for_tls<'r>(acls: &Acls<'_, 'r>, literal: &Literal<'r>) -> bool {
    let asked = acls.asked(&literal.atom);
    asked.values().is_some_and(|values| values == ["ssl_fc"]) && asked.lines.iter().any(|q| q.method == Method::True)
}

/// Whether an ACL asks for what is the same the next time round, and says nothing of TLS.
fn is_elsewhere<'r>(acls: &Acls<'_, 'r>, literal: &Literal<'r>) -> bool {
    let same = |value: &&str| {
        let fetch = value.split(['(', ',']).next().unwrap_or("");
        matches!(fetch, "path" | "pathq" | "query" | "method" | "base" | "req.cook") || value.starts_with("req.hdr(host")
    };
    acls.asked(&literal.atom).values().is_some_and(|values| values.iter().all(same))
}
