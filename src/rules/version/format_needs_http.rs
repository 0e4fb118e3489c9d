//! `version/format-needs-http`.

use crate::{
    catalog::{Fact, Mark, NoteKind, Role},
    config::{Mode, Proxy},
    expression::{aliases_in, lookup_acl, lookup_fetch},
    rules::{dead::needs_http_mode::upgrades, prelude::*, reference::unknown_acl::predefined},
};

rule! {
    /// A format asks for something of HTTP in a proxy in TCP mode, which the first releases of 3.0 refuse, and earlier ones tell.
    ///
    /// ## Why
    ///
    /// HAProxy 3.0.0 to 3.0.3 look at every format of a proxy once all is read: one with a sample in a proxy that asks for something
    /// of HTTP anywhere, be it a condition, is refused unless the proxy is in HTTP mode or hands over to one that is. Up to 2.9 HAProxy
    /// warns where something of HTTP is asked for up to such a format. Later releases take it in silence; the field stays empty.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.0.0 also=dead/needs-http-mode
    /// frontend web
    ///     mode tcp
    ///     bind :80
    ///     http-request set-header X-Path %[path]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.0.0
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     http-request set-header X-Path %[path]
    /// ```
    ///
    /// ## Source
    ///
    /// `lf_expr_postcheck()` of log.c in 3.0.0; 3.1 only tells with `-dD`, and the change went into 3.0. `proxy_cfg_ensure_no_http()` of proxy.c in
    /// 2.6 and 2.8.
    "version/format-needs-http", Error, World(check)
}

fn versions() -> VersionSet {
    VersionSet::since(3, 0, 0) & VersionSet::before(3, 0, 4)
}

/// The versions that warn.
const WARNED: VersionSet = VersionSet::before(3, 0, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    warnings(cx, out);
    if cx.is_open() || !cx.config.reading.world.versions.meets(versions()) {
        return;
    }
    let of_tcp = |p: &&Proxy<'_>| p.runs() && p.traffic() == Mode::Tcp && !p.in_force.open && !upgrades(cx.config, p).meets(versions());
    for proxy in cx.config.proxies.iter().filter(of_tcp) {
        if let Some((line, why)) = first_refused(cx, proxy) {
            let message = format!("this format is for HTTP, and {} is in TCP mode", proxy.called());
            let draft = Draft::at(line.location(), message).label("not usable here").note(why).stage(Stage::Whole);
            let draft = draft.help("put the proxy into HTTP mode, leave it out, or run a later release of 3.0");
            out.report(draft.only(versions()).rejected_by(versions()));
        }
    }
}

/// What is told before 3.0: the last such line of each proxy.
fn warnings(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || !cx.config.reading.world.versions.meets(WARNED) {
        return;
    }
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && p.traffic() == Mode::Tcp) {
        let Some(line) = last_told(cx, proxy) else { continue };
        let draft = Draft::at(line.location(), format!("this format is for HTTP, and {} is in TCP mode", proxy.called()));
        let draft = draft.label("stays empty").help("put the proxy into HTTP mode, or leave it out").severity(Severity::Warning);
        out.report(draft.stage(Stage::Whole).only(WARNED).warned_by(WARNED));
    }
}

/// The last line of a proxy with a sample in its format up to which something of HTTP was asked for.
fn last_told<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Option<Statement<'r>> {
    let acls = acls_of_http(proxy);
    let (mut asks, mut last) = (false, None);
    for (number, marks) in cx.config.shapes.within(proxy.section.body()) {
        let line = cx.config.reading.statement(number);
        // Other formats are looked at when all is read.
        let early = ["http-", "tcp-"].iter().any(|list| line.keyword().starts_with(list));
        let formats = marks.iter().filter(|mark| mark.role == Role::Format && early);
        for text in formats.filter_map(|mark| line.word(usize::from(mark.word))?.known()) {
            asks |= samples(text).any(is_http);
            last = if asks && text.contains("%[") { Some(line) } else { last };
        }
        asks |= condition_asks(&line, marks, &acls);
    }
    last
}

/// The samples of a format.
fn samples(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("%[").map(|(at, found)| text.get(at + found.len()..).unwrap_or(""))
}

/// The first format of a proxy that is refused, and why.
fn first_refused<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Option<(Statement<'r>, &'static str)> {
    let mut asks = conditions_ask(cx, proxy);
    for line in formats(cx, proxy) {
        let texts = || line.words().filter_map(Word::known).filter(|text| text.contains('%'));
        if texts().any(|text| aliases_in(text).any(|(name, _)| matches!(name, "ST" | "rt"))) {
            return Some((line, "it has an alias that is filled from a request or a response"));
        }
        asks |= texts().any(|text| samples(text).any(is_http));
        if asks && texts().any(|text| text.contains("%[")) {
            return Some((line, "something in this proxy asks for HTTP, so that all its formats with samples are refused"));
        }
    }
    None
}

/// The lines with formats, as they are looked at: settings first, which frontends alone have.
fn formats<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Vec<Statement<'r>> {
    let mut settings = Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::LastCounts);
    settings.retain(|fact| fact.takes_format());
    let in_force = settings.iter().filter_map(|fact| proxy.in_force.get(fact.name).filter(|line| line.keyword() == fact.name));
    let mut all: Vec<_> = in_force.filter(|_| proxy.is_frontend()).collect();
    let is_setting = |line: &Statement<'_>| settings.iter().any(|fact| fact.name == line.keyword());
    let with_format = cx.config.shapes.within(proxy.section.body()).filter(|(_, marks)| marks.iter().any(|m| m.role == Role::Format));
    all.extend(with_format.map(|(number, _)| cx.config.reading.statement(number)).filter(|line| !is_setting(line)));
    all
}

/// Whether a condition of the proxy asks for something of HTTP.
fn conditions_ask(cx: &Context<'_>, proxy: &Proxy<'_>) -> bool {
    let acls = acls_of_http(proxy);
    let mut lines = cx.config.shapes.within(proxy.section.body());
    lines.any(|(number, marks)| condition_asks(&cx.config.reading.statement(number), marks, &acls))
}

/// The names of the ACLs of a proxy that ask for something of HTTP.
fn acls_of_http<'r>(proxy: &Proxy<'r>) -> Vec<&'r str> {
    let of_http = |acl: &Statement<'_>| acl.keyword() == "acl" && is_http(acl.str(2));
    proxy.section.statements().filter(of_http).map(|acl| acl.str(1)).collect()
}

/// Whether the condition of a line asks for something of HTTP.
fn condition_asks(line: &Statement<'_>, marks: &[Mark], acls: &[&str]) -> bool {
    let Some(first) = marks.iter().find(|m| m.role == Role::Condition).map(|m| usize::from(m.word)) else { return false };
    let mut before = "";
    line.words().skip(first + 1).any(|word| {
        let text = word.known().unwrap_or("");
        let inside = matches!(std::mem::replace(&mut before, text), "{" | "!{");
        let name = text.trim_start_matches('!');
        if inside { is_http(text) } else { acls.contains(&name) || predefined(name).is_some_and(|(fetch, _)| is_http(fetch)) }
    })
}

/// Whether an expression begins with a fetch of HTTP.
fn is_http(expression: &str) -> bool {
    let name = expression.split(['(', ',', ']']).next().unwrap_or("").trim();
    lookup_fetch(lookup_acl(name).map_or(name, |acl| acl.fetch)).iter().any(|form| form.has("http"))
}
