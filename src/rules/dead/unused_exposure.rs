//! `dead/unused-exposure`.

use crate::{config::SectionView, rules::prelude::*};

rule! {
    /// Experimental keywords are let in, and none is used.
    ///
    /// ## Why
    ///
    /// With `expose-experimental-directives` HAProxy takes what may change or go with any release. Where nothing needs it, an
    /// experimental keyword that is written by mistake is not told of any more. HAProxy 3.4 and later warn.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4.0
    /// global
    ///     expose-experimental-directives
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4.0
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check in cfgparse.c, observed with 3.4 and 3.5.
    "dead/unused-exposure", Warning, World(check), about: ["expose-experimental-directives"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let versions = VersionSet::since(3, 4, 0);
    if cx.is_open() || !cx.config.reading.world.versions.meets(versions) {
        return;
    }
    let Some(line) = cx.config.global_line("expose-experimental-directives") else { return };
    let wants = |section: SectionView<'_>| section.kind == SectionKind::Acme || section.statements().any(|s| may_want(&s));
    if cx.config.sections().any(wants) || cx.config.needs_exposing() {
        return;
    }
    let draft = Draft::at(line.location(), "nothing here is experimental, so nothing needs this").label("not needed").help("delete it");
    out.report(draft.stage(Stage::Whole).only(versions).warned_by(versions));
}

/// Whether a line may be experimental for something that no signature says: HTTP/3 over TCP, encrypted hellos, or what is not known.
fn may_want(line: &Statement<'_>) -> bool {
    line.words().any(|word| word.known().is_none_or(|text| text == "ech" || text.starts_with("nocc") || text.contains("h3")))
}
