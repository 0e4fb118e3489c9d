//! One run: from files and options to findings. `check` is a pure function; nothing outside its arguments is looked at.

mod answers;
mod boundary;
mod confirm;
pub mod doctor;
pub mod nodes;
mod outcome;
mod selection;
pub mod suppress;
mod upgrade;

pub use selection::{Selection, UnknownRule};

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    build::Build,
    cancel::Cancel,
    config::Config,
    finding::{Draft, Edit, Finding, Needs, RuleInfo, Severity},
    format::Styles,
    heard::Heard,
    rules::{Context, Given, Look, Row, Rule, Sink, TextContext, fault, project::Declared, style::unformatted, syntax::internal_error},
    runtime::Cluster,
    secret,
    source::{FileId, Location, SourceFile, Sources, Span, Template, template},
    surroundings::Surroundings,
    syntax::{Environment, ReadOptions, Reading, SectionKind, Tree, World, read},
    threads::{LARGE, all, both, within},
    topology::Mesh,
    version::{Version, VersionSet},
};

/// What to check for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The HAProxy to check for; `None`: what every supported version refuses is an error, what only some do a warning.
    pub target: Option<Version>,
    /// A later HAProxy: only what changes on the way from the target to it is reported.
    pub upgrade_to: Option<Version>,
    /// The build that HAProxy will be, where it is known; its version is the target.
    pub build: Option<Build>,
    /// The environment that HAProxy will have.
    pub environment: Environment,
    /// What `-L` or the host name will be.
    pub local_name: Option<String>,
    /// A local name that is unknown or in no peers section is an error.
    pub require_local_peer: bool,
    /// The files are bodies of this section, without its header.
    pub fragment_of: Option<SectionKind>,
    /// Which rules speak, and how loud.
    pub selection: Selection,
    /// What a real HAProxy said of this configuration.
    pub heard: Option<Arc<Heard>>,
    /// Clients may well use other ports than HAProxy listens on: it runs in a container.
    pub ports_are_mapped: bool,
    /// The ports that clients dial, and those of HAProxy that they lead to, as far as the topology says.
    pub published: Vec<(u16, u16)>,
    /// The network that HAProxy runs in has no IPv6.
    pub without_ipv6: bool,
    /// The machine that HAProxy will run on, where files and users are to be looked at.
    pub surroundings: Option<Arc<dyn Surroundings>>,
    /// How the files are to be laid out.
    pub styles: Styles,
    /// What may end the run early.
    pub cancel: Cancel,
}

impl Options {
    /// The versions that findings are judged for.
    pub fn versions(&self) -> VersionSet {
        let target = self.target.map_or_else(VersionSet::supported, VersionSet::only);
        self.upgrade_to.map_or(target, |later| target | VersionSet::only(later))
    }

    /// What rules are told of it.
    fn given(&self) -> Given<'_> {
        Given {
            ports_are_mapped: self.ports_are_mapped,
            published: &self.published,
            without_ipv6: self.without_ipv6,
            target: self.target,
            local_name: &self.local_name,
            require_local_peer: self.require_local_peer,
            fragment_of: self.fragment_of,
            surroundings: &self.surroundings,
        }
    }

    /// What reading a configuration has to know of it.
    pub fn read_options(&self) -> ReadOptions {
        let mut environment = self.environment.clone();
        environment.set("HAPROXY_LOCALPEER", self.local_name.clone());
        let features = self.build.iter().flat_map(|b| &b.features);
        let assumed = features.map(|(name, has)| (format!("feature({name})"), *has)).collect();
        ReadOptions { versions: self.versions(), environment, assumed, fragment_of: self.fragment_of, cancel: self.cancel.clone() }
    }
}

