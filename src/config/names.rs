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
    syntax::{Reading, SectionKind, Statement, is_name},
    threads::both,
};

use super::{
    Model, NameKind, Proxy, SectionView,
    declared::{Declaration, Declarations},
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
#[derive(Debug)]
struct Kept {
    /// The number of the line.
    statement: u32,
    span: Span,
    section: u32,
    kind: NameKind,
    /// Whether the name is written there as it is; it is in [`Names::quoted`] otherwise.
    plain: bool,
}

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
    /// The names of the uses that quotes or variables hold, by the number of the use.
    quoted: FxHashMap<usize, &'r str>,
    /// The conditions that are more than one ACL, or ask for a constant: sections and numbers of statements, and whether a word repeats.
    combined: Vec<(u32, u32, bool)>,
    /// The places of all names of a kind among those that are known in all sections.
    lists: FxHashMap<NameKind, Vec<u32>>,
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
            everywhere: Declarations::default(),
            acls: Declarations::default(),
            local: Declarations::default(),
            combined: Vec::new(),
            lists: FxHashMap::default(),
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
        names
    }

    /// The same with all that is declared.
    fn and(mut self, declared: Self) -> Self {
        let before = self.uses.len();
        self.quoted.extend(declared.quoted.into_iter().map(|(number, name)| (before + number, name)));
        self.uses.extend(declared.uses);
        self.used_kinds |= declared.used_kinds;
        self.open.extend(declared.open);
        Self { everywhere: declared.everywhere, acls: declared.acls, local: declared.local, lists: declared.lists, ..self }
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
        let mut at = 0;
        for same in self.everywhere.names() {
            self.lists.entry(same[0].kind).or_default().push(at);
            at += same.len() as u32;
        }
        self.local.put_together();
        self.acls_in(model, sections);
        self
    }

    /// Whether some name of this kind is declared more than once where it is known.
    pub fn repeats(&self, kind: NameKind, local: bool) -> bool {
        self.among(kind, local).repeats(kind)
    }

    /// The declarations of `name`, in order.
    pub fn find(&self, kind: NameKind, scope: Option<usize>, name: &'r str) -> &[Declaration<'r>] {
        self.among(kind, scope.is_some()).find(&(kind, scope, name))
    }

    /// Uses: those of `defaults` sections last, all others in order.
    pub fn uses(&self) -> impl Iterator<Item = Use<'r>> {
        self.uses.iter().enumerate().map(|(number, kept)| self.used(number, kept))
    }

    /// The uses of one kind.
    pub fn uses_of(&self, kind: NameKind) -> impl Iterator<Item = Use<'r>> {
        self.kept_of(kind).map(|(number, kept)| self.used(number, kept))
    }

    /// The uses of one kind whose names nobody declares: mostly there are none, and what they are is read of no other.
    pub fn undeclared(&self, kind: NameKind) -> impl Iterator<Item = Use<'r>> {
        let undeclared = self.kept_of(kind).filter(|(number, _)| self.places()[*number] == NOWHERE);
        undeclared.map(|(number, kept)| self.used(number, kept))
    }

    /// The uses of one kind whose names are declared nowhere, or further down alone.
    pub fn undeclared_so_far(&self, kind: NameKind) -> impl Iterator<Item = Use<'r>> {
        let all = self.among(kind, false).all();
        let is_below = move |place: u32, line: u32| all.get(place as usize).is_none_or(|first| first.statement.number() > line as usize);
        let undeclared = self.kept_of(kind).filter(move |(number, kept)| is_below(self.places()[*number], kept.statement));
        undeclared.map(|(number, kept)| self.used(number, kept))
    }

    /// The declarations of each name that is used as one of this kind, as [`Self::declarations`] has them, each name once.
    pub fn used_declarations(&self, kind: NameKind) -> impl Iterator<Item = &[Declaration<'r>]> {
        let places = self.are_used(kind).into_iter().enumerate().filter(|(_, is_used)| *is_used);
        places.map(move |(first, _)| self.among(kind, false).from(first, kind))
    }

    /// Which declarations are the first of a name that is used as one of this kind: of ACLs, by [`Self::acl_number`].
    pub fn are_used(&self, kind: NameKind) -> Vec<bool> {
        let mut used = vec![false; self.among(kind, false).all().len()];
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

    fn used(&self, number: usize, kept: &Kept) -> Use<'r> {
        let Kept { span, section, kind, .. } = *kept;
        let statement = self.reading.statement(kept.statement as usize);
        Use { kind, name: self.name(number, kept), statement, span, section, number: number as u32 }
    }

    fn name(&self, number: usize, kept: &Kept) -> &'r str {
        let written = || self.reading.statement(kept.statement as usize).file().str(kept.span);
        let name = if kept.plain { written() } else { self.quoted.get(&number).copied() };
        name.unwrap_or("")
    }

    /// The declarations of the name of a use, in order: of an ACL those of its section, of all else those that are known everywhere.
    /// Many rules ask, and each name is looked up once.
    pub fn declarations(&self, used: &Use<'r>) -> &[Declaration<'r>] {
        match self.place(used) {
            Some(first) => self.among(used.kind, false).from(first, used.kind),
            None => &[],
        }
    }

    fn place(&self, used: &Use<'r>) -> Option<usize> {
        Some(self.places()[used.number as usize]).filter(|at| *at != NOWHERE).map(|at| at as usize)
    }

    fn places(&self) -> &[u32] {
        self.places.get_or_init(|| self.places_of(0..self.uses.len()).into())
    }

    /// Where the names of these uses are declared first, or [`NOWHERE`].
    fn places_of(&self, uses: Range<usize>) -> Vec<u32> {
        let place = |number: usize| {
            let used = &self.uses[number];
            let scope = (used.kind == NameKind::Acl).then_some(used.section as usize);
            self.among(used.kind, false).place(&(used.kind, scope, self.name(number, used))).map_or(NOWHERE, |at| at as u32)
        };
        uses.map(place).collect()
    }

    fn add_use(&mut self, kind: NameKind, Found { name, span, plain }: Found<'r>, statement: usize, section: usize) {
        if !plain {
            self.quoted.insert(self.uses.len(), name);
        }
        self.used_kinds |= 1 << kind as u64;
        self.uses.push(Kept { statement: statement as u32, span, section: section as u32, kind, plain });
    }

    /// The number of an ACL among the `acl` lines, from 0: of the first line of that name.
    pub fn acl_number(&self, section: usize, name: &'r str) -> Option<usize> {
        self.acls.place(&(NameKind::Acl, Some(section), name))
    }

    /// All declarations, those of one name together.
    pub fn declared(&self) -> impl Iterator<Item = &[Declaration<'r>]> {
        self.everywhere.names().chain(self.acls.names()).chain(self.local.names())
    }

    /// The declarations of ACLs, those of one name together.
    pub fn acls(&self) -> impl Iterator<Item = &[Declaration<'r>]> {
        self.acls.names()
    }

    fn among(&self, kind: NameKind, local: bool) -> &Declarations<'r> {
        match (kind, local) {
            (NameKind::Acl, _) => &self.acls,
            (_, true) => &self.local,
            (_, false) => &self.everywhere,
        }
    }

    /// Every name of a kind, once, in the order of the declarations.
    pub fn list(&self, kind: NameKind) -> Vec<&'r str> {
        let places = self.lists.get(&kind).into_iter().flatten();
        places.map(|at| self.everywhere.all()[*at as usize].name()).collect()
    }

    /// The conditions that are more than one ACL, or ask for a constant.
    pub fn combined(&self) -> impl Iterator<Item = Combined<'r>> {
        let combined = |(section, statement, repeats): &(u32, u32, bool)| Combined {
            section: *section as usize,
            statement: self.reading.statement(*statement as usize),
            repeats: *repeats,
        };
        self.combined.iter().map(combined)
    }

    /// Every name of a kind that is known in one section only.
    pub fn list_in(&self, kind: NameKind, section: usize) -> Vec<&'r str> {
        let all = self.among(kind, true).all();
        let here = &all[all.partition_point(|d| d.section() < section)..all.partition_point(|d| d.section() <= section)];
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
        let declaration = Declaration::new(kind, word, statement, section, local);
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
            self.add_use(NameKind::Defaults, name, header, proxy.section.index());
        }
    }

    /// What the statements of a section use; `expressions` tells whether theirs may name anything.
    fn statements(&mut self, section: &SectionView<'r>, shapes: &Shapes, expressions: bool, met: &mut Met) {
        let acls = has_acls(section);
        if !acls && !matches!(section.kind, SectionKind::Global | SectionKind::LogForward | SectionKind::CrtStore) {
            return;
        }
        for (number, shape) in shapes.each_within(section.body()) {
            let (statement, marks) = (self.reading.statement(number), shapes.marks_of(shape));
            let uses = met.of(shape, || Uses::of(statement, marks, section.kind, acls));
            for named in &uses.names {
                named.of(statement).into_iter().for_each(|found| self.add_use(named.kind, found, number, section.index()));
            }
            if uses.asked > 1 {
                self.combined.push((section.index() as u32, number as u32, repeats(statement)));
            }
            if acls && expressions {
                let mut found = |argument: Argument<'r>| {
                    let name = argument.name.and_then(|name| Found::of(argument.word, name.start, name.end));
                    name.into_iter().for_each(|name| self.add_use(argument.kind, name, number, section.index()));
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
