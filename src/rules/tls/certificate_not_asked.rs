//! `tls/certificate-not-asked`.

use memchr::memmem::Finder;
use rustc_hash::FxHashSet;

use crate::{
    config::{Bind, Proxy},
    rules::{
        criteria::{Criterion, criteria},
        prelude::*,
    },
};

rule! {
    /// A condition speaks of the certificate of a client, and no `bind` line asks clients for one.
    ///
    /// ## Why
    ///
    /// Clients show a certificate only where `verify optional` or `verify required` asks for it; `ca-file` alone does not. Without one
    /// `ssl_c_used` never holds, so who denies what comes without a certificate denies everything, and `ssl_c_s_dn` and its kin match
    /// nothing. `ssl_c_verify` is 0, which means that nothing was wrong: who lets in what has `{ ssl_c_verify 0 }` lets in everybody.
    ///
    /// Conditions that ask for `ssl_c_used` as well, as those do that are written for frontends of both kinds, are left alone.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/clients.pem
    ///     timeout client 30s
    ///     http-request deny if { path_beg /internal } !{ ssl_c_used }
    ///     http-request set-header X-Verified yes if { ssl_c_verify 0 }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem verify none
    ///     timeout client 30s
    ///     acl known ssl_c_used
    ///     http-request deny unless known
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem ca-file /etc/haproxy/clients.pem verify optional
    ///     timeout client 30s
    ///     http-request deny if { path_beg /internal } !{ ssl_c_used }
    ///     http-request set-header X-Verified yes if { ssl_c_used } { ssl_c_verify 0 }
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt /etc/haproxy/site.pem
    ///     timeout client 30s
    ///     http-request set-header X-Verified yes if { ssl_c_used } { ssl_c_verify 0 }
    ///     http-request set-header X-Name %{+Q}[ssl_c_s_dn(cn)] if { ssl_c_used }
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
    /// HAProxy manual, `verify` of `bind` lines; `ssl_c_verify` without a certificate observed with 2.8 and 3.0.
    "tls/certificate-not-asked", Warning, World(check), mentions: ["ssl_c_", "ssl_fc_has_crt"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let sign = Finder::new("ssl_");
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && asks_nobody(p)) {
        let all = criteria(&proxy.section, &sign);
        let asked = Asked::of(proxy, &all);
        for criterion in all.iter().filter(|c| asked.in_vain(c)) {
            out.report(draft(proxy, criterion.word));
        }
    }
}

/// Whether a frontend ends TLS, and none of its lines asks for a certificate.
fn asks_nobody(proxy: &Proxy<'_>) -> bool {
    let silent = |bind: &Bind<'_>| {
        let known = bind.statement.words().skip(2).all(|word| word.known().is_some());
        // Each certificate of a list may ask for itself, and sockets of other kinds are fed by other sections.
        let own = bind.address.and_then(Word::known).is_some_and(|text| !text.contains(['@', '/']));
        let verify = bind.options().value("verify").and_then(Word::known);
        known && own && !bind.options().has("crt-list") && verify.is_none_or(|how| how == "none")
    };
    !proxy.in_force.open && proxy.binds.iter().any(|bind| bind.options().has("ssl")) && proxy.binds.iter().all(silent)
}

/// The fetch of a criterion.
fn fetch<'c>(criterion: &Criterion<'c>) -> &'c str {
    criterion.word.known().unwrap_or("").split(['(', ',']).next().unwrap_or("")
}

/// Whether a fetch says whether there is a certificate.
fn is_of_use(name: &str) -> bool {
    matches!(name, "ssl_c_used" | "ssl_fc_has_crt")
}

/// Whether a line turns away what it is about.
fn denies(line: Statement<'_>) -> bool {
    line.words().take(4).any(|w| w.known().is_some_and(|text| matches!(text, "deny" | "reject")))
}

/// What a frontend asks about certificates, and where.
#[derive(Default)]
struct Asked<'r> {
    /// Whether an ACL says whether there is one, or any condition does.
    by_acl: bool,
    anywhere: bool,
    /// The lines whose conditions say so.
    lines: FxHashSet<Location>,
    /// The ACLs without which a line turns away what it is about.
    needed: FxHashSet<&'r str>,
}

impl<'r> Asked<'r> {
    fn of(proxy: &Proxy<'r>, all: &[Criterion<'r>]) -> Self {
        let mut asked = Self::default();
        for line in all.iter().filter(|criterion| is_of_use(fetch(criterion))).map(|criterion| criterion.line) {
            asked.anywhere = true;
            asked.by_acl |= line.keyword() == "acl";
            asked.lines.insert(line.location());
        }
        let denying = proxy.section.statements().filter(|line| asked.by_acl && denies(*line));
        asked.needed = denying.flat_map(needed).collect();
        asked
    }

    /// Whether a condition is never met, or always, and was not written for that very case.
    fn in_vain(&self, criterion: &Criterion<'r>) -> bool {
        let (line, name) = (criterion.line, fetch(criterion));
        let is_acl = line.keyword() == "acl";
        if is_of_use(name) {
            let unless = line.words().any(|w| w.is("unless"));
            let denied = || line.word(1).and_then(Word::known).is_some_and(|name| self.needed.contains(name));
            return if is_acl { denied() } else { criterion.negated != unless && denies(line) };
        }
        let beside = if is_acl { self.anywhere } else { self.lines.contains(&line.location()) };
        // An ACL says elsewhere whether there is one.
        name.starts_with("ssl_c_") && !beside && !self.by_acl
    }
}

/// The ACLs that must hold for a line that denies to let something through.
fn needed<'r>(line: Statement<'r>) -> Vec<&'r str> {
    let unless = line.words().any(|w| w.is("unless"));
    line.words().filter_map(|word| if unless { word.known() } else { word.known()?.strip_prefix('!') }).collect()
}

fn draft(proxy: &Proxy<'_>, word: Word<'_>) -> Draft {
    let name = word.known().unwrap_or("").split(['(', ',']).next().unwrap_or("");
    let what = match name {
        "ssl_c_verify" | "ssl_c_err" | "ssl_c_ca_err" => "is 0 whoever connects",
        _ if is_of_use(name) => "never holds",
        _ => "matches nothing",
    };
    Draft::at(word.location, format!("`{}` {what}: no `bind` line of {} asks clients for a certificate", word.display(), proxy.called()))
        .label("nobody shows one here")
        .help("add `verify optional` or `verify required`, with `ca-file FILE`, to the `bind` line; or ask for `ssl_c_used` as well")
}
