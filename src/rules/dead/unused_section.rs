//! `dead/unused-section`.

use crate::{
    config::{NameKind, SectionView},
    rules::{mentions, prelude::*},
};

rule! {
    /// A `userlist`, `resolvers`, `cache`, `ring`, `http-errors` or `fcgi-app` section that nothing uses.
    ///
    /// ## Why
    ///
    /// These sections only say what something is; rules, servers and `log` lines use them by name. Where none does, the section
    /// is left over, or something that was meant is missing: a `cache` without `http-request cache-use` and `http-response
    /// cache-store` stores nothing, a `userlist` without `http_auth()` protects nothing, and servers without `resolvers`
    /// keep the addresses that they had at the start. The section `resolvers default` is used by HAProxy itself.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     mode http
    ///     server one app.example.com:80 check
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// resolvers dns
    ///     nameserver one 192.0.2.53:53
    ///
    /// backend app
    ///     mode http
    ///     server one app.example.com:80 check resolvers dns
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapters 3 and 5.3.
    "dead/unused-section", Info, World(check), about: ["resolvers", "userlist", "cache", "ring", "http-errors", "fcgi-app"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let served = || cx.config.proxies.iter().any(|p| p.runs());
    if cx.is_open() || !served() {
        return;
    }
    let mut open: Vec<(NameKind, bool)> = Vec::new();
    let mut is_open = |kind| match open.iter().find(|(known, _)| *known == kind) {
        Some((_, open_kind)) => *open_kind,
        None => {
            open.push((kind, mentions::some_unknown(cx.config, kind)));
            open[open.len() - 1].1
        }
    };
    let mut idle: Vec<SectionView<'_>> = cx.config.sections().filter(|s| kind(s).is_some_and(|kind| !is_open(kind))).collect();
    if idle.is_empty() || !all_known(cx) {
        return;
    }
    let used = mentions::used(cx.config, idle.iter().map(|section| section.name_str()).collect());
    // That one of these is empty is told by other rules; who fills it will use it.
    let unfinished = |s: &SectionView<'_>| matches!(s.kind, SectionKind::Resolvers | SectionKind::Cache) && s.body().is_empty();
    idle.retain(|s| !used.contains(s.name_str()) && !unfinished(s));
    for section in idle {
        let (Some(word), keyword) = (section.name(), section.kind.keyword()) else { continue };
        let draft = Draft::at(word.location, format!("nothing uses `{keyword} {}`", section.name_str())).label("not used");
        out.report(draft.help(help(section.kind, section.name_str())));
    }
}

/// What kind of name the section declares, if it is one that can be unused.
fn kind(section: &SectionView<'_>) -> Option<NameKind> {
    let name = section.name_str();
    Some(match section.kind {
        _ if name.is_empty() => return None,
        SectionKind::Resolvers if name != "default" => NameKind::Resolvers,
        // The program beside HAProxy that is configured with it reads its users from here.
        SectionKind::Userlist if name != "controller" && !name.contains("dataplane") => NameKind::Userlist,
        SectionKind::Cache => NameKind::Cache,
        SectionKind::Ring => NameKind::Ring,
        SectionKind::HttpErrors => NameKind::HttpErrors,
        SectionKind::FcgiApp => NameKind::FcgiApp,
        _ => return None,
    })
}

/// Whether every word is known: one that is not may be the name.
fn all_known(cx: &Context<'_>) -> bool {
    let named = ["resolvers", "cache-use", "cache-store", "cache", "errorfiles", "use-fcgi-app"];
    let open = |s: Statement<'_>| {
        let mut before = "";
        !s.is_known()
            && s.words().any(|w| {
                let unknown = w.known().is_none() && (named.contains(&before) || w.display().contains(['(', '@']) || w.text == Text::Many);
                before = w.known().unwrap_or("");
                unknown
            })
    };
    !cx.config.sections().flat_map(|s| s.statements()).any(open)
}

fn help(kind: SectionKind, name: &str) -> String {
    let way = match kind {
        SectionKind::Resolvers => format!("write `resolvers {name}` behind the servers whose names are to be looked up again"),
        SectionKind::Userlist => format!("ask for a password with `http-request auth unless {{ http_auth({name}) }}`"),
        SectionKind::Cache => format!("add `http-request cache-use {name}` and `http-response cache-store {name}`"),
        SectionKind::Ring => format!("add `log ring@{name} local0`"),
        SectionKind::HttpErrors => format!("add `errorfiles {name}`"),
        _ => format!("add `use-fcgi-app {name}`"),
    };
    format!("remove it, or {way}")
}
