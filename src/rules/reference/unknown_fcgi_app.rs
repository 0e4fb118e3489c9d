//! `reference/unknown-fcgi-app`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `use-fcgi-app` names an application that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration if no `fcgi-app` section has this name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend php
    ///     mode http
    ///     use-fcgi-app php-fmp
    ///     server fpm 192.0.2.1:9000 proto fcgi
    ///
    /// fcgi-app php-fpm
    ///     docroot /srv/www
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend php
    ///     mode http
    ///     use-fcgi-app php-fpm
    ///     server fpm 192.0.2.1:9000 proto fcgi
    ///
    /// fcgi-app php-fpm
    ///     docroot /srv/www
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4.
    "reference/unknown-fcgi-app", Error, World(check), uses: FcgiApp, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::FcgiApp) {
        let backend = used.proxy(cx.config).is_some_and(|p| cx.config.proxies[p].is_backend());
        out.report(unknown::refused_at_the_end(draft, backend && cx.config.looks_up(used.proxy(cx.config))));
    }
}
