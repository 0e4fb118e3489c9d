//! Names: what is declared, and where it is used.
//!
//! Where names are used is read from the shapes of the lines: the signature of a keyword says which of its words is a name.

mod uses;

use std::{ops::Range, sync::OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::{
    catalog::Shapes,
    source::{Location, Span},
    syntax::{Reading, Section, SectionKind, Statement, is_name},
    threads::both,
};

use super::{
    Model, NameKind, Proxy, SectionView,
    declared::{self, Declarations, Declared},
    expressions::{Argument, arguments, some_may_name},
};
use uses::{Found, Met, Uses};

/// A place that needs a name to be declared.
#[derive(Clone, Copy, Debug)]
pub struct Use<'r> {
    /// What it must be.
    pub kind: NameKind,
    /// The name.
    pub name: &'r str,
    /// The line.
    pub statement: Statement<'r>,
    span: Span,
    section: u32,
    /// Its number among all uses.
    number: u32,
}

/// A [`Use`] as it is kept: of most, the name is what is written at its place.
#[derive(Clone, Copy, Debug)]
struct Kept {
    /// The number of the line.
    statement: u32,
    /// Where the name begins.
    start: u32,
    /// How long it is, if it is written there as it is; [`QUOTED`] otherwise.
    length: u16,
    kind: NameKind,
}

/// The length of names that are in [`Names::quoted`].
const QUOTED: u16 = u16::MAX;

/// A condition of several ACLs, or of a constant.
#[derive(Clone, Copy, Debug)]
pub struct Combined<'r> {
    /// The section it stands in: a place among all sections.
    pub section: usize,
    /// The line.
    pub statement: Statement<'r>,
    /// Whether some word of it stands there twice: without that, nothing is asked twice.
    pub repeats: bool,
}

impl Use<'_> {
    /// The section it stands in: a place among all sections.
    #[inline]
    pub fn section(&self) -> usize {
        self.section as usize
    }

    /// Where it stands.
    pub fn location(&self) -> Location {
        Location { file: self.statement.file_id(), span: self.span }
    }

    /// The proxy it stands in: a place in [`Model::proxies`].
    pub fn proxy(&self, model: &Model<'_>) -> Option<usize> {
        model.place_of(self.section())
    }
}

/// How many sections are tried before a section is searched for among all.
const NEAR: usize = 4;

/// Tells in which sections statements are: mostly each is in the section of the one that was asked for before, or soon behind it.
struct Places<'r> {
    reading: &'r Reading<'r>,
    /// The section of the last one, and the statements that are in it.
    section: usize,
    statements: Range<u32>,
}

impl<'r> Places<'r> {
    fn new(reading: &'r Reading<'r>) -> Self {
        Self { reading, section: 0, statements: 0..0 }
    }

    #[inline]
    fn section_of(&mut self, statement: u32) -> usize {
        if !self.statements.contains(&statement) {
            self.seek(statement);
        }
        self.section
    }

    fn seek(&mut self, statement: u32) {
        let sections = &self.reading.sections;
        let is_before = |section: &Section| section.end() <= statement;
        let is_behind = statement >= self.statements.start;
        let mut near = sections[self.section.min(sections.len())..].iter().take(NEAR);
        let near = if is_behind { near.position(|section| !is_before(section)) } else { None };
        self.section = near.map_or_else(|| sections.partition_point(is_before), |further| self.section + further);
        let end = |section: usize| sections.get(section).map_or(u32::MAX, Section::end);
        self.statements = self.section.checked_sub(1).map_or(0, end)..end(self.section);
    }
}

/// No declaration.
const NOWHERE: u32 = u32::MAX;

/// Declared and used names.
#[derive(Debug)]
pub struct Names<'r> {
    /// What is known in all sections.
    everywhere: Declarations<'r>,
    /// What is known in one section only, in the order of the sections: ACLs, and the rest.
    acls: Declarations<'r>,
    local: Declarations<'r>,
    reading: &'r Reading<'r>,
    uses: Vec<Kept>,
    /// Their kinds, a bit each.
    used_kinds: u64,
    /// Where the first declaration of the name of each use stands, or [`NOWHERE`], once somebody has asked.
    places: OnceLock<Box<[u32]>>,
    /// The names of the uses that quotes or variables hold, and those that are very long, with their places, by the number of the use.
    quoted: FxHashMap<usize, (&'r str, Span)>,
    /// The conditions that are more than one ACL, or ask for a constant: numbers of statements, and whether a word repeats.
    combined: Vec<(u32, bool)>,
    /// The places of all names of a kind among those that are known in all sections, once somebody has asked.
    lists: OnceLock<FxHashMap<NameKind, Vec<u32>>>,
    open: FxHashSet<(NameKind, Option<usize>)>,
}

