//! `reference/unknown-server`.

use crate::{
    config::{NameKind, ServerOption, Use},
    rules::{prelude::*, unknown},
};

rule! {
    /// `use-server` or `track` names a server that does not exist.
    ///
    /// ## Why
    ///
    /// `use-server` picks a server of its own section, `track` one of its own section or, written `backend/server`,
    /// of another. HAProxy refuses the configuration if there is none. The servers of a `server-template` are named
    /// after its prefix and their number: `app1`, `app2`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     use-server canary if { path_beg /new }
    ///     server stable 192.0.2.1:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     use-server canary if { path_beg /new }
    ///     server stable 192.0.2.1:80
    ///     server canary 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with HAProxy 2.6 to 3.4; the manual of `use-server` and `track`.
    "reference/unknown-server", Error, World(check), uses: Server, mends: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let names = &cx.config.names;
    let (mut hints, mut servers) = (unknown::Hints::new(), unknown::OfSections::default());
    for used in names.uses_of(NameKind::Server) {
        if let Some(draft) = judge(cx, &used, &mut hints, &mut servers) {
            let looked_up = match used.statement.keyword() {
                "default-server" => unknown::is_inherited(cx, &used, ServerOption::Track),
                _ => cx.config.looks_up(used.proxy(cx.config)),
            };
            let passed_on = used.statement.keyword() == "default-server" && !looked_up;
            out.report(if passed_on { draft } else { unknown::refused_at_the_end(draft, looked_up) });
        }
    }
}

/// Where some bytes of the name stand: all of it, where quotes or escapes moved them.
fn part(used: &Use<'_>, bytes: std::ops::Range<usize>) -> Location {
    let Location { file, span } = used.location();
    let exact = span.len() == used.name.len();
    Location { file, span: if exact { Span::new(span.start + bytes.start as u32, span.start + bytes.end as u32) } else { span } }
}

fn judge<'a>(cx: &Context<'a>, used: &Use<'_>, hints: &mut unknown::Hints, servers: &mut unknown::OfSections<'a>) -> Option<Draft> {
    let names = &cx.config.names;
    let (backend, server) = match used.name.split_once('/') {
        _ if used.statement.keyword() == "use-server" => (None, used.name),
        Some((backend, server)) => (Some(backend), server),
        None => (None, used.name),
    };
    if used.statement.keyword() == "use-server" && server.contains('%') {
        return None;
    }
    let section = match backend.map(|b| (b, names.find(NameKind::Backend, None, b).first())) {
        None => used.section(),
        Some((_, Some(found))) => found.section(),
        Some((_, None)) if names.is_open(NameKind::Backend, None) => return None,
        Some((backend, None)) => {
            let help = hints.help(
                part(used, 0..backend.len()),
                backend,
                &hints.unless_spent(|| names.list(NameKind::Backend)),
                "name a backend that exists, as `backend/server`",
            );
            let message = format!("no backend is named `{backend}`, and so there is no server `{server}` in it");
            return Some(Draft::at(used.location(), message).label("this backend does not exist").help(help));
        }
    };
    if exists(cx, section, server) {
        return None;
    }
    let wrong = part(used, used.name.len() - server.len()..used.name.len());
    let help = hints.help(wrong, server, servers.of(names, NameKind::Server, section), "name a server of this section");
    let place = backend.map_or_else(|| "in this section".to_owned(), |b| format!("in `{b}`"));
    Some(Draft::at(used.location(), format!("no server {place} is named `{server}`")).label("this server does not exist").help(help))
}

/// Whether the section has that server, or may have it.
fn exists(cx: &Context<'_>, section: usize, server: &str) -> bool {
    let names = &cx.config.names;
    let scope = Some(section);
    let open = names.is_open(NameKind::Server, scope) || names.is_open(NameKind::ServerTemplate, scope);
    open || !names.find(NameKind::Server, scope, server).is_empty() || from_template(cx, section, server)
}

/// Whether `server` is the prefix of a template and one of its numbers.
fn from_template(cx: &Context<'_>, section: usize, server: &str) -> bool {
    let prefix = server.trim_end_matches(|c: char| c.is_ascii_digit());
    (prefix.len()..server.len()).any(|at| {
        let (prefix, number) = server.split_at(at);
        let number: Option<u32> = number.parse().ok().filter(|_| !number.starts_with('0'));
        let templates = cx.config.names.find(NameKind::ServerTemplate, Some(section), prefix);
        templates.iter().any(|t| number.is_some_and(|n| in_range(t.statement.word(2), n)))
    })
}

/// Whether `3` or `1-3` holds `number`; a range that is not known may.
fn in_range(range: Option<Word<'_>>, number: u32) -> bool {
    let Some(text) = range.and_then(Word::known) else { return true };
    let (first, last) = text.split_once('-').unwrap_or(("1", text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) => (first..=last).contains(&number),
        _ => true,
    }
}
