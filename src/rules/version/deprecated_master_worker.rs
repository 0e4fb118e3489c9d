//! `version/deprecated-master-worker`.

use crate::rules::prelude::*;

rule! {
    /// `master-worker` stands in the configuration, and is on its way out.
    ///
    /// ## Why
    ///
    /// Since 3.3 the master mode is a matter of the command line, `-W` or `-Ws`; 3.5 is to refuse the keyword.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     master-worker
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// # started with haproxy -W
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.4.
    "version/deprecated-master-worker", Info, World(check), about: ["master-worker"]
}

/// The versions that warn.
pub(super) const WARNS: VersionSet = VersionSet::since(3, 3, 0).minus(VersionSet::since(3, 5, 0));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for line in lines(cx) {
        let draft = Draft::at(line.location(), "`master-worker` is deprecated since 3.3")
            .label("to be removed in 3.5")
            .help("start HAProxy with `-W` or `-Ws` instead");
        // HAProxy meets it in its first pass.
        out.report(draft.stage(Stage::Words).only(WARNS).warned_by(WARNS));
    }
}

/// The lines that switch the master mode on.
pub(super) fn lines<'a>(cx: &Context<'a>) -> impl Iterator<Item = Statement<'a>> {
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    globals.flat_map(|s| s.statements()).filter(|s| s.keyword() == "master-worker" && s.len() == 1)
}