impl<'r> Names<'r> {
    /// What `sections` declare and use, in two threads where there is much.
    pub(super) fn of(model: &Model<'r>, sections: Range<usize>, shapes: &Shapes) -> Self {
        let large = model.reading.is_large();
        let declared = || Self::none(model.reading).and_in(model, sections.clone());
        let (declared, used) = both(large, declared, || Self::used_in(model, sections.clone(), shapes));
        let names = used.and(declared);
        if large {
            // Many rules will ask, and one thread would wait for the other.
            let middle = names.uses.len() / 2;
            let (later, mut first) = both(true, || names.places_of(middle..names.uses.len()), || names.places_of(0..middle));
            first.extend(later);
            let _ = names.places.set(first.into());
        }
        names
    }

    fn none(reading: &'r Reading<'r>) -> Self {
        Self {
            reading,
            uses: Vec::new(),
            used_kinds: 0,
            places: OnceLock::new(),
            quoted: FxHashMap::default(),
            everywhere: Declarations::new(reading),
            acls: Declarations::new(reading),
            local: Declarations::new(reading),
            combined: Vec::new(),
            lists: OnceLock::new(),
            open: FxHashSet::default(),
        }
    }

    /// What the statements of sections use, and the ACLs that they declare.
    pub(super) fn in_statements(model: &Model<'r>, sections: Range<usize>, shapes: &Shapes) -> Self {
        let mut names = Self::used_in(model, sections.clone(), shapes);
        names.acls_in(model, sections);
        names
    }

    /// What the statements of sections use.
    fn used_in(model: &Model<'r>, sections: Range<usize>, shapes: &Shapes) -> Self {
        let mut names = Self::none(model.reading);
        let expressions = some_may_name(model.reading);
        let mut met = Met::default();
        model.within(sections).for_each(|section| names.statements(&section, shapes, expressions, &mut met));
        names.uses.shrink_to_fit();
        names.combined.shrink_to_fit();
        names
    }

    /// The same with all that is declared.
    fn and(mut self, declared: Self) -> Self {
        let before = self.uses.len();
        self.quoted.extend(declared.quoted.into_iter().map(|(number, name)| (before + number, name)));
        self.uses.extend(declared.uses);
        self.used_kinds |= declared.used_kinds;
        self.open.extend(declared.open);
        Self { everywhere: declared.everywhere, acls: declared.acls, local: declared.local, ..self }
    }

    /// Adds the ACLs that sections declare.
    fn acls_in(&mut self, model: &Model<'r>, sections: Range<usize>) {
        let with_acls = || model.within(sections.clone()).filter(has_acls);
        self.acls.reserve(with_acls().map(|section| section.with("acl").count()).sum());
        with_acls().for_each(|section| section.with("acl").for_each(|acl| self.acl(acl, section.index())));
        self.acls.put_together();
    }

    /// Adds what sections, and the ACLs, servers and tables in them, declare.
    fn and_in(mut self, model: &Model<'r>, sections: Range<usize>) -> Self {
        self.everywhere.reserve(sections.len());
        self.local.reserve(model.proxies.iter().map(|p| p.servers.len()).sum());
        let mut proxies = model.proxies.iter().peekable();
        let mut peers = model.peers.iter().peekable();
        for section in model.within(sections.clone()) {
            match proxies.next_if(|p| p.section.index() == section.index()) {
                Some(proxy) => {
                    self.proxy(proxy);
                    self.from(proxy);
                }
                None => self.section(&section),
            }
            for table in peers.next_if(|p| p.section.index() == section.index()).iter().flat_map(|p| &p.tables) {
                self.declare(NameKind::Table, true, 1, table.statement, section.index());
            }
        }
        self.everywhere.put_together();
        self.local.put_together();
        self.acls_in(model, sections);
        self
    }

    /// Whether some name of this kind is declared more than once where it is known.
    pub fn repeats(&self, kind: NameKind, local: bool) -> bool {
        self.among(kind, local).repeats(kind)
    }

    /// The declarations of `name`, in order.
    pub fn find(&self, kind: NameKind, scope: Option<usize>, name: &'r str) -> Declared<'_, 'r> {
        self.among(kind, scope.is_some()).find(&(kind, scope, name))
    }

