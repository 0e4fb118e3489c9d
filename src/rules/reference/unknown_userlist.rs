//! `reference/unknown-userlist`.

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `http_auth()` names a userlist that does not exist.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration: there would be nobody to let in. Names of userlists are case-sensitive.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     http-request auth unless { http_auth(admin) }
    ///
    /// userlist admins
    ///     user ann insecure-password secret
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     http-request auth unless { http_auth(admins) }
    ///
    /// userlist admins
    ///     user ann insecure-password secret
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4.
    "reference/unknown-userlist", Error, World(check), uses: Userlist, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    unknown::report(cx, unknown::unknown(cx, NameKind::Userlist), out);
}
