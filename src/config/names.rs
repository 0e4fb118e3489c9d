//! Names: what is declared, and where it is used.
//!
//! A place that needs a name is one line of [`REFERENCES`]: the words a statement begins with, where in it the name
//! stands, and what it must be.

use std::{ops::Range, sync::LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    cut::Cut,
    source::{Location, Span},
    syntax::{Reading, SectionKind, Statement, Word, is_name_char},
};

use super::{
    Model, Proxy, SectionView,
    condition::is_mark,
    declared::{Declaration, Declarations},
    expressions::arguments,
};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the section or line that declares it")]
pub enum NameKind {
    /// `backend` and `listen`: what traffic can be sent to.
    Backend,
    /// `frontend` and `listen`: what takes traffic in.
    Frontend,
    Defaults,
    /// `server`; its scope is the section.
    Server,
    /// The prefix of a `server-template`; its scope is the section.
    ServerTemplate,
    /// `acl`; its scope is the section.
    Acl,
    Userlist,
    Resolvers,
    Cache,
    Mailers,
    Peers,
    Ring,
    HttpErrors,
    FcgiApp,
    LogForward,
    /// `stick-table` of a proxy, named after it; a `table` of a peers section has that section as its scope.
    Table,
}

impl NameKind {
    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Frontend => "frontend",
            Self::Defaults => "defaults section",
            Self::Server | Self::ServerTemplate => "server",
            Self::Acl => "ACL",
            Self::Userlist => "userlist",
            Self::Resolvers => "resolvers section",
            Self::Cache => "cache",
            Self::Mailers => "mailers section",
            Self::Peers => "peers section",
            Self::Ring => "ring",
            Self::HttpErrors => "http-errors section",
            Self::FcgiApp => "fcgi-app",
            Self::LogForward => "log-forward section",
            Self::Table => "stick table",
        }
    }

    /// The kind of name that a section declares with its header; proxies declare by what they can do.
    fn of_section(kind: SectionKind) -> Option<Self> {
        Some(match kind {
            SectionKind::Userlist => Self::Userlist,
            SectionKind::Resolvers => Self::Resolvers,
            SectionKind::Cache => Self::Cache,
            SectionKind::Mailers => Self::Mailers,
            SectionKind::Peers => Self::Peers,
            SectionKind::Ring => Self::Ring,
            SectionKind::HttpErrors => Self::HttpErrors,
            SectionKind::FcgiApp => Self::FcgiApp,
            SectionKind::LogForward => Self::LogForward,
            _ => return None,
        })
    }
}

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
        model.proxies.binary_search_by_key(&self.section(), |p| p.section.index).ok()
    }
}

/// Where in a statement a name stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// It is this word.
    Word(usize),
    /// It follows the last option of this name, searched from this word on.
    After(&'static str, usize),
    /// It is this word without this prefix.
    Prefixed(usize, &'static str),
    /// It is an argument, counted from 0, of the word `name(a,b)` at this place.
    Argument(usize, usize),
}

/// A place of the language where a name is used. A word that ends in `*` stands for all that begin so.
struct Reference(&'static [&'static str], Place, NameKind);

static REFERENCES: &[Reference] = {
    use NameKind as K;
    use Place::{After, Argument, Prefixed, Word};
    &[
        Reference(&["use_backend"], Word(1), K::Backend),
        Reference(&["default_backend"], Word(1), K::Backend),
        Reference(&["use-server"], Word(1), K::Server),
        Reference(&["server"], After("track", 3), K::Server),
        Reference(&["server-template"], After("track", 4), K::Server),
        Reference(&["default-server"], After("track", 1), K::Server),
        Reference(&["server"], After("resolvers", 3), K::Resolvers),
        Reference(&["server-template"], After("resolvers", 4), K::Resolvers),
        Reference(&["default-server"], After("resolvers", 1), K::Resolvers),
        Reference(&["httpclient.resolvers.id"], Word(1), K::Resolvers),
        Reference(&["http-request", "do-resolve(*"], Argument(1, 1), K::Resolvers),
        Reference(&["tcp-request", "content", "do-resolve(*"], Argument(2, 1), K::Resolvers),
        Reference(&["http-request", "cache-use"], Word(2), K::Cache),
        Reference(&["http-response", "cache-store"], Word(2), K::Cache),
        Reference(&["filter", "cache"], Word(2), K::Cache),
        Reference(&["email-alert", "mailers"], Word(2), K::Mailers),
        Reference(&["log", "ring@*"], Prefixed(1, "ring@"), K::Ring),
        Reference(&["errorfiles"], Word(1), K::HttpErrors),
        Reference(&["http-request", "deny"], After("errorfiles", 2), K::HttpErrors),
        Reference(&["http-request", "return"], After("errorfiles", 2), K::HttpErrors),
        Reference(&["http-request", "tarpit"], After("errorfiles", 2), K::HttpErrors),
        Reference(&["http-response", "deny"], After("errorfiles", 2), K::HttpErrors),
        Reference(&["http-response", "return"], After("errorfiles", 2), K::HttpErrors),
        Reference(&["http-error"], After("errorfiles", 1), K::HttpErrors),
        Reference(&["use-fcgi-app"], Word(1), K::FcgiApp),
        Reference(&["stick"], After("table", 2), K::Table),
        Reference(&["http-request", "track-sc*"], After("table", 3), K::Table),
        Reference(&["http-response", "track-sc*"], After("table", 3), K::Table),
        Reference(&["http-after-response", "track-sc*"], After("table", 3), K::Table),
        Reference(&["tcp-request", "*", "track-sc*"], After("table", 4), K::Table),
        Reference(&["tcp-response", "*", "track-sc*"], After("table", 4), K::Table),
        Reference(&["filter", "bwlim-in"], After("table", 3), K::Table),
        Reference(&["filter", "bwlim-out"], After("table", 3), K::Table),
        Reference(&["stick-table"], After("peers", 1), K::Peers),
    ]
};

