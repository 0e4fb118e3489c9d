//! Where a name is declared, and where it is used.

use crate::{
    catalog::{NameKind, ask},
    config::{Config, SectionView},
    source::{Location, Span},
    syntax::{SectionKind, Word},
};

use super::{Cursor, View, at::touches, variable};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SymbolKind {
    /// A name that the catalog knows to point at something.
    Name(NameKind),
    /// A variable.
    Variable,
    /// A filter that rules name.
    Filter,
    /// A line of a section that has a name of its own: a peer, a name server, a mailer.
    Member(SectionKind),
    /// A user of a userlist.
    User,
    /// A group of a userlist.
    Group,
}

impl SymbolKind {
    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Name(kind) => kind.noun(),
            Self::Variable => "variable",
            Self::Filter => "filter",
            Self::Member(SectionKind::Peers) => "peer",
            Self::Member(SectionKind::Resolvers) => "name server",
            Self::Member(SectionKind::Mailers) => "mailer",
            Self::Member(SectionKind::Ring) => "server of a `ring` section",
            Self::Member(_) => "server of a `log-forward` section",
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

/// What happens to a name at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is declared.
    Declares,
    /// A variable is set or forgotten.
    Writes,
    /// It is used.
    Reads,
}

/// A place at which a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occurrence {
    /// The bytes of the name, without the quotes around it.
    pub location: Location,
    /// What happens there.
    pub access: Access,
}

/// A name with all its places.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symbol {
    /// What it stands for. A name can stand for several things at once, as that of a `listen` section does: this is the one that
    /// is meant at the cursor.
    pub kind: SymbolKind,
    /// The name.
    pub name: String,
    /// The bytes of the name at the cursor.
    pub location: Location,
    /// Where it is declared and used, in the order of the files.
    pub occurrences: Vec<Occurrence>,
}

/// What is one name: what it stands for, the section it is known in, and its text.
type Key<'r> = (SymbolKind, Option<usize>, &'r str);

/// A name at a place.
#[derive(Clone, Copy, Debug)]
struct Found<'r> {
    key: Key<'r>,
    location: Location,
    access: Access,
}

/// The name at the cursor, with the places that declare it and those that use it.
pub fn define(view: &View<'_>, cursor: Cursor) -> Option<Symbol> {
    if let Some(variable) = variable::define(view, cursor) {
        return Some(variable);
    }
    let all = Finder::all(view);
    let here = |found: &&Found<'_>| found.location.file == cursor.file && touches(found.location.span, cursor.offset);
    // A name in a name, such as that of the backend in `app/server`, is the one that is meant.
    let first = all.iter().filter(here).min_by_key(|found| (found.location.span.len(), found.access != Access::Declares))?;
    let keys = same_thing(&all, first);
    let mut occurrences: Vec<Occurrence> = Vec::new();
    for Found { location, access, .. } in all.iter().filter(|found| keys.contains(&found.key)) {
        match occurrences.iter_mut().find(|known| known.location == *location) {
            Some(known) if *access == Access::Declares => known.access = Access::Declares,
            Some(_) => {}
            None => occurrences.push(Occurrence { location: *location, access: *access }),
        }
    }
    occurrences.sort_by_key(|occurrence| occurrence.location);
    Some(Symbol { kind: first.key.0, name: first.key.2.to_owned(), location: first.location, occurrences })
}

/// All that is declared, with its place; what a name stands for may be told several times.
pub(super) fn declared(view: &View<'_>) -> Vec<(Location, SymbolKind, String)> {
    let all = Finder::all(view).into_iter().filter(|found| found.access == Access::Declares);
    all.map(|found| (found.location, found.key.0, found.key.2.to_owned())).collect()
}

/// All names, with what happens to them; a place may be told several times.
pub(super) fn names(view: &View<'_>) -> Vec<(Location, SymbolKind, Access)> {
    Finder::all(view).into_iter().map(|found| (found.location, found.key.0, found.access)).collect()
}

/// All that is declared where `first` is: the header of a `listen` section declares a frontend, a backend and perhaps a table.
fn same_thing<'r>(all: &[Found<'r>], first: &Found<'r>) -> Vec<Key<'r>> {
    let mut keys = vec![first.key];
    loop {
        let declares = |found: &&Found<'_>| found.access == Access::Declares;
        let places: Vec<Location> =
            all.iter().filter(declares).filter(|found| keys.contains(&found.key)).map(|found| found.location).collect();
        let also = all.iter().filter(declares).filter(|found| places.contains(&found.location) && !keys.contains(&found.key));
        match also.map(|found| found.key).next() {
            Some(key) => keys.push(key),
            None => return keys,
        }
    }
}

/// Finds all names.
struct Finder<'a, 'r> {
    view: &'a View<'r>,
    config: &'r Config<'r>,
    all: Vec<Found<'r>>,
}

