//! `order/processed-before`.

use crate::{
    catalog::{Fact, NoteKind},
    rules::prelude::*,
};

rule! {
    /// A rule stands behind one that HAProxy runs later.
    ///
    /// ## Why
    ///
    /// HAProxy runs the rules of a section by kind, whatever order they are written in: `tcp-request connection`,
    /// `tcp-request session`, `tcp-request content`, `monitor fail`, `http-request`, `redirect`, then `use_backend` and
    /// `use-server`. Only rules of one kind run in their order. Where a section is written otherwise, somebody expects another
    /// order, so HAProxy warns.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :80
    ///     mode http
    ///     redirect location /login unless { req.cook(SESSION) -m found }
    ///     http-request set-header X-Proxy one
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :80
    ///     mode http
    ///     http-request set-header X-Proxy one
    ///     redirect location /login unless { req.cook(SESSION) -m found }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check; `tcp-response content` behind `http-response` since 3.1.
    "order/processed-before", Warning, World(check)
}

/// A kind of rules, and the kinds that run later, with the versions that say so; what runs next first.
struct Kind {
    fact: &'static Fact,
    later: Vec<(&'static Fact, VersionSet)>,
}

/// The kinds of rules of which it is known what runs before them or behind them.
fn kinds(cx: &Context<'_>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for fact in Fact::with_in(cx.config.reading, SectionKind::Listen, NoteKind::Before) {
        let later = later(fact);
        let behind: Vec<_> = later.iter().map(|(fact, _)| *fact).filter(|fact| !fact.has(NoteKind::Before)).collect();
        for last in behind {
            if !kinds.iter().any(|kind| std::ptr::eq(kind.fact, last)) {
                kinds.push(Kind { fact: last, later: Vec::new() });
            }
        }
        kinds.push(Kind { fact, later });
    }
    kinds
}

/// The kinds of rules that run behind those of `kind`: what its notes name, then what the notes of these do.
fn later(kind: &'static Fact) -> Vec<(&'static Fact, VersionSet)> {
    let mut later: Vec<(&Fact, VersionSet)> = vec![(kind, VersionSet::ALL)];
    let mut at = 0;
    while let Some((fact, versions)) = later.get(at).copied() {
        for note in fact.notes(NoteKind::Before) {
            let words: Vec<&str> = note.text().split(' ').collect();
            let next = Fact::of_words(SectionKind::Listen, |at| words.get(at).copied().unwrap_or(""));
            let next = next.filter(|next| !later.iter().any(|(known, _)| std::ptr::eq(*known, *next)));
            later.extend(next.map(|next| (next, versions & note.versions)));
        }
        at += 1;
    }
    later.remove(0);
    later
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut kinds = kinds(cx);
    // Most configurations have few of them.
    kinds.retain(|kind| kind.fact.path().last().is_some_and(|keyword| cx.config.reading.may_have(&[keyword.name])));
    if kinds.len() > 1 {
        let first = kinds.iter().filter_map(|kind| kind.fact.path().last());
        let keywords: Vec<u32> = first.filter_map(|keyword| cx.config.reading.keyword_number(keyword.name)).collect();
        let concerned = |line: &Statement<'_>| keywords.contains(&line.keyword_number());
        let proxies = cx.config.proxies.iter().filter(|p| p.created && !p.is_defaults());
        proxies.for_each(|proxy| order(proxy.section.statements().filter(concerned), &kinds, out));
    }
}

fn order<'r>(lines: impl Iterator<Item = Statement<'r>>, kinds: &[Kind], out: &mut Sink<'_>) {
    let mut seen: Vec<(&Fact, Statement<'r>)> = Vec::new();
    for line in lines {
        let Some(fact) = Fact::of(SectionKind::Listen, &line, 0) else { continue };
        let Some(kind) = fact.path().find_map(|fact| kinds.iter().find(|kind| std::ptr::eq(kind.fact, fact))) else { continue };
        let above = |kind: &Fact| seen.iter().find(|(seen, _)| std::ptr::eq(*seen, kind)).map(|(_, line)| *line);
        let later = kind.later.iter().find_map(|(later, versions)| Some((*later, above(later)?, *versions)));
        if let Some((later, at, versions)) = later {
            let (name, later) = (called(kind.fact), called(later));
            let draft = Draft::at(line.location(), format!("this `{name}` rule runs before the `{later}` rule above it"))
                .label("runs first")
                .also(at.location(), "runs later")
                .help(format!("write `{name}` rules above `{later}` rules, in the order in which they run"));
            out.report(draft.warned_by(versions));
        }
        if above(kind.fact).is_none() {
            seen.push((kind.fact, line));
        }
    }
}

/// What people call the rules of a kind.
fn called(kind: &Fact) -> &'static str {
    if kind.name == "monitor" { "monitor fail" } else { kind.name }
}
