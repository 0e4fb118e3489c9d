//! `reference/ambiguous-defaults`.

use rustc_hash::FxHashMap;

use crate::rules::prelude::*;

rule! {
    /// A `defaults` section is used by name here and by its place there.
    ///
    /// ## Why
    ///
    /// A section with `from` inherits from the `defaults` of that name, one without from the last `defaults` above it. Where
    /// both mean the same `defaults`, moving a section changes what it inherits, so HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults web
    ///     timeout connect 5s
    ///     timeout server 30s
    ///
    /// backend one from web
    ///     server a 192.0.2.1:80
    ///
    /// backend two
    ///     server b 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults web
    ///     timeout connect 5s
    ///     timeout server 30s
    ///
    /// backend one from web
    ///     server a 192.0.2.1:80
    ///
    /// backend two from web
    ///     server b 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4; an alert with which HAProxy starts in 2.6, a warning later.
    "reference/ambiguous-defaults", Warning, World(check), about: ["defaults"]
}

/// The versions that print an alert.
const ALERT: VersionSet = VersionSet::before(2, 8, 1);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut uses: FxHashMap<usize, (Option<Location>, Option<Location>)> = FxHashMap::default();
    for proxy in cx.config.proxies.iter().filter(|p| p.created && !cx.is_open()) {
        let Some((defaults, header)) = proxy.defaults().zip(proxy.place()) else { continue };
        let (explicit, implicit) = uses.entry(defaults).or_default();
        let own = if proxy.from().is_some() { &mut *explicit } else { &mut *implicit };
        own.get_or_insert(header);
        let (Some(explicit), Some(implicit)) = (*explicit, *implicit) else { continue };
        let name = cx.config.proxies[defaults].name();
        let other = if proxy.from().is_some() { (implicit, "used by its place here") } else { (explicit, "used by its name here") };
        let draft = Draft::at(header, format!("the defaults section `{name}` is used both by its name and by its place"))
            .label("which one is meant?")
            .help(format!("write `from {name}` everywhere, or end with a `defaults` section that nobody names"))
            .also(other.0, other.1);
        out.report(draft.alerted_by(ALERT).warned_by(ALERT.complement()));
    }
}