/// What a run found, sorted by file and place.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
    /// What comments in the files silence.
    pub silenced: Vec<Finding>,
    /// What the rules of the project said that were asked.
    pub declared: Vec<Arc<Declared>>,
    /// The links between the nodes as an SVG picture, where there is a topology and somebody wants to see it.
    pub picture: Option<String>,
    /// How much of a topology was seen.
    pub seen: Seen,
    /// Whether the run ended before it had looked at everything: it was told to, or something went wrong. What was found is true,
    /// but there may be more.
    pub incomplete: bool,
}

/// How much of a topology a run has seen. No fix makes less of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// Configurations.
    pub configurations: usize,
    /// Nodes that run HAProxy.
    pub nodes: usize,
    /// Links between two nodes, one for each direction, that work.
    pub links: usize,
}

impl Report {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }

    /// What is found where checking broke down: `message` is what the panic said.
    pub fn internal_error(message: &str, sources: &Sources) -> Self {
        let help = concat!("nothing is known of this configuration; please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues");
        let start = Location { file: FileId(0), span: Span::new(0, 0) };
        let drafts = vec![(&internal_error::RULE, Draft::at(start, format!("haproxy-lint itself failed here: {message}")).help(help))];
        Self { findings: outcome::findings(vec![Found { world: None, drafts }], &Options::default(), sources), ..Self::default() }
    }

    /// The worst severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }
}

/// What one world, or the text, brought up.
#[derive(Clone)]
pub(crate) struct Found {
    /// `None` for the text itself, which is the same in all worlds.
    pub(crate) world: Option<World>,
    pub(crate) drafts: Vec<(&'static Rule, Draft)>,
}

/// Checks one configuration: all of `sources` together, in their order.
///
/// ```
/// use haproxy_lint::{check::{Options, check}, source::Sources};
/// let sources = Sources::single("haproxy.cfg", "frontend web\n  bind :80\n  timeout client 30s\n  default_backend app\n");
/// let report = check(&sources, &Options::default());
/// assert_eq!(report.findings[0].rule.name, "reference/unknown-backend");
/// ```
pub fn check(sources: &Sources, options: &Options) -> Report {
    let bytes: usize = sources.files().iter().map(|file| file.bytes().len()).sum();
    within(bytes >= LARGE * SHORT, || {
        let (trees, templates) = trees(sources, &options.cancel);
        judge(found(sources, &trees, &templates, options), options, sources, &trees)
    })
}

/// How many bytes a line has at least, where there are many.
const SHORT: usize = 16;

/// What the rules say, for the targets, without a look at what follows from what.
fn plain(sources: &Sources, options: &Options) -> Vec<Finding> {
    let (trees, templates) = trees(sources, &options.cancel);
    outcome::findings(found(sources, &trees, &templates, options), options, sources)
}

/// What the rules say of the text, and of each world.
fn found(sources: &Sources, trees: &[Tree], templates: &[Option<Template>], options: &Options) -> Vec<Found> {
    let large = trees.iter().map(|tree| tree.lines().len()).sum::<usize>() >= LARGE;
    let reading = || read(sources, trees, &options.read_options());
    let text = || {
        // Rules will ask for it, and reading takes longer than all that is said of the text.
        let files: &[SourceFile] = if large { sources.files() } else { &[] };
        files.iter().for_each(|file| _ = file.written());
        text(sources, trees, templates, options)
    };
    let (text, mut readings) = both(large, text, reading);
    readings.iter_mut().for_each(|reading| reading.opaque |= templates.iter().any(Option::is_some));
    std::iter::once(text).chain(worlds(&readings, options)).collect()
}

/// What the rules say of each world.
fn worlds(readings: &[Reading<'_>], options: &Options) -> Vec<Found> {
    let (mut found, mut before) = (Vec::with_capacity(readings.len()), Vec::new());
    // A reading that was broken off says nothing of what is missing.
    for reading in readings.iter().take_while(|_| !options.cancel.is_over()) {
        let config = Config::of_world(reading, &before, readings.len() > 1, options.build.as_ref(), &options.cancel);
        found.push(world(&config, options));
        // Of others there may be many, and large ones.
        before.extend(Some(config).filter(Config::is_remembered));
    }
    found
}

/// The tree of each file, and whether it is a template: what it will be is not known, and it is read as an empty file.
pub(crate) fn trees(sources: &Sources, cancel: &Cancel) -> (Vec<Tree>, Vec<Option<Template>>) {
    let templates: Vec<_> = sources.files().iter().map(template).collect();
    (trees_but(&templates, sources, cancel), templates)
}

/// The tree of each file, with those that are `templates` as empty files.
fn trees_but(templates: &[Option<Template>], sources: &Sources, cancel: &Cancel) -> Vec<Tree> {
    let empty = SourceFile::new("", Vec::new());
    // What is not cut in time is not read either.
    let is_left_out = |template: &Option<Template>| template.is_some() || cancel.is_over();
    sources.files().iter().zip(templates).map(|(f, t)| Tree::new(if is_left_out(t) { &empty } else { f })).collect()
}

/// What the rules say of the text.
pub(crate) fn text(sources: &Sources, trees: &[Tree], templates: &[Option<Template>], options: &Options) -> Found {
    let context = TextContext { sources, trees, templates, styles: &options.styles };
    let mut drafts = Vec::new();
    for row in enabled(options).iter() {
        let Look::Text(look) = row.look else { continue };
        if options.cancel.is_over() {
            break;
        }
        alone(row.rule, start(sources), &mut drafts, |out| look(&context, out));
    }
    Found { world: None, drafts }
}

/// Lets a rule speak. One that panics takes back what it said, and nothing from the others.
fn alone(rule: &'static Rule, start: Option<Location>, drafts: &mut Vec<(&'static Rule, Draft)>, look: impl FnOnce(&mut Sink<'_>)) {
    let before = drafts.len();
    // What a panic leaves half done is thrown away.
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| look(&mut Sink { rule, drafts }))) else { return };
    drafts.truncate(before);
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let message = format!("`{}` failed on this configuration: {}", rule.name, said.unwrap_or("it panicked"));
    let draft = start.map_or_else(|| Draft::nowhere(&message), |start| Draft::at(start, &message));
    let help =
        concat!("what this rule finds is not told, and all others spoke; please report it: ", env!("CARGO_PKG_REPOSITORY"), "/issues");
    drafts.push((&internal_error::RULE, draft.help(help)));
}

