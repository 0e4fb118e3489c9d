//! What one configuration says of peers, tables and sockets: small enough to keep for a thousand nodes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    catalog::Options,
    config::{
        Config, DataType, Footprint, Outside, PeerKind, Peers, Role, Server, ServerOption, Wanted,
        address::{self, Address, Host, Port},
    },
    cut::Cut,
    source::Location,
    syntax::{SectionKind, Statement, Text, Word},
};

/// What a configuration says to some nodes that read it alike.
#[derive(Debug, Default)]
pub struct Summary {
    /// The configuration.
    pub configuration: usize,
    /// `peers` sections in force.
    pub sections: Vec<Section>,
    /// `bind` lines of proxies.
    pub binds: Vec<BindLine>,
    /// `stats socket` lines.
    pub sockets: Vec<BindLine>,
    /// What connections to servers come from: `source` lines and options.
    pub sources: Vec<BindLine>,
    /// Servers at names that HAProxy looks up when it starts, and does not start without.
    pub servers: Vec<Listener>,
    /// Where log messages go, by the words of `log` lines: the target, and whether more is said of it.
    pub logs: Vec<LogTarget>,
    /// Tables of proxies that no section replicates: the names, and the lines.
    pub apart: Vec<(String, Location)>,
    /// The tables with an entry for each client, and what they take.
    pub client_tables: Vec<ClientTable>,
    /// The files that HAProxy does not start without, where their paths are known from `/` on.
    pub files: Vec<NamedFile>,
    /// Whether the private key of `tls.crt` is looked for in `tls.key`: `ssl-load-extra-del-ext`.
    pub keys_by_name: bool,
    /// Where `daemon` is said.
    pub daemon: Option<Location>,
    /// Where `chroot` is said.
    pub chroot: Option<Location>,
    /// The ports that its proxies and sockets listen on, the first and the last of each; `None` where there may be others.
    pub ports: Option<Vec<(u16, u16)>>,
    /// Whether it has peers that are those of a second HAProxy of a pod, and left out.
    pub leaves_peers: bool,
    /// Some of it is not known, or it can mean several things.
    pub open: bool,
}

/// A table with an entry for each client.
#[derive(Clone, Debug)]
pub struct ClientTable {
    /// What rules call it.
    pub name: String,
    /// The place of its size.
    pub at: Location,
    /// What it takes, in the versions that the configuration was read for.
    pub takes: Footprint,
}

/// The target of a `log` line.
#[derive(Clone, Debug)]
pub struct LogTarget {
    /// The place of the word.
    pub at: Location,
    /// The word.
    pub text: String,
    /// Whether a format is said behind it.
    pub formatted: bool,
}

/// A file that a line names.
#[derive(Clone, Debug)]
pub struct NamedFile {
    /// Its path.
    pub path: String,
    /// The place of the word.
    pub at: Location,
    /// What names it: `crt`, `lua-load`.
    pub keyword: String,
    /// Whether it may also be a folder, or a part of the names of several files.
    pub certificate: bool,
}

/// A `peers` section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub at: Option<Location>,
    /// Its peers, in order.
    pub peers: Vec<PeerLine>,
    /// Its `bind` line.
    pub bind: Option<Listener>,
    /// The tables that it replicates.
    pub tables: Vec<Arc<Table>>,
    /// Its `shards`, as written.
    pub shards: Option<String>,
    /// What it asks of those who connect.
    pub demands: Demands,
    by_name: HashMap<String, usize>,
}

/// A `peer` or `server` line.
#[derive(Clone, Debug)]
pub struct PeerLine {
    /// Its name, where all of it is known.
    pub name: Option<String>,
    /// The name for people.
    pub shown: String,
    /// The place of the name.
    pub at: Location,
    /// How it is written.
    pub kind: PeerKind,
    /// Whether it is named after a variable that holds the node's own name.
    pub after_host: bool,
    /// The address, where there is one.
    pub address: Option<Listener>,
    /// Whether it is dialled with TLS: its own options, or those of `default-server`.
    pub tls: bool,
    /// Whether it is dialled with a certificate.
    pub certificate: bool,
    /// Whether it may be dialled with the PROXY protocol.
    pub proxy: bool,
    /// Its `shard`, as written.
    pub shard: Option<String>,
}

