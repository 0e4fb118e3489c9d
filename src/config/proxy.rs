//! Proxies: `defaults`, `frontend`, `backend`, `listen`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{
    catalog::Options,
    syntax::{Reading, SectionKind, Statement, Word},
};

use super::{
    Few, InForce, Mode, SectionView, Servers, StickTable,
    in_force::{Setting, Settings},
    part::Parts,
    server::{DefaultServer, Growing},
};

/// A `bind` line.
#[derive(Clone, Copy, Debug)]
pub struct Bind<'r> {
    /// The line.
    pub statement: Statement<'r>,
    /// The addresses, comma-separated; `None` where they are missing.
    pub address: Option<Word<'r>>,
}

impl<'r> Bind<'r> {
    /// Its options. In a `peers` section they may stand without an address.
    pub fn options(&self) -> Options<'r> {
        Options::of_bind(self.statement, 1)
    }
}

/// The `defaults` sections met so far, by their places among the proxies.
#[derive(Debug, Default)]
pub(super) struct KnownDefaults<'r> {
    /// How many proxies there were.
    proxies: usize,
    last: Option<usize>,
    named: FxHashMap<&'r str, usize>,
    bequests: FxHashMap<usize, Bequest<'r>>,
}

/// What a `defaults` section leaves to those that inherit from it.
#[derive(Debug)]
struct Bequest<'r> {
    disabled: bool,
    mode: Option<u32>,
    traffic: Mode,
    in_force: Arc<InForce<'r>>,
    default_server: Option<Arc<DefaultServer<'r>>>,
}

impl<'r> KnownDefaults<'r> {
    /// Passes a proxy that leaves nothing to others.
    pub(super) fn pass(&mut self) {
        self.proxies += 1;
    }

    /// Passes a proxy; a `defaults` section leaves what it has.
    fn add(&mut self, proxy: &Proxy<'r>, default_server: Option<Arc<DefaultServer<'r>>>, settings: &mut Parts<Setting>) {
        if proxy.is_defaults() {
            let (mode, traffic) = (proxy.mode, proxy.traffic);
            let in_force = Arc::new(proxy.in_force.bequest(proxy.section.reading, settings));
            self.bequests.insert(self.proxies, Bequest { disabled: proxy.disabled, mode, traffic, in_force, default_server });
            self.last = Some(self.proxies);
            self.named.extend(proxy.section.name().and_then(Word::known).map(|name| (name, self.proxies)));
        }
        self.pass();
    }
}

/// A proxy section.
#[derive(Debug)]
pub struct Proxy<'r> {
    /// The section.
    pub section: SectionView<'r>,
    /// Whether HAProxy creates a proxy for it at all: behind `backend b foo` there is none.
    pub created: bool,
    defaults: Option<u32>,
    /// Whether it is `disabled`, by itself or by its defaults.
    pub disabled: bool,
    /// The number of its `mode` line, or its defaults'.
    mode: Option<u32>,
    traffic: Mode,
    /// What is in force, its own or its defaults'.
    pub in_force: InForce<'r>,
    /// Its `bind` lines.
    pub binds: Few<Bind<'r>>,
    /// Its servers.
    pub servers: Servers<'r>,
    /// Its `stick-table` lines; HAProxy takes one.
    pub tables: Few<StickTable<'r>>,
}

/// What all proxies have many of, as long as more may come.
#[derive(Debug)]
pub(super) struct Lists<'r> {
    reading: &'r Reading<'r>,
    settings: Parts<Setting>,
    servers: Growing<'r>,
}

impl<'r> Lists<'r> {
    pub(super) fn of(reading: &'r Reading<'r>) -> Self {
        Self { reading, settings: Parts::default(), servers: Growing::default() }
    }

    /// Ends them: each proxy learns where its own are.
    pub(super) fn end(self, proxies: &mut [Option<Proxy<'r>>]) {
        let settings = Arc::new(Settings::new(self.reading, self.settings.all()));
        let servers = Arc::new(self.servers.all(self.reading));
        for proxy in proxies.iter_mut().flatten() {
            proxy.in_force.share(&settings);
            proxy.servers.share(&servers);
        }
    }
}

/// What is known of a proxy as long as more lines may come.
#[derive(Default)]
struct Own<'r> {
    binds: Vec<Bind<'r>>,
    tables: Vec<StickTable<'r>>,
    /// What its `default-server` lines come to, with those of its defaults.
    default_server: Option<Arc<DefaultServer<'r>>>,
}

impl<'r> Proxy<'r> {
    /// Whether traffic can come in: `frontend` and `listen`.
    pub fn is_frontend(&self) -> bool {
        matches!(self.section.kind, SectionKind::Frontend | SectionKind::Listen)
    }

    /// Whether traffic can be sent to it: `backend` and `listen`.
    pub fn is_backend(&self) -> bool {
        matches!(self.section.kind, SectionKind::Backend | SectionKind::Listen)
    }

    /// Whether it is a `defaults` section.
    pub fn is_defaults(&self) -> bool {
        self.section.kind == SectionKind::Defaults
    }

