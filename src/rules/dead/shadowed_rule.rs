//! `dead/shadowed-rule`.

use std::{cell::OnceCell, hash::BuildHasher};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::{
    catalog::{Fact, NoteKind},
    config::{Atom, Guard, Literal, Mode, Proxy, is_mark},
    rules::prelude::*,
    syntax::Reading,
};

rule! {
    /// A rule never runs: what it is for has been settled by rules above it.
    ///
    /// ## Why
    ///
    /// `deny`, `accept`, `redirect` and the like end the list of rules they stand in, and of `use_backend` rules the first
    /// that applies is taken. A later rule of the same list with the same condition, or with a narrower one, never runs;
    /// neither does any behind such a rule without a condition. HAProxy warns only of the `http-request`, `http-response` or
    /// `http-after-response` rule right behind one without a condition.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_api path_beg /api/
    ///     use_backend app if is_api
    ///     use_backend api if is_api METH_POST
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend api
    ///     mode http
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     acl is_api path_beg /api/
    ///     use_backend api if is_api METH_POST
    ///     use_backend app if is_api
    ///     default_backend app
    ///
    /// backend app
    ///     mode http
    ///     server one 192.0.2.1:80
    ///
    /// backend api
    ///     mode http
    ///     server one 192.0.2.2:80
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, the actions and `use_backend`; tcp_rules.c, http_ana.c and stream.c.
    "dead/shadowed-rule", Warning, World(check)
}

/// Fetches that may give another answer when they are asked again.
const VOLATILE: [&str; 10] = ["rand", "uuid", "lua.", "_inc_", "_clr_", "_updt_", "date", "add_gpc", "env(", "unset"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        let volatile = OnceCell::new();
        let volatile = || volatile.get_or_init(|| self::volatile(proxy));
        let mut lists: Vec<List<'_>> = Vec::new();
        for number in proxy.section.body() {
            let line = cx.config.reading.statement(number);
            let Some(fact) = Fact::noted(SectionKind::Listen, &line, 0, &[NoteKind::Rules]) else { continue };
            let Some(kind) = fact.list() else { continue };
            let at = lists.iter().position(|list| std::ptr::eq(list.kind, kind)).unwrap_or_else(|| {
                lists.push(List::new(cx.config.reading, kind));
                lists.len() - 1
            });
            if let Some(draft) = lists[at].rule(number, fact, &volatile) {
                out.report(draft);
            }
        }
        if let Some(draft) = nothing_passes(proxy, &lists) {
            out.report(draft);
        }
        if let Some(draft) = default_backend(proxy, &lists) {
            out.report(draft);
        }
    }
}

/// What is known of a list of rules so far.
struct List<'r> {
    reading: &'r Reading<'r>,
    /// The keyword that adds rules to it.
    kind: &'static Fact,
    /// The rule that always ends it, and its action.
    end: Option<(Statement<'r>, &'static Fact)>,
    /// Whether that has been told.
    told: bool,
    /// Whether some of it passes to what comes later.
    passes: bool,
    /// The rules that end it on a condition and that nothing has been compared with yet: most lists have one rule.
    ending: Vec<u32>,
    /// The hashes of the terms for which it has ended, and by which rule: the terms of a long list would take much memory.
    ended: FxHashMap<u64, u32>,
    /// The criterion last asked for that does not change its mind: most lists ask for the same again and again.
    steady: &'r str,
}

impl<'r> List<'r> {
    fn new(reading: &'r Reading<'r>, kind: &'static Fact) -> Self {
        let (ending, ended) = (Vec::new(), FxHashMap::default());
        Self { reading, kind, end: None, told: false, passes: false, ending, ended, steady: "" }
    }

