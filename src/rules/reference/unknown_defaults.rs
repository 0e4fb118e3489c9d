//! `reference/unknown-defaults`.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use crate::{
    config::NameKind,
    rules::{prelude::*, unknown},
};

rule! {
    /// `from` names a defaults section that is not declared before.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration and stops reading there, so that errors further down stay unseen. The named
    /// `defaults` section must stand before the section that inherits from it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app from web
    ///     server one 192.0.2.1:80
    ///
    /// defaults web
    ///     mode http
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults web
    ///     mode http
    ///
    /// backend app from web
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "reference/unknown-defaults", Error, World(check), uses: Defaults, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let names = &cx.config.names;
    if cx.is_open() || names.is_open(NameKind::Defaults, None) {
        return;
    }
    let mut hints = unknown::Hints::new();
    let refused =
        LazyCell::new(|| -> FxHashSet<usize> { cx.config.proxies.iter().filter(|p| !p.created).map(|p| p.section.index()).collect() });
    for used in names.uses_of(NameKind::Defaults) {
        let draft = match names.find(NameKind::Defaults, None, used.name).first() {
            Some(found) if found.section() < used.section() => continue,
            // A header with a word too many is refused before.
            _ if refused.contains(&used.section()) => continue,
            Some(later) => Draft::at(used.location(), format!("the defaults section `{}` is declared only further down", used.name))
                .label("not known yet")
                .help("move the `defaults` section above this one")
                .also(later.location(), "declared here"),
            None => {
                let help = hints.help(
                    used.location(),
                    used.name,
                    &hints.unless_spent(|| names.list(NameKind::Defaults)),
                    "declare a `defaults` section of this name above this one",
                );
                unknown::draft(&used, help)
            }
        };
        out.report(draft.aborts(VersionSet::ALL));
    }
}
