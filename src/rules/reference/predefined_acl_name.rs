//! `reference/predefined-acl-name`.

use crate::rules::{
    prelude::*,
    reference::unknown_acl::{predefined_in, predefining},
};

rule! {
    /// An ACL has the name of one that HAProxy predefines.
    ///
    /// ## Why
    ///
    /// `TRUE`, `LOCALHOST`, `METH_GET` and some more are there without an `acl` line. A section that declares one of them
    /// itself hides HAProxy's, in that section only: whoever knows the predefined one reads the conditions wrongly.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     acl LOCALHOST src 10.0.0.0/8
    ///     http-request deny unless LOCALHOST
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     acl is_internal src 10.0.0.0/8
    ///     http-request deny unless is_internal
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 7.4.
    "reference/predefined-acl-name", Info, World(check), about: ["acl"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    // Most configurations have thousands of ACLs and write none of these names.
    if !predefined_in(VersionSet::ALL).any(|name| cx.config.reading.may_be_written(name)) {
        return;
    }
    let declared = cx.config.names.acls().filter_map(|same| same.first()).filter(|d| !predefining(d.name()).is_empty());
    let mut found: Vec<_> = declared.map(|d| (d.name(), d.location())).collect();
    found.sort_by_key(|(_, location)| (location.file.0, location.span.start));
    for (name, location) in found {
        let draft = Draft::at(location, format!("`{name}` is the name of a predefined ACL, which this one hides")).only(predefining(name));
        out.report(draft.label("means something else elsewhere").help("give it another name"));
    }
}
