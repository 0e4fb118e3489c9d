//! Reads files as HAProxy does: line after line, with an environment that the lines themselves change.

mod ahead;
mod worlds;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    cancel::Cancel,
    cut::Cut,
    source::{FileId, Location, SourceFile, Sources, Span},
    threads::both,
    version::VersionSet,
};

use worlds::Unsettled;

pub use worlds::MAX_WORLDS;

use super::{
    Environment, FirstWords, Line, PROBLEM, Piece, Problem, ProblemKind, RawWord, RawWords, Reading, Section, SectionKind, Tail, Tree,
    Value, World,
    condition::Known,
    directive::{Asked, Blocks, Fork, Outcome, WorldFacts},
    evaluate::{self, Pseudo, SWALLOWS, Scope},
    first_words::place,
    reading::{Evaluated, Origin, Rare, Record},
    section::is_name_char,
    section_kind,
    tree::{length, near},
};

/// A line may have this many words.
const MAX_WORDS: usize = 64;

/// Versions in which 64 words and blanks behind them are one word too many.
const COUNTS_BLANKS: VersionSet = VersionSet::before(3, 2, 0);

/// What is known before the first line is read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The versions that the configuration is read for.
    pub versions: VersionSet,
    /// The environment that HAProxy is started with.
    pub environment: Environment,
    /// What is known of what conditions ask, such as `feature(QUIC)`.
    pub assumed: BTreeMap<String, bool>,
    /// The files are bodies of this section, without its header.
    pub fragment_of: Option<SectionKind>,
    /// What may end the reading early. What is read then is of no use.
    pub cancel: Cancel,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            versions: VersionSet::supported(),
            environment: Environment::default(),
            assumed: BTreeMap::new(),
            fragment_of: None,
            cancel: Cancel::default(),
        }
    }
}

/// Reads a configuration: one [`Reading`] for each [`World`] it can mean, at least one. Where that would be more than [`MAX_WORLDS`],
/// or lines without end, what conditions ask is answered all alike, and each question alone otherwise.
///
/// ```
/// use haproxy_lint::{source::Sources, syntax::{ReadOptions, Tree, read}};
/// let sources = Sources::single("haproxy.cfg", ".if defined(POD_NAME)\nglobal\n.endif\n");
/// let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
/// let readings = read(&sources, &trees, &ReadOptions::default());
/// assert_eq!(readings.len(), 2);
/// ```
pub fn read<'a>(sources: &'a Sources, trees: &'a [Tree], options: &ReadOptions) -> Vec<Reading<'a>> {
    read_by(sources, trees, options, true)
}

/// The same; whether halves of files are read `ahead`, where they can be, makes no difference.
fn read_by<'a>(sources: &'a Sources, trees: &'a [Tree], options: &ReadOptions, ahead: bool) -> Vec<Reading<'a>> {
    let world = World { versions: options.versions, assumed: options.assumed.clone() };
    let lines = trees.iter().map(|tree| tree.lines().len()).sum();
    worlds::all(&world, lines, &|world, unsettled| Reader::new(sources, trees, options, world, unsettled).run(options, ahead))
}

/// The number of the first word behind the keyword that is one; 0: none is.
fn marked<W>(words: impl Iterator<Item = W>, is_mark: impl Fn(W) -> bool) -> u8 {
    words.skip(1).position(is_mark).map_or(0, |at| at as u8 + 1)
}

/// Whether a word stands before a condition.
pub(crate) fn is_mark(word: &[u8]) -> bool {
    matches!(word, b"if" | b"unless")
}

/// How many halves of files a record can name.
const NAMED: usize = Record::LATER as usize;

/// The halves of a file. Before those that are not read yet there are any number of statements.
fn origins<'a>(((id, file), tree): ((FileId, &'a SourceFile), &'a Tree)) -> [Origin<'a>; 2] {
    let text = file.is_utf8().then(|| file.str(Span::new(0, file.bytes().len() as u32))).flatten().unwrap_or("");
    tree.halves().map(|(half, lines)| Origin { half, cells: half.cells(), text, file, id, lines, statements: usize::MAX })
}

