//! `version/unexposed-section`.

use crate::rules::prelude::*;

rule! {
    /// A deprecated or experimental section is not allowed by `global`.
    ///
    /// ## Why
    ///
    /// HAProxy reads some sections only if a `global` section above them says so: `program` in 3.1 and 3.2 with
    /// `expose-deprecated-directives`, and `acme` with `expose-experimental-directives`. Of `program` HAProxy prints no more than a
    /// warning, stops there and does not start.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2 also=version/deprecated-section
    /// program api
    ///     command /usr/bin/dataplaneapi
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// global
    ///     expose-deprecated-directives
    ///
    /// program api
    ///     command /usr/bin/dataplaneapi
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 3.2.0, 3.4.0 and 3.5-dev5; `program` in 3.1.0 read in its sources.
    "version/unexposed-section", Error, World(check), about: ["program", "acme"]
}

/// Where `program` has to be allowed.
const PROGRAM: VersionSet = VersionSet::branch(3, 1).or(VersionSet::branch(3, 2));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let (mut deprecated, mut experimental) = (false, false);
    for section in cx.config.sections().take_while(|_| !cx.is_open()) {
        let (allowed, keyword, versions) = match section.kind {
            SectionKind::Global => {
                deprecated |= section.statements().any(|s| s.keyword() == "expose-deprecated-directives");
                experimental |= section.statements().any(|s| s.keyword() == "expose-experimental-directives");
                continue;
            }
            SectionKind::Program => (deprecated, "expose-deprecated-directives", PROGRAM),
            SectionKind::Acme => (experimental, "expose-experimental-directives", section.kind.spec().versions),
            _ => continue,
        };
        let Some(header) = section.header().filter(|_| !allowed) else { continue };
        let name = section.kind.keyword();
        let draft = Draft::at(header.location(), format!("no `global` section above allows `{name}` sections"));
        let draft = draft.label("refused").help(format!("write `{keyword}` in `global`, above this section")).only(versions);
        out.report(match section.kind {
            // HAProxy opens `program` sections in its first pass.
            SectionKind::Program => draft.stage(Stage::Words).aborts(versions),
            _ => draft.rejected_by(versions),
        });
    }
}
