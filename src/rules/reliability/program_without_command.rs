//! `reliability/program-without-command`.

use crate::rules::prelude::*;

rule! {
    /// A `program` section does not say what to run.
    ///
    /// ## Why
    ///
    /// HAProxy refuses to start without a `command` line in each of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=2.8
    /// global
    ///     master-worker
    /// program api
    ///     user haproxy
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=2.8
    /// global
    ///     master-worker
    /// program api
    ///     command /usr/bin/dataplaneapi
    ///     user haproxy
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6, 2.8 and 3.0.
    "reliability/program-without-command", Error, World(check), about: ["program"]
}

/// The versions that look.
const VERSIONS: VersionSet = VersionSet::before(3, 1, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let programs = cx.config.sections().filter(|s| s.kind == SectionKind::Program && !cx.is_open());
    for section in programs.filter(|s| s.statements().all(|line| line.keyword() != "command")) {
        let Some(header) = section.header() else { continue };
        let draft = Draft::at(header.location(), format!("program `{}` has no `command`", section.name_str()))
            .label("nothing to run")
            .help("say what to run with `command`, or delete the section");
        out.report(draft.stage(Stage::Whole).only(VERSIONS).rejected_by(VERSIONS));
    }
}
