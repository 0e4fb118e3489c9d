use crate::rules::prelude::*;

rule! {
    /// A `fcgi-app` section has no `docroot`.
    ///
    /// ## Why
    ///
    /// FastCGI applications are told which file to run, and HAProxy makes that path of the `docroot`. It refuses a
    /// configuration without.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// fcgi-app php
    ///     index index.php
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// fcgi-app php
    ///     docroot /srv/www
    ///     index index.php
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's fcgi-app.c; observed with 2.4 to 3.5.
    "reliability/fcgi-app-without-docroot", Error, World(check), about: ["fcgi-app"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::FcgiApp && s.header().is_some()) {
        let unknown = |s: &Statement<'_>| s.word(0).is_none_or(|w| w.known().is_none());
        if section.statements().any(|s| s.keyword() == "docroot" || unknown(&s)) {
            continue;
        }
        let Some(location) = section.name().map(|n| n.location).or_else(|| section.location()) else { continue };
        let message = format!("the FastCGI application `{}` has no `docroot`", section.name_str());
        out.report(Draft::at(location, message).help("add `docroot PATH`").stage(Stage::Whole).rejected_by(VersionSet::ALL));
    }
}