/// The statements that can end in `if` or `unless` and a condition.
static CONDITIONAL: &[&str] = &[
    "http-request",
    "http-response",
    "http-after-response",
    "tcp-request",
    "tcp-response",
    "quic-initial",
    "use_backend",
    "use-server",
    "redirect",
    "stick",
    "monitor",
    "force-persist",
    "force-be-switch",
    "ignore-persist",
    "stats",
    "set-param",
    "pass-header",
];

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
    /// The names of the uses that quotes or variables hold, by the number of the use.
    quoted: FxHashMap<usize, &'r str>,
    /// The statements whose condition is more than one ACL, or asks for a constant, each with its section: a place among all
    /// sections.
    pub combined: Vec<(usize, Statement<'r>)>,
    lists: FxHashMap<NameKind, Vec<&'r str>>,
    open: FxHashSet<(NameKind, Option<usize>)>,
}

impl<'r> Names<'r> {
    /// What the statements of sections declare and use.
    pub(crate) fn in_statements(reading: &'r Reading<'r>, sections: &[SectionView<'r>]) -> Self {
        let mut names = Self {
            reading,
            uses: Vec::new(),
            quoted: FxHashMap::default(),
            everywhere: Declarations::default(),
            acls: Declarations::default(),
            local: Declarations::default(),
            combined: Vec::new(),
            lists: FxHashMap::default(),
            open: FxHashSet::default(),
        };
        sections.iter().for_each(|section| names.statements(section));
        names.acls.put_together();
        names
    }

    /// Adds what sections, and the servers and tables in them, declare.
    pub(super) fn and_in(mut self, model: &Model<'r>, sections: &[SectionView<'r>]) -> Self {
        let mut proxies = model.proxies.iter().peekable();
        let mut peers = model.peers.iter().peekable();
        for section in sections {
            match proxies.next_if(|p| p.section.index == section.index) {
                Some(proxy) => {
                    self.proxy(proxy);
                    self.from(proxy);
                }
                None => self.section(section),
            }
            for table in peers.next_if(|p| p.section.index == section.index).iter().flat_map(|p| &p.tables) {
                self.declare(NameKind::Table, true, table.name, table.statement, section.index);
            }
        }
        self.everywhere.put_together();
        self.local.put_together();
        self
    }

    /// The declarations of `name`, in order.
    pub fn find(&self, kind: NameKind, scope: Option<usize>, name: &'r str) -> &[Declaration<'r>] {
        self.among(kind, scope.is_some()).find(&(kind, scope, name))
    }

