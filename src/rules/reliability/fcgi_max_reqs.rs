//! `reliability/fcgi-max-reqs`.

use crate::rules::prelude::*;

rule! {
    /// A FastCGI application may get many requests at once, over connections that carry one.
    ///
    /// ## Why
    ///
    /// `option max-reqs` says how many requests may be open at once on a connection to the application. Without
    /// `option mpxs-conns` or `option get-values` a connection carries one, HAProxy warns that it ignores the number, and then
    /// refuses the configuration because of that warning.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// fcgi-app php
    ///     docroot /var/www
    ///     option max-reqs 5
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// fcgi-app php
    ///     docroot /var/www
    ///     option mpxs-conns
    ///     option max-reqs 5
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8, and the same in the sources of 2.4 to 3.5.
    "reliability/fcgi-max-reqs", Error, World(check), about: ["fcgi-app"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::FcgiApp && !cx.is_open()) {
        let (mut multiplexes, mut values, mut many) = (false, false, None);
        for line in section.statements() {
            let negated = line.keyword() == "no";
            match (line.str(usize::from(negated)), line.str(1 + usize::from(negated))) {
                ("option", "mpxs-conns") => multiplexes = !negated,
                ("option", "get-values") => values = !negated,
                ("option", "max-reqs") => many = line.word(2).filter(|w| w.known().is_some_and(|n| !matches!(n, "0" | "1"))),
                _ => {}
            }
        }
        let Some(word) = many.filter(|_| !multiplexes && !values) else { continue };
        let message = format!("up to {} requests at once over a connection to `{}` that carries one", word.display(), section.name_str());
        let draft = Draft::at(word.location, message).label("needs multiplexing").stage(Stage::Whole);
        let draft = draft.help("add `option mpxs-conns` if the application can do that, or delete this line");
        out.report(draft.rejected_by(VersionSet::ALL));
    }
}
