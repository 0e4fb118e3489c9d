//! `reference/unknown-certificate`.

use rustc_hash::FxHashSet;

use crate::rules::{
    certificates::{stored, wanted},
    prelude::*,
    unknown::Hints,
};

rule! {
    /// A line names a certificate that no `crt-store` loads.
    ///
    /// ## Why
    ///
    /// `@STORE/NAME` is the certificate that the section `crt-store STORE` loads with `alias NAME`, or from a file of that name.
    /// Where there is none HAProxy looks for a file that is really called `@STORE/NAME`, and refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// crt-store web
    ///     load crt /etc/haproxy/site.pem alias site
    ///
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt @web/sites
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// crt-store web
    ///     load crt /etc/haproxy/site.pem alias site
    ///
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt @web/site
    /// ```
    ///
    /// ## Source
    ///
    /// `crtstore_parse_load()` in ssl_ckch.c; observed with HAProxy 3.0 to 3.5.
    "reference/unknown-certificate", Error, World(check), mentions: ["@"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Before 3.0 there are no stores, and this is the name of a file.
    let versions = VersionSet::since(3, 0, 0);
    if cx.is_open() || !cx.config.reading.world.versions.meets(versions) {
        return;
    }
    let Some(stored) = stored(cx) else { return };
    let names: Vec<&str> = stored.iter().map(|s| s.name.as_str()).filter(|name| name.starts_with('@')).collect();
    let loaded: FxHashSet<&str> = names.iter().copied().collect();
    let mut hints = Hints::new();
    for (_, word, name) in wanted(cx) {
        if !loaded.contains(name) {
            let message = format!("no `crt-store` loads `{name}`");
            let help = hints.help(word.location, name, &names, "load it in a `crt-store` section");
            let draft = Draft::at(word.location, message).label("this certificate does not exist").help(help);
            out.report(draft.only(versions).rejected_by(versions));
        }
    }
}
