use rustc_hash::FxHashSet;

use crate::{config::Mode, rules::prelude::*};

rule! {
    /// A backend has the name of a `resolvers` section, whose hidden proxy HAProxy 3.4.0 finds in its place.
    ///
    /// ## Why
    ///
    /// Each `resolvers` section has a proxy of its name, in tcp mode, and HAProxy makes a section `default` where there is none.
    /// 3.4.0 keeps these proxies among the others, and which of two with one name it finds depends on all names, and on their
    /// order. Where it finds the hidden one, a frontend in http mode is refused, for its backend seems to be in another mode;
    /// what comes to a frontend in tcp mode is sent to the name servers. Later versions keep them apart.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.4.0
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     default_backend default
    /// backend default
    ///     mode http
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.4.0
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     default_backend app
    /// backend app
    ///     mode http
    ///     server s1 127.0.0.1:8081
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 3.4.0, and 150 configurations of random names.
    "reference/internal-backend-name", Error, World(check), about: ["default_backend", "use_backend"]
}

const AFFECTED: VersionSet = VersionSet::only(Version::new(3, 4, 0));

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(taken) = taken(cx).filter(|taken| !taken.is_empty() && !cx.is_open()) else { return };
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend() && matches!(p.traffic(), Mode::Http | Mode::Tcp)) {
        let lines = proxy.in_force.get("default_backend").into_iter().chain(proxy.lines(&["use_backend"]));
        for (line, place) in lines.filter(|line| taken.contains(&line.str(1))).filter_map(|line| Some((line, proxy.place()?))) {
            let (name, called) = (line.str(1), proxy.called());
            let message = format!("a backend of {called} is called `{name}`, which this HAProxy takes for a proxy of its own");
            let draft = Draft::at(place, message).also(line.location(), "here").help("give the backend another name");
            let refused = if proxy.traffic() == Mode::Http { AFFECTED } else { VersionSet::NONE };
            out.report(draft.only(AFFECTED).stage(Stage::Whole).rejected_by(refused));
        }
    }
}

/// The names of backends, two at most, of which a hidden proxy is found; `None` where not all names are known.
fn taken<'r>(cx: &Context<'r>) -> Option<Vec<&'r str>> {
    // The proxy of a `resolvers` section is hidden, and that of the section `default` is there in any case.
    cx.config.sections().find(|s| s.kind == SectionKind::Resolvers || s.name_str() == "default")?;
    let (names, hidden) = names(cx)?;
    let is_backend = |name: &str| cx.config.proxies.iter().any(|p| p.is_backend() && p.section.name_str() == name);
    Some(found_last(&names).into_iter().filter(|name| hidden.contains(name) && is_backend(name)).collect())
}

/// The names of all proxies as they come to be, and those of the hidden ones behind the last section of their name.
fn names<'r>(cx: &Context<'r>) -> Option<(Vec<&'r str>, FxHashSet<&'r str>)> {
    let (mut names, mut hidden, mut own) = (Vec::new(), FxHashSet::default(), false);
    for section in cx.config.sections() {
        let is_proxy = matches!(section.kind, SectionKind::Frontend | SectionKind::Backend | SectionKind::Listen | SectionKind::LogForward);
        if !is_proxy && section.kind != SectionKind::Resolvers {
            continue;
        }
        let name = section.name()?.known()?;
        names.push(name);
        if is_proxy {
            hidden.remove(name);
        } else {
            hidden.insert(name);
            own |= name == "default";
        }
    }
    hidden.extend((!own).then_some("default"));
    Some((names, hidden))
}

/// The names of which the last of several proxies is found, and not the first.
///
/// The tree of names splits at the first bit in which they differ. Whoever brought that split, or was there alone before it,
/// has no node above that leads to its first proxy, and the search ends at the last.
fn found_last<'r>(names: &[&'r str]) -> Vec<&'r str> {
    let Some(first) = names.first() else { return Vec::new() };
    let brought = names.iter().min_by_key(|other| differ_at(first, other)).filter(|other| *other != first);
    [first].into_iter().chain(brought).copied().collect()
}

/// The first bit in which two names differ; one that ends has zeros there.
fn differ_at(a: &str, b: &str) -> usize {
    let mut bytes = a.bytes().chain([0]).zip(b.bytes().chain([0])).enumerate();
    bytes.find(|(_, (a, b))| a != b).map_or(usize::MAX, |(at, (a, b))| at * 8 + (a ^ b).leading_zeros() as usize)
}
