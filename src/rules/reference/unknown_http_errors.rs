//! `reference/unknown-http-errors`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `errorfiles` names an http-errors section that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration. Up to 3.3 the name is looked up in `defaults` only once a proxy inherits it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     errorfiles ours
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// http-errors ours
    ///     errorfile 503 /etc/haproxy/errors/503.http
    ///
    /// frontend web
    ///     bind :80
    ///     errorfiles ours
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5; `proxy_check_http_errors()` in http_htx.c.
    "reference/unknown-http-errors", Error, World(check), uses: HttpErrors, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let proxies = cx.config.proxies.iter().enumerate();
    let inherited: Vec<usize> = proxies.filter(|(at, _)| cx.config.looks_up(Some(*at))).filter_map(|(_, p)| p.defaults()).collect();
    let inherited: rustc_hash::FxHashSet<usize> = inherited.into_iter().collect();
    for (used, draft) in unknown::unknown(cx, NameKind::HttpErrors) {
        let through = used.proxy(cx.config).is_some_and(|p| inherited.contains(&p));
        let looks_up = through || cx.config.looks_up(used.proxy(cx.config));
        let idle = used.proxy(cx.config).map(|p| &cx.config.proxies[p]).filter(|p| p.is_defaults() && p.created && !looks_up);
        if idle.is_some() {
            unknown::idle(draft, out);
        } else {
            out.report(unknown::refused_at_the_end(draft, looks_up));
        }
    }
}
