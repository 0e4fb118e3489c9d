//! `reference/unknown-http-errors`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    config::{NameKind, Use},
    rules::{prelude::*, unknown},
};

rule! {
    /// `errorfiles` names an http-errors section that does not exist, or a page that it does not have.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration. Up to 3.3 the name is looked up in `defaults` only once a proxy inherits it.
    /// Of a page that the section does not have it warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     errorfiles ours
    /// ```
    ///
    /// ```haproxy bad
    /// http-errors ours
    ///     errorfile 503 /etc/haproxy/errors/503.http
    ///
    /// frontend web
    ///     bind :80
    ///     errorfiles ours 404
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// http-errors ours
    ///     errorfile 503 /etc/haproxy/errors/503.http
    ///
    /// frontend web
    ///     bind :80
    ///     errorfiles ours
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.5; `proxy_check_http_errors()` in http_htx.c.
    "reference/unknown-http-errors", Error, World(check), uses: HttpErrors, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let proxies = cx.config.proxies.iter().enumerate();
    let inherited: Vec<usize> = proxies.filter(|(at, _)| cx.config.looks_up(Some(*at))).filter_map(|(_, p)| p.defaults()).collect();
    let inherited: rustc_hash::FxHashSet<usize> = inherited.into_iter().collect();
    for (used, draft) in unknown::unknown(cx, NameKind::HttpErrors) {
        let through = used.proxy(cx.config).is_some_and(|p| inherited.contains(&p));
        let looks_up = through || cx.config.looks_up(used.proxy(cx.config));
        let idle = used.proxy(cx.config).map(|p| &cx.config.proxies[p]).filter(|p| p.is_defaults() && p.created && !looks_up);
        if idle.is_some() {
            unknown::idle(draft, out);
        } else {
            out.report(unknown::refused_at_the_end(draft, looks_up));
        }
    }
    if !cx.is_open() {
        let names = &cx.config.names;
        let mut pages = FxHashMap::default();
        for used in names.uses_of(NameKind::HttpErrors) {
            let declared = names.find(NameKind::HttpErrors, None, used.name);
            let at = used.proxy(cx.config);
            let looks_up = cx.config.looks_up(at) || at.is_some_and(|at| inherited.contains(&at));
            if let Some(section) = declared.first().filter(|_| declared.len() == 1 && looks_up) {
                without_page(&used, pages.entry(section.section()).or_insert_with(|| statuses(cx, section.section())).as_ref(), out);
            }
        }
    }
}

/// The statuses that a section has pages for; `None` where not all are known.
fn statuses<'r>(cx: &Context<'r>, section: usize) -> Option<FxHashSet<&'r str>> {
    let lines = cx.config.sections().find(|s| s.index() == section)?.statements();
    lines.filter(|line| line.keyword() == "errorfile").map(|line| line.word(1)?.known()).collect()
}

/// Tells of the statuses that are asked of a section without a page for them.
fn without_page(used: &Use<'_>, pages: Option<&FxHashSet<&str>>, out: &mut Sink<'_>) {
    let (Some(pages), line) = (pages, used.statement) else { return };
    let replies = || ["status", "deny_status"].into_iter().find_map(|name| Options::of(line, 1).value(name)).into_iter();
    let listed = line.words().skip(2).filter(|_| line.keyword() == "errorfiles");
    let asked = listed.chain(replies().filter(|_| line.keyword() != "errorfiles"));
    for (word, status) in asked.filter_map(|word| Some((word, word.known()?))).filter(|(_, status)| !pages.contains(status)) {
        let message = format!("`http-errors {}` has no page for {status}", used.name);
        let draft = Draft::at(word.location, message).label("no such page").severity(Severity::Warning).stage(Stage::Whole);
        let help = format!("add `errorfile {status} FILE` to that section, or leave the status out");
        out.report(draft.help(help).warned_by(VersionSet::ALL));
    }
}
