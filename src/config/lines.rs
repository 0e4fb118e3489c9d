//! Goes through the lines of a configuration: each is held against the catalog once, which gives its faults and its shape.

mod again;
mod foreign;
mod forms;
mod known;
mod memo;

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::{
    build::Build,
    cancel::Cancel,
    catalog::{Fault, FaultKind, Line, Options, Shapes, Understood, understand},
    finding::Verdict,
    syntax::{SectionKind, Statement},
    threads::both,
    version::{Version, VersionSet},
};

use super::{Model, NameKind, Names, Proxy, SectionView};
use foreign::Foreign;
use forms::Forms;
use known::Takeover;
pub(super) use known::{Earlier, Known};
use memo::Memo;

/// The ACLs of one section all of whose lines may be refused, with the number of those lines and who refuses them.
type Broken<'r> = FxHashMap<&'r str, (usize, VersionSet)>;

/// What going through the lines gives.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What is wrong with them, in their order.
    pub(super) faults: Vec<Fault>,
    /// What they speak of.
    pub(super) shapes: Shapes,
    /// What came of each section, where other worlds may have it, too.
    pub(super) known: Vec<Option<Known>>,
}

/// What they are held against.
#[derive(Clone, Copy)]
pub(super) struct Against<'b> {
    /// The build of HAProxy, where one is given: what it was made with counts, too.
    pub(super) build: Option<&'b Build>,
    /// What may end the walk early.
    pub(super) cancel: &'b Cancel,
    /// Whether other worlds follow.
    pub(super) remembers: bool,
    /// Another world for the same versions.
    pub(super) earlier: Option<Earlier<'b>>,
}

impl<'b> Against<'b> {
    /// One world alone.
    pub(super) fn alone(build: Option<&'b Build>, cancel: &'b Cancel) -> Self {
        Self { build, cancel, remembers: false, earlier: None }
    }
}

impl Lines {
    /// Goes through all lines of `model`, in two halves at once where there are many.
    pub(super) fn of(model: &Model<'_>, against: Against<'_>) -> Self {
        let lines = model.reading.len();
        if !model.reading.is_large() {
            return Walk::new(model, against, None).through(0..model.reading.sections.len());
        }
        let half = model.reading.sections.partition_point(|section| section.body().start < lines / 2);
        // What the second half begins with takes a look at each line of the first, and no more.
        let second =
            || Walk::new(model, against, Walk::new(model, against, None).behind(0..half)).through(half..model.reading.sections.len());
        let (second, mut all) = both(true, second, || Walk::new(model, against, None).through(0..half));
        let before = all.faults.len();
        all.known.extend(second.known.into_iter().map(|known| known.map(|known| known.behind(before))));
        all.faults.extend(second.faults);
        all.shapes.append(second.shapes);
        all
    }
}

/// Whether some line would be refused without `expose-experimental-directives`.
pub(super) fn need_exposing(model: &Model<'_>, cancel: &Cancel) -> bool {
    let mut walk = Walk::new(model, Against::alone(None, cancel), None);
    let sections = model.sections().filter(|section| section.kind.spec().versions.meets(model.reading.world.versions));
    sections.take_while(|_| !cancel.is_over()).any(|section| walk.needs_exposing(&section))
}

/// A walk through sections, one after the other.
struct Walk<'m, 'r: 'b, 'b> {
    model: &'m Model<'r>,
    against: Against<'b>,
    memo: Memo<'r>,
    forms: Forms<'r>,
    takeover: Option<Takeover<'b>>,
    /// Whether any line says `resolve-net`.
    prefers_networks: bool,
    /// Where the last line of the section before stood.
    before: Option<Line<'b>>,
    lines: Lines,
    understood: Understood,
}

