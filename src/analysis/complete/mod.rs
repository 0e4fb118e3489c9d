//! What may be written at a place.
//!
//! All of it comes from the data: keywords and fixed words from the signatures, names from the types of the places, the rest
//! from the data of expressions. What a new line of the data files brings is completed without another row anywhere.

mod about;
mod condition;
mod expression;
mod names;
mod usual;

use std::borrow::Cow;

use crate::{
    catalog::{
        Answer, Argument, Entry, Line, Met, NameKind, Open, Place, Possible, Role, Table, Wanted, alternative, ask, possible, table,
    },
    config::SectionView,
    cut::Cut,
    expression::Places,
    source::{Location, Sources, Span},
    syntax::{ReadOptions, Reading, SECTIONS, SectionKind, Tree, read, section_kind},
    version::VersionSet,
};

pub use about::{About, documented};
pub(super) use expression::{forms, inside};
pub use usual::Weight;
use usual::{Usual, weight_of};

use super::{Cursor, View, signature::holds};

/// What a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemKind {
    /// The keyword that opens a section.
    Section,
    /// A keyword, an option or an action.
    Keyword,
    /// One of a few words that a place takes.
    Word,
    /// Something that is declared.
    Name(NameKind),
    /// A variable that is used elsewhere.
    Variable,
    /// A sample fetch.
    Fetch,
    /// A converter.
    Converter,
    /// A criterion of an ACL that stands for a fetch and a way to compare.
    Criterion,
    /// An alias of log formats.
    Alias,
}

/// A proposal.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The text; it ends in `(` where arguments in parentheses must follow.
    pub text: Cow<'static, str>,
    /// The bytes that it takes the place of: what was typed of it, and what is left of the word behind the cursor.
    pub replaces: Location,
    /// How likely it is meant, among others of its kind.
    pub weight: Weight,
    /// Whether all versions warn of it.
    pub deprecated: bool,
    detail: Detail,
}

#[derive(Clone, Copy, Debug)]
enum Detail {
    None,
    Text(&'static str),
    /// A keyword.
    Entry(&'static Entry),
    /// A fixed word in the signature of a keyword.
    Word(&'static Entry),
}

impl Item {
    /// How it is used: its signature, or what it means.
    pub fn detail(&self) -> String {
        match self.detail {
            Detail::None | Detail::Word(_) => String::new(),
            Detail::Text(text) => text.to_owned(),
            Detail::Entry(entry) => format!("{} {}", entry.word(), entry.arguments).trim_end().to_owned(),
        }
    }
}

/// What may be written at the cursor. Nothing is left out for what was typed: editors choose by their own taste.
pub fn complete(view: &View<'_>, cursor: Cursor) -> Vec<Item> {
    made(view, cursor).map_or_else(Vec::new, |maker| maker.items)
}

/// The path of a file or directory that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypedPath {
    /// What was typed of it.
    pub typed: String,
    /// Where it begins if it is not absolute, as far as the configuration says so.
    pub base: Option<String>,
    /// Whether only directories are wanted.
    pub directory: bool,
    /// The bytes behind its last slash.
    pub replaces: Location,
}

/// The path at the cursor, where one may be written: what files there are is not known here.
pub fn complete_path(view: &View<'_>, cursor: Cursor) -> Option<TypedPath> {
    made(view, cursor)?.path
}

fn made<'a, 'r>(view: &'a View<'r>, cursor: Cursor) -> Option<Maker<'a, 'r>> {
    let typed = Typed::at(view, cursor)?;
    let section = view.section(cursor);
    // A header that is being written is no section yet.
    let line = view.line_of(cursor);
    let own =
        |section: &SectionView<'_>| section.header().is_some_and(|header| Some(header.line()) == line && header.file_id() == cursor.file);
    let outer = match section {
        Some(section) if own(&section) => view.section_before(section, cursor),
        other => other,
    };
    let (versions, place) = (view.versions(), view.place(outer.as_ref()));
    let usual = Usual::of(view, outer.as_ref(), typed.before, line);
    let mut maker = Maker {
        view,
        section: outer,
        versions,
        place,
        typed,
        places: Places::EVERYWHERE,
        usual,
        met: Vec::new(),
        fixed: Vec::new(),
        owner: None,
        items: Vec::new(),
        path: None,
    };
    maker.line();
    Some(maker)
}

/// The words before the cursor, and what was typed of the one at it.
#[derive(Clone, Debug)]
pub(super) struct Typed<'r> {
    /// What stands before the word, from the beginning of the line.
    pub(super) before: &'r str,
    /// What was typed of the word, without the quote before it.
    pub(super) word: &'r str,
    /// Where that begins.
    start: u32,
    cursor: Cursor,
    /// What stands behind the cursor in the word.
    rest: &'r str,
}

impl<'r> Typed<'r> {
    /// `None` in a comment, and where there is no text.
    pub(super) fn at(view: &View<'r>, cursor: Cursor) -> Option<Self> {
        let (file, tree) = (view.file(cursor)?, view.tree(cursor)?);
        let number = view.line_of(cursor)?;
        let cursor = Cursor { offset: cursor.offset.min(file.bytes().len() as u32), ..cursor };
        let begin = file.line_span(number).start;
        // Behind the last line feed there is a line, too.
        let line = (number < tree.lines().len()).then(|| tree.line(number));
        let words = line.map(|_| tree.words(number)).unwrap_or_default();
        if line.is_some_and(|line| cursor.offset > line.tail_start && line.tail_start < line.span.end) {
            return None;
        }
        let word = words.iter().map(|word| word.span()).find(|span| span.start <= cursor.offset && cursor.offset <= span.end);
        let span = word.unwrap_or(Span::new(cursor.offset, cursor.offset));
        let typed = file.str(Span::new(span.start, cursor.offset))?;
        let quote = usize::from(typed.starts_with(['"', '\'']));
        let rest = file.str(Span::new(cursor.offset, span.end))?;
        let before = file.str(Span::new(begin, span.start))?;
        Some(Self { before, word: typed.cut(quote..), start: span.start + quote as u32, cursor, rest })
    }

