//! `version/deprecated-section`.

use crate::rules::prelude::*;

rule! {
    /// A section is on its way out.
    ///
    /// ## Why
    ///
    /// `program` sections are deprecated since 3.1 and gone in 3.3. 3.1 and 3.2 warn of them unless
    /// `expose-deprecated-directives` stands in `global` above; without it they do not start either, which
    /// `version/unexposed-section` tells.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2 also=version/unexposed-section
    /// program api
    ///     command /usr/bin/dataplaneapi
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// # the program is started by systemd or by the container
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.2.
    "version/deprecated-section", Info, World(check), about: ["program"]
}

/// The versions that know the section and call it deprecated.
const DEPRECATED: VersionSet = VersionSet::branch(3, 1).or(VersionSet::branch(3, 2));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut allowed = false;
    for section in cx.config.sections() {
        if section.kind == SectionKind::Global {
            allowed |= section.statements().any(|s| s.keyword() == "expose-deprecated-directives");
        }
        let Some(header) = section.header().filter(|_| section.kind == SectionKind::Program && !allowed && !cx.is_open()) else { continue };
        let draft = Draft::at(header.location(), "`program` sections are deprecated since 3.1, and gone in 3.3")
            .label("on its way out")
            .help("let the service manager or the container start the program")
            .stage(Stage::Words)
            .only(DEPRECATED);
        out.report(draft.warned_by(DEPRECATED));
    }
}
