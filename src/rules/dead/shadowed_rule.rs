//! `dead/shadowed-rule`.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use crate::{
    catalog::{Fact, NoteKind},
    config::{self, Atom, Config, Guard, Mode, Proxy},
    rules::{
        apart::Apart,
        covering::Covering,
        implication::{Acls, Literally},
        prelude::*,
        rewriting::Changes,
    },
    syntax::Reading,
};

rule! {
    /// A rule never runs: what it is for has been settled by rules above it.
    ///
    /// ## Why
    ///
    /// `deny`, `accept`, `redirect` and the like end the list of rules they stand in, and of `use_backend` rules the first
    /// that applies is taken; where it makes a name that no backend has (`use_backend %[…]`), `default_backend` is next, and no other
    /// rule. A later rule of the same list with the same condition, or with a narrower one, never runs;
    /// neither does any behind such a rule without a condition. Narrower is what has more ACLs, and what asks for less:
    /// `path_beg /kitchen` takes in all that `path_beg /kitchen-api` does, `hdr_end(host) .example.com` takes in
    /// `hdr(host) a.example.com`, and the network `10.0.0.0/8` takes in `10.1.0.0/16`. HAProxy warns only of the `http-request`, `http-response` or
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
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     use_backend app if { path_beg /kitchen }
    ///     use_backend api if { path_beg /kitchen-api }
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
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :80
    ///     timeout client 30s
    ///     use_backend app-%[req.hdr(host),lower]
    ///     use_backend api if { path_beg /api/ }
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
    "dead/shadowed-rule", Warning, World(check), mends: true
}