    /// Takes the next rule, whose action is `fact`, and says if it never runs.
    fn rule<'v>(&mut self, number: usize, fact: &'static Fact, volatile: &impl Fn() -> &'v FxHashSet<&'v str>) -> Option<Draft> {
        let line = self.reading.statement(number);
        if let Some((end, action)) = self.end {
            // HAProxy tells of the rule right behind.
            let known = action.says(NoteKind::Final, "told");
            let first = !std::mem::replace(&mut self.told, true);
            return (first && !known).then(|| behind(&line, &end, self.kind.name));
        }
        let dynamic = || line.words().any(|w| w.is("ignore-empty")) || (line.keyword() == "use_backend" && line.str(1).contains('%'));
        let last = fact.path().any(|fact| fact.has(NoteKind::Final)) && line.is_known() && !dynamic();
        let conditional = (last || !self.ended.is_empty() || !self.ending.is_empty()) && line.words().any(is_mark);
        if last && !conditional {
            self.end = Some((line, fact));
            return None;
        }
        self.passes |= !last || !fact.has(NoteKind::Answers);
        let terms = if conditional && self.may_shadow(volatile) { terms(&line) } else { None };
        let shadowed = terms.as_ref().and_then(|terms| self.shadowed(&line, terms));
        // What is no end may change what the next condition sees.
        if !last && !self.kind.has(NoteKind::Final) {
            self.ended.clear();
            self.ending.clear();
        }
        match terms {
            Some(terms) if last => self.end_for(number as u32, &terms, volatile),
            None if last => self.ending.push(number as u32),
            _ => {}
        }
        shadowed
    }

    /// Whether the list has ended for some terms.
    fn may_shadow<'v>(&mut self, volatile: &impl Fn() -> &'v FxHashSet<&'v str>) -> bool {
        for rule in std::mem::take(&mut self.ending) {
            let terms = terms(&self.reading.statement(rule as usize)).unwrap_or_default();
            self.end_for(rule, &terms, volatile);
        }
        !self.ended.is_empty()
    }

    /// Notes that `rule` ends the list for these terms.
    fn end_for<'v>(&mut self, rule: u32, terms: &[Term<'r>], volatile: &impl Fn() -> &'v FxHashSet<&'v str>) {
        for term in terms {
            if !term.iter().any(|(atom, _)| self.is_volatile(atom, volatile)) {
                self.ended.entry(hash(term)).or_insert(rule);
            }
        }
    }

    fn is_volatile<'v>(&mut self, atom: &Atom<'r>, volatile: &impl Fn() -> &'v FxHashSet<&'v str>) -> bool {
        match atom {
            Atom::Name(name) => volatile().contains(name),
            Atom::Anonymous(words) => {
                let criterion = words.first().copied().unwrap_or("");
                if criterion == self.steady {
                    return false;
                }
                let changes = changes(criterion);
                self.steady = if changes { self.steady } else { criterion };
                changes
            }
        }
    }

    /// The rule that has ended the list for `term`.
    fn ended(&self, term: &[Literally<'r>]) -> Option<Statement<'r>> {
        let rule = self.reading.statement(*self.ended.get(&hash(term))? as usize);
        terms(&rule)?.iter().any(|t| t == term).then_some(rule)
    }

    fn shadowed(&self, line: &Statement<'r>, terms: &[Term<'r>]) -> Option<Draft> {
        let covers = |term: &Term<'r>| {
            let alone = || term.iter().find_map(|literal| self.ended(std::slice::from_ref(literal)));
            self.ended(term).or_else(|| if term.len() > 1 { alone() } else { None })
        };
        let covering: Option<Vec<Statement<'r>>> = terms.iter().map(covers).collect();
        let first = *covering?.first()?;
        let list = self.kind.name;
        let draft = Draft::at(line.location(), format!("this `{list}` rule never runs: a rule above it settles all that it is for"))
            .label("never runs")
            .also(first.location(), if list == "use_backend" { "taken first" } else { "ends the list first" });
        let same = line.words().map(|w| w.known()).eq(first.words().map(|w| w.known()));
        let draft = draft.help(if same { "remove it: it repeats the other" } else { "move it above the other rule, or remove it" });
        Some(if same { draft.fix("delete the line", vec![Edit::delete(line.whole_line())]) } else { draft })
    }
}

fn behind(line: &Statement<'_>, end: &Statement<'_>, list: &str) -> Draft {
    Draft::at(line.location(), format!("this `{list}` rule never runs: the one above has no condition, so it always ends the list"))
        .label("never runs, nor does what follows in this list")
        .also(end.location(), if list == "use_backend" { "always taken" } else { "always ends the list" })
        .help("move this rule above the other, or give the other a condition")
}

/// An ACL, and whether it is negated.
type Literally<'r> = (Atom<'r>, bool);
/// What must hold together, in an order that does not depend on how it is written.
type Term<'r> = Vec<Literally<'r>>;

/// The terms of a rule's condition, where they are known.
fn terms<'r>(line: &Statement<'r>) -> Option<Vec<Term<'r>>> {
    let Guard::Condition(condition) = Guard::of(line) else { return None };
    condition.positive().map(|terms| terms.into_iter().map(term).collect())
}

fn term(literals: Vec<Literal<'_>>) -> Term<'_> {
    let mut term: Vec<_> = literals.into_iter().map(|l| (l.atom, l.negated)).collect();
    term.sort();
    term.dedup();
    term
}

fn hash(term: &[Literally<'_>]) -> u64 {
    FxBuildHasher.hash_one(term)
}

/// The ACLs of a section that may change their mind.
fn volatile<'r>(proxy: &Proxy<'r>) -> FxHashSet<&'r str> {
    let changes = |acl: &Statement<'r>| acl.word(2).is_some_and(|w| w.known().is_none_or(changes));
    proxy.section.statements().filter(|s| s.keyword() == "acl" && changes(s)).map(|s| s.str(1)).collect()
}

fn changes(criterion: &str) -> bool {
    VOLATILE.iter().any(|v| criterion.contains(v))
}

/// The list of rules of this keyword.
fn list<'a, 'r>(lists: &'a [List<'r>], keyword: &str) -> Option<&'a List<'r>> {
    lists.iter().find(|list| list.kind.name == keyword)
}

/// `http-request` rules that let nothing through make all `redirect` and `use_backend` rules idle.
fn nothing_passes(proxy: &Proxy<'_>, lists: &[List<'_>]) -> Option<Draft> {
    let list = list(lists, "http-request").filter(|l| !l.passes && proxy.traffic() == Mode::Http && proxy.is_frontend())?;
    let (end, _) = list.end.filter(|(_, action)| action.has(NoteKind::Answers))?;
    let idle =
        proxy.section.statements().find(|s| matches!(s.keyword(), "redirect" | "use_backend") && !matches!(Guard::of(s), Guard::None))?;
    let draft = Draft::at(
        idle.location(),
        format!("this `{}` rule never runs: `http-request {}` answers every request", idle.keyword(), end.str(1)),
    )
    .label("never runs")
    .also(end.location(), "has no condition, and runs first")
    .help("give the `http-request` rule a condition, or remove this one");
    Some(draft)
}

/// A `use_backend` without a condition leaves nothing for `default_backend`.
fn default_backend(proxy: &Proxy<'_>, lists: &[List<'_>]) -> Option<Draft> {
    let (end, _) = list(lists, "use_backend")?.end?;
    let line = proxy.lines(&["default_backend"]).last()?;
    let draft = Draft::at(line.location(), "`default_backend` is never used: a `use_backend` rule has no condition")
        .label("never used")
        .also(end.location(), "always taken")
        .help("remove one of the two, or give the `use_backend` rule the condition that was meant");
    Some(if line.str(1) == end.str(1) { draft.severity(Severity::Info) } else { draft })
}