    /// The place of what was typed from byte `from` on, and of the rest of the name behind the cursor.
    fn replaced(&self, from: usize) -> Location {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        let rest = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        Location { file: self.cursor.file, span: Span::new(self.start + from as u32, self.cursor.offset + rest as u32) }
    }
}

/// The words before the cursor, read as a line of the section.
pub(super) fn with_words<T>(view: &View<'_>, kind: SectionKind, before: &str, then: impl FnOnce(&Reading<'_>) -> T) -> T {
    let sources = Sources::single("", before);
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let environment = view.config().reading.environment.clone();
    let options = ReadOptions { versions: view.versions(), environment, fragment_of: Some(kind), ..ReadOptions::default() };
    then(&read(&sources, &trees, &options)[0])
}

impl<'a> View<'a> {
    /// The section before one that begins at the cursor.
    pub(super) fn section_before(&self, section: SectionView<'a>, cursor: Cursor) -> Option<SectionView<'a>> {
        let before = section.index().checked_sub(1).and_then(|index| self.config().sections().nth(index))?;
        before.header().is_none_or(|header| header.file_id() == cursor.file).then_some(before)
    }
}

/// Makes the proposals.
struct Maker<'a, 'r> {
    view: &'a View<'r>,
    section: Option<SectionView<'r>>,
    versions: VersionSet,
    place: Line<'r>,
    typed: Typed<'r>,
    /// Where an expression is evaluated.
    places: Places,
    /// What lines of this kind say elsewhere.
    usual: Usual<'r>,
    /// The keywords that stand on the line already.
    met: Vec<Met>,
    /// The fixed words of signatures that do, with the numbers of their words.
    fixed: Vec<(usize, String)>,
    /// The keyword whose signature is gone along.
    owner: Option<Met>,
    items: Vec<Item>,
    path: Option<TypedPath>,
}

impl Maker<'_, '_> {
    fn add(&mut self, kind: ItemKind, text: impl Into<Cow<'static, str>>, from: usize, detail: Detail) {
        let text = text.into();
        let weight = if self.usual.has(&text) { Weight::Usual } else { Weight::Possible };
        self.weighed(kind, text, from, detail, weight);
    }

    fn weighed(&mut self, kind: ItemKind, text: impl Into<Cow<'static, str>>, from: usize, detail: Detail, weight: Weight) {
        let (text, replaces) = (text.into(), self.typed.replaced(from));
        if !self.items.iter().rev().take(8).any(|item| item.kind == kind && item.text == text) {
            self.items.push(Item { kind, text, replaces, weight, deprecated: false, detail });
        }
    }

    fn word(&mut self, text: &'static str) {
        self.add(ItemKind::Word, text, 0, Detail::None);
    }

