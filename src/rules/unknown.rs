//! What the `reference/unknown-…` rules share.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    catalog::{Fact, NoteKind},
    config::{NameKind, Names, Proxy, SectionView, ServerOption, Use},
    finding::{Draft, Help, Severity, Stage, Subject, SubjectKind},
    nearest::nearest,
    source::Location,
    syntax::{SectionKind, Statement},
    version::VersionSet,
};

use super::{Context, Sink};

/// How many names a rule may compare in one run to find the nearest: with many wrong names among many right ones,
/// suggestions would otherwise cost the product of both.
const COMPARISONS: usize = 100_000;

/// Looks for "did you mean", as long as it may.
pub(super) struct Hints(usize);

impl Hints {
    pub(super) fn new() -> Self {
        Self(COMPARISONS)
    }

    /// The names, as long as more may be compared.
    pub(super) fn unless_spent<'n>(&self, names: impl FnOnce() -> Vec<&'n str>) -> Vec<&'n str> {
        if self.0 == 0 { Vec::new() } else { names() }
    }

    /// What to write for `name`: the nearest of `names`, or else `otherwise`.
    pub(super) fn help(&mut self, at: Location, name: &str, names: &[&str], otherwise: impl Into<String>) -> Help {
        let near = self.nearest(name, names);
        Help::near(at, name, near, || otherwise.into())
    }

    /// The nearest of `names`, as long as more may be compared.
    pub(super) fn nearest<'n>(&mut self, name: &str, names: &[&'n str]) -> Option<&'n str> {
        let left = self.0.checked_sub(names.len());
        self.0 = left.unwrap_or(0);
        left.and_then(|_| nearest(name, names.iter().copied()))
    }
}

/// The names that sections know, each section listed once.
#[derive(Default)]
pub(super) struct OfSections<'r>(FxHashMap<usize, Vec<&'r str>>);

impl<'r> OfSections<'r> {
    /// Those of this kind; all that is asked for is of one kind.
    pub(super) fn of(&mut self, names: &Names<'r>, kind: NameKind, section: usize) -> &[&'r str] {
        self.0.entry(section).or_insert_with(|| names.list_in(kind, section))
    }
}

/// The uses of a name of this kind that nobody declares, each with what is to be said of it.
pub(super) fn unknown<'a>(cx: &Context<'a>, kind: NameKind) -> Vec<(Use<'a>, Draft)> {
    let names = &cx.config.names;
    if cx.is_open() || names.is_open(kind, None) {
        return Vec::new();
    }
    let mut hints = Hints::new();
    let dynamic = |u: &Use<'_>| u.statement.keyword() == "use_backend" && u.name.contains('%');
    let missing = names.undeclared(kind).filter(|used| !dynamic(used));
    together(
        cx,
        kind,
        missing
            .map(|used| {
                (used, draft(&used, hints.help(used.location(), used.name, &hints.unless_spent(|| names.list(kind)), declare(kind))))
            })
            .collect(),
    )
}

/// Of a file that is only a part of a configuration, one of several finds is enough: the others are told of in a note.
pub(super) fn together<'a>(cx: &Context<'a>, kind: NameKind, mut found: Vec<(Use<'a>, Draft)>) -> Vec<(Use<'a>, Draft)> {
    let whole = |s: SectionView<'_>| matches!(s.kind, SectionKind::Global | SectionKind::Defaults);
    let part = found.len() > 1 && cx.config.names.list(kind).is_empty() && !cx.config.sections().any(whole);
    if part {
        let more = found.len() - 1;
        found.truncate(1);
        found = found.into_iter().map(|(used, draft)| (used, draft.note(note(kind, more)).help(PART))).collect();
    }
    found
}

const PART: &str =
    "this seems to be a part of a configuration: check it together with the other files, in the order in which HAProxy reads them";

fn note(kind: NameKind, more: usize) -> String {
    format!("no {} is declared here at all, and {more} more {} used", kind.noun(), if more == 1 { "is" } else { "are" })
}

