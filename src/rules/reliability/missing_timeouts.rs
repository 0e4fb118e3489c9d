//! `reliability/missing-timeouts`.

use crate::{
    config::{Mode, Proxy},
    rules::prelude::*,
};

rule! {
    /// A proxy has no timeout for its clients, or for its servers.
    ///
    /// ## Why
    ///
    /// Without a timeout HAProxy waits for ever: a client or server that vanishes without a word keeps its connection, until
    /// there are no more of them. A section that takes traffic in needs `timeout client`; one with servers needs
    /// `timeout connect` and `timeout server` (in TCP mode `timeout tunnel` will do for the second). Zero is no timeout.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     timeout client 30s
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
    ///
    /// listen web
    ///     bind :80
    ///     server one 192.0.2.1:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 to 3.4.
    "reliability/missing-timeouts", Warning, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    rings(cx, out);
    for proxy in cx.config.proxies.iter().filter(|p| p.runs()) {
        let Some(location) = proxy.place() else { continue };
        let missing = missing(proxy);
        if missing.is_empty() {
            continue;
        }
        let names: Vec<String> = missing.iter().map(|m| format!("`timeout {m}`")).collect();
        let help = format!("set {} here or in its `defaults` section, for instance to `30s`", names.join(" and "));
        let draft = Draft::at(location, format!("{} has no {}", proxy.called(), names.join(" and no "))).label("this can wait for ever");
        let draft = match proxy.section.header {
            Some(header) => {
                let end = header.whole_line().span.end;
                let lines: String = missing.iter().filter(|m| !renamed(proxy, m)).map(|m| format!("    timeout {m} 30s\n")).collect();
                if lines.is_empty() {
                    out.report(draft.help(help).stage(Stage::Whole).warned_by(VersionSet::ALL));
                    continue;
                }
                draft.offer("set them to 30s", vec![Edit::replace(Location { span: Span::new(end, end), ..header.whole_line() }, lines)])
            }
            None => draft,
        };
        out.report(draft.help(help).stage(Stage::Whole).warned_by(VersionSet::ALL));
    }
}

/// Whether an old keyword of the section sets a timeout, which another fix writes anew.
fn renamed(proxy: &Proxy<'_>, timeout: &str) -> bool {
    let old = match timeout {
        "client" => "clitimeout",
        "server" => "srvtimeout",
        _ => "contimeout",
    };
    proxy.section.statements().any(|line| line.keyword() == old)
}

/// A ring with servers sends to them as a backend does.
fn rings(cx: &Context<'_>, out: &mut Sink<'_>) {
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Ring) {
        let lines = || section.statements();
        let sets = |name: &str| lines().any(|s| s.starts_with(&["timeout", name]) && !s.word(2).is_some_and(is_zero));
        let Some(word) = section.name.filter(|_| lines().any(|s| s.keyword() == "server")) else { continue };
        let missing: Vec<String> = ["connect", "server"].into_iter().filter(|n| !sets(n)).map(|n| format!("`timeout {n}`")).collect();
        if !missing.is_empty() {
            let message = format!("ring `{}` sends to servers, and has no {}", word.display(), missing.join(" and no "));
            let draft = Draft::at(word.location, message).label("this can wait for ever").help(format!("set {}", missing.join(" and ")));
            out.report(draft.stage(Stage::Whole).warned_by(VersionSet::ALL));
        }
    }
}

/// The timeouts that this proxy certainly lacks.
fn missing(proxy: &Proxy<'_>) -> Vec<&'static str> {
    let mode = proxy.traffic();
    if proxy.in_force.open || !matches!(mode, Mode::Tcp | Mode::Http) {
        return Vec::new();
    }
    let lacks = |name: &str| proxy.in_force.get(name).is_none_or(|line| line.word(2).is_some_and(is_zero));
    let mut missing = Vec::new();
    if proxy.is_frontend() && lacks("timeout client") {
        missing.push("client");
    }
    if proxy.has_servers() {
        let server = lacks("timeout server") && (mode == Mode::Http || lacks("timeout tunnel"));
        missing.extend(lacks("timeout connect").then_some("connect"));
        missing.extend(server.then_some("server"));
    }
    missing
}

/// Whether a time is certainly zero, whatever its unit.
fn is_zero(word: Word<'_>) -> bool {
    word.known().is_some_and(|text| {
        let unit = text.trim_start_matches('0');
        unit.len() < text.len() && matches!(unit, "" | "us" | "ms" | "s" | "m" | "h" | "d")
    })
}
