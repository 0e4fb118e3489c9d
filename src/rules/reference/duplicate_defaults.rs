//! `reference/duplicate-defaults`.

use rustc_hash::FxHashMap;

use crate::{config::NameKind, rules::prelude::*};

rule! {
    /// Two defaults sections have the same name, and `from` asks for it.
    ///
    /// ## Why
    ///
    /// Several `defaults` sections may have one name as long as nobody names it. With `from` it is not clear which one
    /// is meant. From 3.1 on a section that `from` has named cannot be declared again either.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults web
    ///     mode http
    ///
    /// defaults web
    ///     mode tcp
    ///
    /// backend app from web
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults web
    ///     mode http
    ///
    /// defaults plain
    ///     mode tcp
    ///
    /// backend app from web
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "reference/duplicate-defaults", Error, World(check), uses: Defaults
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let names = &cx.config.names;
    let mut first_use = FxHashMap::default();
    for used in names.uses_of(NameKind::Defaults) {
        first_use.entry(used.name).or_insert(used);
        let mut declared = names.find(NameKind::Defaults, None, used.name).iter();
        let (Some(first), Some(second)) = (declared.next(), declared.next()) else { continue };
        if second.section() < used.section() {
            let draft = Draft::at(used.location(), format!("several defaults sections are named `{}`", used.name))
                .label("which one is not clear")
                .help("give each `defaults` section a name of its own")
                .also(first.location(), "the first of them")
                .also(second.location(), "another one");
            // 3.4.0 prints the error and forgets to refuse; 3.3 was not measured.
            out.report(draft.rejected_by(VersionSet::before(3, 3, 0)).alerted_by(VersionSet::since(3, 4, 0)));
        }
    }
    for (name, used) in first_use {
        let all = names.find(NameKind::Defaults, None, name);
        if all.first().is_none_or(|first| first.section() >= used.section()) {
            continue;
        }
        for again in all.iter().filter(|again| again.section() > used.section()) {
            let since = VersionSet::since(3, 1, 0);
            let draft = Draft::at(again.location(), format!("the defaults section `{name}` is in use and cannot be declared again"))
                .label("a second section of this name")
                .help("give each `defaults` section a name of its own")
                .also(used.location(), "used here");
            out.report(draft.only(since).rejected_by(since));
        }
    }
}
