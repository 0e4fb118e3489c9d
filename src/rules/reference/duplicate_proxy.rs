//! `reference/duplicate-proxy`.

use rustc_hash::FxHashMap;

use crate::{config::Proxy, rules::prelude::*};

rule! {
    /// Two proxies have the same name.
    ///
    /// ## Why
    ///
    /// HAProxy refuses two sections of one name that take traffic in, or two that traffic is sent to; a `listen` does
    /// both. A `frontend` and a `backend` may share a name up to 3.0; 3.1 and 3.2 warn of it, and from 3.3 on HAProxy
    /// refuses it. A `log-forward` section shares its name with no proxy.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
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
struct Seen<'a> {
    frontend: Option<Location>,
    backend: Option<Location>,
    any: Option<(Location, &'a Proxy<'a>)>,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut seen: FxHashMap<&str, Seen<'_>> = FxHashMap::default();
    for proxy in &cx.config.proxies {
        let Some((word, name)) = proxy.section.name.and_then(|w| Some((w, w.known()?))) else { continue };
        let before = seen.entry(name).or_default();
        // HAProxy looks for another frontend only, unless the section is nothing but a backend.
        let same = if proxy.is_frontend() { before.frontend } else { before.backend.filter(|_| proxy.is_backend()) };
        let other = before.any.filter(|(_, p)| proxy.created && !(proxy.is_defaults() && p.is_defaults()));
        if let Some(earlier) = same {
            let draft = draft(word, &proxy.title(), earlier).rejected_by(VersionSet::before(3, 3, 0));
            let draft =
                if proxy.created { draft.aborts(VersionSet::since(3, 3, 0)) } else { draft.rejected_by(VersionSet::since(3, 3, 0)) };
            out.report(draft);
        } else if let Some((earlier, _)) = other {
            let note = "HAProxy up to 3.0 takes it, 3.1 and 3.2 warn of it, later ones refuse it";
            let warned = VersionSet::since(3, 1, 0) & VersionSet::before(3, 3, 0);
            let draft = draft(word, &proxy.title(), earlier).note(note).warned_by(warned).aborts(VersionSet::since(3, 3, 0));
            out.report(draft.only(VersionSet::since(3, 1, 0)));
        }
        if proxy.created {
            let at = word.location;
            before.frontend = before.frontend.or(proxy.is_frontend().then_some(at));
            before.backend = before.backend.or(proxy.is_backend().then_some(at));
            before.any = before.any.or(Some((at, proxy)));
        }
    }
}

fn draft(word: Word<'_>, title: &str, earlier: Location) -> Draft {
    Draft::at(word.location, format!("`{title}` has the name of an earlier section"))
        .label("this name is taken")
        .help("give one of them another name")
        .also(earlier, "the earlier section")
}