/// The first place of a configuration.
fn start(sources: &Sources) -> Option<Location> {
    (!sources.files().is_empty()).then_some(Location { file: FileId(0), span: Span::new(0, 0) })
}

/// From what the rules said to what is true for the targets, without what comments in the files silence.
pub(crate) fn judge(found: Vec<Found>, options: &Options, sources: &Sources, trees: &[Tree]) -> Report {
    let mut findings = outcome::findings(found, options, sources);
    findings.iter_mut().for_each(|f| f.fix = f.fix.take().filter(|fix| fix.edits.iter().all(|edit| is_plain(edit, sources))));
    // What is not complete cannot be held against what HAProxy said, nor against what comments silence.
    let incomplete = options.cancel.is_over();
    if let Some(heard) = options.heard.as_ref().filter(|_| !incomplete) {
        let drafts = confirm::merge(heard, sources, trees, &mut findings);
        findings.extend(outcome::findings(vec![Found { world: None, drafts }], options, sources));
        findings.retain(|f| options.selection.enables(f.rule));
        sort(&mut findings);
    }
    if !incomplete {
        findings = boundary::explain(findings, options, sources, |sources| plain(sources, options));
    }
    lend(&mut findings, options);
    end_lines(&mut findings, sources);
    if !incomplete {
        upgrade::hold(&mut findings, options, sources, plain);
    }
    // Where nothing was found in time, there is nothing to silence.
    let is_idle = incomplete && findings.is_empty();
    let (silenced, drafts) = if is_idle { Default::default() } else { suppress::apply(sources, trees, options, &mut findings) };
    if !drafts.is_empty() && !incomplete {
        let drafts = drafts.into_iter().filter(|(rule, _)| options.selection.enables(rule)).collect();
        findings.extend(outcome::findings(vec![Found { world: None, drafts }], options, sources));
        sort(&mut findings);
    }
    Report { findings, silenced, declared: options.selection.declared().cloned().collect(), incomplete, ..Report::default() }
}