    /// The `defaults` section that it inherits from: a place in [`super::Model::proxies`].
    #[inline]
    pub fn defaults(&self) -> Option<usize> {
        self.defaults.map(|at| at as usize)
    }

    /// The name behind `from`.
    pub fn from(&self) -> Option<Word<'r>> {
        // Few have more than a keyword and a name.
        self.section.header().filter(|header| header.len() > 2)?;
        header(&self.section).2
    }

    /// The word of the `mode` line in force, its own or its defaults'; HAProxy's own default is `tcp`.
    pub fn mode(&self) -> Option<Word<'r>> {
        self.section.reading.statement(self.mode? as usize).word(1)
    }

    /// How it treats its traffic.
    pub fn traffic(&self) -> Mode {
        self.traffic
    }

    /// The name, or `""` where it is missing or not known.
    pub fn name(&self) -> &'r str {
        self.section.name_str()
    }

    /// The keyword and name for messages: `backend app`.
    pub fn title(&self) -> String {
        format!("{} {}", self.section.kind.keyword(), self.name()).trim_end().to_owned()
    }

    /// Lowers a section; `known` are the defaults before it, `logs` whether the global section has a target for logs by now, and
    /// `settings` says by the number of its keyword which line may be one. Where its settings and servers are it learns when `lists` end.
    pub(super) fn lower(
        section: SectionView<'r>,
        known: &mut KnownDefaults<'r>,
        logs: Option<bool>,
        settings: &[bool],
        lists: &mut Lists<'r>,
    ) -> Self {
        let (created, name, from) = header(&section);
        let is_defaults = section.kind == SectionKind::Defaults;
        let defaults = match from {
            Some(from) => from.known().and_then(|name| known.named.get(name).copied()),
            None if is_defaults => None,
            None => known.last,
        };
        let inherited = defaults.and_then(|d| known.bequests.get(&d));
        let mut proxy = Self {
            section: SectionView { name, ..section },
            created,
            defaults: defaults.map(|at| at as u32),
            disabled: inherited.is_some_and(|d| d.disabled),
            mode: inherited.and_then(|d| d.mode),
            traffic: inherited.map_or(Mode::Tcp, |d| d.traffic),
            in_force: InForce::default(),
            binds: Few::default(),
            servers: Servers::default(),
            tables: Few::default(),
        };
        let mut in_force = InForce::begin(inherited.map(|d| &d.in_force), &proxy, &mut lists.settings);
        in_force.open |= from.is_some() && defaults.is_none();
        let default_server = inherited.and_then(|d| d.default_server.clone());
        let mut own = Own { default_server, ..Own::default() };
        for statement in section.statements() {
            proxy.statement(statement, &mut own, &mut lists.servers);
            if settings[statement.keyword_number() as usize] {
                in_force.statement(statement, logs, &mut lists.settings);
            }
        }
        (proxy.binds, proxy.servers, proxy.tables) = (own.binds.into(), lists.servers.end(), own.tables.into());
        proxy.in_force = in_force;
        known.add(&proxy, own.default_server, &mut lists.settings);
        proxy.in_force.end(&mut lists.settings);
        proxy
    }

    fn statement(&mut self, statement: Statement<'r>, own: &mut Own<'r>, servers: &mut Growing<'r>) {
        match statement.keyword() {
            "bind" => own.binds.push(Bind { statement, address: statement.word(1) }),
            "server" | "server-template" => servers.push(statement, own.default_server.as_ref()),
            "default-server" => Arc::make_mut(own.default_server.get_or_insert_default()).add(statement),
            "stick-table" => {
                let name = self.section.name().filter(|n| n.known().is_some());
                own.tables.push(StickTable::of_proxy(statement, name));
            }
            "disabled" => self.disabled = true,
            "enabled" => self.disabled = false,
            "mode" => {
                self.mode = Some(statement.number() as u32);
                self.traffic = Mode::of(statement.word(1));
            }
            _ => {}
        }
    }
}

/// Takes the header apart: whether a proxy is created, the number of the word that is its name (0: none is), and the name behind
/// `from`.
fn header<'r>(section: &SectionView<'r>) -> (bool, u8, Option<Word<'r>>) {
    let Some(header) = section.header() else { return (true, 0, None) };
    let first = u8::from(header.len() > 1);
    // An empty word ends the line.
    let words = (2..header.len()).find(|at| header.str(*at).is_empty() && header.word(*at).is_some_and(|w| w.known().is_some()));
    let word = |at: usize| header.word(at).filter(|_| words.is_none_or(|end| at < end));
    let defaults = section.kind == SectionKind::Defaults;
    if words.unwrap_or(header.len()) == 2 && !(defaults && header.str(1) == "from") {
        return (true, first, None);
    }
    let nameless = defaults && header.str(1) == "from";
    let at = if nameless { 1 } else { 2 };
    let name = if nameless { 0 } else { first };
    let from = word(at).filter(|w| w.is("from")).and_then(|_| word(at + 1));
    let extra = word(at).is_some_and(|w| !w.is("from") || from.is_none()) || word(at + 2).is_some();
    (defaults || !extra, name, from)
}