/// What a section asks of those who connect to it, beside TLS.
#[derive(Clone, Copy, Debug)]
pub struct Demands {
    /// A certificate: `verify required`.
    pub certificate: bool,
    /// The PROXY protocol: `accept-proxy`.
    pub proxy: bool,
}

/// An address and the place it is written at.
#[derive(Clone, Debug)]
pub struct Listener {
    /// The place.
    pub at: Location,
    /// As it is written.
    pub text: String,
    /// Taken apart.
    pub address: Address,
    /// Whether a node that listens there speaks TLS.
    pub tls: bool,
    /// Whether it may take addresses that the node does not have.
    pub transparent: bool,
    /// Whether it is in a network namespace of its own.
    pub namespace: bool,
    /// Whether it takes IPv6 alone.
    pub v6only: bool,
}

impl Listener {
    /// The port, where it is one that is known.
    pub fn port(&self) -> Option<u16> {
        match self.address.port {
            Port::Fixed(port) => Some(port),
            _ => None,
        }
    }

    /// The variables in it whose values are not known.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.address.variables.iter().map(|v| v.name.as_str())
    }
}

/// A `bind` line of a proxy.
#[derive(Clone, Debug)]
pub struct BindLine {
    /// The address; a line with several gives several.
    pub listener: Listener,
    /// The proxy, such as `frontend web`.
    pub proxy: String,
}

/// A table that a section replicates, as it is called on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The proxy's name, or `section/table`.
    pub name: String,
    /// The line.
    pub at: Location,
    /// The key's type, as it is written.
    pub key: String,
    /// What it stores, by name.
    pub store: Vec<DataType>,
    /// `expire` as it is written.
    pub expire: Option<String>,
    /// `size` as it is written.
    pub size: Option<String>,
}

impl Table {
    /// How it is called on the wire, where the name of a section is left out.
    pub fn wire(&self) -> &str {
        self.name.cut(self.name.find('/').unwrap_or(0)..)
    }
}

impl Section {
    /// Whether the same lines of a file say the same on another node: the same names and addresses.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let listener = |l: &Option<Listener>| l.as_ref().map(|l| l.text.clone());
        let said = |s: &Self| -> Vec<_> { s.peers.iter().map(|p| (p.name.clone(), listener(&p.address))).collect() };
        listener(&self.bind) == listener(&other.bind) && said(self) == said(other)
    }

    /// The line of the peer named `name`.
    pub fn peer(&self, name: &str) -> Option<&PeerLine> {
        self.by_name.get(name).map(|at| &self.peers[*at])
    }

    /// Whether it has each peer at a loopback address and port of its own: so they are only where all nodes run on one machine.
    pub fn is_of_one_machine(&self) -> bool {
        let place = |peer: &PeerLine| {
            let address = peer.address.as_ref().filter(|listener| listener.address.host.is_loopback())?;
            Some((address.address.host.ip()?, address.port()?))
        };
        let mut places = HashSet::new();
        self.peers.len() > 1 && self.peers.iter().all(|peer| place(peer).is_some_and(|place| places.insert(place)))
    }
}

/// Tables by the `peers` section that replicates them.
pub(crate) type Tables = HashMap<String, Vec<Arc<Table>>>;

/// The tables of the proxies whose place is `wanted`.
pub(crate) fn tables(config: &Config<'_>, map: &dyn Fn(Location) -> Location, wanted: &dyn Fn(Location) -> bool) -> Tables {
    Lower { config, map }.tables(wanted)
}

