//! The typed model: what the statements of a reading declare, each thing with the place it was said at.
//!
//! A model belongs to one [`Reading`], that is to one world. It is lowered section by section and never fails: what
//! cannot be understood is left out, and the rules that look for it say so.

mod ancestors;
mod condition;
pub mod counters;
mod declared;
mod expressions;
mod few;
mod in_force;
mod lines;
mod names;
mod outside;
mod part;
mod peers;
mod proxy;
mod server;
mod table;

use std::ops::Range;

pub use crate::address;
pub use crate::catalog::{NameKind, Wanted};
pub(crate) use ancestors::Ancestors;
pub use condition::{Atom, Condition, Guard, Literal, Term, Terms};
pub use counters::Counters;
pub use declared::{Declaration, Declared};
pub use expressions::Argument;
use expressions::arguments;
pub use few::Few;
pub use in_force::{InForce, Mode};
pub use names::{Combined, Names, Use};
pub use outside::Outside;
pub use peers::{Member, Peer, PeerKind, Peers, PeersView, Role, is_own_name, is_public, resemble};
pub use proxy::{Bind, Proxy};
pub use server::{Server, ServerOption, ServerOptions, Servers};
pub use table::{DataType, Footprint, KeyType, StickTable, Stored, amount, entries, milliseconds, sizes};

use crate::{
    build::Build,
    cancel::Cancel,
    catalog::{Fault, Shapes},
    source::Location,
    syntax::{Reading, Section, SectionKind, Statement, Word},
    threads::both,
};
use lines::{Against, Earlier, Known, Lines};

/// A configuration as one world has it: its model, and the names in it.
#[derive(Debug)]
pub struct Config<'r> {
    model: Model<'r>,
    /// What is declared under a name, and where names are used.
    pub names: Names<'r>,
    /// What the catalog has against its lines, in their order.
    pub faults: Vec<Fault>,
    /// What its lines speak of.
    pub shapes: Shapes,
    /// What its stick tables count.
    pub counters: Counters<'r>,
    /// What came of the lines of each section, where other worlds follow.
    known: Vec<Option<Known>>,
}

impl<'r> std::ops::Deref for Config<'r> {
    type Target = Model<'r>;

    fn deref(&self) -> &Model<'r> {
        &self.model
    }
}

/// The sections of a configuration, as one world has them.
#[derive(Debug)]
pub struct Model<'r> {
    /// What it was lowered from.
    pub reading: &'r Reading<'r>,
    /// `localpeer` lines of the global sections, in order.
    pub localpeer: Vec<Statement<'r>>,
    /// `defaults`, `frontend`, `backend` and `listen` sections, in order.
    pub proxies: Vec<Proxy<'r>>,
    /// `peers` sections, in order.
    pub peers: Vec<Peers<'r>>,
}

/// A section with its header taken apart.
#[derive(Clone, Copy, Debug)]
pub struct SectionView<'r> {
    /// What it is.
    pub kind: SectionKind,
    /// The number of the word of its header that is its name, if it has so many; 0 where none is.
    name: u8,
    index: u32,
    reading: &'r Reading<'r>,
}

impl<'r> SectionView<'r> {
    /// The section number `index`.
    fn of(reading: &'r Reading<'r>, index: usize) -> Self {
        Self { kind: reading.sections[index].kind, name: 1, index: index as u32, reading }
    }

    /// Its place among the sections.
    #[inline]
    pub fn index(&self) -> usize {
        self.index as usize
    }

    /// The line that opens it; `None` for a fragment.
    #[inline]
    pub fn header(&self) -> Option<Statement<'r>> {
        self.reading.sections[self.index()].header().map(|header| self.reading.statement(header))
    }

    /// The statements in it.
    pub fn statements(&self) -> impl DoubleEndedIterator<Item = Statement<'r>> + Clone + use<'r> {
        self.reading.statements(self.body())
    }

    /// The statements that begin with this keyword.
    pub fn with(&self, keyword: &str) -> impl DoubleEndedIterator<Item = Statement<'r>> + Clone + use<'r> {
        let number = self.reading.keyword_number(keyword);
        let body = if number.is_some() { self.body() } else { 0..0 };
        self.reading.statements(body).filter(move |statement| Some(statement.keyword_number()) == number)
    }

    /// The numbers of the statements in it.
    pub fn body(&self) -> Range<usize> {
        self.reading.sections[self.index()].body()
    }

    /// The header line, or the first line of a fragment.
    pub fn location(&self) -> Option<Location> {
        let first = || self.statements().next();
        self.header().or_else(first).map(|s| s.location())
    }

    /// The name, where one is given.
    pub fn name(&self) -> Option<Word<'r>> {
        self.header().filter(|_| self.name > 0)?.word(self.name.into())
    }

    /// The name, or `""` where it is missing or not known.
    pub fn name_str(&self) -> &'r str {
        self.header().filter(|_| self.name > 0).map_or("", |header| header.str(self.name.into()))
    }
}