    fn line(&mut self) {
        let before = self.typed.before;
        let mut words = before.split_ascii_whitespace();
        let first = words.next();
        if let Some(first) = first
            && let Some(header) = section_kind(first)
        {
            return self.header(header.kind, words.count());
        }
        if first.is_none() {
            self.sections();
        }
        let Some(section) = self.section else { return };
        let (versions, place) = (self.versions, self.place.clone());
        let (answer, known) = with_words(self.view, section.kind, before, |reading| {
            let statement = (!reading.is_empty()).then(|| reading.statement(0));
            let known = statement.map_or_else(Vec::new, |line| line.words().map(|word| word.display().into_owned()).collect::<Vec<_>>());
            (statement.map(|statement| ask(statement, &place, versions)), known)
        });
        match answer {
            Some(answer) => self.answer(&answer, &known),
            None if first.is_none() => self.first_word(section.kind),
            None => {}
        }
    }

    /// What may follow the keyword of a section, and this many words.
    fn header(&mut self, kind: SectionKind, words: usize) {
        if !kind.is_proxy() {
            return;
        }
        let from = self.typed.before.split_ascii_whitespace().last() == Some("from");
        if from && words > 0 {
            self.names(NameKind::Defaults, 0);
        } else if words == 1 || kind == SectionKind::Defaults && words == 0 {
            self.word("from");
        }
    }

    fn sections(&mut self) {
        let versions = self.versions;
        for section in SECTIONS.iter().filter(|section| section.versions.meets(versions)) {
            self.add(ItemKind::Section, section.keyword, 0, Detail::None);
        }
    }

    fn first_word(&mut self, kind: SectionKind) {
        let Some(table) = crate::catalog::section_table(kind) else { return };
        self.open(Open::Keyword(table), &[]);
        if kind.is_proxy() || kind == SectionKind::Global {
            for word in ["no", "default"] {
                self.weighed(ItemKind::Keyword, word, 0, Detail::None, Weight::Unlikely);
            }
        }
    }

    fn answer(&mut self, answer: &Answer, words: &[String]) {
        self.places = answer.places;
        self.met.clone_from(&answer.entries);
        let literals = answer.marks.iter().filter(|mark| mark.role == Role::Keyword && mark.place.is_none());
        let text = |mark: &crate::catalog::Mark| Some((mark.word.into(), words.get(usize::from(mark.word))?.clone()));
        self.fixed = literals.filter_map(text).collect();
        for open in &answer.open {
            self.owner = match open {
                Open::Word(node) => answer.entries.iter().rev().find(|met| holds(&met.entry.arguments, node)).copied(),
                _ => None,
            };
            self.open(*open, words);
        }
        self.owner = None;
    }

    fn open(&mut self, open: Open, words: &[String]) {
        let (place, versions) = (self.place.clone(), self.versions);
        match open {
            Open::Keyword(table) => table.possible(&place, versions, &mut |entry| self.entry(entry)),
            Open::Word(node) => possible(node, &place, versions, &mut |found| match found {
                Possible::Entry(entry) => self.entry(entry),
                Possible::Word(word, arguments) => self.fixed(word, arguments),
                Possible::Place(place) => self.place(place, 0),
            }),
            Open::Inside { role: Role::Condition, from } => self.condition(words.get(from + 1..).unwrap_or(&[])),
            Open::Inside { role: Role::Acl, from } => self.patterns(words.get(from..).unwrap_or(&[])),
            Open::Inside { role: Role::Sample, .. } => self.converters(0),
            Open::Inside { .. } => {}
        }
    }

    /// A keyword; its arguments, where they are being typed.
    fn entry(&mut self, entry: &'static Entry) {
        if entry.key.ends_with('(') && self.typed.word.starts_with(entry.key) {
            return self.arguments(entry.key.len(), entry.call);
        }
        self.keyword(entry, 0);
    }

    /// A keyword, from byte `from` of the word on.
    fn keyword(&mut self, entry: &'static Entry, from: usize) {
        let given = self.met.iter().any(|met| std::ptr::eq(met.entry, entry));
        // To say it twice would say nothing more.
        if is_prefix_of_another(entry) || given && entry.arguments.is_empty() && entry.call.is_empty() {
            return;
        }
        let before = self.items.len();
        match entry.key.strip_suffix('#') {
            None => self.add(ItemKind::Keyword, entry.key, from, Detail::Entry(entry)),
            Some(name) => {
                (0..NUMBERED).for_each(|number| self.add(ItemKind::Keyword, format!("{name}{number}"), from, Detail::Entry(entry)));
            }
        }
        let (deprecated, weight) = weight_of(entry, self.versions);
        for item in &mut self.items[before..] {
            item.deprecated = deprecated;
            item.weight = if given { Weight::Unlikely } else { weight.unwrap_or(item.weight) };
        }
    }