impl Summary {
    /// What `config`, read from the configuration number `index`, says; `map` leads to the topology's files.
    /// `common` are tables that stand in parts of it that are left out here.
    pub(crate) fn new(config: &Config<'_>, map: &dyn Fn(Location) -> Location, index: usize, common: Option<&Tables>) -> Self {
        let lower = Lower { config, map };
        let mut tables = lower.tables(&|_| true);
        let mut of = |section: &str| {
            let common = common.and_then(|c| c.get(section)).cloned().unwrap_or_default();
            [common, tables.remove(section).unwrap_or_default()].concat()
        };
        let sections = config.peers.iter().filter(|p| !p.disabled);
        let sections = sections.map(|peers| lower.section(peers, of(peers.name()))).collect();
        let proxies = config.proxies.iter().filter(|p| !p.is_defaults() && !p.disabled);
        let binds: Vec<BindLine> =
            proxies.flat_map(|p| p.binds.iter().flat_map(|b| lower.binds(b.statement, b.address, p.title()))).collect();
        let (sockets, sources) = (lower.sockets(), lower.sources());
        let global = |keyword| config.global_line(keyword).map(|line| map(line.location()));
        let keys_by_name = config.global_line("ssl-load-extra-del-ext").is_some();
        let (daemon, chroot) = (global("daemon"), global("chroot"));
        let apart = lower.apart();
        let (logs, client_tables, servers) = (lower.logs(), lower.client_tables(), lower.servers());
        let ports = lower.ports(binds.iter().chain(&sockets));
        let (open, files) = (config.reading.opaque, lower.files());
        Self {
            configuration: index,
            sections,
            binds,
            sockets,
            sources,
            servers,
            logs,
            apart,
            client_tables,
            files,
            keys_by_name,
            daemon,
            chroot,
            ports,
            leaves_peers: false,
            open,
        }
    }
}

impl Summary {
    /// Leaves its peers out: it is that of a second HAProxy of a pod, whose name and addresses are taken for those of the first.
    pub(crate) fn leave_peers_to_another(&mut self) {
        if !self.sections.is_empty() {
            self.sections.clear();
            self.leaves_peers = true;
            self.ports = None;
        }
    }
}

struct Lower<'c, 'r> {
    config: &'c Config<'r>,
    map: &'c dyn Fn(Location) -> Location,
}

impl Lower<'_, '_> {
    fn at(&self, location: Location) -> Location {
        (self.map)(location)
    }

    fn tables(&self, wanted: &dyn Fn(Location) -> bool) -> Tables {
        let mut tables = Tables::new();
        for proxy in self.config.proxies.iter().filter(|p| !p.is_defaults() && !p.disabled) {
            for table in proxy.tables.iter().filter(|t| wanted(t.statement.location())) {
                if let Some(peers) = table.peers.and_then(Word::known) {
                    let table = self.table(proxy.name().to_owned(), table).map(Arc::new);
                    tables.entry(peers.to_owned()).or_default().extend(table);
                }
            }
        }
        tables
    }

    fn apart(&self) -> Vec<(String, Location)> {
        let proxies = self.config.proxies.iter().filter(|p| !p.is_defaults() && !p.disabled);
        let tables = proxies.flat_map(|p| p.tables.iter().map(move |table| (p.name(), table)));
        let apart = tables.filter(|(_, table)| table.peers.is_none());
        apart.map(|(name, table)| (name.to_owned(), self.at(table.statement.location()))).collect()
    }

    fn client_tables(&self) -> Vec<ClientTable> {
        let counters = &self.config.counters;
        let mut keyed: Vec<usize> = counters.keyed_by_clients(self.config).into_keys().collect();
        keyed.sort_unstable();
        let one = |at: usize| {
            let table = counters.tables.get(at)?;
            let takes = table.line.footprint(self.config.reading.world.versions)?;
            Some(ClientTable { name: table.name.clone(), at: self.at(table.line.size?.location), takes })
        };
        keyed.into_iter().filter_map(one).collect()
    }

