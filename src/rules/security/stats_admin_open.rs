//! `security/stats-admin-open`.

use crate::{
    config::{Atom, Guard, Proxy, address},
    rules::prelude::*,
};

rule! {
    /// Anybody can take servers down on the page of statistics.
    ///
    /// ## Why
    ///
    /// `stats admin` lets whoever sees the page disable servers and shut sessions down. With `if TRUE`, no `stats auth`, no rule that
    /// lets only some in, and an address that is not the machine's own, that is everybody. `admin:admin` and the like, which stand in
    /// a hundred guides, are the first that is tried.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend stats
    ///     mode http
    ///     bind :8404
    ///     timeout client 30s
    ///     stats enable
    ///     stats admin if TRUE
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend stats
    ///     mode http
    ///     bind 127.0.0.1:8404
    ///     timeout client 30s
    ///     stats enable
    ///     stats admin if TRUE
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `stats admin` and `stats auth`.
    "security/stats-admin-open", Warning, World(check), about: ["stats"]
}

/// Passwords of guides.
const KNOWN: [&str; 10] = ["admin", "password", "haproxy", "123456", "changeme", "secret", "stats", "test", "pass", "mypassword"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend()) {
        let lines: Vec<Statement<'_>> = cx.config.ancestors(proxy).chain([proxy]).flat_map(|p| p.lines(&["stats"])).collect();
        let Some(admin) = lines.iter().find(|line| line.str(1) == "admin" && is_for_all(line)) else { continue };
        let auth = lines.iter().find(|line| line.str(1) == "auth");
        let weak = auth.filter(|line| line.str(2).split_once(':').is_some_and(|(_, p)| KNOWN.contains(&p.to_ascii_lowercase().as_str())));
        let guarded = || {
            let guards = |s: Statement<'_>| {
                let action = if s.keyword() == "tcp-request" { s.str(2) } else { s.str(1) };
                matches!(s.keyword(), "http-request" | "tcp-request" | "stats" | "block")
                    && matches!(action, "auth" | "deny" | "reject" | "silent-drop" | "tarpit" | "http-request")
            };
            proxy.section.statements().any(guards) || cx.config.ancestors(proxy).any(|p| p.section.statements().any(guards))
        };
        if auth.is_some() && weak.is_none() || auth.is_none() && guarded() || !is_reachable(cx, proxy) {
            continue;
        }
        let (message, label) = match weak {
            Some(_) => (
                "anybody can take servers down on this page: its password is one that guides print",
                "with a password that everybody knows",
            ),
            None => ("anybody can take servers down on this page of statistics", "without a password"),
        };
        let draft = Draft::at(admin.location(), message).label(label);
        let draft = weak.into_iter().fold(draft, |draft, line| draft.also(line.location(), "the password"));
        out.report(draft.help("listen on `127.0.0.1`, or add `stats auth` with a password of your own, or `stats admin if LOCALHOST`"));
    }
}

/// Whether the condition holds for everybody.
fn is_for_all(line: &Statement<'_>) -> bool {
    let Guard::Condition(condition) = Guard::of(line) else { return false };
    let Some(terms) = condition.positive() else { return false };
    terms.iter().any(|term| term.iter().all(|l| !l.negated && l.atom == Atom::Name("TRUE")))
}

/// Whether others than the machine itself come in: by an address of the network, without certificates of clients.
fn is_reachable(cx: &Context<'_>, proxy: &Proxy<'_>) -> bool {
    let open = |text: &str| {
        let address = address::parse(text, &|name| cx.config.reading.environment.get(name));
        let known = matches!(address.host, address::Host::Any4 | address::Host::Any6) || address.host.ip().is_some();
        address.is_network() && known && !address.host.ip().is_some_and(|ip| ip.is_loopback())
    };
    proxy.binds.iter().any(|bind| {
        let verified = bind.options().has("verify");
        !verified
            && bind.address.and_then(Word::known).is_some_and(|list| address::list(list).any(|range| list.get(range).is_some_and(open)))
    })
}