impl<'a, 'r> Finder<'a, 'r> {
    fn all(view: &'a View<'r>) -> Vec<Found<'r>> {
        let mut finder = Self { view, config: view.config(), all: Vec::new() };
        finder.declared();
        finder.used();
        let sections: Vec<SectionView<'r>> = finder.config.sections().collect();
        sections.iter().for_each(|section| finder.members(section));
        if finder.config.reading.may_have(&["filter"]) {
            sections.iter().filter(|section| section.kind.is_proxy()).for_each(|section| finder.filters(section));
        }
        finder.all
    }

    fn add(&mut self, key: Key<'r>, location: Location, access: Access) {
        let location = self.bare(location, key.2);
        self.all.push(Found { key, location, access });
    }

    /// The bytes of `name` alone, where quotes stand around it.
    fn bare(&self, location: Location, name: &str) -> Location {
        let Location { file, span } = location;
        let raw = self.config.reading.sources.file(file).str(span).unwrap_or("");
        let inner = raw.strip_prefix(['"', '\'']).and_then(|raw| raw.strip_suffix(['"', '\'']));
        if inner == Some(name) { Location { file, span: Span::new(span.start + 1, span.end - 1) } } else { location }
    }

    fn declared(&mut self) {
        for declaration in self.config.names.declared().flatten() {
            let key = (SymbolKind::Name(declaration.kind), declaration.scope(), declaration.name());
            self.add(key, declaration.location(), Access::Declares);
        }
    }

    fn used(&mut self) {
        for used in self.config.names.uses() {
            let (kind, name, location) = (used.kind, used.name, used.location());
            match kind {
                NameKind::Acl => self.add((SymbolKind::Name(kind), Some(used.section()), name), location, Access::Reads),
                NameKind::Server | NameKind::Table => self.used_within(kind, name, location, used.section()),
                _ => self.add((SymbolKind::Name(kind), None, name), location, Access::Reads),
            }
        }
    }

    /// A server or a table, which is known in one section: `server`, `backend/server`, `peers/table`.
    fn used_within(&mut self, kind: NameKind, name: &'r str, location: Location, section: usize) {
        let Some((owner, inner)) = name.split_once('/') else {
            let scope = (kind == NameKind::Server).then_some(section);
            return self.add((SymbolKind::Name(kind), scope, name), location, Access::Reads);
        };
        let of = if kind == NameKind::Server { NameKind::Backend } else { NameKind::Peers };
        let location = self.bare(location, name);
        let Location { file, span } = location;
        // In a word whose quotes hold more than the name, the word is all that can be shown, and nothing is renamed.
        let is_bare = span.len() == name.len();
        let part = |start: usize, text: &str| match is_bare {
            true => Span::new(span.start + start as u32, span.start + (start + text.len()) as u32),
            false => span,
        };
        self.add((SymbolKind::Name(of), None, owner), Location { file, span: part(0, owner) }, Access::Reads);
        if let Some(declared) = self.config.names.find(of, None, owner).first() {
            let key = (SymbolKind::Name(kind), Some(declared.section()), inner);
            self.add(key, Location { file, span: part(owner.len() + 1, inner) }, Access::Reads);
        }
    }

    /// The lines of a section that have names of their own.
    fn members(&mut self, section: &SectionView<'r>) {
        let scope = Some(section.index());
        for line in section.statements() {
            let declares = match (section.kind, line.keyword()) {
                (SectionKind::Peers, "peer" | "server")
                | (SectionKind::Resolvers, "nameserver")
                | (SectionKind::Mailers, "mailer")
                | (SectionKind::Ring | SectionKind::LogForward, "server") => SymbolKind::Member(section.kind),
                (SectionKind::Userlist, "user") => SymbolKind::User,
                (SectionKind::Userlist, "group") => SymbolKind::Group,
                (SectionKind::Global, "localpeer") => {
                    self.local_peer(line.word(1));
                    continue;
                }
                _ => continue,
            };
            let Some((word, name)) = line.word(1).and_then(|word| Some((word, word.known()?))) else { continue };
            self.add((declares, scope, name), word.location, Access::Declares);
            match declares {
                SymbolKind::User => self.listed(line.after("groups", 2), SymbolKind::Group, scope),
                SymbolKind::Group => self.listed(line.after("users", 2), SymbolKind::User, scope),
                _ => {}
            }
        }
    }

    /// `localpeer` names a peer of each section that has one of this name.
    fn local_peer(&mut self, word: Option<Word<'r>>) {
        let Some((word, name)) = word.and_then(|word| Some((word, word.known()?))) else { return };
        for peers in self.config.peers.iter().filter(|peers| peers.peer(name).is_some()) {
            let key = (SymbolKind::Member(SectionKind::Peers), Some(peers.section.index()), name);
            self.add(key, word.location, Access::Reads);
        }
    }

    /// Names between commas.
    fn listed(&mut self, word: Option<Word<'r>>, kind: SymbolKind, scope: Option<usize>) {
        let Some((word, text)) = word.and_then(|word| Some((word, word.known()?))) else { return };
        let mut start = 0;
        for name in text.split(',') {
            let end = start + name.len();
            if !name.is_empty() {
                self.add((kind, scope, name), word.part(start..end), Access::Reads);
            }
            start = end + 1;
        }
    }

    /// The filters that rules of a proxy name, which the labels of the signatures tell.
    fn filters(&mut self, section: &SectionView<'r>) {
        if !section.statements().any(|line| line.keyword() == "filter") {
            return;
        }
        let place = self.view.place(Some(section));
        for line in section.statements() {
            let declares = line.keyword() == "filter";
            for mark in ask(line, &place, self.view.versions()).marks {
                let named = mark.place.is_some_and(|place| place.kind == "word" && place.label == if declares { "name" } else { "filter" });
                let Some(word) = line.word(mark.word.into()).filter(|_| named) else { continue };
                let Some(name) = word.known() else { continue };
                let access = if declares { Access::Declares } else { Access::Reads };
                self.add((SymbolKind::Filter, Some(section.index()), name), word.location, access);
            }
        }
    }
}