/// How many bytes variables may bring into a configuration, and how many times its own length where that is more.
const ROOM: usize = 4 << 20;
const GROWTH: usize = 8;

struct Reader<'a> {
    cancel: Cancel,
    reading: Reading<'a>,
    fragment_of: Option<SectionKind>,
    unsettled: Unsettled,
    /// What follows from the answers of the reading's world.
    known: Known,
    file: FileId,
    /// The half of it that is read, as records name it.
    origin: u8,
    blocks: Blocks,
    /// The size of HAProxy's line buffer in this file, where a default makes that matter.
    buffer: usize,
    /// How many bytes variables may still bring.
    room: usize,
    /// The line that opened the section, in this file.
    header: Option<usize>,
    /// What each first word does, in the order of the reading's list.
    roles: Vec<Role>,
    /// The number of the keyword met last for each [`place`]: lines have few keywords.
    met: [u32; 256],
}

/// What a line does, as far as its first word tells.
#[derive(Clone, Copy)]
enum Role {
    /// The word is not known.
    Unknown,
    /// `.if` and its kin.
    Directive,
    /// It opens a section.
    Section(SectionKind),
    /// `no`, `default`: it negates what follows.
    Negation,
    /// It stands in a section.
    Line,
}

impl Role {
    fn of(keyword: &str) -> Self {
        let negation = matches!(keyword, "no" | "default").then_some(Self::Negation);
        let section = || section_kind(keyword).map(|spec| Self::Section(spec.kind));
        if keyword.starts_with('.') { Self::Directive } else { negation.or_else(section).unwrap_or(Self::Line) }
    }
}

impl<'a> Reader<'a> {
    fn new(sources: &'a Sources, trees: &'a [Tree], options: &ReadOptions, world: World, unsettled: Unsettled) -> Self {
        let cancel = options.cancel.clone();
        let environment = options.environment.clone().of(world.versions);
        let known = Known::of(world.assumed.iter().map(|(atom, truth)| (atom.as_str(), *truth)));
        let origins = || sources.iter().zip(trees).flat_map(origins);
        let reading = Reading {
            written: std::sync::OnceLock::new(),
            sources,
            trees,
            world,
            sections: Vec::new(),
            problems: Vec::new(),
            opaque: false,
            environment,
            origins: origins().take(NAMED).collect(),
            later: origins().skip(NAMED).collect(),
            rare: Vec::new(),
            records: Vec::with_capacity(trees.iter().map(|t| t.lines().len()).sum()),
            evaluated: Vec::new(),
            keywords: vec!["".into()],
            numbers: FxHashMap::default(),
            met: FirstWords::of(&[""]),
            known: std::sync::OnceLock::new(),
        };
        Self {
            cancel,
            reading,
            fragment_of: options.fragment_of,
            unsettled,
            known,
            file: FileId(0),
            origin: 0,
            blocks: Blocks::default(),
            buffer: 0,
            room: ROOM.max(GROWTH * sources.files().iter().map(|file| file.bytes().len()).sum::<usize>()),
            header: None,
            met: [0; 256],
            roles: vec![Role::Unknown],
        }
    }