impl<'r> Config<'r> {
    /// Lowers what was read, and holds its lines against the catalog.
    pub fn new(reading: &'r Reading<'r>) -> Self {
        Self::against(reading, Against::alone(None, &Cancel::default()))
    }

    /// Whether some line would be refused without `expose-experimental-directives`.
    pub(crate) fn needs_exposing(&self) -> bool {
        lines::need_exposing(&self.model, &Cancel::default())
    }

    /// The same for one build of HAProxy, as far as it comes until it is told to end, and for one world after the other. What it has in
    /// common with one of those `before` it is understood once; `others` says whether there are any others at all.
    pub(crate) fn of_world(reading: &'r Reading<'r>, before: &[Self], others: bool, build: Option<&Build>, cancel: &Cancel) -> Self {
        let earlier = before.iter().find(|config| config.reading.world.versions == reading.world.versions).map(Self::as_earlier);
        Self::against(reading, Against { build, cancel, remembers: others && earlier.is_none(), earlier })
    }

    /// The configurations of all worlds.
    pub(crate) fn of_worlds(readings: &'r [Reading<'r>], build: Option<&Build>, cancel: &Cancel) -> Vec<Self> {
        let mut configs = Vec::with_capacity(readings.len());
        for reading in readings {
            configs.push(Self::of_world(reading, &configs, readings.len() > 1, build, cancel));
        }
        configs
    }

    fn as_earlier(&self) -> Earlier<'_> {
        Earlier { reading: self.reading, known: &self.known, faults: &self.faults, shapes: &self.shapes }
    }

    /// Whether later worlds can take over from it.
    pub(crate) fn is_remembered(&self) -> bool {
        !self.known.is_empty()
    }

    fn against(reading: &'r Reading<'r>, against: Against<'_>) -> Self {
        let cancel = against.cancel;
        let model = Model::of(reading, cancel);
        let Lines { faults, shapes, known } = Lines::of(&model, against);
        // Names that nobody asks for any more are not looked up.
        let names = Names::of(&model, if cancel.is_over() { 0..0 } else { 0..reading.sections.len() }, &shapes);
        let counters = if cancel.is_over() { Counters::default() } else { Counters::of(&model, &names) };
        Self { model, names, faults, shapes, counters, known }
    }

    /// Finds what the expressions of a statement ask for, by its number.
    pub fn arguments(&self, statement: usize, found: &mut impl FnMut(Argument<'r>)) {
        let line = self.reading.statement(statement);
        self.shapes.of(statement).iter().for_each(|mark| arguments(line, mark, found));
    }

    /// The first `backend` or `listen` section of this name.
    pub fn backend(&self, name: &'r str) -> Option<&Proxy<'r>> {
        self.proxy(self.names.find(NameKind::Backend, None, name).first()?.section())
    }
}

/// Lowers sections, one after the other.
struct Lowering<'r, 'c> {
    cancel: &'c Cancel,
    model: Model<'r>,
    defaults: proxy::KnownDefaults<'r>,
    global: InForce<'r>,
    /// By the number of the keyword, whether a line may say what is in force.
    settings: Vec<bool>,
    lists: proxy::Lists<'r>,
}

impl<'r, 'c> Lowering<'r, 'c> {
    fn new(reading: &'r Reading<'r>, cancel: &'c Cancel) -> Self {
        let model = Model { reading, localpeer: Vec::new(), proxies: Vec::new(), peers: Vec::new() };
        let (defaults, lists) = (proxy::KnownDefaults::default(), proxy::Lists::of(reading));
        Self { cancel, model, defaults, global: InForce::empty(), settings: reading.keywords().map(InForce::is_about).collect(), lists }
    }

    /// Lowers these sections, the proxies to where there is room for each.
    fn through(mut self, sections: Range<usize>, proxies: &mut [Option<Proxy<'r>>]) -> Model<'r> {
        let mut rooms = proxies.iter_mut();
        for section in self.model.within(sections).take_while(|_| !self.cancel.is_over()) {
            match section.kind {
                SectionKind::Global => {
                    self.model.localpeer.extend(section.statements().filter(|s| s.keyword() == "localpeer"));
                    self.global(section);
                }
                kind if kind.is_proxy() => {
                    if let Some(room) = rooms.next() {
                        *room = Some(self.proxy(section));
                    }
                }
                SectionKind::Peers => self.model.peers.push(Peers::lower(section)),
                _ => {}
            }
        }
        self.lists.end(proxies);
        self.model
    }

    /// Takes from these sections what counts for those behind them, and no more.
    fn behind(mut self, sections: Range<usize>) -> Self {
        for section in self.model.within(sections).take_while(|_| !self.cancel.is_over()) {
            match section.kind {
                SectionKind::Global => self.global(section),
                SectionKind::Defaults => drop(self.proxy(section)),
                kind if kind.is_proxy() => self.defaults.pass(),
                _ => {}
            }
        }
        self
    }

    fn proxy(&mut self, section: SectionView<'r>) -> Proxy<'r> {
        Proxy::lower(section, &mut self.defaults, self.global.logs, &self.settings, &mut self.lists)
    }

    fn global(&mut self, section: SectionView<'r>) {
        section.statements().for_each(|s| self.global.statement(s, None, &mut Default::default()));
    }
}

impl<'r> Model<'r> {
    /// Lowers what was read, in two halves at once where there is much. The halves share one list of proxies from the beginning: it
    /// is large, and would have to be copied.
    fn of(reading: &'r Reading<'r>, cancel: &Cancel) -> Self {
        let middle = if reading.is_large() { reading.len() / 2 } else { reading.len() };
        let half = reading.sections.partition_point(|section| section.body().start < middle);
        let (first, second) = (0..half, half..reading.sections.len());
        let room = |sections: &[Section]| sections.iter().filter(|section| section.kind.is_proxy()).count();
        let mut proxies: Vec<Option<Proxy<'r>>> = std::iter::repeat_with(|| None).take(room(&reading.sections)).collect();
        let (earlier, later) = proxies.split_at_mut(room(&reading.sections[first.clone()]));
        let lowering = || Lowering::new(reading, cancel);
        let (second, mut model) = both(
            reading.is_large(),
            || if second.is_empty() { lowering().model } else { lowering().behind(first.clone()).through(second, later) },
            || lowering().through(first.clone(), earlier),
        );
        model.localpeer.extend(second.localpeer);
        model.peers.extend(second.peers);
        // Collected where they are: `flatten` would copy them.
        Self { proxies: proxies.into_iter().map_while(|proxy| proxy).collect(), ..model }
    }

    /// Every section, in order.
    pub fn sections(&self) -> impl Iterator<Item = SectionView<'r>> {
        self.within(0..self.reading.sections.len())
    }

    /// The sections of these numbers.
    fn within(&self, sections: Range<usize>) -> impl DoubleEndedIterator<Item = SectionView<'r>> + ExactSizeIterator + use<'r> {
        let reading = self.reading;
        sections.map(move |index| SectionView::of(reading, index))
    }

    /// The `defaults` sections that `proxy` inherits from: its own, and those behind it.
    pub fn ancestors<'a>(&'a self, proxy: &'a Proxy<'r>) -> impl Iterator<Item = &'a Proxy<'r>> {
        std::iter::successors(proxy.defaults().map(|at| &self.proxies[at]), |parent| parent.defaults().map(|at| &self.proxies[at]))
    }

    /// The last line of the `global` sections that begins with `keyword`, unless a `no` takes it back.
    pub fn global_line(&self, keyword: &str) -> Option<Statement<'r>> {
        let globals = self.sections().filter(|s| s.kind == SectionKind::Global);
        globals.flat_map(|s| s.statements()).fold(None, |last, line| match line.keyword() {
            "no" | "default" if line.str(1) == keyword => None,
            first if first == keyword => Some(line),
            _ => last,
        })
    }

    /// The proxy of the section number `section`.
    pub fn proxy(&self, section: usize) -> Option<&Proxy<'r>> {
        self.place_of(section).map(|at| &self.proxies[at])
    }

    /// Where the proxy of the section number `section` is among the proxies. Few sections behind the first proxy are none, so it is
    /// mostly found as far behind that as its number is, or a little before.
    fn place_of(&self, section: usize) -> Option<usize> {
        const OTHERS: usize = 4;
        let behind = self.proxies.len().min((section + 1).checked_sub(self.proxies.first()?.section.index())?);
        let near = (behind.saturating_sub(OTHERS)..behind).rev();
        let is_it = |at: &usize| self.proxies[*at].section.index() == section;
        let search = || self.proxies[..behind].binary_search_by_key(&section, |p| p.section.index()).ok();
        near.take_while(|at| self.proxies[*at].section.index() >= section).find(is_it).or_else(search)
    }

    /// Every stick table, those of proxies first.
    pub fn tables(&self) -> impl Iterator<Item = &StickTable<'r>> {
        self.proxies.iter().flat_map(|p| &p.tables).chain(self.peers.iter().flat_map(|p| &p.tables))
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    use super::*;

    /// Sections that differ in what they inherit and name, many enough for two threads.
    fn large() -> String {
        let part = |n: usize| {
            format!(
                "defaults d{n}\n mode {}\n timeout server {n}s\n default-server inter {n}s\n{}\
                 backend b{n} from d{}\n acl a src 10.0.0.1\n http-request deny if a\n use-server s{n} if {{ srv_is_up(b{n}/s{n}) }}\n \
                 server s{n} 10.0.0.1:80 check\nbackend c{n}\n stick-table type ip size 1k\n server s 10.0.0.2:80\npeers p{n}\n peer x 10.0.0.3:1\n",
                if n.is_multiple_of(2) { "http" } else { "tcp" },
                if n.is_multiple_of(7) { " disabled\nglobal\n log 127.0.0.1 local0\n" } else { "" },
                n.saturating_sub(n % 5),
            )
        };
        (0..500).map(part).collect()
    }

    /// A large file has millions of each.
    #[test]
    fn what_there_are_many_of_is_small() {
        assert_eq!(size_of::<in_force::Setting>(), 8);
        assert_eq!(size_of::<declared::Kept>(), 12);
        assert!(size_of::<Proxy<'_>>() <= 120, "{}", size_of::<Proxy<'_>>());
    }

    #[test]
    fn two_halves_are_one_whole() {
        let sources = Sources::single("a.cfg", large());
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let (reading, cancel) = (&readings[0], Cancel::default());
        assert!(reading.is_large());
        let sections = 0..reading.sections.len();
        let halves = Model::of(reading, &cancel);
        let mut proxies: Vec<_> = (0..halves.proxies.len()).map(|_| None).collect();
        let whole = Lowering::new(reading, &cancel).through(sections.clone(), &mut proxies);
        let told = |p: &Proxy<'_>| {
            let set = |name| p.in_force.get(name).map(|line| line.line());
            let servers: Vec<_> = p.servers.iter().map(|s| (s.name().display().into_owned(), s.open)).collect();
            (p.name().to_owned(), p.defaults(), p.disabled, p.traffic(), p.in_force.logs, set("timeout server"), set("mode"), servers)
        };
        assert_eq!(halves.proxies.len(), 1500);
        halves.proxies.iter().zip(proxies.iter().flatten()).for_each(|(half, whole)| assert_eq!(told(half), told(whole)));
        assert_eq!(halves.peers.len(), whole.peers.len());
        let shapes = Lines::of(&halves, Against::alone(None, &cancel)).shapes;
        let names = Names::of(&halves, sections, &shapes);
        let count = |kind| names.uses_of(kind).count();
        assert_eq!([NameKind::Acl, NameKind::Server, NameKind::Defaults].map(count), [500, 1000, 500]);
        assert!(names.uses().all(|used| !used.name.is_empty()));
        assert!((0..500).all(|n| names.find(NameKind::Backend, None, &*format!("b{n}").leak()).len() == 1));
    }
}