/// Fetches that may give another answer when they are asked again.
const VOLATILE: [&str; 10] = ["rand", "uuid", "lua.", "_inc_", "_clr_", "_updt_", "date", "add_gpc", "env(", "unset"];

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let acls = Acls::new(cx.config, usize::MAX);
    let always = acls.some_may_always();
    let may_pass = cx.config.reading.may_mention(PASSES);
    // By the number of the keyword: lines have few of them.
    let may_be_rule = |keyword| {
        Fact::of_words(SectionKind::Listen, |at| if at == 0 { keyword } else { "" }).is_some_and(|fact| fact.may_have(NoteKind::Rules))
    };
    let rules: Vec<bool> = cx.config.reading.keywords().map(may_be_rule).collect();
    let mut lists: Vec<List<'_, '_>> = Vec::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.created) {
        acls.enter(proxy.section.index());
        lists.clear();
        for number in proxy.section.body() {
            let line = cx.config.reading.statement(number);
            if !rules[line.keyword_number() as usize] {
                continue;
            }
            let Some(fact) = Fact::noted(SectionKind::Listen, &line, 0, &[NoteKind::Rules]) else { continue };
            let Some(kind) = fact.list() else { continue };
            let at = lists.iter().position(|list| std::ptr::eq(list.kind, kind)).unwrap_or_else(|| {
                let http = proxy.traffic() == Mode::Http && matches!(line.keyword(), "http-request" | "redirect" | "use_backend");
                lists.push(List { always, may_pass, ..List::new(cx.config, kind, &acls, http) });
                lists.len() - 1
            });
            if let Some(draft) = lists[at].rule(number, fact) {
                out.report(*draft);
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

/// With this option a rule whose text comes out empty is passed over.
const PASSES: &str = "ignore-empty";

/// How many rules of a list are asked what their ACLs take in; longer lists are written by programs, and compared word by word.
const TAKEN_IN: usize = 2_000;

/// How many rules that change something are kept of a list.
const MANY: usize = 32;

/// What is known of a list of rules so far. There are many, and most are short: what only long ones have is kept apart.
struct List<'a, 'r> {
    config: &'a Config<'r>,
    reading: &'r Reading<'r>,
    /// The keyword that adds rules to it.
    kind: &'static Fact,
    acls: &'a Acls<'a, 'r>,
    /// Whether every request has a path.
    http: bool,
    /// Whether some condition may hold for every request.
    always: bool,
    /// Whether some rule has [`PASSES`].
    may_pass: bool,
    /// The rule that always ends it, and its action.
    end: Option<(Statement<'r>, &'static Fact)>,
    /// Whether that has been told.
    told: bool,
    /// Whether some of it passes to what comes later.
    passes: bool,
    /// The rules that end it on a condition and that nothing has been compared with yet: most lists have one rule.
    ending: SmallVec<[u32; 4]>,
    /// The terms of the last of them, if they were asked for already.
    terms: Option<Box<Terms<'r>>>,
    /// How many of these certainly leave something to the rules behind them.
    leaving: usize,
    /// The same rules, as long as none of them can take anything from another.
    apart: Option<Box<Apart<'r>>>,
    /// The hashes of the terms for which it has ended, and by which rule: the terms of a long list would take much memory.
    ended: FxHashMap<u64, u32>,
    /// How many of its rules have been compared with.
    settled: usize,
    /// The same, to be found by what is narrower.
    covering: Option<Box<Covering<'r>>>,
    /// Rules that end nothing, by their numbers, until somebody has to know what they change: behind most no condition stands.
    unseen: SmallVec<[(u32, &'static Fact); 2]>,
    /// What rules that end nothing change, each with the number of its line.
    changes: Vec<(u32, Changes<'r>)>,
    /// The criterion last asked for that does not change its mind: most lists ask for the same again and again.
    steady: &'r str,
}

impl<'a, 'r> List<'a, 'r> {
    fn new(config: &'a Config<'r>, kind: &'static Fact, acls: &'a Acls<'a, 'r>, http: bool) -> Self {
        Self {
            config,
            reading: config.reading,
            kind,
            acls,
            http,
            always: true,
            may_pass: true,
            unseen: SmallVec::new(),
            end: None,
            told: false,
            passes: false,
            ending: SmallVec::new(),
            terms: None,
            leaving: 0,
            apart: None,
            ended: FxHashMap::default(),
            settled: 0,
            covering: None,
            changes: Vec::new(),
            steady: "",
        }
    }

    /// Takes the next rule, whose action is `fact`, and says if it never runs: most do, and nothing is told of them.
    fn rule(&mut self, number: usize, fact: &'static Fact) -> Option<Box<Draft>> {
        let line = self.reading.statement(number);
        let marked = line.mark().is_some();
        if marked && !self.unseen.is_empty() || self.unseen.len() > MANY {
            std::mem::take(&mut self.unseen).into_iter().for_each(|(number, fact)| self.change(number, fact));
        }
        let apart = marked && self.is_apart(&line);
        if !apart && !self.ending.is_empty() && (marked && line.is_known() || self.may_have_ended()) {
            self.settle();
        }
        if let Some((end, action)) = self.end {
            let bare = matches!(Guard::of(&end), Guard::None);
            if !bare && has_no_path(&line) {
                return None;
            }
            // HAProxy tells of the rule right behind.
            let known = bare && action.says(NoteKind::Final, "told");
            let first = !std::mem::replace(&mut self.told, true);
            return (first && !known).then(|| Box::new(behind(&line, &end, self.kind.name)));
        }
        let may_pass = || self.may_pass && line.words().any(|w| w.is(PASSES));
        let last = fact.path().any(|fact| fact.has(NoteKind::Final)) && line.is_known() && !may_pass();
        let conditional = (last || !self.ended.is_empty() || !self.ending.is_empty()) && marked;
        if last && !conditional {
            self.end = Some((line, fact));
            return None;
        }
        self.passes |= !last || !fact.has(NoteKind::Answers);
        let known = if conditional && !self.ended.is_empty() { terms(&line).map(Box::new) } else { None };
        let shadowed = known.as_ref().and_then(|terms| self.shadowed(&line, terms).map(Box::new));
        // What is no end may change what the next condition sees.
        let ended = !self.ended.is_empty() || !self.ending.is_empty();
        if ended && !last && !self.kind.has(NoteKind::Final) {
            self.unseen.push((number as u32, fact));
        }
        if last {
            self.ending.push(number as u32);
            self.terms = known;
        }
        if let Some(all) = self.apart.as_mut().filter(|_| last && apart) {
            all.join();
            self.leaving = self.ending.len();
        }
        shadowed
    }

    /// Whether the condition of a rule is apart from those of all rules that end the list so far.
    fn is_apart(&mut self, line: &Statement<'r>) -> bool {
        let (config, section) = (self.config, self.acls.section());
        if let [number] = &*self.ending
            && self.apart.is_none()
            && self.ended.is_empty()
        {
            let first = Apart::begin(config, section, &self.reading.statement(*number as usize));
            self.apart = first.filter(|first| !changes(first.criterion())).map(Box::new);
            self.leaving = usize::from(self.apart.is_some());
        }
        let all = self.apart.as_mut().filter(|all| all.members == self.ending.len());
        all.is_some_and(|all| all.takes(config, section, line))
    }

    /// Whether one of the rules that nothing has been compared with yet may end the list for every request.
    fn may_have_ended(&mut self) -> bool {
        let new = &self.ending[self.leaving..];
        let may = self.always && new.iter().any(|rule| self.acls.may_always(&self.reading.statement(*rule as usize)));
        self.leaving = self.ending.len();
        may
    }

    /// Looks at the rules that end the list and that nothing has been compared with yet.
    fn settle(&mut self) {
        (self.leaving, self.apart) = (0, None);
        let (ending, mut last) = (std::mem::take(&mut self.ending), self.terms.take());
        for (left, rule) in (0..ending.len()).rev().zip(ending) {
            let line = self.reading.statement(rule as usize);
            let known = if left == 0 { last.take() } else { None };
            let terms = known.map(|terms| *terms).or_else(|| self::terms(&line)).unwrap_or_default();
            self.settled += 1;
            for term in &terms {
                self.end_for(rule, term);
            }
            if self.settled <= TAKEN_IN && terms.iter().any(|term| term.iter().all(|literal| self.acls.always(literal, self.http))) {
                self.end = self.end.or_else(|| Some((line, Fact::of(SectionKind::Listen, &line, 0)?)));
            }
        }
    }

    /// Notes that `rule` ends the list for this term.
    fn end_for(&mut self, rule: u32, term: &Term<'r>) {
        if term.iter().any(|(atom, _)| self.is_volatile(atom)) {
            return;
        }
        let key = hash(term);
        let known = self.ended.get(&key).is_some_and(|earlier| self.is_fresh(*earlier, term));
        if !known {
            self.ended.insert(key, rule);
            if self.settled <= TAKEN_IN {
                self.covering.get_or_insert_default().add(rule, term, self.acls, self.http);
            }
        }
    }

    /// Notes what a rule changes that ends nothing; with many of them nothing is known any more.
    fn change(&mut self, number: u32, action: &Fact) {
        match Changes::of(&self.reading.statement(number as usize), action) {
            Changes::Nothing => {}
            changes if changes == Changes::Anything || self.changes.len() >= MANY => {
                self.ended.clear();
                self.ending.clear();
                (self.leaving, self.apart) = (0, None);
                self.covering = None;
                self.changes.clear();
            }
            changes => self.changes.push((number, changes)),
        }
    }

    /// Whether nothing has changed since `rule` that `term` asks for.
    fn is_fresh(&self, rule: u32, term: &[Literally<'r>]) -> bool {
        let since = self.changes.iter().filter(|(number, _)| *number > rule);
        !since.flat_map(|(_, changes)| term.iter().map(move |l| (changes, l))).any(|(changes, l)| changes.touches_literal(l, self.acls))
    }

    /// Whether an ACL may change its mind.
    fn is_volatile(&mut self, atom: &Atom<'r>) -> bool {
        self.acls.criteria_of(atom).into_iter().any(|criterion| {
            let Some(criterion) = criterion else { return true };
            let changes = criterion != self.steady && changes(criterion);
            self.steady = if changes { self.steady } else { criterion };
            changes
        })
    }

    /// The rule that has ended the list for `term`.
    fn ended(&self, term: &[Literally<'r>]) -> Option<Statement<'r>> {
        let number = *self.ended.get(&hash(term))?;
        let rule = self.reading.statement(number as usize);
        (terms(&rule)?.iter().any(|t| t.as_slice() == term) && self.is_fresh(number, term)).then_some(rule)
    }

    /// A rule that has ended the list for `term` because it asks for less; with the ACLs of which one takes in the other.
    fn taken_in(&self, term: &Term<'r>) -> Option<(Statement<'r>, Option<String>)> {
        if self.settled > TAKEN_IN {
            return None;
        }
        self.covering.as_ref()?.candidates(term, self.acls).into_iter().find_map(|number| {
            let rule = self.reading.statement(number as usize);
            let wide = terms(&rule)?.into_iter().find(|wide| self.acls.covers(wide, term, self.http) && self.is_fresh(number, wide))?;
            Some((rule, wide.iter().find_map(|w| self.why(w, term))))
        })
    }

    /// Why `wide` holds where a narrower ACL of `term` does.
    fn why(&self, wide: &Literally<'r>, term: &Term<'r>) -> Option<String> {
        let shown = |(atom, negated): &Literally<'r>| format!("`{}{atom}`", if *negated { "!" } else { "" });
        let narrow = term.iter().find(|narrow| self.acls.implies(narrow, wide)).filter(|narrow| *narrow != wide)?;
        Some(format!("{} holds wherever {} does", shown(wide), shown(narrow)))
    }

    fn shadowed(&self, line: &Statement<'r>, terms: &[Term<'r>]) -> Option<Draft> {
        let covers = |term: &Term<'r>| {
            let alone = || term.iter().find_map(|literal| self.ended(std::slice::from_ref(literal)));
            let known = self.ended(term).or_else(|| if term.len() > 1 { alone() } else { None });
            known.map(|rule| (rule, None)).or_else(|| self.taken_in(term))
        };
        let covering: Option<Vec<(Statement<'r>, Option<String>)>> = terms.iter().map(covers).collect();
        let covering = covering?;
        let (first, why) = covering.first()?;
        let list = self.kind.name;
        let draft = Draft::at(line.location(), format!("this `{list}` rule never runs: a rule above it settles all that it is for"))
            .label("never runs")
            .also(first.location(), if list == "use_backend" { "taken first" } else { "ends the list first" });
        let draft = why.iter().fold(draft, |draft, why| draft.note(why.clone()));
        let known = |words: &Statement<'r>| words.words().map(Word::known).collect::<Vec<_>>();
        if known(line) == known(first) {
            return Some(draft.help("remove it: it repeats the other").fix("delete the line", vec![Edit::delete(line.whole_line())]));
        }
        if covering.iter().all(|(rule, _)| action(rule) == action(line)) {
            return Some(draft.severity(Severity::Info).help("remove it: the other does the same for more"));
        }
        let alone = covering.iter().all(|(rule, _)| rule.location() == first.location()) && list == "use_backend";
        Some(draft.help("move it above the other rule, or remove it").offer_if("move it up", alone.then(|| moved(line, first)).flatten()))
    }
}

/// What a rule does, without its condition.
fn action<'r>(line: &Statement<'r>) -> Vec<Option<&'r str>> {
    line.words().take(line.mark().unwrap_or(usize::MAX)).map(Word::known).collect()
}

/// Moves `line` above `first`.
fn moved(line: &Statement<'_>, first: &Statement<'_>) -> Option<Vec<Edit>> {
    let (from, to) = (line.whole_line(), first.whole_line());
    let text = line.file().str(from.span).filter(|text| text.ends_with('\n') && from.file == to.file)?;
    let start = Location { span: Span::new(to.span.start, to.span.start), ..to };
    Some(vec![Edit::replace(start, text), Edit::delete(from)])
}

/// Whether a rule is for requests that may have no path.
fn has_no_path(line: &Statement<'_>) -> bool {
    line.words().filter_map(Word::known).any(|w| w.contains("OPTIONS") || w.contains("CONNECT") || w == "*")
}

fn behind(line: &Statement<'_>, end: &Statement<'_>, list: &str) -> Draft {
    let bare = matches!(Guard::of(end), Guard::None);
    let why = if bare { "the one above has no condition" } else { "the condition of the one above holds for every request" };
    Draft::at(line.location(), format!("this `{list}` rule never runs: {why}, so it always ends the list"))
        .label("never runs, nor does what follows in this list")
        .also(end.location(), if list == "use_backend" { "always taken" } else { "always ends the list" })
        .help(if bare { "move this rule above the other, or give the other a condition" } else { "move this rule above the other" })
}

/// What must hold together, in an order that does not depend on how it is written.
type Term<'r> = SmallVec<[Literally<'r>; 1]>;

/// Of which one must hold.
type Terms<'r> = SmallVec<[Term<'r>; 1]>;

/// The terms of a rule's condition, where they are known.
fn terms<'r>(line: &Statement<'r>) -> Option<Terms<'r>> {
    let Guard::Condition(condition) = Guard::of(line) else { return None };
    condition.positive().map(|terms| terms.into_iter().map(term).collect())
}

fn term(literals: config::Term<'_>) -> Term<'_> {
    let mut term: Term<'_> = literals.into_iter().map(|l| (l.atom, l.negated)).collect();
    if term.len() > 1 {
        term.sort();
        term.dedup();
    }
    term
}

fn hash(term: &[Literally<'_>]) -> u64 {
    FxBuildHasher.hash_one(term)
}

fn changes(criterion: &str) -> bool {
    VOLATILE.iter().any(|v| criterion.contains(v))
}

/// The list of rules of this keyword.
fn list<'l, 'a, 'r>(lists: &'l [List<'a, 'r>], keyword: &str) -> Option<&'l List<'a, 'r>> {
    lists.iter().find(|list| list.kind.name == keyword)
}

/// `http-request` rules that let nothing through make all `redirect` and `use_backend` rules idle.
fn nothing_passes(proxy: &Proxy<'_>, lists: &[List<'_, '_>]) -> Option<Draft> {
    let list = list(lists, "http-request").filter(|l| !l.passes && proxy.traffic() == Mode::Http && proxy.is_frontend())?;
    let (end, _) = list.end.filter(|(end, action)| action.has(NoteKind::Answers) && matches!(Guard::of(end), Guard::None))?;
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
fn default_backend(proxy: &Proxy<'_>, lists: &[List<'_, '_>]) -> Option<Draft> {
    let (end, _) = list(lists, "use_backend")?.end.filter(|(end, _)| !end.str(1).contains('%'))?;
    let line = proxy.lines(&["default_backend"]).last()?;
    let bare = matches!(Guard::of(&end), Guard::None);
    let why = if bare { "has no condition" } else { "has a condition that always holds" };
    let draft = Draft::at(line.location(), format!("`default_backend` is never used: a `use_backend` rule {why}"))
        .label("never used")
        .also(end.location(), "always taken")
        .help("remove one of the two, or give the `use_backend` rule the condition that was meant");
    Some(if line.str(1) == end.str(1) { draft.severity(Severity::Info) } else { draft })
}