    /// Uses: those of `defaults` sections last, all others in order.
    pub fn uses(&self) -> impl Iterator<Item = Use<'r>> {
        self.each(self.uses.iter().enumerate())
    }

    /// The uses of one kind.
    pub fn uses_of(&self, kind: NameKind) -> impl Iterator<Item = Use<'r>> {
        self.each(self.kept_of(kind))
    }

    /// The uses of one kind whose names nobody declares: mostly there are none, and what they are is read of no other.
    pub fn undeclared(&self, kind: NameKind) -> impl Iterator<Item = Use<'r>> {
        self.each(self.kept_of(kind).filter(|(number, _)| self.places()[*number] == NOWHERE))
    }

    /// The uses of one kind whose names are declared nowhere, or further down alone.
    pub fn undeclared_so_far(&self, kind: NameKind) -> impl Iterator<Item = Use<'r>> {
        let all = self.among(kind, false);
        let is_below = move |place: u32, line: u32| all.line(place as usize).is_none_or(|first| first > line);
        self.each(self.kept_of(kind).filter(move |(number, kept)| is_below(self.places()[*number], kept.statement)))
    }

    fn each<'a>(&'a self, uses: impl Iterator<Item = (usize, &'a Kept)>) -> impl Iterator<Item = Use<'r>> {
        let mut places = Places::new(self.reading);
        uses.map(move |(number, kept)| self.used(number, kept, &mut places))
    }

    /// The declarations of each name that is used as one of this kind, as [`Self::declarations`] has them, each name once.
    pub fn used_declarations(&self, kind: NameKind) -> impl Iterator<Item = Declared<'_, 'r>> {
        let places = self.are_used(kind).into_iter().enumerate().filter(|(_, is_used)| *is_used);
        places.map(move |(first, _)| self.among(kind, false).from(first, kind))
    }

    /// Which declarations are the first of a name that is used as one of this kind: of ACLs, by [`Self::acl_number`].
    pub fn are_used(&self, kind: NameKind) -> Vec<bool> {
        let mut used = vec![false; self.among(kind, false).len()];
        for (number, _) in self.kept_of(kind) {
            used.get_mut(self.places()[number] as usize).into_iter().for_each(|used| *used = true);
        }
        used
    }

    fn kept_of(&self, kind: NameKind) -> impl Iterator<Item = (usize, &Kept)> {
        let some = self.used_kinds >> kind as u64 & 1 == 1;
        let uses: &[Kept] = if some { &self.uses } else { &[] };
        uses.iter().enumerate().filter(move |(_, kept)| kept.kind == kind)
    }

    /// Use number `number`, as it is kept.
    #[inline]
    fn used(&self, number: usize, kept: &Kept, places: &mut Places<'_>) -> Use<'r> {
        let (name, span) = self.name(number, kept);
        let (section, statement) = (places.section_of(kept.statement) as u32, self.reading.statement(kept.statement as usize));
        Use { kind: kept.kind, name, statement, span, section, number: number as u32 }
    }

    /// The name of a use, and where it stands.
    #[inline]
    fn name(&self, number: usize, kept: &Kept) -> (&'r str, Span) {
        let quoted = if kept.length == QUOTED { self.quoted.get(&number).copied() } else { None };
        quoted.unwrap_or_else(|| {
            let span = Span::new(kept.start, kept.start + u32::from(kept.length));
            (self.reading.statement(kept.statement as usize).file().str(span).unwrap_or(""), span)
        })
    }

    /// The declarations of the name of a use, in order: of an ACL those of its section, of all else those that are known everywhere.
    /// Many rules ask, and each name is looked up once.
    #[inline]
    pub fn declarations(&self, used: &Use<'r>) -> Declared<'_, 'r> {
        let among = self.among(used.kind, false);
        self.place(used).map_or_else(|| among.none(), |first| among.from(first, used.kind))
    }

    #[inline]
    fn place(&self, used: &Use<'r>) -> Option<usize> {
        Some(self.places()[used.number as usize]).filter(|at| *at != NOWHERE).map(|at| at as usize)
    }

    fn places(&self) -> &[u32] {
        self.places.get_or_init(|| self.places_of(0..self.uses.len()).into())
    }

    /// Where the names of these uses are declared first, or [`NOWHERE`].
    fn places_of(&self, uses: Range<usize>) -> Vec<u32> {
        let mut places = Places::new(self.reading);
        let place = |number: usize| {
            let used = &self.uses[number];
            let scope = (used.kind == NameKind::Acl).then(|| places.section_of(used.statement));
            self.among(used.kind, false).place(&(used.kind, scope, self.name(number, used).0)).map_or(NOWHERE, |at| at as u32)
        };
        uses.map(place).collect()
    }

    fn add_use(&mut self, kind: NameKind, Found { name, span, plain }: Found<'r>, statement: usize) {
        let length = u16::try_from(span.len()).ok().filter(|_| plain).unwrap_or(QUOTED);
        if length == QUOTED {
            self.quoted.insert(self.uses.len(), (name, span));
        }
        self.used_kinds |= 1 << kind as u64;
        self.uses.push(Kept { statement: statement as u32, start: span.start, length, kind });
    }

    /// The number of an ACL among the `acl` lines, from 0: of the first line of that name.
    pub fn acl_number(&self, section: usize, name: &'r str) -> Option<usize> {
        self.acls.place(&(NameKind::Acl, Some(section), name))
    }

    /// All declarations, those of one name together.
    pub fn declared(&self) -> impl Iterator<Item = Declared<'_, 'r>> {
        self.everywhere.names().chain(self.acls.names()).chain(self.local.names())
    }

    /// The declarations of ACLs, those of one name together.
    pub fn acls(&self) -> impl Iterator<Item = Declared<'_, 'r>> {
        self.acls.names()
    }

    #[inline]
    fn among(&self, kind: NameKind, local: bool) -> &Declarations<'r> {
        match (kind, local) {
            (NameKind::Acl, _) => &self.acls,
            (_, true) => &self.local,
            (_, false) => &self.everywhere,
        }
    }

    /// Every name of a kind, once, in the order of the declarations.
    pub fn list(&self, kind: NameKind) -> Vec<&'r str> {
        let lists = self.lists.get_or_init(|| {
            let mut lists: FxHashMap<NameKind, Vec<u32>> = FxHashMap::default();
            let mut place = 0;
            for same in self.everywhere.names() {
                same.first().into_iter().for_each(|first| lists.entry(first.kind).or_default().push(place));
                place += same.len() as u32;
            }
            lists
        });
        let places = lists.get(&kind).into_iter().flatten();
        places.filter_map(|place| self.everywhere.from(*place as usize, kind).first()).map(|first| first.name()).collect()
    }

    /// The conditions that are more than one ACL, or ask for a constant.
    pub fn combined(&self) -> impl Iterator<Item = Combined<'r>> {
        let mut places = Places::new(self.reading);
        self.combined.iter().map(move |(statement, repeats)| Combined {
            section: places.section_of(*statement),
            statement: self.reading.statement(*statement as usize),
            repeats: *repeats,
        })
    }

    /// Every name of a kind that is known in one section only.
    pub fn list_in(&self, kind: NameKind, section: usize) -> Vec<&'r str> {
        let here = self.among(kind, true).within(section);
        let mut names: Vec<&str> = here.iter().filter(|d| d.kind == kind).map(|d| d.name()).collect();
        names.dedup();
        names
    }

    /// Whether a thing of this kind has a name that is not known, so that it may be any.
    pub fn is_open(&self, kind: NameKind, scope: Option<usize>) -> bool {
        self.open.contains(&(kind, scope))
    }

    /// Declares the name that is word number `word` of a statement.
    fn declare(&mut self, kind: NameKind, local: bool, word: u8, statement: Statement<'r>, section: usize) {
        let Some(name) = statement.word(word.into()) else { return };
        if name.known().is_none() {
            self.open.insert((kind, local.then_some(section)));
            return;
        }
        let declaration = declared::Kept::new(kind, word, statement, section, local);
        match (kind, local) {
            (NameKind::Acl, _) => self.acls.add(declaration),
            (_, true) => self.local.add(declaration),
            (_, false) => self.everywhere.add(declaration),
        }
    }

    fn section(&mut self, section: &SectionView<'r>) {
        let Some(header) = section.header() else { return };
        if let Some(kind) = NameKind::of_section(section.kind) {
            self.declare(kind, false, section.name, header, section.index());
        }
    }

    fn proxy(&mut self, proxy: &Proxy<'r>) {
        let index = proxy.section.index();
        let Some(header) = proxy.section.header().filter(|_| proxy.created) else { return };
        let roles = [
            (proxy.is_backend(), NameKind::Backend),
            (proxy.is_frontend(), NameKind::Frontend),
            (proxy.is_defaults(), NameKind::Defaults),
            (!proxy.is_defaults() && !proxy.tables.is_empty(), NameKind::Table),
        ];
        for (_, kind) in roles.into_iter().filter(|(is, _)| *is && proxy.section.name > 0) {
            self.declare(kind, false, proxy.section.name, header, index);
        }
        for server in &proxy.servers {
            let kind = if server.template { NameKind::ServerTemplate } else { NameKind::Server };
            self.declare(kind, true, 1, self.reading.statement(server.statement.number()), index);
        }
    }

    fn from(&mut self, proxy: &Proxy<'r>) {
        let header = self.reading.sections[proxy.section.index()].header();
        let (Some(header), Some(word)) = (header, proxy.from()) else { return };
        if let Some(name) = Found::of(word, 0, word.known().map_or(0, str::len)) {
            self.add_use(NameKind::Defaults, name, header);
        }
    }

    /// What the statements of a section use; `expressions` tells whether theirs may name anything.
    fn statements(&mut self, section: &SectionView<'r>, shapes: &Shapes, expressions: bool, met: &mut Met) {
        let acls = has_acls(section);
        if !acls && !names_others(section.kind) {
            return;
        }
        for (number, shape) in shapes.each_within(section.body()) {
            let (statement, marks) = (self.reading.statement(number), shapes.marks_of(shape));
            let uses = met.of(shape, || Uses::of(statement, marks, section.kind, acls));
            for named in &uses.names {
                named.of(statement).into_iter().for_each(|found| self.add_use(named.kind, found, number));
            }
            if uses.asked > 1 {
                self.combined.push((number as u32, repeats(statement)));
            }
            if acls && expressions {
                let mut found = |argument: Argument<'r>| {
                    let name = argument.name.and_then(|name| Found::of(argument.word, name.start, name.end));
                    name.into_iter().for_each(|name| self.add_use(argument.kind, name, number));
                };
                marks.iter().for_each(|mark| arguments(statement, mark, &mut found));
            }
        }
    }

    /// HAProxy refuses other names, and knows no such ACL from then on.
    fn acl(&mut self, acl: Statement<'r>, section: usize) {
        if acl.word(1).is_some_and(|name| name.known().is_none_or(is_name)) {
            self.declare(NameKind::Acl, true, 1, acl, section);
        }
    }
}