/// What is folded into the finding before it lends that its severity, as it stands for both.
fn lend(findings: &mut [Finding], options: &Options) {
    let mut cause = 0;
    for at in 0..findings.len() {
        if !findings[at].consequence {
            cause = at;
        } else if options.selection.severity_of(findings[cause].rule).is_none() && findings[at].versions.meets(findings[cause].versions) {
            findings[cause].severity = findings[cause].severity.max(findings[at].severity);
        }
    }
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|f| f.location.map_or((u32::MAX, 0), |l| (l.file.0, l.span.start)));
}

/// Whether a rule of this run could find anything: it speaks, and what it looks at is there.
pub(crate) fn runs(rule: &RuleInfo, options: &Options) -> bool {
    let at_hand = match rule.needs {
        Needs::Nothing => true,
        Needs::Machine => options.surroundings.is_some(),
        Needs::Heard => options.heard.is_some(),
    };
    at_hand && options.selection.enables(rule)
}

/// Ends the lines that fixes write as those of their files end. Whoever makes an edit writes a line feed and need not ask: all that
/// is found comes by here before it is told, made or proven. A layout says itself how lines end.
pub(crate) fn end_lines(findings: &mut [Finding], sources: &Sources) {
    let written = findings.iter_mut().filter(|finding| finding.rule.name != unformatted::RULE.name);
    for edit in written.filter_map(|finding| finding.fix.as_mut()).flat_map(|fix| &mut fix.edits) {
        edit.end_lines(sources.file(edit.location.file));
    }
}

/// Whether what is replaced means itself: what quotes and escapes hold cannot be replaced by a bare word.
fn is_plain(edit: &Edit, sources: &Sources) -> bool {
    let old = sources.file(edit.location.file).slice(edit.location.span);
    edit.text.is_empty() || edit.text.contains(' ') || !old.iter().any(|b| b"\"'\\".contains(b))
}

/// What the rules say of all nodes together.
pub(crate) fn mesh(mesh: &Mesh<'_>, options: &Options) -> Vec<Finding> {
    let mut drafts = Vec::new();
    for row in enabled(options).iter() {
        if options.cancel.is_over() {
            break;
        }
        if let Look::Mesh(look) = row.look {
            alone(row.rule, start(&mesh.topology.sources), &mut drafts, |out| look(mesh, out));
        }
    }
    let mut findings = outcome::findings(vec![Found { world: None, drafts }], options, &mesh.topology.sources);
    let variables = mesh.topology.nodes.iter().flat_map(|node| node.environment.iter());
    let mut secrets: Vec<&String> = variables.filter(|(name, _)| secret::is_secret(name)).filter_map(|(_, v)| v.value.as_ref()).collect();
    secrets.sort_unstable();
    secrets.dedup();
    findings.iter_mut().for_each(|finding| secret::hide_values(finding, &secrets));
    findings
}

/// What the rules say of a running cluster. What is normal is explained to those alone who ask for the rule by its name.
pub(crate) fn runtime(cluster: &Cluster<'_>, options: &Options, sources: &Sources) -> Vec<Finding> {
    let mut drafts = Vec::new();
    for row in enabled(options).iter().filter(|row| !row.rule.normal || options.selection.selects(row.rule)) {
        if let Look::Runtime(look) = row.look {
            alone(row.rule, start(sources), &mut drafts, |out| look(cluster, out));
        }
    }
    outcome::findings(vec![Found { world: None, drafts }], options, sources)
}

