//! `order/certificate-before-store`.

use rustc_hash::FxHashMap;

use crate::rules::{
    certificates::{stored, wanted},
    prelude::*,
};

rule! {
    /// A `bind` line names a certificate that a `crt-store` section further down loads.
    ///
    /// ## Why
    ///
    /// HAProxy reads from top to bottom, and loads the certificates of a `bind` line as it comes to it. What a store has is known from
    /// its `load` line on; above it `@STORE/NAME` is the name of a file, which is not there, and HAProxy refuses the configuration.
    /// Servers load theirs at the end, and may stand above.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt @web/site
    ///
    /// crt-store web
    ///     load crt /etc/haproxy/site.pem alias site
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
    /// Observed with HAProxy 3.0, 3.2 and 3.4.
    "order/certificate-before-store", Error, World(check), about: ["crt-store"], mentions: ["@"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Before 3.0 there are no stores.
    let versions = VersionSet::since(3, 0, 0);
    if cx.is_open() {
        return;
    }
    let place = |at: Location| (at.file.0, at.span.start);
    let stored = stored(cx).unwrap_or_default();
    let mut first: FxHashMap<&str, Location> = FxHashMap::default();
    for certificate in &stored {
        first.entry(&certificate.name).or_insert(certificate.location);
    }
    for (_, word, name) in wanted(cx).filter(|(line, ..)| line.keyword() == "bind") {
        let Some(load) = first.get(name).filter(|load| place(word.location) < place(**load)) else { continue };
        let draft = Draft::at(word.location, format!("`{name}` is not loaded yet: its `crt-store` stands further down"))
            .label("not known here")
            .also(*load, "it is loaded here")
            .help("move the `crt-store` section above this one");
        out.report(draft.only(versions).rejected_by(versions));
    }
}
