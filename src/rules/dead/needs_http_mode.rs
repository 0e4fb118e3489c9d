//! `dead/needs-http-mode`.

use crate::{
    catalog::{Fact, NoteKind, Sections},
    config::{Config, Mode, NameKind, Proxy, ServerOption},
    finding::Cause,
    rules::{inherited, prelude::*},
};

rule! {
    /// A line that works in HTTP mode only stands in a proxy of another mode.
    ///
    /// ## Why
    ///
    /// A proxy without a `mode` line, its own or its `defaults`', is in TCP mode, and does not look into requests. HAProxy
    /// ignores `http-request` and its kin, `redirect`, `cookie`, `stats`, `option forwardfor` and so on there, warns, and
    /// starts: redirects do not redirect, and `deny` denies nothing. From 3.0 on a TCP frontend that sends traffic to an HTTP
    /// backend may have HTTP rules.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     http-request deny if { path_beg /admin }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request deny if { path_beg /admin }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.4.
    "dead/needs-http-mode", Warning, World(check)
}

/// The versions in which a TCP frontend that sends traffic to an HTTP backend may have HTTP rules.
const UPGRADES: VersionSet = VersionSet::since(3, 0, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let (options, rules): (Vec<_>, Vec<_>) =
        Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::HttpOnly).into_iter().partition(|fact| fact.setting().is_some());
    let cookies = cx.config.reading.may_mention("cookie");
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !matches!(p.traffic(), Mode::Http | Mode::Unknown)) {
        let (mode, warned) = (proxy.traffic(), upgrades(cx.config, proxy).complement());
        let look = Look { proxy, mode, warned, cause: cause(cx, proxy) };
        look.rules(&rules, out);
        look.settings(out);
        look.options(&options, out);
        look.servers(cookies, out);
    }
}

/// The versions in which HTTP rules of this proxy apply to some of its traffic.
pub(in crate::rules) fn upgrades(config: &Config<'_>, proxy: &Proxy<'_>) -> VersionSet {
    if !proxy.is_frontend() {
        return VersionSet::NONE;
    }
    let switches = |p: &Proxy<'_>| p.lines(&["tcp-request", "content", "switch-mode"]).next().is_some();
    if switches(proxy) || proxy.defaults().is_some_and(|d| switches(&config.proxies[d])) {
        return VersionSet::ALL;
    }
    let default = proxy.in_force.get("default_backend").and_then(|line| line.word(1));
    let mut targets = proxy.lines(&["use_backend"]).filter_map(|line| line.word(1)).chain(default);
    let http = |word: Word<'_>| match word.known() {
        None => true,
        Some(name) if name.contains('%') => true,
        Some(name) => config.backend(name).is_some_and(|b| matches!(b.traffic(), Mode::Http | Mode::Unknown)),
    };
    if targets.any(http) || config.names.is_open(NameKind::Backend, None) { UPGRADES } else { VersionSet::NONE }
}

/// A proxy that is not in HTTP mode.
struct Look<'a> {
    proxy: &'a Proxy<'a>,
    mode: Mode,
    /// The versions in which none of its traffic becomes HTTP.
    warned: VersionSet,
    /// The `defaults` section that it has its mode from.
    cause: Option<Cause>,
}

/// What proxies without a mode of their own have in common: the `defaults` section that could set one, or sets another.
fn cause(cx: &Context<'_>, proxy: &Proxy<'_>) -> Option<Cause> {
    if proxy.lines(&["mode"]).next().is_some() {
        return None;
    }
    let defaults = inherited::defaults(cx, proxy)?;
    let called = inherited::called(defaults);
    let (place, how) = match defaults.mode() {
        Some(mode) => (mode.location, format!("{called} sets `mode {}`", mode.display())),
        None => (inherited::place(defaults)?, format!("{called} sets no `mode`, which makes it `tcp`")),
    };
    let help = "write `mode http` here if it is HTTP; otherwise into the proxies that are, or remove what needs it";
    Some(Cause::at(place, format!("{how}, and proxies below have settings for HTTP, which are ignored")).label("not HTTP").help(help))
}

