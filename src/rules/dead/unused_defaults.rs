//! `dead/unused-defaults`.

use rustc_hash::FxHashSet;

use crate::{
    config::NameKind,
    rules::{mentions, prelude::*},
};

rule! {
    /// No section inherits from this `defaults` section.
    ///
    /// ## Why
    ///
    /// A section takes its defaults from the last `defaults` section above it, or from the one that it names behind `from`.
    /// Two `defaults` sections in a row do not add up: the second begins anew, and what the first one sets is lost. One that
    /// stands behind all sections is for none of them.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///
    /// defaults
    ///     mode http
    ///
    /// listen web
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     timeout connect 5s
    ///     timeout client 30s
    ///     timeout server 30s
    ///     mode http
    ///
    /// listen web
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 4.
    "dead/unused-defaults", Warning, World(check), about: ["defaults"], mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let proxies = &cx.config.proxies;
    if cx.is_open()
        || mentions::some_unknown(cx.config, NameKind::Defaults)
        || proxies.iter().any(|p| p.from().is_some_and(|w| w.known().is_none()))
    {
        return;
    }
    let used: FxHashSet<usize> = proxies.iter().filter_map(|p| p.defaults()).collect();
    let last = proxies.iter().rposition(|p| !p.is_defaults());
    for (at, proxy) in proxies.iter().enumerate().filter(|(at, p)| p.is_defaults() && !used.contains(at)) {
        let (Some(place), Some(last), Some(_)) = (proxy.place(), last, proxy.section.statements().next()) else { continue };
        let named = !proxy.name().is_empty();
        let next = proxies.get(at + 1).filter(|p| p.is_defaults() && !named);
        let draft = if at > last && !named {
            Draft::at(place, "this `defaults` section stands behind all sections: none inherits from it")
                .label("read too late")
                .help("move it above the sections it is for")
        } else if let Some(next) = next {
            Draft::at(place, "this `defaults` section is lost: another one follows before any section could inherit from it")
                .label("not inherited by anyone")
                .help("put the lines of both into one `defaults` section, or let the second inherit: `defaults NAME from OTHER`")
                .also(next.section.location().unwrap_or(place), "begins anew")
        } else {
            Draft::at(place, format!("no section inherits from `{}`", proxy.title()))
                .severity(Severity::Info)
                .label("not inherited by anyone")
                .help(format!("remove it, or write `from {}` behind the names of the sections it is for", proxy.name()))
        };
        out.report(draft);
    }
}