    fn fixed(&mut self, word: &'static str, arguments: &'static [Argument]) {
        if word.ends_with('(') && self.typed.word.starts_with(word) {
            return self.arguments(word.len(), arguments);
        }
        let detail = self.owner.map_or(Detail::None, |owner| Detail::Word(owner.entry));
        let given = self.owner.is_some_and(|owner| self.fixed.iter().any(|(at, text)| *at > owner.word && text == word));
        let leads = self.owner.and_then(|owner| alternative(&owner.entry.arguments, word)).is_some_and(|(node, _)| node.leads());
        match (given, leads) {
            (true, false) => {}
            (true, true) => self.weighed(ItemKind::Word, word, 0, detail, Weight::Unlikely),
            (false, _) => self.add(ItemKind::Word, word, 0, detail),
        }
    }

    /// The argument in parentheses that is being typed, behind the first `open` bytes.
    fn arguments(&mut self, open: usize, arguments: &'static [Argument]) {
        let inner = self.typed.word.cut(open..);
        if inner.contains(')') {
            return;
        }
        let number = inner.matches(',').count().min(arguments.len().saturating_sub(1));
        let start = if arguments.len() > 1 { inner.rfind(',').map_or(0, |comma| comma + 1) } else { 0 };
        if let Some(argument) = arguments.get(number) {
            self.place(&argument.place, open + start);
        }
    }

    /// A word of a type, which begins at byte `from` of the word.
    fn place(&mut self, place: &'static Place, from: usize) {
        let typed = self.typed.word.cut(from..);
        let words = (place.of.words)(place);
        if !words.is_empty() {
            // Some of them can stand together, with commas between.
            let part = from + typed.rfind(',').map_or(0, |comma| comma + 1);
            words.into_iter().for_each(|word| self.add(ItemKind::Word, word, part, Detail::Text(place.label)));
        }
        if let Some(table) = place.of.table.and_then(table) {
            self.listed(table, from);
        }
        match place.of.role {
            Role::Name(kind) => self.names(kind, from),
            Role::Sample => self.sample(from),
            Role::Format => self.format(from),
            Role::Condition => {
                self.word("if");
                self.word("unless");
            }
            Role::Acl => self.criterion(from),
            Role::Variable => self.variables(from),
            Role::Outside(wanted @ (Wanted::File | Wanted::Certificate | Wanted::OptionalFile | Wanted::Directory | Wanted::Made)) => {
                self.path = Some(self.path_of(place, wanted, from));
            }
            _ => {}
        }
    }

    /// Words of a table with commas between, and with arguments in parentheses.
    fn listed(&mut self, table: &'static Table, from: usize) {
        let typed = self.typed.word.cut(from..);
        let mut depth = 0usize;
        let mut start = 0;
        for (at, byte) in typed.bytes().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                b',' if depth == 0 => start = at + 1,
                _ => {}
            }
        }
        if depth == 0 {
            let (place, versions) = (self.place.clone(), self.versions);
            let given: Vec<&str> = typed.cut(..start).split(',').collect();
            let mut found = Vec::new();
            table.possible(&place, versions, &mut |entry| found.push(entry));
            { found }.into_iter().filter(|entry| !given.contains(&entry.key)).for_each(|entry| self.keyword(entry, from + start));
        }
    }

    fn path_of(&self, place: &'static Place, wanted: Wanted, from: usize) -> TypedPath {
        let typed = self.typed.word.cut(from..).to_owned();
        let base = self
            .view
            .config()
            .global_line(place.parameter.trim_start_matches("optional").trim())
            .and_then(|line| line.word(1)?.known())
            .map(str::to_owned);
        let start = from + typed.rfind('/').map_or(0, |slash| slash + 1);
        TypedPath { base, directory: wanted == Wanted::Directory, replaces: self.typed.replaced(start), typed }
    }
}

/// Whether a keyword is there only because HAProxy takes any word for another that begins so.
fn is_prefix_of_another(entry: &'static Entry) -> bool {
    let other =
        |sign: &str| entry.table().is_some_and(|table| table.entries.iter().any(|other| other.key.strip_suffix(sign) == Some(entry.key)));
    !entry.key.ends_with(['(', '#']) && (other("(") || other("#"))
}

/// How many keywords are shown of those that end in a number: the stick counters that there are without more.
const NUMBERED: usize = 3;