impl<'m, 'r: 'b, 'b> Walk<'m, 'r, 'b> {
    fn new(model: &'m Model<'r>, against: Against<'b>, before: Option<Line<'b>>) -> Self {
        let memo = Memo::new(model.reading.len());
        let prefers_networks = model.reading.may_mention("resolve-net");
        let (forms, understood) = (Forms::default(), Understood::default());
        let takeover = against.earlier.map(Takeover::new);
        Self { model, against, memo, forms, takeover, prefers_networks, before, lines: Lines::default(), understood }
    }

    /// Holds the lines of these sections against the catalog.
    fn through(mut self, sections: Range<usize>) -> Lines {
        for section in self.model.within(sections) {
            if self.against.cancel.is_over() {
                break;
            }
            self.section(&section);
        }
        self.lines
    }

    /// Where the last line of these sections stands, without a look at what they say beyond that.
    fn behind(mut self, sections: Range<usize>) -> Option<Line<'b>> {
        let mut all = self.model.within(sections.clone());
        // Of most sections nothing is known behind them, unless they are the last.
        let last = all.rposition(|section| section.kind.spec().versions == VersionSet::ALL).unwrap_or(0);
        let tells = |section: &SectionView<'_>| section.kind == SectionKind::Global || section.with("default-server").next().is_some();
        for (number, section) in self.model.within(sections).enumerate() {
            if self.against.cancel.is_over() {
                break;
            }
            if number != last && !tells(&section) {
                continue;
            }
            let mut here = self.begin(&section);
            section.statements().filter(|_| self.is_created(&section)).for_each(|statement| _ = here.state.note(statement));
            self.end(&section, here);
        }
        self.before
    }

    fn proxy(&self, section: &SectionView<'r>) -> Option<&'m Proxy<'r>> {
        self.model.proxy(section.index()).filter(|_| section.kind.is_proxy())
    }

    fn is_created(&self, section: &SectionView<'r>) -> bool {
        self.proxy(section).is_none_or(|proxy| proxy.created)
    }

    /// Where the first line of a section stands.
    fn begin(&self, section: &SectionView<'r>) -> Line<'b> {
        let mut here = Line::new(section.kind, section.header(), section.name_str(), self.before.as_ref(), self.against.build);
        if let Some(proxy) = self.proxy(section) {
            let mode = proxy.defaults().and_then(|d| self.model.proxies[d].mode());
            mode.into_iter().for_each(|mode| here.state.note_mode(Some(mode)));
            let defaults = proxy.defaults().filter(|_| self.prefers_networks).map(|d| &self.model.proxies[d]);
            defaults.into_iter().flat_map(|d| d.section.statements()).for_each(|line| here.state.note_networks(line));
        }
        here
    }

    fn end(&mut self, section: &SectionView<'r>, here: Line<'b>) {
        if section.kind.spec().versions == VersionSet::ALL || self.before.is_none() {
            self.before = Some(here);
        }
    }

    fn section(&mut self, section: &SectionView<'r>) {
        let here = self.begin(section);
        let (begin, first) = (here.state, self.lines.faults.len());
        // What does not know the section takes its lines for more lines of the section before.
        let is_known_to_all = section.kind.spec().versions.covers(self.model.reading.world.versions);
        let takeover = self.takeover.as_mut().filter(|_| is_known_to_all);
        let taken = takeover.and_then(|takeover| takeover.section(section, &begin, &mut self.lines));
        let end = match taken {
            Some(state) => here.at(state),
            None => self.body(section, here, is_known_to_all),
        };
        if self.against.remembers {
            let known = Known::of(section, [begin, end.state], first..self.lines.faults.len());
            self.lines.known.push(known.filter(|_| is_known_to_all));
        }
        self.end(section, end);
    }

    /// Holds the lines of a section against the catalog, and says where the last one stands.
    fn body(&mut self, section: &SectionView<'r>, mut here: Line<'b>, is_known_to_all: bool) -> Line<'b> {
        self.memo.changed();
        let created = self.is_created(section);
        let mut followers = Followers::new(section.kind);
        let first = self.lines.faults.len();
        let known = section.kind.spec().versions;
        for (number, statement) in section.body().zip(section.statements()) {
            if self.against.cancel.is_over_at(number) {
                break;
            }
            let known_before = self.lines.faults.len();
            self.line(number, statement, &here, known, is_known_to_all);
            if !created {
                self.lines.faults.truncate(known_before);
                continue;
            }
            if here.state.note(statement) {
                self.memo.changed();
            }
            followers.statement(statement, known_before, &mut self.lines.faults);
        }
        followers.end(self.model, section, &mut self.lines);
        if section.kind == SectionKind::FcgiApp {
            unused_formats(self.model, section, &mut self.lines.faults[first..]);
        }
        here
    }

    /// Whether some line of a section would be refused without `expose-experimental-directives`.
    fn needs_exposing(&mut self, section: &SectionView<'r>) -> bool {
        let mut here = self.begin(section);
        let mut faults = Vec::new();
        for statement in section.statements() {
            here.state = here.state.unexposed();
            understand(statement, &here, self.model.reading.world.versions, &mut faults, &mut self.understood);
            self.understood.forget();
            if faults.drain(..).any(|fault| fault.kind == FaultKind::Experimental) {
                return true;
            }
            here.state.note(statement);
        }
        self.end(section, here);
        false
    }

    /// Understands one line; `known` are the versions that know its section, of which those of the world may be all.
    fn line(&mut self, number: usize, statement: Statement<'r>, here: &Line<'_>, known: VersionSet, is_known_to_all: bool) {
        let faults = &mut self.lines.faults;
        let known_before = faults.len();
        // What does not know the section takes its lines for more lines of the section before.
        let before = self.before.as_ref().filter(|_| !is_known_to_all);
        let key = if before.is_none() { self.memo.key(statement, &here.state) } else { None };
        let key_of_form = key.map(|key| key.of_form(statement));
        if let Some(form) = key_of_form.and_then(|key| self.forms.find(key, statement)) {
            form.faults.tell(statement, faults);
            self.lines.shapes.line(number, form.shape);
            return;
        }
        if let Some(shape) = key.and_then(|key| self.memo.shape(key)) {
            self.lines.shapes.line(number, shape);
            return;
        }
        let all = self.model.reading.world.versions;
        if !(all & known).is_empty() {
            understand(statement, here, all & known, faults, &mut self.understood);
        }
        if let Some(line) = before {
            let first = faults.len();
            understand(statement, line, all.minus(known), faults, &mut Understood::default());
            // Of the section itself `version/unsupported-section` tells.
            faults[first..].iter_mut().for_each(|fault| fault.consequence = true);
        }
        let shape = self.lines.shapes.keep(&mut self.understood.marks);
        let found = &faults[known_before..];
        if let Some(key) = key_of_form {
            self.forms.learn(key, statement, &self.understood, shape, found, here.name);
        }
        if let Some(key) = key.filter(|_| found.is_empty()) {
            self.memo.learn(key, shape);
        }
        self.lines.shapes.line(number, shape);
        self.understood.forget();
    }
}

