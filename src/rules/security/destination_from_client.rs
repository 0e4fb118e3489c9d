//! `security/destination-from-client`.

use crate::{
    config::Proxy,
    rules::{clients, prelude::*},
};

rule! {
    /// Clients choose the backend or the address that they are sent to.
    ///
    /// ## Why
    ///
    /// `use_backend %[req.hdr(X)]` leads to every backend there is, those for administration included, for whoever writes their name.
    /// `set-dst` with an address of the request makes HAProxy open connections to any host that it can reach: metadata services of
    /// clouds and what listens on 127.0.0.1 among them. A map says which values lead where. Nothing is said where the name has a fixed
    /// beginning or end, nor where a condition of the line looks at the value.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/destination-from-client
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     use_backend %[req.hdr(x-backend)]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/destination-from-client
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     use_backend %[req.hdr(x-backend)] if { req.hdr(x-backend) -m str app api }
    /// ```
    ///
    /// ## Source
    ///
    /// CWE-441, CWE-918; tried with HAProxy 2.6 and 2.8.
    "security/destination-from-client", Warning, World(check), mentions: ["use_backend", "set-dst"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        for line in proxy.section.statements() {
            let Some((word, value, message)) = chosen(&line) else { continue };
            if clients::is_free(cx, proxy, &line, value) && !is_limited(proxy, value) {
                let draft = Draft::at(word.location, format!("{message}: `{value}`"))
                    .label("what the request says")
                    .help("look it up in a map of what is allowed, or add a condition on it");
                out.report(draft);
            }
        }
    }
}

/// The word by which a line leaves the choice to clients, what they write, and what they choose.
fn chosen<'r>(line: &Statement<'r>) -> Option<(Word<'r>, &'r str, &'static str)> {
    if line.keyword() == "use_backend" {
        let word = line.word(1)?;
        return Some((word, clients::format(word.known()?, true)?, "clients choose any backend by its name"));
    }
    let at = (1..=2).find(|at| matches!(line.str(*at), "set-dst" | "set-dst-port"))?;
    let word = line.word(at + 1)?;
    Some((word, clients::written(word.known()?)?, "clients choose where HAProxy connects to"))
}

/// Whether a rule of the section turns some values, or some destinations, away.
fn is_limited(proxy: &Proxy<'_>, value: &str) -> bool {
    let name = value.trim_start_matches("req.");
    proxy.section.statements().any(|line| {
        let refuses = line.words().take(3).any(|word| word.is("deny") || word.is("reject") || word.is("silent-drop"));
        refuses && line.words().any(|word| word.known().is_none_or(|text| text.contains(name) || text == "dst"))
    })
}
