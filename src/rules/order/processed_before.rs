//! `order/processed-before`.

use crate::{
    catalog::{Fact, NoteKind},
    rules::{later::later, prelude::*},
    syntax::Reading,
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
    /// The fix moves the line, with the comments above it, to where it runs: nothing else changes. There is none where something
    /// stands between that is no such rule, an `acl` line say, which must stay above what uses it, nor where another rule of the
    /// same kind would be overtaken; that one is moved first.
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
    "order/processed-before", Warning, World(check), mends: true
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

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let mut kinds = kinds(cx);
    // Most configurations have few of them.
    kinds.retain(|kind| kind.fact.path().last().is_some_and(|keyword| cx.config.reading.may_have(&[keyword.name])));
    if kinds.len() > 1 {
        let first = kinds.iter().filter_map(|kind| kind.fact.path().last());
        let first: Vec<&str> = first.map(|keyword| keyword.name).collect();
        let reading = cx.config.reading;
        // By the number of the keyword: lines have few of them.
        let concerns: Vec<bool> = reading.keywords().map(|keyword| first.contains(&keyword)).collect();
        let concerned = |number: &usize| concerns[reading.statement(*number).keyword_number() as usize];
        let proxies = cx.config.proxies.iter().filter(|p| p.created);
        let mut met = Default::default();
        proxies.for_each(|proxy| order(reading, proxy.section.body().filter(concerned), &kinds, &mut met, out));
    }
}

/// A kind of rules that was met: its first rule, and where its first and its last stand among all rules.
struct Met<'r> {
    kind: &'static Fact,
    line: Statement<'r>,
    first: usize,
    last: usize,
}

/// Looks at the rules of a proxy, by their numbers; what is met is kept in lists whose room serves the next proxy, too.
fn order<'r>(
    reading: &'r Reading<'r>,
    numbers: impl Iterator<Item = usize>,
    kinds: &[Kind],
    (seen, rules): &mut (Vec<Met<'r>>, Vec<u32>),
    out: &mut Sink<'_>,
) {
    seen.clear();
    rules.clear();
    // What the last rule is, and where its kind is among those that were met, if it is in order: then the next one like it is, too.
    let mut in_order: Option<(&'static Fact, usize)> = None;
    for number in numbers {
        let line = reading.statement(number);
        let Some(fact) = Fact::of(SectionKind::Listen, &line, 0) else { continue };
        if let Some((_, own)) = in_order.filter(|(last, _)| std::ptr::eq(*last, fact)) {
            seen[own].last = rules.len();
            rules.push(number as u32);
            continue;
        }
        let Some(kind) = fact.path().find_map(|fact| kinds.iter().find(|kind| std::ptr::eq(kind.fact, fact))) else { continue };
        let met = |kind: &Fact| seen.iter().position(|met| std::ptr::eq(met.kind, kind));
        let later = kind.later.iter().find_map(|(later, versions)| Some((&seen[met(later)?], *versions)));
        if let Some((later, versions)) = later {
            let (name, title) = (called(kind.fact), called(later.kind));
            let draft = Draft::at(line.location(), format!("this `{name}` rule runs before the `{title}` rule above it"))
                .label("runs first")
                .also(later.line.location(), "runs later")
                .help(format!("write `{name}` rules above `{title}` rules, in the order in which they run"));
            // The first of all that run later: it may be of another kind.
            let top = kind.later.iter().filter_map(|(later, _)| met(later)).map(|at| &seen[at]).min_by_key(|met| met.first);
            let overtakes = |top: &&Met<'_>| met(kind.fact).is_some_and(|own| seen[own].last > top.first);
            let edits = top.filter(|top| !overtakes(top)).and_then(|top| {
                let passed: Vec<Statement<'r>> = rules[top.first..].iter().map(|number| reading.statement(*number as usize)).collect();
                moved(line, &passed)
            });
            let title = top.map_or("", |top| called(top.kind));
            out.report(draft.warned_by(versions).fix_if(format!("move it above the `{title}` rule"), edits));
        }
        let (own, here) = (met(kind.fact), rules.len());
        in_order = later.is_none().then_some((fact, own.unwrap_or(seen.len())));
        rules.push(number as u32);
        match own {
            Some(own) => seen[own].last = here,
            None => seen.push(Met { kind: kind.fact, line, first: here, last: here }),
        }
    }
}

/// Moves `line` and the comments above it above the rules that it passes, where nothing but comments stands between them.
fn moved(line: Statement<'_>, passed: &[Statement<'_>]) -> Option<Vec<Edit>> {
    let above = passed.first()?;
    let file = line.file();
    let in_file = |rule: &Statement<'_>| rule.file_id() == line.file_id();
    let text = |number: usize| file.slice(file.line_span(number)).trim_ascii();
    let is_comment = |number: usize| text(number).starts_with(b"#");
    let rules: Vec<usize> = passed.iter().filter(|rule| in_file(rule)).map(Statement::line).collect();
    if !in_file(above) || above.line() >= line.line() {
        return None;
    }
    let mut passed = above.line() + 1..line.line();
    if !passed.all(|number| text(number).is_empty() || is_comment(number) || rules.binary_search(&number).is_ok()) {
        return None;
    }
    let commented = |mut number: usize| {
        while number > 0 && is_comment(number - 1) {
            number -= 1;
        }
        file.line_span(number).start
    };
    let whole = Location { span: Span::new(commented(line.line()), line.whole_line().span.end), ..line.whole_line() };
    let text = file.str(whole.span).filter(|text| text.ends_with('\n'))?.to_owned();
    let start = commented(above.line());
    Some(vec![Edit::replace(Location { span: Span::new(start, start), ..whole }, text), Edit::delete(whole)])
}

/// What people call the rules of a kind.
fn called(kind: &Fact) -> &'static str {
    if kind.name == "monitor" { "monitor fail" } else { kind.name }
}
