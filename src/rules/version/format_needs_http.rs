//! `version/format-needs-http`.

use crate::{
    catalog::{Fact, Mark, NoteKind, Role},
    config::{Mode, Proxy},
    expression::{aliases_in, lookup_acl, lookup_fetch},
    rules::{dead::needs_http_mode::upgrades, prelude::*},
};

rule! {
    /// A format asks for something of HTTP in a proxy in TCP mode, which only the first releases of 3.0 refuse.
    ///
    /// ## Why
    ///
    /// HAProxy 3.0.0 to 3.0.3 look at every format of a proxy once all is read: one with a sample in a proxy that asks for something
    /// of HTTP anywhere, be it a condition, is refused unless the proxy is in HTTP mode or hands over to one that is. Other releases
    /// take it, and leave the field empty.
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
    /// `lf_expr_postcheck()` of log.c in 3.0.0; 3.1 only tells with `-dD`, and the change went into 3.0.
    "version/format-needs-http", Error, World(check)
}

fn versions() -> VersionSet {
    VersionSet::since(3, 0, 0) & VersionSet::before(3, 0, 4)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
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

/// The first format of a proxy that is refused, and why.
fn first_refused<'r>(cx: &Context<'r>, proxy: &Proxy<'r>) -> Option<(Statement<'r>, &'static str)> {
    let mut asks = conditions_ask(cx, proxy);
    for line in formats(cx, proxy) {
        let texts = || line.words().filter_map(Word::known).filter(|text| text.contains('%'));
        if texts().any(|text| aliases_in(text).any(|(name, _)| matches!(name, "ST" | "rt"))) {
            return Some((line, "it has an alias that is filled from a request or a response"));
        }
        asks |= texts().any(|text| text.match_indices("%[").any(|(at, _)| is_http(text.get(at + 2..).unwrap_or(""))));
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
    let of_http = |acl: &Statement<'_>| acl.keyword() == "acl" && is_http(acl.str(2));
    let acls: Vec<&str> = proxy.section.statements().filter(of_http).map(|acl| acl.str(1)).collect();
    let begins = |marks: &[Mark]| marks.iter().find(|m| m.role == Role::Condition).map(|m| usize::from(m.word));
    cx.config.shapes.within(proxy.section.body()).any(|(number, marks)| {
        let Some(first) = begins(marks) else { return false };
        let mut before = "";
        cx.config.reading.statement(number).words().skip(first + 1).any(|word| {
            let text = word.known().unwrap_or("");
            let inside = matches!(std::mem::replace(&mut before, text), "{" | "!{");
            let name = text.trim_start_matches('!');
            if inside { is_http(text) } else { acls.contains(&name) || name.starts_with("METH_") }
        })
    })
}

/// Whether an expression begins with a fetch of HTTP.
fn is_http(expression: &str) -> bool {
    let name = expression.split(['(', ',', ']']).next().unwrap_or("").trim();
    lookup_fetch(lookup_acl(name).map_or(name, |acl| acl.fetch)).iter().any(|form| form.has("http"))
}