/// Says that nobody declares this name.
pub(super) fn draft(used: &Use<'_>, help: impl Into<Help>) -> Draft {
    let noun = used.kind.noun();
    Draft::at(used.location(), format!("no {noun} is named `{}`", used.name))
        .about(Subject::new(SubjectKind::Name, used.name))
        .label(format!("this {noun} does not exist"))
        .help(help)
}

fn declare(kind: NameKind) -> String {
    format!("declare this {}, or use the name of one that exists", kind.noun())
}

/// HAProxy refuses this once all lines are read, if it looks at the proxy at all.
pub(super) fn refused_at_the_end(draft: Draft, looks_up: bool) -> Draft {
    if looks_up { draft.stage(Stage::Whole).rejected_by(VersionSet::ALL) } else { asleep(draft) }
}

/// Whether a server takes over what a `default-server` line names with this option: HAProxy looks it up for each server.
pub(super) fn is_inherited(cx: &Context<'_>, used: &Use<'_>, option: ServerOption) -> bool {
    let Some(at) = used.proxy(cx.config) else { return false };
    let heirs = cx.config.proxies.iter().enumerate().filter(|(number, proxy)| *number == at || proxy.defaults() == Some(at));
    let mut servers = heirs.filter(|(_, proxy)| proxy.runs() && proxy.is_backend()).flat_map(|(_, proxy)| &proxy.servers);
    servers.any(|server| server.get(option).is_some_and(|word| word.location == used.location()))
}

/// Tells of names that nobody declares, each as far as HAProxy looks it up.
pub(super) fn report<'a>(cx: &Context<'a>, found: impl IntoIterator<Item = (Use<'a>, Draft)>, out: &mut Sink<'_>) {
    let mut inherited = None;
    for (used, draft) in found {
        match in_rules_of_defaults(cx, &used) {
            Some(at) if inherited.get_or_insert_with(|| inherited_rules(cx)).contains(&at) => out.report(refused_at_the_end(draft, true)),
            Some(_) => idle(draft, out),
            None => out.report(refused_at_the_end(draft, cx.config.looks_up(used.proxy(cx.config)))),
        }
    }
}

/// From 3.4 on HAProxy looks up what the rules of `defaults` name that nobody inherits, too.
pub(super) fn idle(draft: Draft, out: &mut Sink<'_>) {
    let versions = VersionSet::since(3, 4, 0);
    out.report(draft.clone().only(versions).stage(Stage::Whole).rejected_by(versions));
    out.report(asleep(draft).only(VersionSet::before(3, 4, 0)));
}

/// The number of the `defaults` section whose rule, or whose ACL, uses a name.
fn in_rules_of_defaults(cx: &Context<'_>, used: &Use<'_>) -> Option<usize> {
    let at = used.proxy(cx.config)?;
    let proxy = cx.config.proxies.get(at).filter(|p| p.is_defaults() && p.created && !p.name().is_empty())?;
    let counts = is_rule(&used.statement) || used.statement.keyword() == "acl";
    (counts && proxy.section.header().is_some()).then_some(at)
}

/// The `defaults` sections with rules that a proxy inherits: HAProxy goes through these with the proxy.
fn inherited_rules(cx: &Context<'_>) -> FxHashSet<usize> {
    let proxies = &cx.config.proxies;
    let heirs: FxHashSet<usize> = proxies.iter().filter(|p| p.runs()).filter_map(|p| p.defaults()).collect();
    let has_rules = |p: &Proxy<'_>| p.section.statements().any(|line| is_rule(&line));
    heirs.into_iter().filter(|at| proxies.get(*at).is_some_and(has_rules)).collect()
}

/// Whether a line of a `defaults` section is a rule that proxies inherit.
fn is_rule(line: &Statement<'_>) -> bool {
    let list = Fact::of(SectionKind::Defaults, line, 0).and_then(Fact::list);
    list.is_some_and(|list| list.name != "quic-initial" && !list.has(NoteKind::Final))
}

/// HAProxy does not look at it as things are.
pub(super) fn asleep(draft: Draft) -> Draft {
    draft
        .severity(Severity::Info)
        .note("HAProxy does not look this name up as things are: the section is `disabled`, or nothing makes use of the line")
}