    fn run(mut self, options: &ReadOptions, ahead: bool) -> Result<Reading<'a>, Fork> {
        for (id, file) in self.reading.sources.iter() {
            self.file = id;
            self.blocks = Blocks::default();
            self.buffer = 0;
            self.header = None;
            let mut section = self.fragment_of.map(|kind| self.open(kind, None));
            // Its header is taken for read.
            self.fragment_of.iter().for_each(|kind| self.reading.met.add(kind.keyword()));
            let tree: &'a Tree = &self.reading.trees[id.0 as usize];
            let [_, (second, _)] = tree.halves();
            let reader = (ahead && Self::may_read_ahead(file, second)).then(|| self.beginning(options));
            let (ahead, read) =
                both(reader.is_some(), || reader.and_then(|reader| reader.ahead(id)), || self.half(file, tree, 0, &mut section));
            read?;
            match ahead.filter(|ahead| self.may_take(ahead, section)) {
                Some(ahead) => self.take(ahead, &mut section),
                None => self.half(file, tree, 1, &mut section)?,
            }
            self.close(section);
            let open: Vec<_> = self.blocks.unterminated().collect();
            for at in open {
                self.problem(at, VersionSet::ALL, ProblemKind::UnterminatedIf);
            }
        }
        self.reading.sections.shrink_to_fit();
        Ok(self.reading)
    }

    /// Reads a half of a file, by its number.
    fn half(&mut self, file: &'a SourceFile, tree: &'a Tree, number: usize, section: &mut Option<usize>) -> Result<(), Fork> {
        let (half, before) = tree.halves()[number];
        self.origin(self.file.0 as usize * 2 + number);
        for (line, cells) in (before..).zip(half.lines()) {
            if self.cancel.is_over_at(line) {
                break;
            }
            let kept_at = cells.start;
            let whole = (half.line_of(cells), half.words_at(kept_at));
            self.line(file, tree, (line, kept_at), whole, section)?;
        }
        Ok(())
    }

    fn open(&mut self, kind: SectionKind, header: Option<usize>) -> usize {
        let first = header.unwrap_or(self.reading.records.len()) as u32;
        self.reading.sections.push(Section { kind, opened: header.is_some(), first, end: first });
        self.reading.sections.len() - 1
    }

    fn close(&mut self, section: Option<usize>) {
        if let Some(index) = section {
            self.reading.sections[index].end = self.reading.records.len() as u32;
        }
    }

    fn problem(&mut self, location: Location, versions: VersionSet, kind: ProblemKind) {
        self.reading.met.add(PROBLEM);
        self.reading.problems.push(Problem { kind, location, versions });
    }

    fn at(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }

    /// Reads a line; `kept_at` is where the tree keeps it.
    fn line(
        &mut self,
        file: &'a SourceFile,
        tree: &'a Tree,
        (line, kept_at): (usize, u32),
        (info, raw): (Line, RawWords<'a>),
        section: &mut Option<usize>,
    ) -> Result<(), Fork> {
        if info.tail == Tail::Scope {
            self.scope(file, Span::new(info.tail_start, info.span.end));
        }
        if raw.is_empty() {
            self.grow(1);
            return Ok(());
        }
        let mut record = Record { first: kept_at, keyword: 0, origin: self.origin, count: raw.len() as u8, mark: 0 };
        let plain = file.is_utf8() && (raw.far.is_empty() || !raw.iter().any(RawWord::is_quoted));
        let mut rare = (!raw.far.is_empty() || !plain).then_some(Rare { line: kept_at, evaluated: None });
        let keyword = if plain {
            self.grow(info.span.len() + 1);
            let last = raw.last().map_or(info.span, RawWord::span);
            if !self.count(raw.len(), info.span, last, info.tail_start) {
                return Ok(());
            }
            record.mark = match raw.far {
                [] => marked(raw.near.iter(), |cell| matches!(length(*cell), 2 | 6) && is_mark(file.slice(near(raw.start, *cell).span()))),
                far => marked(far.iter(), |word| is_mark(file.slice(word.span()))),
            };
            raw.first().and_then(|first| file.str(first.span()))
        } else {
            let Some(first) = self.evaluate(file, tree, line)? else { return Ok(()) };
            let words = &self.reading.evaluated[first as usize..];
            record.count = words.len() as u8;
            record.mark = marked(words.iter(), |word| word.known(file).is_some_and(|text| is_mark(text.as_bytes())));
            rare = Some(Rare { line: kept_at, evaluated: Some((first, first + words.len() as u32)) });
            words[0].known(file)
        };
        if let Some(rare) = rare {
            record.first = self.reading.rare.len() as u32;
            record.mark |= Record::RARE;
            self.reading.rare.push(rare);
        }
        record.keyword = match keyword {
            None => 0,
            Some(keyword) => {
                let (place, reading) = (place(keyword), &self.reading);
                let met = Some(self.met[place]).filter(|met| *reading.keywords[*met as usize] == *keyword);
                let known = met.or_else(|| reading.numbers.get(keyword).copied()).ok_or_else(|| keyword.to_owned());
                let number = known.unwrap_or_else(|new| self.intern(new));
                self.met[place] = number;
                number
            }
        };
        self.reading.records.push(record);
        let keep = self.statement(section)?;
        if !keep {
            self.reading.records.pop();
        }
        Ok(())
    }

    /// Begins with a half of a file.
    fn origin(&mut self, number: usize) {
        let (named, later) = (&mut self.reading.origins, &mut self.reading.later);
        let origin = named.get_mut(number).or_else(|| later.get_mut(number - NAMED));
        origin.into_iter().for_each(|origin| origin.statements = self.reading.records.len());
        self.origin = u8::try_from(number).unwrap_or(Record::LATER);
    }

    /// `[name]` sets a scope; what else begins with `[` is refused.
    fn scope(&mut self, file: &SourceFile, span: Span) {
        let text = file.text(span);
        let text = text.split('\0').next().unwrap_or("").trim_end();
        let character = match text.cut(1..).split_once(']').filter(|(name, _)| !name.is_empty()) {
            Some((name, rest)) => match name.chars().find(|c| !is_name_char(*c)).or_else(|| rest.trim_start().chars().next()) {
                None | Some('#') if name.chars().all(is_name_char) => return,
                character => character,
            },
            None => None,
        };
        let end = (span.start + text.len() as u32).min(span.end);
        self.problem(self.at(Span::new(span.start, end)), VersionSet::ALL, ProblemKind::InvalidScope { character });
    }

    /// Accounts for a line of `size` bytes once expanded; true where HAProxy's line buffer grows for it.
    fn grow(&mut self, size: usize) -> bool {
        let grows = size > self.buffer;
        if grows {
            self.buffer = size.next_multiple_of(1024);
        }
        grows
    }

    /// Whether the line is short enough to be read at all.
    fn count(&mut self, count: usize, line: Span, last: Span, tail_start: u32) -> bool {
        let blanks = count == MAX_WORDS && tail_start > last.end;
        if count <= MAX_WORDS && !blanks {
            return true;
        }
        let versions = if blanks { COUNTS_BLANKS } else { VersionSet::ALL };
        let start = line.start.min(last.start);
        let at = self.at(if blanks { last } else { Span::new(start, last.end) });
        self.problem(at, versions, ProblemKind::TooManyWords { count });
        blanks
    }

    /// Works out the words of a line; gives the place of the first among those that are kept.
    fn evaluate(&mut self, file: &'a SourceFile, tree: &'a Tree, line: usize) -> Result<Option<u32>, Fork> {
        if self.broken(tree, line) {
            return Ok(None);
        }
        let swallow = SWALLOWS.covers(self.reading.world.versions);
        let header = self.header.map(|header| self.reading.statement(header));
        let name = header.map(|header| header.word(1).map_or(header.keyword().into(), |word| word.display()));
        let pseudo = Pseudo { file: file.name(), line: line + 1, section: name.as_deref() };
        let mut scope = Scope { environment: &self.reading.environment, pseudo, room: &mut self.room };
        let found = evaluate::line(file, tree, line, &mut scope, swallow);
        let active = self.blocks.active();
        if active && !found.swallowed.is_empty() && !swallow && self.unsettled.may_split() && SWALLOWS.meets(self.reading.world.versions) {
            return Err(Fork::Versions(SWALLOWS));
        }
        self.defaults(&found);
        let info = tree.line(line);
        let last = found.words.last().map_or(info.span, |w| w.0);
        if !self.count(found.words.len(), info.span, last, info.tail_start) {
            return Ok(None);
        }
        if found.words.first().is_some_and(|w| w.1 == Value::Known(String::new())) {
            // HAProxy takes the line for an empty one.
            return Ok(None);
        }
        if active && !found.words.first().is_some_and(|w| matches!(&w.1, Value::Known(k) if k.starts_with(".if") || k.starts_with(".elif")))
        {
            self.empty_words(&found, swallow);
        }
        if found.words.is_empty() {
            return Ok(None);
        }
        let first = self.reading.evaluated.len() as u32;
        self.reading.evaluated.extend(found.words.into_iter().map(|word| Evaluated::new(file, word)));
        Ok(Some(first))
    }

    /// Reports the first thing in the line that keeps HAProxy from reading it, as HAProxy does.
    fn broken(&mut self, tree: &Tree, line: usize) -> bool {
        for index in 0..tree.words(line).len() {
            for piece in tree.pieces(line, index) {
                let (span, kind) = match *piece {
                    Piece::BrokenQuote(span) => (Span::new(span.start, span.start + 1), ProblemKind::UnterminatedQuote),
                    Piece::BrokenHex(span) => (Span::new(span.start, (span.start + 2).min(span.end)), ProblemKind::InvalidHexEscape),
                    Piece::BrokenName(span) => (Span::new(span.start, (span.start + 2).min(span.end)), ProblemKind::InvalidVariableName),
                    Piece::BrokenBrace(span) => (span, ProblemKind::UnmatchedBrace { default: false }),
                    Piece::BrokenExpansion(span) => (span, ProblemKind::InvalidExpansion),
                    _ => continue,
                };
                self.problem(self.at(span), VersionSet::ALL, kind);
                return true;
            }
        }
        false
    }

    fn defaults(&mut self, found: &evaluate::Line) {
        let size: usize = found.words.iter().map(|(_, v)| if let Value::Known(text) = v { text.len() } else { 1 } + 1).sum();
        let first = self.buffer == 0;
        let grows = self.grow(size);
        for span in &found.defaults {
            let at = self.at(*span);
            self.problem(at, VersionSet::branch(2, 4), ProblemKind::UnmatchedBrace { default: true });
            if grows {
                self.problem(at, VersionSet::since(2, 5, 0), ProblemKind::DefaultOnGrowingLine { first });
            }
        }
    }

    fn empty_words(&mut self, found: &evaluate::Line, swallow: bool) {
        for (index, variable) in &found.empty {
            let last = index + 1 == found.words.len();
            let kind = ProblemKind::EmptyArgument { index: *index, variable: variable.clone() };
            let versions = if last { VersionSet::since(3, 2, 0) } else { VersionSet::ALL };
            self.problem(self.at(found.words[*index].0), versions, kind);
        }
        if swallow {
            for (span, variable) in &found.swallowed {
                self.problem(self.at(*span), SWALLOWS, ProblemKind::ShiftedArguments { variable: variable.clone() });
            }
        }
    }

    /// Gives a new first word its number.
    fn intern(&mut self, keyword: String) -> u32 {
        let (number, keyword) = (self.reading.keywords.len() as u32, keyword.into_boxed_str());
        self.roles.push(Role::of(&keyword));
        self.reading.met.add(&keyword);
        self.reading.keywords.push(keyword.clone());
        self.reading.numbers.insert(keyword, number);
        number
    }

    /// Looks at the statement just read; false where it is no keyword of a section.
    fn statement(&mut self, section: &mut Option<usize>) -> Result<bool, Fork> {
        let index = self.reading.records.len() - 1;
        let role = self.roles[self.reading.records[index].keyword as usize];
        if let Role::Directive = role {
            let statement = self.reading.statement(index);
            let (keyword, location) = (statement.keyword().to_owned(), statement.location());
            self.directive(index, &keyword, location)?;
            return Ok(false);
        }
        if !self.blocks.active() {
            return Ok(false);
        }
        match (role, *section) {
            // The keyword itself is a variable: this line may be anything.
            (Role::Unknown, _) => {
                self.reading.opaque = true;
                return Ok(false);
            }
            (Role::Section(kind), before) => {
                self.header = Some(index);
                self.close_before(before, index);
                *section = Some(self.open(kind, Some(index)));
            }
            (_, None) => {
                let statement = self.reading.statement(index);
                let (keyword, location) = (statement.keyword().to_owned(), statement.location());
                self.problem(location, VersionSet::ALL, ProblemKind::OutOfSection { keyword });
                return Ok(false);
            }
            // Which keywords take it is not known here.
            (Role::Negation, _) => {}
            (_, Some(current)) if self.reading.sections[current].kind == SectionKind::Global => self.global(index),
            _ => {}
        }
        Ok(true)
    }

    fn close_before(&mut self, section: Option<usize>, statement: usize) {
        if let Some(index) = section {
            self.reading.sections[index].end = statement as u32;
        }
    }

    /// Handles `.if` and its kin, and answers what nobody knows where all questions get one answer; `None` for any other word.
    fn block(&mut self, index: usize, directive: &str, location: Location) -> Option<Result<Outcome, Fork>> {
        let Reader { reading, blocks, unsettled, known, .. } = self;
        // Answers that are given here are added to it; there may be many.
        let mut world = World { versions: reading.world.versions, assumed: std::mem::take(&mut reading.world.assumed) };
        let asked = Asked::new(reading.statement(index));
        let mut may_fork = !matches!(unsettled, Unsettled::LeaveOut);
        let outcome = loop {
            let facts = WorldFacts { world: &world, known, environment: &reading.environment };
            match (blocks.handle(directive, &asked, location, &facts, may_fork), *unsettled) {
                (Some(Err(Fork::Atom(atom))), Unsettled::Take { truth, .. }) => {
                    known.add(&atom, truth);
                    world.assumed.insert(atom, truth);
                }
                (Some(Err(Fork::Versions(_))), Unsettled::Take { may_split: false, .. }) => may_fork = false,
                (outcome, _) => break outcome,
            }
        };
        reading.world = world;
        outcome
    }

    fn directive(&mut self, index: usize, directive: &str, location: Location) -> Result<(), Fork> {
        if let Some(outcome) = self.block(index, directive, location) {
            let outcome = outcome?;
            self.reading.opaque |= outcome.opaque;
            for (at, versions, kind) in outcome.problems {
                self.problem(at, versions, kind);
            }
            return Ok(());
        }
        if !self.blocks.active() {
            return Ok(());
        }
        let known = [".notice", ".warning", ".alert", ".diag"].into_iter().find(|d| *d == directive);
        match known {
            Some(directive) => {
                let statement = self.reading.statement(index);
                let text = statement.word(1).map(|w| w.display().into_owned()).unwrap_or_default();
                if Asked::new(statement).words.get(1).is_some_and(|second| !second.is_empty()) {
                    let kind = ProblemKind::UnexpectedDirectiveArgument { directive: directive.to_owned() };
                    self.problem(location, VersionSet::since(2, 5, 0), kind);
                }
                self.problem(location, VersionSet::ALL, ProblemKind::Message { directive, text });
            }
            None => self.problem(location, VersionSet::ALL, ProblemKind::UnknownDirective { word: directive.to_owned() }),
        }
        Ok(())
    }

    /// `setenv` and its kin act at once, and so does `localpeer` on `HAPROXY_LOCALPEER` .
    fn global(&mut self, index: usize) {
        let statement = self.reading.statement(index);
        let known = |i: usize| statement.word(i).map(|w| w.known().map(str::to_owned));
        let name = statement.str(1).to_owned();
        match statement.keyword() {
            "setenv" => {
                let value = known(2).flatten();
                self.reading.environment.set(name, value);
            }
            "presetenv" => {
                let value = known(2).flatten();
                match self.reading.environment.exists(&name) {
                    Some(true) => {}
                    Some(false) => self.reading.environment.set(name, value),
                    None => self.reading.environment.set(name, None),
                }
            }
            "unsetenv" => {
                let names: Vec<String> = statement.words().skip(1).filter_map(|w| w.known().map(str::to_owned)).collect();
                names.into_iter().for_each(|name| self.reading.environment.unset(name));
            }
            "resetenv" => {
                let keep: Vec<String> = statement.words().skip(1).filter_map(|w| w.known().map(str::to_owned)).collect();
                self.reading.environment.reset(&keep);
            }
            "localpeer" => {
                let value = known(1).flatten();
                self.reading.environment.set("HAPROXY_LOCALPEER", value);
            }
            _ => {}
        }
    }
}