/// Whether ACLs are declared and used in a section.
fn has_acls(section: &SectionView<'_>) -> bool {
    section.kind.is_proxy() || section.kind == SectionKind::FcgiApp
}

/// Whether lines of a section without ACLs name what stands elsewhere.
fn names_others(kind: SectionKind) -> bool {
    use SectionKind as K;
    matches!(kind, K::Global | K::LogForward | K::CrtStore | K::Peers | K::Traces)
}

/// Whether some word of a condition stands there twice.
fn repeats(line: Statement<'_>) -> bool {
    let known = line.texts_from(1 + line.mark().unwrap_or(usize::MAX - 1)).flatten().map(|word| word.trim_start_matches('!'));
    let mut asked = SmallVec::<[&str; 16]>::new();
    for word in known.filter(|word| !matches!(*word, "" | "{" | "}")) {
        // A line has 64 words at most.
        if asked.contains(&word) {
            return true;
        }
        asked.push(word);
    }
    false
}

impl<'r> Model<'r> {
    /// Whether HAProxy ever looks up the names that the proxy number `proxy` uses: it does not for one that is
    /// `disabled`, and for defaults only through a proxy that inherits them.
    pub fn looks_up(&self, proxy: Option<usize>) -> bool {
        proxy.and_then(|at| self.proxies.get(at)).is_none_or(|p| p.created && !p.disabled && !p.is_defaults())
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Config,
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    use super::*;

    #[test]
    fn uses_keep_their_names_their_places_and_their_sections() {
        let long = "b".repeat(70_000);
        let empty: String = (0..9).map(|n| format!("backend e{n}\n")).collect();
        let text = format!(
            "defaults d\nfrontend f from d\n use_backend one if a\n use_backend \"two\"\n use_backend {long}\n{empty}\
             listen l\n acl b src 10.0.0.1\n http-request deny if b or c\nfrontend g\n default_backend last\n"
        );
        let sources = Sources::single("f", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let config = Config::new(&readings[0]);
        let written = |used: &Use<'_>| sources.files()[0].str(used.location().span).unwrap_or("").to_owned();
        let uses: Vec<_> = config.names.uses().map(|used| (used.name, written(&used), used.section())).collect();
        let expected = [
            ("one", "one", 1),
            ("a", "a", 1),
            ("two", "\"two\"", 1),
            (long.as_str(), long.as_str(), 1),
            ("b", "b", 11),
            ("c", "c", 11),
            ("last", "last", 12),
            ("d", "d", 1),
        ];
        assert_eq!(uses, expected.map(|(name, written, section)| (name, written.to_owned(), section)));
        let combined: Vec<_> = config.names.combined().map(|combined| (combined.section, combined.statement.line())).collect();
        assert_eq!(combined, [(11, 16)]);
    }
}