    /// Uses: those of `defaults` sections last, all others in order.
    pub fn uses(&self) -> impl Iterator<Item = Use<'r>> {
        self.uses.iter().enumerate().map(|(number, kept)| {
            let Kept { span, section, kind, plain, .. } = *kept;
            let statement = self.reading.statement(kept.statement as usize);
            let name = if plain { statement.file().str(span) } else { self.quoted.get(&number).copied() };
            Use { kind, name: name.unwrap_or(""), statement, span, section }
        })
    }

    fn add_use(&mut self, kind: NameKind, name: &'r str, span: Span, statement: usize, section: usize) {
        let plain = self.reading.statement(statement).file().str(span) == Some(name);
        if !plain {
            self.quoted.insert(self.uses.len(), name);
        }
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

    fn among(&self, kind: NameKind, local: bool) -> &Declarations<'r> {
        match (kind, local) {
            (NameKind::Acl, _) => &self.acls,
            (_, true) => &self.local,
            (_, false) => &self.everywhere,
        }
    }

    /// Every name of a kind, once, in the order of the declarations.
    pub fn list(&self, kind: NameKind) -> &[&'r str] {
        self.lists.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Every name of a kind that is known in one section only.
    pub fn list_in(&self, kind: NameKind, section: usize) -> Vec<&'r str> {
        let all = self.among(kind, true).all();
        let here = &all[all.partition_point(|d| d.section() < section)..all.partition_point(|d| d.section() <= section)];
        let mut names: Vec<&str> = here.iter().filter(|d| d.kind == kind).map(|d| d.name).collect();
        names.dedup();
        names
    }

    /// Whether a thing of this kind has a name that is not known, so that it may be any.
    pub fn is_open(&self, kind: NameKind, scope: Option<usize>) -> bool {
        self.open.contains(&(kind, scope))
    }

    fn declare(&mut self, kind: NameKind, local: bool, word: Option<Word<'r>>, statement: Statement<'r>, section: usize) {
        let Some(word) = word else { return };
        let Some(name) = word.known() else {
            self.open.insert((kind, local.then_some(section)));
            return;
        };
        let declaration = Declaration { kind, name, statement, span: word.location.span, section: section as u32, local };
        match (kind, local) {
            (NameKind::Acl, _) => drop(self.acls.add(declaration)),
            (_, true) => drop(self.local.add(declaration)),
            (_, false) if self.everywhere.add(declaration) => self.lists.entry(kind).or_default().push(name),
            _ => {}
        }
    }

    fn section(&mut self, section: &SectionView<'r>) {
        let Some(header) = section.header else { return };
        if let Some(kind) = NameKind::of_section(section.kind) {
            self.declare(kind, false, section.name, header, section.index);
        }
    }

    fn proxy(&mut self, proxy: &Proxy<'r>) {
        let (index, name) = (proxy.section.index, proxy.section.name);
        let Some(header) = proxy.section.header.filter(|_| proxy.created) else { return };
        let roles = [
            (proxy.is_backend(), NameKind::Backend),
            (proxy.is_frontend(), NameKind::Frontend),
            (proxy.is_defaults(), NameKind::Defaults),
            (!proxy.is_defaults() && !proxy.tables.is_empty(), NameKind::Table),
        ];
        for (_, kind) in roles.into_iter().filter(|(is, _)| *is) {
            self.declare(kind, false, name, header, index);
        }
        for server in &proxy.servers {
            let kind = if server.template { NameKind::ServerTemplate } else { NameKind::Server };
            self.declare(kind, true, Some(server.name()), server.statement, index);
        }
    }

    fn from(&mut self, proxy: &Proxy<'r>) {
        let header = self.reading.sections[proxy.section.index].header;
        let (Some(header), Some(word)) = (header, proxy.from()) else { return };
        if let Some(name) = word.known() {
            self.add_use(NameKind::Defaults, name, word.location.span, header, proxy.section.index);
        }
    }

    fn statements(&mut self, section: &SectionView<'r>) {
        let logs = matches!(section.kind, SectionKind::Global | SectionKind::LogForward);
        let proxy = section.kind.is_proxy();
        let acls = proxy || section.kind == SectionKind::FcgiApp;
        if !logs && !acls {
            return;
        }
        for (number, statement) in section.body().zip(section.statements()) {
            // HAProxy ignores this one there without reading on; of all others it looks at the names first.
            if section.kind == SectionKind::Frontend && statement.keyword() == "stick" {
                continue;
            }
            let mut found = |kind, name, at: Location| self.add_use(kind, name, at.span, number, section.index);
            let form = FORMS.get(statement.keyword());
            if let Some(form) = form.filter(|_| proxy || statement.keyword() == "log" || statement.keyword().starts_with("httpclient.")) {
                references(statement, &form.references, &mut found);
            }
            if !acls {
                continue;
            }
            if statement.may_contain(b'(') {
                arguments(statement, &mut |argument| {
                    let Some(Range { start, end }) = argument.name else { return };
                    name(statement, Some(argument.word), start, Some(end)).into_iter().for_each(|(n, l)| found(argument.kind, n, l));
                });
            }
            if form.is_some_and(|form| form.conditional) {
                if condition(statement, &mut found) > 1 {
                    self.combined.push((section.index, statement));
                }
            } else if statement.keyword() == "acl" {
                // HAProxy refuses other names, and knows no such ACL from then on.
                let name = statement.word(1).filter(|name| name.known().is_none_or(|n| n.chars().all(is_name_char)));
                self.declare(NameKind::Acl, true, name, statement, section.index);
            }
        }
    }
}

