//! `reference/unknown-acme-map`.

use rustc_hash::FxHashSet;

use crate::{cut::Cut, rules::prelude::*};

rule! {
    /// The map of an `acme` section is used nowhere else, and so does not exist.
    ///
    /// ## Why
    ///
    /// `map` in an `acme` section names the map that HAProxy writes the answers to challenges into. Some other line must read it, which
    /// makes it: a rule that answers with `map(virt@acme)`. HAProxy 3.4 refuses the configuration if there is none, and with 3.2 the
    /// certificates are never given out, as the challenges are not answered.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4
    /// global
    ///     expose-experimental-directives
    ///
    /// acme le
    ///     directory https://acme.example/directory
    ///     map virt@acme
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4
    /// global
    ///     expose-experimental-directives
    ///
    /// acme le
    ///     directory https://acme.example/directory
    ///     map virt@acme
    ///
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request return status 200 content-type text/plain lf-string "%[path,field(-1,/),map(virt@acme)]" if { path_beg /.well-known/acme-challenge/ }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.4 and 3.5; 3.2.0 takes it.
    "reference/unknown-acme-map", Warning, World(check), about: ["acme"]
}

/// The versions that refuse it; those before know the section and say nothing.
const REFUSES: VersionSet = VersionSet::since(3, 4, 0);

/// The versions that know the section.
const KNOWS: VersionSet = VersionSet::since(3, 2, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let (acme, others): (Vec<_>, Vec<_>) = cx.config.sections().partition(|section| section.kind == SectionKind::Acme);
    let maps = acme.iter().flat_map(|section| section.statements()).filter(|line| line.keyword() == "map");
    let mut maps: Vec<(Word<'_>, &str)> = maps.filter_map(|line| line.word(1).and_then(|word| Some((word, word.known()?)))).collect();
    maps.retain(|(_, name)| !name.is_empty());
    let mut unread: FxHashSet<&str> = maps.iter().map(|(_, name)| *name).collect();
    for word in others.iter().flat_map(|section| section.statements()).flat_map(|line| line.words()) {
        if unread.is_empty() {
            return;
        }
        // One that nobody knows may name any of them.
        let Some(text) = word.known() else { return };
        read(text, |name| _ = unread.remove(name));
    }
    for (word, name) in maps.into_iter().filter(|(_, name)| unread.contains(name)) {
        let draft = Draft::at(word.location, format!("no line reads the map `{name}`, and so there is none")).label("no such map");
        let help = format!(
            "answer challenges with it: `http-request return status 200 content-type text/plain lf-string \"%[path,field(-1,/),map({name})]\"`"
        );
        out.report(draft.help(help).stage(Stage::Whole).only(KNOWS).rejected_by(REFUSES));
    }
}

/// Tells of what may be the name of a map in a word that makes it: actions that change one do not.
fn read<'r>(text: &'r str, mut tell: impl FnMut(&'r str)) {
    if ["set-map(", "del-map("].iter().any(|action| text.starts_with(action)) {
        return;
    }
    for name in text.split(|c: char| c.is_whitespace() || "()[]{}\"',%".contains(c)).filter(|name| !name.is_empty()) {
        // Behind `virt@` and folders, too.
        tell(name);
        name.match_indices(['@', '/']).for_each(|(at, _)| tell(name.cut(at + 1..)));
    }
}
