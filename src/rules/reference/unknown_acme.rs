//! `reference/unknown-acme`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// A certificate is to be renewed as an `acme` section says that does not exist.
    ///
    /// ## Why
    ///
    /// `acme` behind a certificate of a `crt-store` names the section that says where it is renewed. HAProxy 3.2 and later refuse
    /// the configuration where there is none of that name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     expose-experimental-directives
    ///
    /// acme le
    ///     directory https://acme.example/directory
    ///
    /// crt-store web
    ///     load crt /etc/haproxy/web.pem acme letsencrypt
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// global
    ///     expose-experimental-directives
    ///
    /// acme le
    ///     directory https://acme.example/directory
    ///
    /// crt-store web
    ///     load crt /etc/haproxy/web.pem acme le
    /// ```
    ///
    /// ## Source
    ///
    /// `cfg_postparser_acme()` in acme.c; observed with HAProxy 3.2 to 3.5.
    "reference/unknown-acme", Error, World(check), uses: Acme, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (_, draft) in unknown::unknown(cx, NameKind::Acme) {
        let versions = VersionSet::since(3, 2, 0);
        out.report(draft.stage(Stage::Whole).only(versions).rejected_by(versions));
    }
}
