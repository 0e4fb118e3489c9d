//! `reference/duplicate-proxy`.

use rustc_hash::FxHashMap;

use crate::{config::NameKind, rules::prelude::*};

rule! {
    /// Two proxies have the same name.
    ///
    /// ## Why
    ///
    /// HAProxy refuses two sections of one name that take traffic in, or two that traffic is sent to; a `listen` does
    /// both. Of a `frontend` and a `backend` that share a name, `version/shared-proxy-name` tells. A `log-forward` section is a
    /// proxy too, and 3.2.0 and 3.4.0 refuse the name of an earlier `resolvers` section.
    ///
    /// ## Example
    ///
    /// ```haproxy bad also=version/shared-proxy-name
    /// frontend web
    ///     bind :80
    ///
    /// frontend web
    ///     bind :81
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    ///     bind :81
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.4 to 3.5.
    "reference/duplicate-proxy", Error, World(check)
}

/// The sections of one name so far.
#[derive(Default)]
struct Seen {
    frontend: Option<Location>,
    backend: Option<Location>,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let has = |kind| cx.config.sections().any(|section| section.kind == kind);
    if has(SectionKind::LogForward) {
        log_forwards(cx, out);
    }
    if has(SectionKind::Resolvers) || has(SectionKind::Ring) {
        hidden(cx, out);
    }
    let repeats = |kind| cx.config.names.repeats(kind, false);
    if !repeats(NameKind::Backend) && !repeats(NameKind::Frontend) && cx.config.proxies.iter().all(|proxy| proxy.created) {
        return;
    }
    let mut seen: FxHashMap<&str, Seen> = FxHashMap::default();
    for proxy in &cx.config.proxies {
        let Some((word, name)) = proxy.section.name().and_then(|w| Some((w, w.known()?))) else { continue };
        let before = seen.entry(name).or_default();
        // Up to 3.0 HAProxy looks for another frontend only, unless the section is nothing but a backend.
        let frontend = before.frontend.filter(|_| proxy.is_frontend());
        let backend = before.backend.filter(|_| proxy.is_backend());
        let versions = if proxy.is_frontend() && frontend.is_none() { VersionSet::since(3, 1, 0) } else { VersionSet::ALL };
        if let Some(earlier) = frontend.or(backend) {
            let aborts = if proxy.created { VersionSet::since(3, 3, 0) } else { VersionSet::NONE };
            let draft = draft(word, &proxy.called(), earlier).only(versions);
            out.report(draft.rejected_by(versions.minus(aborts)).aborts(versions & aborts));
        }
        if proxy.created {
            let at = word.location;
            before.frontend = before.frontend.or(proxy.is_frontend().then_some(at));
            before.backend = before.backend.or(proxy.is_backend().then_some(at));
        }
    }
}

/// A log-forward section is a proxy as well, of whatever kind.
fn log_forwards(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut seen: FxHashMap<&str, (Location, bool)> = FxHashMap::default();
    for section in cx.config.sections() {
        let forwards = section.kind == SectionKind::LogForward;
        if !forwards && !matches!(section.kind, SectionKind::Frontend | SectionKind::Backend | SectionKind::Listen) {
            continue;
        }
        let Some((word, name)) = section.name().and_then(|w| Some((w, w.known()?))) else { continue };
        match seen.get(name) {
            Some((earlier, other)) if *other != forwards => {
                let message = format!("`{name}` is the name of {} already", if *other { "a log-forward section" } else { "a proxy" });
                let draft = Draft::at(word.location, message).label("this name is taken").also(*earlier, "the earlier section");
                out.report(draft.help("give one of them another name").rejected_by(VersionSet::ALL));
            }
            _ => drop(seen.insert(name, (word.location, forwards))),
        }
    }
}

/// A `resolvers` or `ring` section has a proxy of its name, which some releases see when another one comes.
fn hidden(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut seen: FxHashMap<&str, (Location, SectionKind)> = FxHashMap::default();
    for section in cx.config.sections() {
        let Some((word, name)) = section.name().and_then(|w| Some((w, w.known()?))) else { continue };
        match (section.kind, seen.get(name)) {
            (kind @ (SectionKind::Resolvers | SectionKind::Ring), _) => drop(seen.insert(name, (word.location, kind))),
            (SectionKind::Frontend | SectionKind::Backend | SectionKind::Listen, Some((earlier, of))) => {
                let versions = match of {
                    SectionKind::Resolvers => RESOLVERS_SEEN,
                    _ if section.kind == SectionKind::Frontend => VersionSet::NONE,
                    _ => RINGS_SEEN,
                };
                let message = format!("`{name}` is the name of a {} section already, which has a proxy of that name", of.keyword());
                let draft = Draft::at(word.location, message).label("this name is taken").also(*earlier, "the earlier section");
                out.report(draft.help("give one of them another name").only(versions).rejected_by(versions));
            }
            _ => {}
        }
    }
}

/// The releases that were seen to; what came between them is not known.
const RESOLVERS_SEEN: VersionSet = RINGS_SEEN.or(VersionSet::only(Version::new(3, 4, 0)));
const RINGS_SEEN: VersionSet = VersionSet::only(Version::new(3, 2, 0));

fn draft(word: Word<'_>, called: &str, earlier: Location) -> Draft {
    Draft::at(word.location, format!("{called} has the name of an earlier section of its kind"))
        .label("this name is taken")
        .help("give one of them another name")
        .also(earlier, "the earlier section")
}
