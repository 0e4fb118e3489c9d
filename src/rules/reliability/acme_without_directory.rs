//! `reliability/acme-without-directory`.

use crate::rules::prelude::*;

rule! {
    /// An `acme` section does not say whom to ask for certificates.
    ///
    /// ## Why
    ///
    /// `directory` has the address of the authority that signs. HAProxy refuses a section without.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     expose-experimental-directives
    ///
    /// acme le
    ///     contact admin@example.com
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// global
    ///     expose-experimental-directives
    ///
    /// acme le
    ///     directory https://acme.example/directory
    ///     contact admin@example.com
    /// ```
    ///
    /// ## Source
    ///
    /// `cfg_postsection_acme()` in acme.c; observed with HAProxy 3.2 to 3.5.
    "reliability/acme-without-directory", Error, World(check), about: ["acme"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Acme && s.header().is_some()) {
        let unknown = |s: &Statement<'_>| s.word(0).is_none_or(|w| w.known().is_none());
        if section.statements().any(|s| s.keyword() == "directory" || unknown(&s)) {
            continue;
        }
        let Some(location) = section.name().map(|n| n.location).or_else(|| section.location()) else { continue };
        let message = format!("the acme section `{}` has no `directory`", section.name_str());
        let versions = VersionSet::since(3, 2, 0);
        out.report(Draft::at(location, message).help("add `directory URL`").only(versions).rejected_by(versions));
    }
}