/// What follows in a section from the faults of its lines.
struct Followers<'r> {
    kind: SectionKind,
    /// Whether there was a `default-server` line.
    server_defaults: bool,
    /// The faults of the last `default-server` line in its `sni`.
    inherited: Vec<Fault>,
    /// Where the faults of the last `option forwarded` line are.
    forwarded: std::ops::Range<usize>,
    broken: Broken<'r>,
    foreign: Foreign<'r>,
}

impl<'r> Followers<'r> {
    fn new(kind: SectionKind) -> Self {
        Self {
            kind,
            server_defaults: false,
            inherited: Vec::new(),
            forwarded: 0..0,
            broken: Broken::default(),
            foreign: Foreign::default(),
        }
    }

    /// Looks at a statement, whose faults are those from `first` on.
    fn statement(&mut self, statement: Statement<'r>, first: usize, faults: &mut Vec<Fault>) {
        // Of a sound line nothing follows, mostly.
        let is_sound = faults.len() == first && self.inherited.is_empty() && self.forwarded.is_empty() && self.foreign.is_over();
        if is_sound && statement.keyword() != "default-server" {
            return;
        }
        self.foreign.statement(statement, first, faults);
        heirs(statement, &mut self.inherited, first, faults);
        match statement.keyword() {
            "default-server" => {
                let unplaced = std::mem::replace(&mut self.server_defaults, true) && self.kind == SectionKind::Defaults;
                if unplaced {
                    without_a_line(first, faults);
                }
                faults[first..].iter_mut().for_each(less);
            }
            "bind" if self.kind == SectionKind::LogForward => only_told(first, faults),
            "option" | "no" if is_forwarded(statement) => {
                // Of several lines the last counts, and the expressions of the others are never read.
                let unread = std::mem::replace(&mut self.forwarded, first..faults.len());
                let unread = faults.get_mut(unread).into_iter().flatten();
                unread.filter(|fault| fault.at_the_end).for_each(|fault| fault.verdict = None);
            }
            "acl" if faults.len() > first => {
                let refused = refusing(&faults[first..]);
                if !refused.is_empty() {
                    let entry = self.broken.entry(statement.str(1)).or_insert((0, VersionSet::ALL));
                    *entry = (entry.0 + 1, entry.1 & refused);
                }
            }
            _ => {}
        }
    }

    fn end(mut self, model: &Model<'r>, section: &SectionView<'r>, lines: &mut Lines) {
        self.foreign.end(lines.faults.len(), &mut lines.faults);
        if !self.broken.is_empty() {
            let names = Names::in_statements(model, section.index()..section.index() + 1, &lines.shapes);
            broken_acls(&names, section.index(), &self.broken, &mut lines.faults);
        }
    }
}

/// The formats of an application are compiled for each proxy that uses it: of those of another HAProxy says nothing.
fn unused_formats(model: &Model<'_>, section: &SectionView<'_>, faults: &mut [Fault]) {
    let names_it = |line: Statement<'_>| line.word(1).is_some_and(|word| word.known().is_none_or(|name| name == section.name_str()));
    let formats = || faults.iter().any(|fault| fault.at_the_end);
    if formats() && !model.proxies.iter().any(|proxy| proxy.runs() && proxy.section.with("use-fcgi-app").any(names_it)) {
        faults.iter_mut().filter(|fault| fault.at_the_end).for_each(|fault| fault.verdict = None);
    }
}