    fn section(&self, peers: &Peers<'_>, mut tables: Vec<Arc<Table>>) -> Section {
        let listens_with_tls = peers.listens_with_tls();
        let lines: Vec<PeerLine> = peers
            .list
            .iter()
            .map(|peer| {
                let after_host = match peer.name.text {
                    Text::Known(_) => false,
                    _ => peers.names_itself() && crate::config::is_own_name(peer.name),
                };
                // The local `server` has no address: what stands there is an option.
                let role = if peers.binds.is_empty() { Role::Remote } else { Role::Unknown };
                PeerLine {
                    name: peer.name.known().map(str::to_owned),
                    shown: peer.name.display().into_owned(),
                    at: self.at(peer.name.location),
                    kind: peer.kind,
                    after_host,
                    address: peer.address(role).map(|word| self.listener(peer.statement, word, listens_with_tls)),
                    tls: peers.dials_with_tls(peer),
                    certificate: peers.shows_certificate(peer),
                    proxy: peers.may_send_proxy(peer),
                    shard: peer.option("shard").map(|w| w.display().into_owned()),
                }
            })
            .collect();
        let name = peers.name().to_owned();
        tables.extend(peers.tables.iter().filter_map(|t| self.table(format!("{name}/{}", t.name?.known()?), t).map(Arc::new)));
        let bind = peers.binds.first().and_then(|bind| Some(self.listener(bind.statement, bind.address?, listens_with_tls)));
        let word = |s: Statement<'_>| s.word(1).map(|w| w.display().into_owned());
        let mut by_name = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            if let Some(name) = &line.name {
                by_name.entry(name.clone()).or_insert(at);
            }
        }
        let demands = Demands { certificate: peers.demands_certificate(), proxy: peers.expects_proxy() };
        let (at, shards) = (peers.location().map(|l| self.at(l)), peers.shards.and_then(word));
        Section { name, at, peers: lines, bind, tables, shards, demands, by_name }
    }

    fn listener(&self, statement: Statement<'_>, word: Word<'_>, tls: bool) -> Listener {
        let options = Options::of_bind(statement, 1);
        Listener {
            at: self.at(word.location),
            text: word.display().into_owned(),
            address: self.config.address(word),
            tls,
            transparent: options.has("transparent"),
            namespace: options.has("namespace"),
            v6only: options.has("v6only"),
        }
    }

    fn line(&self, statement: Statement<'_>, word: Option<Word<'_>>, proxy: String) -> Option<BindLine> {
        Some(BindLine { listener: self.listener(statement, word?, false), proxy })
    }

    fn sockets(&self) -> Vec<BindLine> {
        let globals = self.config.sections().filter(|s| s.kind == SectionKind::Global);
        let lines = globals.flat_map(|s| s.statements()).filter(|s| s.starts_with(&["stats", "socket"]));
        lines.filter_map(|s| self.line(s, s.word(2), "global".to_owned())).collect()
    }

    /// Lines of `defaults` are looked at as well: proxies inherit them.
    fn logs(&self) -> Vec<LogTarget> {
        let holds = |s: &SectionKind| *s == SectionKind::Global || s.is_proxy();
        let lines = self.config.sections().filter(|s| holds(&s.kind)).flat_map(|s| s.statements()).filter(|s| s.keyword() == "log");
        let target = |line: Statement<'_>| {
            let word = line.word(1)?;
            let text = word.known().filter(|text| *text != "global")?.to_owned();
            Some(LogTarget { at: self.at(word.location), text, formatted: line.words().skip(1).any(|word| word.is("format")) })
        };
        lines.filter_map(target).collect()
    }

    fn files(&self) -> Vec<NamedFile> {
        let named = |outside: Outside| {
            let certificate = match outside.wanted {
                Wanted::File => false,
                Wanted::Certificate => true,
                _ => return None,
            };
            let path =
                outside.path.to_str().filter(|path| path.starts_with('/') && !path.contains("/../"))?.trim_end_matches('/').to_owned();
            Some(NamedFile { path, at: self.at(outside.location), keyword: outside.keyword, certificate })
        };
        self.config.outside().into_iter().filter_map(named).collect()
    }

    /// With `usesrc` another address takes the place of this one.
    fn sources(&self) -> Vec<BindLine> {
        if !self.config.reading.may_mention("source") {
            return Vec::new();
        }
        let mut all = Vec::new();
        for proxy in self.config.proxies.iter().filter(|p| p.is_backend() && !p.is_defaults() && !p.disabled) {
            let line = proxy.in_force.get("source").map(|s| (s, s.word(1)));
            let servers = proxy.servers.iter().map(|s| (s.statement, s.option("source")));
            let own = line.into_iter().chain(servers).filter(|(s, _)| !Options::of(*s, 1).has("usesrc"));
            all.extend(own.filter_map(|(s, word)| self.line(s, word, proxy.title())));
        }
        all
    }

    /// What `init-addr` or `resolvers` say may be looked up later.
    fn servers(&self) -> Vec<Listener> {
        let proxies = self.config.proxies.iter().filter(|p| p.is_backend() && !p.is_defaults() && !p.disabled);
        let waits = |s: &Server<'_>| s.open || s.has(ServerOption::InitAddr) || s.has(ServerOption::Resolvers);
        let servers = proxies.flat_map(|p| &p.servers).filter(|s| !waits(s));
        let listeners = servers.filter_map(|s| Some(self.listener(s.statement, s.address()?, false)));
        listeners.filter(|l| matches!(l.address.host, Host::Name(_))).collect()
    }

    /// The ports of these lines, where all are known that anything in the configuration may listen on.
    fn ports<'l>(&self, lines: impl Iterator<Item = &'l BindLine>) -> Option<Vec<(u16, u16)>> {
        let others = [SectionKind::LogForward, SectionKind::Program];
        if self.config.reading.opaque || self.config.sections().any(|s| others.contains(&s.kind)) {
            return None;
        }
        let port = |line: &BindLine| match (&line.listener.address.host, &line.listener.address.port) {
            (_, Port::Fixed(port)) => Some(Some((*port, *port))),
            (_, Port::Range(low, high)) => Some(Some((*low, *high))),
            (Host::Path(_) | Host::Server(_), _) => Some(None),
            _ => None,
        };
        lines.map(port).collect::<Option<Vec<_>>>().map(|all| all.into_iter().flatten().collect())
    }

    fn binds(&self, statement: Statement<'_>, word: Option<Word<'_>>, proxy: String) -> Vec<BindLine> {
        let Some(word) = word else { return Vec::new() };
        let whole = word.marked();
        let shown = word.display();
        let several = whole.contains(',');
        let options = Options::of_bind(statement, 1);
        let bind = |range: std::ops::Range<usize>| {
            let text = whole.cut(range);
            let address = address::parse(text, &|name| self.config.reading.environment.get(name));
            let text = if several { text.to_owned() } else { shown.clone().into_owned() };
            let listener = Listener {
                at: self.at(word.location),
                text,
                address,
                tls: options.has("ssl"),
                transparent: options.has("transparent"),
                namespace: options.has("namespace"),
                v6only: options.has("v6only"),
            };
            BindLine { listener, proxy: proxy.clone() }
        };
        address::list(&whole).map(bind).collect()
    }

    fn table(&self, name: String, table: &crate::config::StickTable<'_>) -> Option<Table> {
        let statement = table.statement;
        let kind = statement.after("type", 1)?.known()?.to_owned();
        let len = table.len.map(|w| w.display().into_owned());
        let mut store: Vec<DataType> = table.store.iter().flat_map(|s| &s.types).cloned().collect();
        store.sort_by(|a, b| a.name.cmp(&b.name));
        let key = match (kind.as_str(), len) {
            ("string" | "binary", Some(len)) => format!("{kind} len {len}"),
            ("ipv4", _) => "ip".to_owned(),
            _ => kind,
        };
        let shown = |word: Option<Word<'_>>| word.map(|w| w.display().into_owned());
        Some(Table { name, at: self.at(statement.location()), key, store, expire: shown(table.expire), size: shown(table.size) })
    }
}
