//! `tls/fetch-without-tls`.

use memchr::memmem::Finder;

use crate::{
    config::{Bind, Mode, Proxy},
    rules::{
        criteria::{Criterion, criteria},
        prelude::*,
    },
};

rule! {
    /// A condition asks for the TLS of a client's connection, which HAProxy does not end here.
    ///
    /// ## Why
    ///
    /// `ssl_fc_sni`, `ssl_c_s_dn` and their kin speak of TLS that HAProxy itself has ended. Where no `bind` line of a frontend has `ssl`
    /// they hold nothing and match nothing. TLS that only passes through a frontend in TCP mode is looked into with `req.ssl_sni`.
    /// Who denies what comes without a certificate denies everything.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend passed
    ///     mode tcp
    ///     bind :443
    ///     tcp-request inspect-delay 5s
    ///     tcp-request content accept if { req.ssl_hello_type 1 }
    ///     use_backend app if { ssl_fc_sni app.example.com }
    ///
    /// backend app
    ///     mode tcp
    ///     server one 192.0.2.1:443
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request deny unless { ssl_c_used }
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
    /// frontend passed
    ///     mode tcp
    ///     bind :443
    ///     tcp-request inspect-delay 5s
    ///     tcp-request content accept if { req.ssl_hello_type 1 }
    ///     use_backend app if { req.ssl_sni app.example.com }
    ///
    /// backend app
    ///     mode tcp
    ///     server one 192.0.2.1:443
    /// ```
    ///
    /// What a frontend without TLS says of it for the sake of another one is no mistake:
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-header X-Verified no unless { ssl_c_verify 0 }
    ///     http-request set-header X-Name %[ssl_c_s_dn(cn)]
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, the chapter on fetching samples at the session layer.
    "tls/fetch-without-tls", Warning, World(check), mentions: ["ssl_c_", "ssl_f_", "ssl_fc_"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let sign = Finder::new("ssl_");
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && is_without_tls(cx, p)) {
        for criterion in criteria(&proxy.section, &sign).iter().filter(|c| is_in_vain(c)) {
            out.report(draft(proxy, criterion.word));
        }
        let names = proxy.lines(&["use_backend"]).filter_map(|line| line.word(1));
        names.filter(|name| name.known().is_some_and(|text| text.contains("%[ssl_fc_sni"))).for_each(|name| out.report(draft(proxy, name)));
    }
}

/// Whether every connection of a frontend is known to come without TLS, and without anybody who tells of it.
fn is_without_tls(cx: &Context<'_>, proxy: &Proxy<'_>) -> bool {
    let told = |p: &Proxy<'_>| p.section.statements().any(|s| s.words().any(|w| w.known().is_none_or(|text| text == "expect-proxy")));
    let plain = !proxy.binds.is_empty() && !proxy.in_force.open && proxy.binds.iter().all(is_plain);
    plain && !std::iter::once(proxy).chain(cx.config.ancestors(proxy)).any(told)
}

/// Sockets of other kinds are fed by other sections, and PROXY headers bring facts of their own.
fn is_plain(bind: &Bind<'_>) -> bool {
    let address = bind.statement.word(1).and_then(Word::known).is_some_and(|text| !text.contains(['@', '/']));
    let says = |word: Word<'_>| word.known().is_some_and(|text| text == "ssl" || text.starts_with("accept-"));
    address && bind.statement.is_known() && !bind.options().words().any(says)
}

/// Whether what is asked for is never there, and the line is not for that very case.
fn is_in_vain(criterion: &Criterion<'_>) -> bool {
    let name = criterion.word.known().unwrap_or("").split(['(', ',']).next().unwrap_or("");
    let line = &criterion.line;
    let wants = criterion.negated == line.words().any(|w| w.is("unless"));
    let denies = || line.words().take(4).any(|w| w.known().is_some_and(|text| matches!(text, "deny" | "reject")));
    match name {
        "ssl_c_used" | "ssl_fc_has_crt" => !wants && denies(),
        _ if name.starts_with("ssl_fc_has_") || name.starts_with("ssl_fc_is_") || name.starts_with("ssl_fc_e") => false,
        _ if name.starts_with("ssl_c_") || name.starts_with("ssl_f_") || name.starts_with("ssl_fc_") => wants || denies(),
        _ => false,
    }
}

fn draft(proxy: &Proxy<'_>, word: Word<'_>) -> Draft {
    let message = format!("`{}` matches nothing in {}: no `bind` line of it has `ssl`", word.display(), proxy.called());
    let of_name = word.known().is_some_and(|text| text.contains("ssl_fc_sni"));
    let help = match proxy.traffic() {
        Mode::Tcp if of_name => "write `req.ssl_sni`, which looks into TLS that passes through, behind a `tcp-request inspect-delay`",
        _ if of_name => "compare `req.hdr(host)`, or add `ssl crt FILE` to the `bind` line",
        _ => "add `ssl crt FILE` to the `bind` line, with `ca-file FILE verify …` for certificates of clients; or take the condition out",
    };
    Draft::at(word.location, message).label("HAProxy ends no TLS here").help(help)
}
