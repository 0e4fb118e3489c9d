//! `reference/duplicate-certificate`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::Wanted,
    rules::{certificates::stored, prelude::*},
};

rule! {
    /// Two lines of `crt-store` sections load a certificate under one name.
    ///
    /// ## Why
    ///
    /// A certificate is known by its alias, or by its file where it has none, and HAProxy refuses a second one of that name. A
    /// `bind` line above that names the file has loaded it, too.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// crt-store web
    ///     load crt /etc/haproxy/one.pem alias site
    ///     load crt /etc/haproxy/two.pem alias site
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// crt-store web
    ///     load crt /etc/haproxy/one.pem alias site
    ///     load crt /etc/haproxy/two.pem alias other
    /// ```
    ///
    /// ## Source
    ///
    /// `crtstore_parse_load()` in ssl_ckch.c; observed with HAProxy 3.0 to 3.5.
    "reference/duplicate-certificate", Error, World(check), about: ["crt-store"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let stored = stored(cx).unwrap_or_default();
    if cx.is_open() || stored.is_empty() {
        return;
    }
    let versions = VersionSet::since(3, 0, 0);
    let mut names: Vec<(Location, String)> = stored.into_iter().map(|s| (s.location, s.name)).collect();
    let loads: FxHashSet<Location> = names.iter().map(|(at, _)| *at).collect();
    // What a `bind` line names by its file is loaded by then; servers load theirs at the end.
    let bind = cx.config.proxies.iter().filter(|p| p.created).flat_map(|p| p.lines(&["bind"]));
    let of_bind: FxHashSet<Location> = bind.flat_map(|line| line.words().map(|word| word.location)).collect();
    let bound = cx.config.outside().into_iter().filter(|o| o.wanted == Wanted::Certificate && of_bind.contains(&o.location));
    names.extend(bound.map(|o| (o.location, o.path.to_string_lossy().into_owned())));
    names.sort_by_key(|(at, _)| (at.file.0, at.span.start));
    let mut first: FxHashMap<String, Location> = FxHashMap::default();
    for (at, name) in names {
        let message = format!("`{name}` is loaded already");
        let earlier = *first.entry(name).or_insert(at);
        if earlier != at && loads.contains(&at) {
            let draft = Draft::at(at, message).label("loaded again").also(earlier, "the first time");
            out.report(draft.help("delete it, or give it an alias of its own").only(versions).aborts(versions));
        }
    }
}
