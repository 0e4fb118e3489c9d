//! `syntax/missing-section-name`.

use crate::{rules::prelude::*, syntax::Naming};

rule! {
    /// A section has no name.
    ///
    /// ## Why
    ///
    /// Nearly all sections have to be named, since others refer to them. HAProxy stops at one without a name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend
    ///     bind :80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/missing-section-name", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind.spec().naming == Naming::Required) {
        let Some(header) = section.header.filter(|h| h.len() == 1) else { continue };
        let keyword = section.kind.keyword();
        let draft = Draft::at(header.location(), format!("this `{keyword}` has no name")).label("HAProxy stops here");
        out.report(draft.help(format!("write `{keyword} NAME`")).aborts(section.kind.spec().versions));
    }
}
