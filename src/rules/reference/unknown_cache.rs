//! `reference/unknown-cache`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// A cache is used that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses `cache-use`, `cache-store` and `filter cache` with the name of a cache that no `cache` section
    /// declares.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     http-request cache-use pictures
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// cache pictures
    ///     total-max-size 64
    ///
    /// backend app
    ///     mode http
    ///     http-request cache-use pictures
    ///     http-response cache-store pictures
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4.
    "reference/unknown-cache", Error, World(check), uses: Cache, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (used, draft) in unknown::unknown(cx, NameKind::Cache) {
        out.report(unknown::refused_at_the_end(draft, cx.config.looks_up(used.proxy(cx.config))));
    }
}
