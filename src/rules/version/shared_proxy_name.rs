//! `version/shared-proxy-name`.

use rustc_hash::FxHashMap;

use crate::{
    config::{Config, NameKind, Proxy},
    rules::prelude::*,
};

rule! {
    /// Sections of different kinds share a name, which 3.3 refuses.
    ///
    /// ## Why
    ///
    /// A `frontend` and a `backend`, or a `defaults` section and a proxy, may have the same name up to 3.0. 3.1 and 3.2 warn of
    /// every name that is used twice, since 3.3 HAProxy refuses it and stops reading there. Names are what logs,
    /// statistics and `show servers state` tell proxies apart by.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// frontend app
    ///     bind :80
    ///     default_backend app
    ///
    /// backend app
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// frontend web
    ///     bind :80
    ///     default_backend app
    ///
    /// backend app
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.2 and 3.4.
    "version/shared-proxy-name", Warning, World(check)
}

/// The versions that look.
const LOOKS: VersionSet = VersionSet::since(3, 1, 0);

/// The versions that refuse.
const REFUSES: VersionSet = VersionSet::since(3, 3, 0);

/// Whether two sections may have one name: of most configurations a look at what is no backend tells that none do.
fn some_may_share(config: &Config<'_>) -> bool {
    const KINDS: [NameKind; 3] = [NameKind::Backend, NameKind::Frontend, NameKind::Defaults];
    let has_another = |proxy: &Proxy<'_>| {
        let own = if proxy.is_defaults() { NameKind::Defaults } else { NameKind::Frontend };
        let name = proxy.name();
        !name.is_empty() && KINDS.iter().any(|kind| *kind != own && !config.names.find(*kind, None, name).is_empty())
    };
    let no_backends = || config.proxies.iter().filter(|proxy| proxy.created && !proxy.is_backend());
    KINDS.iter().any(|kind| config.names.repeats(*kind, false)) || no_backends().any(has_another)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if !some_may_share(cx.config) {
        return;
    }
    let mut seen: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let proxies = &cx.config.proxies;
    for (at, proxy) in proxies.iter().enumerate().filter(|(_, p)| p.created) {
        let Some((word, name)) = proxy.section.name().and_then(|w| Some((w, w.known()?))) else { continue };
        let earlier = seen.entry(name).or_default();
        let other = earlier.iter().map(|e| &proxies[*e]).find(|p| !(p.is_defaults() && proxy.is_defaults()));
        if let Some(other) = other {
            let clash = earlier
                .iter()
                .map(|e| &proxies[*e])
                .any(|p| (p.is_frontend() && proxy.is_frontend()) || (p.is_backend() && proxy.is_backend()));
            // Two of a kind are refused by every version, which another rule tells; 3.1 and 3.2 say both.
            let versions = if clash { LOOKS.minus(REFUSES) } else { LOOKS };
            let draft = Draft::at(word.location, format!("{} has the name of {}", proxy.called(), other.called()))
                .label("refused since 3.3")
                .help("give one of them another name")
                .also(other.section.location().unwrap_or(word.location), "the earlier section")
                .only(versions)
                .warned_by(LOOKS.minus(REFUSES))
                .aborts(REFUSES & versions);
            if !clash || cx.options.target.is_some() {
                out.report(draft);
            }
        }
        // Two of each kind are enough to tell all that can clash.
        if earlier.len() < 4 {
            earlier.push(at);
        }
    }
}
