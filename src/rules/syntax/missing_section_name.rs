//! `syntax/missing-section-name`.

use crate::{rules::prelude::*, syntax::Naming};

rule! {
    /// A section has no name.
    ///
    /// ## Why
    ///
    /// Nearly all sections have to be named, since others refer to them. HAProxy refuses one without a name, and reads
    /// nothing behind most of them.
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
        let Some(header) = section.header().filter(|h| h.word(1).is_none_or(|w| w.is(""))) else { continue };
        let spec = section.kind.spec();
        // From 3.3 on an empty word is refused before anybody looks at the section.
        let versions = if header.len() == 1 { spec.versions } else { spec.versions & VersionSet::before(3, 3, 0) };
        let draft = Draft::at(header.location(), format!("this `{}` has no name", spec.keyword)).label("a name must follow");
        let draft = draft.help(format!("write `{} NAME`", spec.keyword)).only(versions);
        let goes_on = matches!(section.kind, SectionKind::Userlist | SectionKind::Ring | SectionKind::FcgiApp | SectionKind::Acme);
        out.report(if goes_on { draft.rejected_by(versions) } else { draft.aborts(versions) });
    }
}