/// What is known of the statements that begin with a keyword.
#[derive(Default)]
struct Form {
    references: Vec<&'static Reference>,
    conditional: bool,
}

static FORMS: LazyLock<FxHashMap<&'static str, Form>> = LazyLock::new(|| {
    let mut forms: FxHashMap<&str, Form> = FxHashMap::default();
    REFERENCES.iter().for_each(|reference| forms.entry(reference.0[0]).or_default().references.push(reference));
    CONDITIONAL.iter().for_each(|keyword| forms.entry(keyword).or_default().conditional = true);
    forms
});

/// Whether statements that begin with `keyword` can end in a condition.
pub(super) fn takes_condition(keyword: &str) -> bool {
    FORMS.get(keyword).is_some_and(|form| form.conditional)
}

/// Finds the names that `statement` uses as an argument.
fn references<'r>(statement: Statement<'r>, references: &[&Reference], found: &mut impl FnMut(NameKind, &'r str, Location)) {
    for Reference(line, place, kind) in references {
        let fits = |(at, wanted): (usize, &&str)| match wanted.strip_suffix('*') {
            Some(start) => statement.str(at).starts_with(start),
            None => statement.str(at) == *wanted,
        };
        if !line.iter().enumerate().skip(1).all(fits) {
            continue;
        }
        match *place {
            Place::Word(at) => name(statement, statement.word(at), 0, None).map(|(n, l)| found(*kind, n, l)),
            Place::After(option, from) => {
                let at = (from..statement.len()).rev().find(|at| statement.str(*at) == option);
                at.and_then(|at| name(statement, statement.word(at + 1), 0, None)).map(|(n, l)| found(*kind, n, l))
            }
            Place::Prefixed(at, prefix) => name(statement, statement.word(at), prefix.len(), None).map(|(n, l)| found(*kind, n, l)),
            Place::Argument(at, number) => {
                let text = statement.str(at);
                argument(text, number).and_then(|(a, b)| name(statement, statement.word(at), a, Some(b))).map(|(n, l)| found(*kind, n, l))
            }
        };
    }
}

/// The part of a word from byte `start` to byte `end`, and its place; the place of the whole word where quotes or escapes moved it.
fn name<'r>(statement: Statement<'r>, word: Option<Word<'r>>, start: usize, end: Option<usize>) -> Option<(&'r str, Location)> {
    let word = word?;
    let text = word.known()?;
    let end = end.unwrap_or(text.len());
    let part = text.get(start..end).filter(|part| !part.is_empty())?;
    let Location { file, span } = word.location;
    let plain = statement.file().str(span) == Some(text);
    let inner = Span { start: span.start + start as u32, end: span.start + end as u32 };
    Some((part, Location { file, span: if plain { inner } else { span } }))
}

/// Where in `name(a,b)` the argument `number` stands.
fn argument(text: &str, number: usize) -> Option<(usize, usize)> {
    let mut start = text.find('(')? + 1;
    let close = start + text.cut(start..).find(')')?;
    for _ in 0..number {
        start += text.cut(start..close).find(',')? + 1;
    }
    let end = text.cut(start..close).find(',').map_or(close, |comma| start + comma);
    Some((start, end))
}

/// Finds the ACLs that the condition of `statement` names (language.md §4.5), and counts those that it asks for. Constants
/// count twice.
fn condition<'r>(statement: Statement<'r>, found: &mut impl FnMut(NameKind, &'r str, Location)) -> usize {
    let mut words = statement.words().skip(1);
    // With two of them, which one begins the condition depends on the arguments before it.
    if !words.any(is_mark) || words.clone().any(is_mark) || statement.is_open() {
        return 0;
    }
    let mut count = 0;
    while let Some(word) = words.next() {
        let Some(text) = word.known() else { continue };
        let name = text.trim_start_matches('!');
        match name {
            // HAProxy takes an empty word for the end of the line.
            "" if text.is_empty() => return count,
            "" | "||" => {}
            "{" => {
                let first = words.next().filter(|w| !w.is("}") && !w.is(""));
                count += if first.is_some_and(|w| w.is("always_true") || w.is("always_false")) { 2 } else { 1 };
                first.and_then(|_| words.find(|w| w.is("}") || w.is("")));
            }
            _ if name.eq_ignore_ascii_case("or") => {}
            _ => {
                count += if matches!(name, "TRUE" | "FALSE") { 2 } else { 1 };
                self::name(statement, Some(word), text.len() - name.len(), None).into_iter().for_each(|(n, l)| found(NameKind::Acl, n, l));
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