/// Up to 3.0 the `sni` of a `default-server` line is compiled for each server that inherits it, and refused there.
const SNI_OF_EACH_SERVER: VersionSet = VersionSet::before(3, 1, 0);

/// The versions that refuse a line for any of these.
fn refusing(faults: &[Fault]) -> VersionSet {
    let refused = faults.iter().filter(|f| f.verdict == Some(Verdict::Reject) && !f.at_the_end);
    refused.fold(VersionSet::NONE, |all, f| all | f.versions)
}

/// Tells of the uses of ACLs all of whose lines are refused: `broken` has the number of such lines of each name.
fn broken_acls<'r>(names: &Names<'r>, section: usize, broken: &Broken<'r>, faults: &mut Vec<Fault>) {
    for used in names.uses_of(NameKind::Acl) {
        let Some((lines, versions)) = broken.get(used.name) else { continue };
        if names.find(NameKind::Acl, Some(section), used.name).len() > *lines {
            continue;
        }
        let message = format!("the ACL `{}` does not exist, for its own line is refused", used.name);
        let aborts = matches!(used.statement.keyword(), "http-request" | "http-response" | "http-after-response");
        let fault = Fault::refused(FaultKind::BrokenAcl, used.location(), message, *versions);
        faults.push(Fault { aborts, ..fault.help("mend the line that declares it") });
    }
}

/// Whether this is `option forwarded`, or takes it away.
fn is_forwarded(statement: Statement<'_>) -> bool {
    let at = usize::from(statement.keyword() == "no");
    statement.str(at) == "option" && statement.str(at + 1) == "forwarded"
}

/// 2.6 tells of a wrong address of a `bind` line in a `log-forward` section, and goes on.
fn only_told(first: usize, faults: &mut Vec<Fault>) {
    const TELLS: VersionSet = VersionSet::before(2, 7, 0);
    let wrong = |fault: &&Fault| fault.kind == FaultKind::InvalidAddress && fault.verdict == Some(Verdict::Reject);
    let told: Vec<Fault> = faults[first..].iter().filter(wrong).cloned().collect();
    for fault in faults[first..].iter_mut().filter(|fault| wrong(&&**fault)) {
        fault.versions = fault.versions.minus(TELLS);
    }
    let alert = |fault: Fault| Fault { versions: fault.versions & TELLS, verdict: Some(Verdict::Alert), ..fault };
    faults.extend(told.into_iter().map(alert).filter(|fault| !fault.versions.is_empty()));
}

/// 3.0.0 says which `default-server` line of `defaults` is wrong as long as it is the first: of others only that they are.
fn without_a_line(first: usize, faults: &mut Vec<Fault>) {
    const UNPLACED: VersionSet = VersionSet::only(Version::new(3, 0, 0));
    for at in first..faults.len() {
        let fault = &mut faults[at];
        if matches!(fault.verdict, Some(Verdict::Reject | Verdict::Alert)) && fault.versions.meets(UNPLACED) {
            let later = Fault { versions: fault.versions & UNPLACED, at_the_end: true, ..fault.clone() };
            fault.versions = fault.versions.minus(UNPLACED);
            faults.push(later);
        }
    }
}

/// A wrong expression of a `default-server` line is told at each server only.
fn less(fault: &mut Fault) {
    let expression = matches!(
        fault.kind,
        FaultKind::UnknownFetch | FaultKind::UnknownConverter | FaultKind::InvalidExpression | FaultKind::UnavailableFetch
    );
    if expression {
        fault.verdict = None;
    }
}

/// Tells of a wrong `sni` of a `default-server` line at the servers that inherit it, as HAProxy does.
fn heirs(statement: Statement<'_>, inherited: &mut Vec<Fault>, known_before: usize, faults: &mut Vec<Fault>) {
    match statement.keyword() {
        "default-server" => {
            let Some(sni) = Options::of_server(statement, 1).value("sni") else { return };
            let within = |f: &&Fault| {
                f.location.file == sni.location.file
                    && f.location.span.start >= sni.location.span.start
                    && f.location.span.end <= sni.location.span.end
            };
            *inherited = faults[known_before..].iter().filter(within).cloned().collect();
        }
        "server" | "server-template" if !inherited.is_empty() && !Options::of_server(statement, 2).has("sni") => {
            let Some(word) = statement.word(0) else { return };
            faults.extend(inherited.iter().filter(|f| f.versions.meets(SNI_OF_EACH_SERVER)).map(|fault| {
                let message = format!("this server inherits a wrong `sni`: {}", fault.message);
                let versions = fault.versions & SNI_OF_EACH_SERVER;
                Fault { location: word.location, message, versions, verdict: Some(Verdict::Reject), ..fault.clone() }
            }));
        }
        _ => {}
    }
}
