//! `dead/unset-variable`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    catalog::{Fact, NoteKind},
    cut::Cut,
    finding::Help,
    rules::{mentions, prelude::*, unknown::Hints},
};

rule! {
    /// A rule asks for a variable that nothing sets, or that is set only further down.
    ///
    /// ## Why
    ///
    /// `var(txn.user)` of a variable that was never set gives nothing, and a condition on it never holds. HAProxy cannot tell
    /// a misspelt name from a new one, and does not look where variables are set. Rules of one kind run from top to bottom, so
    /// a `set-var` below the only rules that read the variable comes too late for them.
    ///
    /// Nothing is said where Lua, SPOE or another filter may set variables, of `proc.` variables, which the command line of
    /// the process sets, and of `var()` with a default.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-var(txn.user) req.hdr(X-User)
    ///     http-request deny if { var(txn.usr) -m str root }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     http-request set-var(txn.user) req.hdr(X-User)
    ///     http-request deny if { var(txn.user) -m str root }
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `set-var` and `var`; vars.c.
    "dead/unset-variable", Warning, World(check), mentions: ["var("], mends: true
}

/// The scopes of variables that only rules set.
const SCOPES: [&str; 5] = ["sess.", "txn.", "req.", "res.", "check."];

/// Where a variable is read or set.
#[derive(Clone, Copy)]
struct Place<'r> {
    statement: Statement<'r>,
    location: Location,
    section: usize,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let frontends = || cx.config.proxies.iter().any(|p| p.is_frontend() && p.created);
    if cx.is_open() || mentions::has_lua(cx.config) || !frontends() {
        return;
    }
    let mut reads: FxHashMap<&str, Vec<Place<'_>>> = FxHashMap::default();
    let mut sets: FxHashMap<&str, Vec<Place<'_>>> = FxHashMap::default();
    for section in cx.config.sections() {
        for statement in section.statements() {
            if statement.keyword() == "filter" && sets_variables(&statement) {
                return;
            }
            if !statement.may_contain(b'(') {
                continue;
            }
            for word in statement.words() {
                let Some(text) = word.known() else {
                    // What is not known may set anything.
                    if word.text == Text::Many || word.display().contains("-var") {
                        return;
                    }
                    continue;
                };
                if text.contains('(') {
                    let place = |span| Place { statement, location: word.part(span), section: section.index() };
                    variables(text, &mut |name, span, sets_it| {
                        let map = if sets_it { &mut sets } else { &mut reads };
                        map.entry(name).or_default().push(place(span));
                    });
                }
            }
        }
    }
    let mut names: Vec<&str> = sets.keys().copied().collect();
    names.sort_unstable();
    let mut hints = Hints::new();
    let mut missing: Vec<(&str, &Vec<Place<'_>>)> =
        reads.iter().filter(|(name, _)| !sets.contains_key(*name)).map(|(n, r)| (*n, r)).collect();
    missing.sort_by_key(|(_, reads)| (reads[0].location.file.0, reads[0].location.span.start));
    for line in missing.chunk_by(|(_, a), (_, b)| a[0].statement.location() == b[0].statement.location()) {
        let (name, reads) = line[0];
        let draft = unset(name, reads, &names, &mut hints);
        let more = line.len() - 1;
        out.report(if more > 0 { draft.note(format!("the same holds of {} on this line", counted(more, "more variable"))) } else { draft });
    }
    let late = reads.iter().filter_map(|(name, reads)| too_late(name, reads, sets.get(name)?));
    let mut late: Vec<(Location, Draft)> = late.collect();
    late.sort_by_key(|(location, _)| (location.file.0, location.span.start));
    late.into_iter().for_each(|(_, draft)| out.report(draft));
}

/// Finds `var(NAME)`, and whatever else has the name of a variable as its argument, which may set it.
fn variables<'r>(text: &'r str, found: &mut impl FnMut(&'r str, std::ops::Range<usize>, bool)) {
    for (open, _) in text.match_indices('(') {
        let start = text.cut(..open).rfind(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))).map_or(0, |at| at + 1);
        let Some(close) = text.cut(open..).find(')').map(|at| open + at) else { return };
        let arguments = text.cut(open + 1..close);
        let reads = text.cut(start..open) == "var";
        let mut at = open + 1;
        for (number, argument) in arguments.split(',').enumerate() {
            let (name, from) = (argument.trim(), at + (argument.len() - argument.trim_start().len()));
            at += argument.len() + 1;
            // A second argument of `var` is a default.
            let asks = reads && number == 0 && !arguments.contains(',');
            if SCOPES.iter().any(|scope| name.starts_with(scope)) && (asks || !reads) {
                found(name, from..from + name.len(), !asks);
            }
        }
    }
}

fn unset(name: &str, reads: &[Place<'_>], set: &[&str], hints: &mut Hints) -> Draft {
    let otherwise = format!("set it first: `http-request set-var({name}) …`");
    let help = hints.help(reads[0].location, name, set, otherwise.as_str());
    // Without a name that was meant it may be a switch that is left off.
    let severity = if help == Help::Say(otherwise) { Severity::Info } else { Severity::Warning };
    // All reads are mended together, or none.
    let exact = reads.iter().all(|read| read.location.span.len() == name.len());
    let near = help.suggestion().filter(|_| exact).map(|near| near.text.clone());
    let help = if near.is_some() { help } else { Help::Say(help.to_string()) };
    let draft =
        Draft::at(reads[0].location, format!("nothing sets the variable `{name}`")).label("always empty").help(help).severity(severity);
    let edits = |near: &String| reads.iter().map(|read| Edit::replace(read.location, near)).collect();
    let draft = if let Some(near) = near { draft.offer(format!("write `{near}`"), edits(&near)) } else { draft };
    if reads.len() > 1 { draft.note(format!("it is read in {}", counted(reads.len() - 1, "more place"))) } else { draft }
}

/// A variable whose only settings are further down in the same list of rules.
fn too_late<'r>(name: &str, reads: &[Place<'r>], sets: &[Place<'r>]) -> Option<(Location, Draft)> {
    let list = |p: &Place<'r>| (p.section, list(&p.statement));
    let first = sets[0];
    let one = list(&first);
    one.1?;
    let place = |l: Location| (l.file.0, l.span.start);
    let early = reads.iter().all(|r| list(r) == one && place(r.location) < place(first.location));
    if !early || !sets.iter().all(|s| list(s) == one) {
        return None;
    }
    // What lives longer than a request is there for the next one.
    let lines: FxHashSet<usize> = sets.iter().map(|s| s.statement.line()).collect();
    if name.starts_with("sess.") || reads.iter().any(|r| lines.contains(&r.statement.line())) {
        return None;
    }
    let draft = Draft::at(reads[0].location, format!("the variable `{name}` is read before it is set"))
        .label("still empty here")
        .also(first.location, "set here")
        .help(format!("move the `set-var({name})` rule above this one"));
    Some((reads[0].location, draft))
}

/// The list of rules that a statement belongs to; `None` for what is evaluated elsewhere, such as an ACL.
fn list(statement: &Statement<'_>) -> Option<&'static str> {
    let list = Fact::of(SectionKind::Listen, statement, 0)?.list()?;
    // What does nothing but end it sets no variables.
    (!list.has(NoteKind::Final)).then_some(list.name)
}

/// Whether a filter may set variables that nobody sees here.
fn sets_variables(filter: &Statement<'_>) -> bool {
    Fact::of(SectionKind::Listen, filter, 0).is_none_or(|filter| filter.words == 1 || filter.has(NoteKind::SetsVariables))
}