impl Look<'_> {
    /// Of rules the own ones of a proxy are looked at.
    fn rules(&self, kinds: &[&Fact], out: &mut Sink<'_>) {
        for words in kinds.iter().map(|kind| vec![kind.name]).chain([vec!["capture", "cookie"]]) {
            if let Some(line) = self.proxy.lines(&words).next() {
                self.report(line, &words.join(" "), self.warned, out);
            }
        }
    }

    fn settings(&self, out: &mut Sink<'_>) {
        let force = &self.proxy.in_force;
        if let Some(line) = force.stats() {
            self.report(line, "stats", self.warned, out);
        }
        if let Some(line) = force.get("cookie").filter(|_| self.proxy.is_backend()) {
            self.report(line, "cookie", VersionSet::ALL, out);
        }
        if let Some(line) = force.get("monitor-uri").filter(|_| self.proxy.is_frontend()) {
            self.report(line, "monitor-uri", UPGRADES.complement() | self.warned, out);
        }
        if let Some(line) = force.get("balance").filter(hashes_http) {
            self.report(line, &format!("balance {}", line.str(1)), VersionSet::ALL, out);
        }
    }

    fn options(&self, options: &[&Fact], out: &mut Sink<'_>) {
        let front = if self.proxy.is_frontend() { Sections::FRONTEND } else { 0 };
        let back = if self.proxy.is_backend() { Sections::BACKEND } else { 0 };
        for option in options.iter().filter(|option| option.is_of(front | back)) {
            if let Some(line) = self.proxy.in_force.get(option.name) {
                self.report(line, option.name, self.warned & option.versions(NoteKind::HttpOnly, ""), out);
            }
        }
    }

    fn servers(&self, cookies: bool, out: &mut Sink<'_>) {
        if !self.proxy.is_backend() {
            return;
        }
        for server in self.proxy.servers.iter().filter(|_| cookies) {
            let Some(cookie) = server.option("cookie").filter(|w| w.known() != Some("")) else { continue };
            let name = server.name().display();
            let message = format!("the cookie of server `{name}` is ignored: {} is in {} mode", self.proxy.called(), self.mode.word());
            let draft = Draft::at(cookie.location, message).about(Subject::new(SubjectKind::Server, name.as_ref()));
            let of = format!("the cookie of server `{name}`");
            out.report(self.draft(draft, &of, VersionSet::ALL));
        }
        for redir in self.proxy.servers.iter().filter_map(|s| s.get(ServerOption::Redir)) {
            let message = format!("a server of {} redirects with `redir`: it is in {} mode", self.proxy.called(), self.mode.word());
            let draft = Draft::at(redir.location, message).label("needs `mode http`").help("put this proxy into HTTP mode, or remove this");
            out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::ALL));
        }
    }

    fn report(&self, line: Statement<'_>, what: &str, warned: VersionSet, out: &mut Sink<'_>) {
        let message = format!("`{what}` is ignored in {}: it is in {} mode", self.proxy.called(), self.mode.word());
        let body = self.proxy.place().filter(|_| !self.proxy.holds(line));
        // An inherited line is told of the proxy that it does nothing in.
        let draft = match body {
            Some(header) => Draft::at(header, message).also(line.location(), "inherited from here"),
            None => Draft::at(line.location(), message),
        };
        out.report(self.draft(draft, &format!("`{what}` in {}", self.proxy.called()), warned));
    }

    fn draft(&self, draft: Draft, of: &str, warned: VersionSet) -> Draft {
        let draft =
            draft.label("needs `mode http`").help("put this proxy into HTTP mode, here or in its `defaults` section, or remove this");
        draft.cause(self.cause.clone().map(|cause| cause.of(of))).stage(Stage::Whole).only(warned).warned_by(warned)
    }
}

/// Whether a `balance` line looks at HTTP: in other modes it is `roundrobin`.
pub(in crate::rules) fn hashes_http(line: &Statement<'_>) -> bool {
    matches!(line.str(1), "uri" | "url_param") || line.str(1).starts_with("hdr(")
}