/// Whether rules that have nothing to say of a configuration are asked all the same: they must say nothing. Tests are built so.
const PROVES: bool = cfg!(debug_assertions);

/// What the rules say of one world. In large files all threads ask them.
pub(crate) fn world(config: &Config<'_>, options: &Options) -> Found {
    let (reading, rows) = (config.reading, enabled(options));
    let mut asked = Vec::with_capacity(rows.len());
    asked.extend(rows.iter().enumerate().filter(|(_, row)| row.look.is_at_world() && (PROVES || row.is_about(reading))));
    if reading.is_large() {
        // Those that compare lines with each other take longest: asked first, they let no thread wait for the other at the end.
        asked.sort_by_key(|(_, row)| row.rule.group() != "dead");
    }
    let next = AtomicUsize::new(0);
    let look = || {
        let context = Context { config, options: options.given() };
        let mut found = Vec::new();
        while let Some((number, row)) = asked.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !options.cancel.is_over()) {
            let drafts = said(row, &context, options);
            if !drafts.is_empty() {
                found.push((*number, drafts));
            }
        }
        found
    };
    let mut found: Vec<(usize, Vec<(&'static Rule, Draft)>)> = all(reading.is_large(), look).into_iter().flatten().collect();
    for (number, row) in rows.iter().enumerate().filter(|_| !config.faults.is_empty()) {
        if let Look::Faults(kind) = row.look {
            let mut drafts = Vec::new();
            fault::report(&config.faults, kind, &mut Sink { rule: row.rule, drafts: &mut drafts });
            found.push((number, drafts));
        }
    }
    // Whoever was faster, the order is that of the rules.
    found.sort_unstable_by_key(|(number, _)| *number);
    Found { world: Some(reading.world.clone()), drafts: found.into_iter().flat_map(|(_, drafts)| drafts).collect() }
}

/// What one rule says of a world: nothing, unless it is about something that is there.
fn said(row: &Row, context: &Context<'_>, options: &Options) -> Vec<(&'static Rule, Draft)> {
    let (rule, mut drafts) = (row.rule, Vec::new());
    let concerned = row.concerns(context.config);
    if !concerned && !PROVES {
        return drafts;
    }
    let start = start(context.config.reading.sources);
    match row.look {
        Look::World(look) => alone(rule, start, &mut drafts, |out| look(context, out)),
        Look::Declared => alone(rule, start, &mut drafts, |out| {
            options.selection.declaration(rule).into_iter().for_each(|declared| declared.check(context, out));
        }),
        _ => {}
    }
    assert!(concerned || drafts.is_empty(), "`{}` says what it is not about: {}", rule.name, drafts[0].1.message);
    drafts
}

/// What the rules that are `wanted` and that look at the whole say of one world.
pub(crate) fn looked(config: &Config<'_>, options: &Options, wanted: impl Fn(&RuleInfo) -> bool) -> Found {
    let context = Context { config, options: options.given() };
    let mut drafts = Vec::new();
    let rows = enabled(options);
    for row in rows.iter().filter(|row| wanted(row.rule) && row.concerns(config)).take_while(|_| !options.cancel.is_over()) {
        if let Look::World(look) = row.look {
            alone(row.rule, start(config.reading.sources), &mut drafts, |out| look(&context, out));
        }
    }
    Found { world: Some(config.reading.world.clone()), drafts }
}

fn enabled(options: &Options) -> Cow<'_, [&'static Row]> {
    // What HAProxy says is known by what all rules say, and by those that shall not be shown, too.
    match options.heard {
        Some(_) => Cow::Owned(options.selection.rows().collect()),
        None => Cow::Borrowed(options.selection.speaking()),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::NameKind,
        rules::RULES,
        syntax::{FirstWords, PROBLEM},
    };

    use super::*;

    /// How often a rule that is about all this speaks of a text.
    fn of(text: &str, about: &[&str], mentions: &'static [&'static str], uses: Option<NameKind>) -> usize {
        let look = Look::World(|_, out| out.report(Draft::nowhere("always")));
        let rule = Rule { info: RuleInfo::PLAIN, look, about: FirstWords::of(about), mentions, uses, mend: None };
        let row = Row::of(Box::leak(Box::new(rule)));
        let (sources, options) = (Sources::single("a.cfg", text), Options::default());
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &options.read_options());
        let config = Config::new(&readings[0]);
        said(&row, &Context { config: &config, options: options.given() }, &options).len()
    }

    #[test]
    fn a_rule_is_asked_where_there_is_something_that_it_is_about() {
        assert_eq!(of("peers p\n", &["cookie", "peers"], &[], None), 1);
        assert_eq!(of("backend b\n  no option x\n", &["no"], &["x", "y"], None), 1);
        assert_eq!(of("backend b\n  server \"s p\\x65er\"\n", &["server"], &["peer"], None), 1);
        assert_eq!(of("backend \"b\n", &[PROBLEM], &[], None), 1);
        assert_eq!(of("frontend f\n  use_backend b\n", &["frontend"], &[], Some(NameKind::Backend)), 1);
    }

    #[test]
    #[should_panic(expected = "says what it is not about: always")]
    fn a_rule_that_says_what_it_is_not_about_is_found_by_tests() {
        of("backend b\n  server s 10.0.0.1 cookie a\n", &["cookie"], &[], None);
    }

    #[test]
    #[should_panic(expected = "says what it is not about: always")]
    fn so_is_one_that_speaks_where_its_text_is_not_written() {
        of("peers p\n", &["peers"], &["cookie"], None);
    }

    #[test]
    #[should_panic(expected = "says what it is not about: always")]
    fn and_one_that_speaks_where_no_such_name_is_used() {
        of("backend b\n", &["backend"], &[], Some(NameKind::Backend));
    }

    #[test]
    fn what_a_fragment_is_of_is_there() {
        let options = Options { fragment_of: Some(SectionKind::Peers), local_name: Some("a".to_owned()), ..Options::default() };
        let report = check(&Sources::single("a.cfg", "  peer a 10.0.0.1:1024\n  peer a 10.0.0.2:1024\n"), &options);
        assert!(report.findings.iter().any(|f| f.rule.name == "peers/dup-peer-name"), "{:?}", report.findings);
    }

    #[test]
    fn a_rule_that_panics_takes_back_what_it_said_and_nothing_else() {
        let mut drafts = Vec::new();
        alone(RULES[0], None, &mut drafts, |out| out.report(Draft::nowhere("before")));
        alone(RULES[1], None, &mut drafts, |out| {
            out.report(Draft::nowhere("half"));
            panic!("on purpose");
        });
        alone(RULES[2], None, &mut drafts, |out| out.report(Draft::nowhere("behind")));
        let said: Vec<(&str, &str)> = drafts.iter().map(|(rule, draft)| (rule.name, draft.message.as_str())).collect();
        let message = format!("`{}` failed on this configuration: on purpose", RULES[1].name);
        assert_eq!(said, [(RULES[0].name, "before"), ("syntax/internal-error", message.as_str()), (RULES[2].name, "behind")]);
    }

    #[test]
    fn a_keyword_alone_on_its_line_breaks_no_rule() {
        let lines: String = crate::catalog::names().map(|name| format!("    {name}\n    no {name}\n")).collect();
        for section in crate::syntax::SECTIONS {
            let sources = Sources::single("alone.cfg", format!("{} name\n{lines}", section.keyword));
            let found = super::check(&sources, &Options::default()).findings;
            let broken: Vec<&str> = found.iter().filter(|f| f.rule.name == internal_error::RULE.name).map(|f| f.message.as_str()).collect();
            assert!(broken.is_empty(), "{}: {broken:?}", section.keyword);
        }
    }
}
