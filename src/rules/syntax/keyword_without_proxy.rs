//! `syntax/keyword-without-proxy`.

use crate::{catalog::Fact, rules::prelude::*};

rule! {
    /// A line belongs to a proxy that HAProxy does not create.
    ///
    /// ## Why
    ///
    /// Where the header of a proxy has a word too many, HAProxy creates no proxy, and refuses each line below the header. The
    /// header is what has to be mended; see `syntax/section-not-created`. From 3.3 on a header with an empty word is passed over,
    /// and the lines below it are taken for lines of the section above.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=syntax/section-not-created
    /// backend app main
    ///     server a 10.0.0.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     server a 10.0.0.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "syntax/keyword-without-proxy", Error, World(check)
}

/// The versions that pass over the header of a section where a word of it is empty.
const SKIPPED: VersionSet = VersionSet::since(3, 3, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.config.reading.world.versions.meets(SKIPPED) {
        behind_skipped_headers(cx, out);
    }
    for proxy in cx.config.proxies.iter().filter(|p| !p.created) {
        for statement in proxy.section.statements() {
            let message = format!("`{}` belongs to a proxy that is not created", statement.keyword());
            let draft = Draft::at(statement.location(), message).label("no proxy here").help("mend the header of the section");
            out.report(draft.rejected_by(VersionSet::ALL).consequence());
        }
    }
}

/// The lines of a section whose header is passed over are taken for lines of the section above, if there is one.
fn behind_skipped_headers(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut above: Option<SectionKind> = None;
    for section in cx.config.sections() {
        let Some(header) = section.header() else { continue };
        if !header.words().any(|word| word.known() == Some("")) {
            above = Some(section.kind);
            continue;
        }
        let foreign = |line: &Statement<'_>| above.is_none_or(|kind| Fact::of(kind, line, 0).is_none());
        for line in section.statements().filter(foreign) {
            let message = format!("`{}` belongs to a section that is not opened: its header has an empty word", line.keyword());
            let draft = Draft::at(line.location(), message).label("no section here").help("mend the header of the section");
            out.report(draft.only(SKIPPED).rejected_by(SKIPPED).consequence());
        }
    }
}
