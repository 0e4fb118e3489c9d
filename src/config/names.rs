//! Names: what is declared, and where it is used.
//!
//! Where names are used is read from the shapes of the lines: the signature of a keyword says which of its words is a name.

use std::{ops::Range, sync::OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::{
    catalog::{Mark, Role, Shapes},
    source::{Location, Span},
    syntax::{Reading, SectionKind, Statement, Word, is_mark, is_name},
    threads::both,
};

use super::{
    Model, NameKind, Proxy, SectionView,
    declared::{Declaration, Declarations},
    expressions::{arguments, some_may_name},
};

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
        model.within(sections).for_each(|section| names.statements(&section, shapes, expressions));
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
        let some = self.used_kinds >> kind as u64 & 1 == 1;
        let uses: &[Kept] = if some { &self.uses } else { &[] };
        uses.iter().enumerate().filter(move |(_, kept)| kept.kind == kind).map(|(number, kept)| self.used(number, kept))
    }

    fn used(&self, number: usize, kept: &Kept) -> Use<'r> {
        let Kept { span, section, kind, plain, .. } = *kept;
        let statement = self.reading.statement(kept.statement as usize);
        let name = if plain { statement.file().str(span) } else { self.quoted.get(&number).copied() };
        Use { kind, name: name.unwrap_or(""), statement, span, section, number: number as u32 }
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
        let places = self.places.get_or_init(|| self.places_of(0..self.uses.len()).into());
        Some(places[used.number as usize]).filter(|at| *at != NOWHERE).map(|at| at as usize)
    }

    /// Where the names of these uses are declared first, or [`NOWHERE`].
    fn places_of(&self, uses: Range<usize>) -> Vec<u32> {
        let place = |number: usize| {
            let used = self.used(number, &self.uses[number]);
            let scope = (used.kind == NameKind::Acl).then_some(used.section());
            self.among(used.kind, false).place(&(used.kind, scope, used.name)).map_or(NOWHERE, |at| at as u32)
        };
        uses.map(place).collect()
    }

    /// The number of the ACL that a use names, as [`Self::acl_number`] has it.
    pub fn used_acl(&self, used: &Use<'r>) -> Option<usize> {
        self.place(used).filter(|_| used.kind == NameKind::Acl)
    }

    fn add_use(&mut self, kind: NameKind, name: &'r str, span: Span, statement: usize, section: usize) {
        let plain = self.reading.statement(statement).file().str(span) == Some(name);
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

    /// How many `acl` lines there are.
    pub fn acl_count(&self) -> usize {
        self.acls.all().len()
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
        if let Some(name) = word.known() {
            self.add_use(NameKind::Defaults, name, word.location.span, header, proxy.section.index());
        }
    }

    /// What the statements of a section use; `expressions` tells whether theirs may name anything.
    fn statements(&mut self, section: &SectionView<'r>, shapes: &Shapes, expressions: bool) {
        let (proxy, acls) = (section.kind.is_proxy(), has_acls(section));
        if !acls && !matches!(section.kind, SectionKind::Global | SectionKind::LogForward | SectionKind::CrtStore) {
            return;
        }
        for (number, marks) in shapes.within(section.body()) {
            let statement = self.reading.statement(number);
            for mark in marks {
                let mut asked = 0;
                let mut found = |kind, name, at: Location| self.add_use(kind, name, at.span, number, section.index());
                match mark.role {
                    Role::Name(kind)
                        if proxy
                            || section.kind == SectionKind::Global
                            || matches!(kind, NameKind::Ring | NameKind::Acme | NameKind::LogProfile) =>
                    {
                        let end = (mark.end != Mark::REST).then_some(mark.end as usize);
                        let named = name(statement.word(mark.word.into()), mark.start as usize, end);
                        named.into_iter().for_each(|(n, at)| found(kind, n, at));
                    }
                    Role::Condition if acls => asked = condition(statement, mark.word.into(), &mut found),
                    _ => {}
                }
                if acls && expressions {
                    arguments(statement, mark, &mut |argument| {
                        let Some(Range { start, end }) = argument.name else { return };
                        name(Some(argument.word), start, Some(end)).into_iter().for_each(|(n, at)| found(argument.kind, n, at));
                    });
                }
                if asked > 1 {
                    self.combined.push((section.index() as u32, number as u32, repeats(statement)));
                }
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

/// The part of a word from byte `start` to byte `end`, and its place; the place of the whole word where quotes or escapes moved it.
fn name<'r>(word: Option<Word<'r>>, start: usize, end: Option<usize>) -> Option<(&'r str, Location)> {
    let word = word?;
    let text = word.known()?;
    let end = end.unwrap_or(text.len());
    let part = text.get(start..end).filter(|part| !part.is_empty())?;
    let Location { file, span } = word.location;
    let plain = word.file.str(span) == Some(text);
    let inner = Span { start: span.start + start as u32, end: span.start + end as u32 };
    Some((part, Location { file, span: if plain { inner } else { span } }))
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

/// Finds the ACLs that the condition behind word number `mark` names, and counts those that it asks for. Constants count twice.
fn condition<'r>(statement: Statement<'r>, mark: usize, found: &mut impl FnMut(NameKind, &'r str, Location)) -> usize {
    // A second `if` is a fault.
    if statement.bytes_from(mark + 1).any(is_mark) || statement.is_open() {
        return 0;
    }
    let mut words = (mark + 1..).zip(statement.texts_from(mark + 1));
    let mut count = 0;
    while let Some((at, text)) = words.next() {
        let Some(text) = text else { continue };
        let name = text.trim_start_matches('!');
        match name {
            // HAProxy takes an empty word for the end of the line.
            "" if text.is_empty() => return count,
            "" | "||" => {}
            "{" => {
                let is_end = |text: Option<&str>| matches!(text, Some("}" | ""));
                let first = words.next().filter(|(_, text)| !is_end(*text));
                count += if first.is_some_and(|(_, text)| matches!(text, Some("always_true" | "always_false"))) { 2 } else { 1 };
                first.and_then(|_| words.find(|(_, text)| is_end(*text)));
            }
            _ if name.eq_ignore_ascii_case("or") => {}
            _ => {
                count += if matches!(name, "TRUE" | "FALSE") { 2 } else { 1 };
                self::name(statement.word(at), text.len() - name.len(), None).into_iter().for_each(|(n, l)| found(NameKind::Acl, n, l));
            }
        }
    }
    count
}

impl<'r> Model<'r> {
    /// Whether HAProxy ever looks up the names that the proxy number `proxy` uses: it does not for one that is
    /// `disabled`, and for defaults only through a proxy that inherits them.
    pub fn looks_up(&self, proxy: Option<usize>) -> bool {
        proxy.and_then(|at| self.proxies.get(at)).is_none_or(|p| p.created && !p.disabled && !p.is_defaults())
    }
}
