//! `peers` sections.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use crate::{
    catalog::Options,
    source::Location,
    syntax::{Part, Statement, Text, Word},
    version::VersionSet,
};

use super::{
    Bind, Config, SectionView, Servers, StickTable,
    address::{self, Address, Host, Port},
    server::DefaultServer,
};

/// How a peer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerKind {
    /// `peer NAME ADDRESS`: for the local peer also the listener.
    Peer,
    /// `server NAME [ADDRESS]`: the local one has no address, its listener is a `bind` line.
    Server,
}

/// A `peer` or `server` line.
#[derive(Clone, Debug)]
pub struct Peer<'r> {
    /// The line.
    pub statement: Statement<'r>,
    /// Which keyword it is.
    pub kind: PeerKind,
    /// Its name.
    pub name: Word<'r>,
    /// What its address says, once somebody asked.
    parsed: OnceLock<Address>,
    /// The `default-server` lines above it.
    above: Option<Arc<Above<'r>>>,
}

/// What some `default-server` lines come to.
#[derive(Clone, Debug, Default)]
struct Above<'r> {
    server: Arc<DefaultServer<'r>>,
    /// Whether connections are made with TLS, whether a certificate is shown, and whether they may begin with the PROXY protocol.
    tls: bool,
    certificate: bool,
    proxy: bool,
}

impl<'r> Above<'r> {
    fn and(&self, line: Statement<'r>) -> Self {
        let mut server = (*self.server).clone();
        server.add(line);
        let options = Options::of_server(line, 1);
        Self {
            server: Arc::new(server),
            tls: last_says_tls(options).unwrap_or(self.tls),
            certificate: self.certificate || may_have(options, |word| word == "crt"),
            proxy: self.proxy || may_have(options, |word| word.starts_with(SENDS_PROXY)),
        }
    }
}

const SENDS_PROXY: &str = "send-proxy";

/// Whether the last option that says so is `ssl`; `None` where none does.
fn last_says_tls(options: Options<'_>) -> Option<bool> {
    options.words().filter(|w| w.is("ssl") || w.is("no-ssl")).last().map(|w| w.is("ssl"))
}

/// Whether one of the options is such a one; one that is not known may be.
fn may_have(options: Options<'_>, is: impl Fn(&str) -> bool) -> bool {
    options.words().any(|word| word.known().is_none_or(&is))
}

/// A `peers` section.
#[derive(Debug)]
pub struct Peers<'r> {
    /// The section.
    pub section: SectionView<'r>,
    /// Its peers, in order.
    pub list: Vec<Peer<'r>>,
    /// Its `bind` lines; HAProxy takes one.
    pub binds: Vec<Bind<'r>>,
    /// Its `default-bind` lines.
    pub default_binds: Vec<Statement<'r>>,
    /// Its `default-server` lines.
    pub default_servers: Vec<Statement<'r>>,
    /// Its tables.
    pub tables: Vec<StickTable<'r>>,
    /// Whether it is disabled; the last of `disabled` and `enabled` counts.
    pub disabled: bool,
    /// Its last `shards` line.
    pub shards: Option<Statement<'r>>,
}

impl<'r> Peers<'r> {
    /// The name, or `""` where it is missing or not known.
    pub fn name(&self) -> &'r str {
        self.section.name_str()
    }

    pub(super) fn lower(section: SectionView<'r>) -> Self {
        let mut peers = Self {
            section,
            list: Vec::new(),
            binds: Vec::new(),
            default_binds: Vec::new(),
            default_servers: Vec::new(),
            tables: Vec::new(),
            disabled: false,
            shards: None,
        };
        let mut above: Option<Arc<Above<'r>>> = None;
        for statement in section.statements() {
            match statement.keyword() {
                "peer" | "server" => {
                    let kind = if statement.keyword() == "peer" { PeerKind::Peer } else { PeerKind::Server };
                    let peer = |name| Peer { statement, kind, name, parsed: OnceLock::new(), above: above.clone() };
                    peers.list.extend(statement.word(1).map(peer));
                }
                "bind" => peers.binds.push(Bind { statement, address: statement.word(1) }),
                "default-bind" => peers.default_binds.push(statement),
                "default-server" => {
                    above = Some(Arc::new(above.unwrap_or_default().and(statement)));
                    peers.default_servers.push(statement);
                }
                "table" => peers.tables.push(StickTable::of_peers(statement)),
                "disabled" => peers.disabled = true,
                "enabled" => peers.disabled = false,
                "shards" => peers.shards = Some(statement),
                _ => {}
            }
        }
        peers
    }

    /// The peer of that name.
    pub fn peer(&self, name: &str) -> Option<&Peer<'r>> {
        self.list.iter().find(|p| p.name.is(name))
    }

    /// Whether a peer is named after a variable that holds the node's own name by convention.
    pub fn names_itself(&self) -> bool {
        self.list.iter().any(Peer::is_named_after_host)
    }

    /// How messages call it.
    pub fn title(&self) -> String {
        if self.name().is_empty() { "this section".to_owned() } else { format!("`peers {}`", self.name()) }
    }

    /// The place to point at for what concerns the whole section.
    pub fn location(&self) -> Option<Location> {
        self.section.name().map(|n| n.location).or_else(|| self.section.location())
    }

    /// Whether a `default-server` or `default-bind` line has the option `name`.
    pub fn has_default(&self, keyword: &str, name: &str) -> bool {
        let mut binds = self.default_binds.iter().filter(|_| keyword == "bind");
        let mut servers = self.default_servers.iter().filter(|_| keyword != "bind");
        binds.any(|line| Options::of_bind(*line, 1).has(name)) || servers.any(|line| Options::of_server(*line, 1).has(name))
    }

    /// Whether connections to this peer are made with TLS: by its own options, else by those of the `default-server` lines above it.
    pub fn dials_with_tls(&self, peer: &Peer<'r>) -> bool {
        let above = || peer.above.as_ref().is_some_and(|above| above.tls);
        last_says_tls(peer.options()).unwrap_or_else(above)
    }

    /// Whether a certificate is shown where TLS asks for one.
    pub fn shows_certificate(&self, peer: &Peer<'r>) -> bool {
        peer.above.as_ref().is_some_and(|above| above.certificate) || may_have(peer.options(), |word| word == "crt")
    }

    /// Whether connections to this peer may begin with the PROXY protocol.
    pub fn may_send_proxy(&self, peer: &Peer<'r>) -> bool {
        peer.above.as_ref().is_some_and(|above| above.proxy) || may_have(peer.options(), |word| word.starts_with(SENDS_PROXY))
    }

    /// The options of the listener: of `default-bind` lines, and of the first `bind` line.
    fn listening(&self) -> impl DoubleEndedIterator<Item = Options<'r>> {
        let lines = self.default_binds.iter().copied().chain(self.binds.first().map(|bind| bind.statement));
        lines.map(|line| Options::of_bind(line, 1))
    }

    /// Whether a connection without a certificate is refused. A list of certificates may say otherwise for some names.
    pub fn demands_certificate(&self) -> bool {
        let verify = || self.listening().rev().find_map(|options| options.value("verify"));
        !self.listening().any(|options| options.has("crt-list")) && verify().is_some_and(|how| how.is("required"))
    }

    /// Whether the listener waits for the PROXY protocol: on `default-bind` lines not every version looks at it.
    pub fn expects_proxy(&self) -> bool {
        self.binds.first().is_some_and(|bind| bind.options().has("accept-proxy"))
    }

    /// The server that a line comes to with the `default-server` lines above it.
    pub fn server(&self, member: &Member<'_, 'r>) -> Servers<'r> {
        let above = member.peer.above.as_ref().map(|above| Arc::clone(&above.server)).unwrap_or_default();
        Servers::of_peers(member.peer.statement, if member.address.is_some() { 3 } else { 2 }, above)
    }

    /// Whether the section takes connections with TLS: `bind` and `default-bind` lines alone say so, in any order.
    pub fn listens_with_tls(&self) -> bool {
        self.has_default("bind", "ssl") || self.binds.first().is_some_and(|bind| bind.options().has("ssl"))
    }
}

/// Variables that hold the name of the node a file is read on.
const OWN_NAME: [&str; 6] = ["HOSTNAME", "HOST", "HAPROXY_LOCALPEER", "POD_NAME", "NODE_NAME", "MY_POD_NAME"];

impl<'r> Peer<'r> {
    /// The word where the address is. The local `server` has none and goes straight on with options, so where it is not
    /// certain that a `server` is a remote one, only what looks like an address counts.
    pub fn address(&self, role: Role) -> Option<Word<'r>> {
        let word = self.statement.word(2)?;
        let looks = || word.known().is_none_or(|text| text.contains([':', '@', '/', '.', '$']));
        (self.kind == PeerKind::Peer || role == Role::Remote || looks()).then_some(word)
    }

    /// The options of its line, and its address before them.
    pub fn options(&self) -> Options<'r> {
        Options::of_server(self.statement, 2)
    }

    /// Whether the option `name` is given.
    pub fn has(&self, name: &str) -> bool {
        self.options().has(name)
    }

    /// The word that follows the option `name`.
    pub fn option(&self, name: &str) -> Option<Word<'r>> {
        self.options().value(name)
    }

    /// Whether its name may be `name`, as far as its variables let us see.
    pub fn may_be(&self, name: &str) -> bool {
        let parts = match self.name.text {
            Text::Known(text) => return text == name,
            Text::Many => return true,
            Text::Parts(parts) => parts,
        };
        let text = |part: Option<&Part>| match part {
            Some(Part::Text(text)) => text.clone(),
            _ => String::new(),
        };
        name.starts_with(&text(parts.first())) && name.ends_with(&text(parts.last()))
    }

    /// Whether its name differs from `name` by case alone, or by the domain behind the first label.
    pub fn resembles(&self, name: &str) -> bool {
        self.name.known().is_some_and(|own| resemble(own, name))
    }

    fn is_named_after_host(&self) -> bool {
        is_own_name(self.name)
    }
}

/// Whether two names are the same but for their case, or a domain behind one of them.
pub fn resemble(own: &str, name: &str) -> bool {
    let extends = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
    let (own, name) = (own.to_ascii_lowercase(), name.to_ascii_lowercase());
    !own.is_empty() && !name.is_empty() && (own == name || extends(&own, &name) || extends(&name, &own))
}

/// Whether a word depends on a variable that holds the name of the node it is read on.
pub fn is_own_name(word: Word<'_>) -> bool {
    let Text::Parts(parts) = word.text else { return false };
    parts.iter().any(|p| matches!(p, Part::Variable { name, .. } if OWN_NAME.contains(&name.as_str())))
}

/// What a peer is to the node that reads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The node itself.
    Local,
    /// Another node.
    Remote,
    /// One of the two: the node's name is not known.
    Unknown,
}

/// A peer as one node sees it.
#[derive(Debug)]
pub struct Member<'a, 'r> {
    /// The line.
    pub peer: &'a Peer<'r>,
    /// What it is to the node.
    pub role: Role,
    /// The address, where it is, and what it says.
    pub address: Option<(Word<'r>, &'a Address)>,
}

/// A `peers` section as one node sees it.
#[derive(Debug)]
pub struct PeersView<'a, 'r> {
    /// The section.
    pub peers: &'a Peers<'r>,
    /// The versions that give the node this name.
    pub versions: VersionSet,
    /// The node's name.
    pub local: Option<&'a str>,
    /// The peers.
    pub members: Vec<Member<'a, 'r>>,
}

impl<'a, 'r> PeersView<'a, 'r> {
    fn new(peers: &'a Peers<'r>, versions: VersionSet, local: Option<&'a str>, config: &Config<'r>) -> Self {
        let own = own_line(peers, local);
        let member = |(at, peer): (usize, &'a Peer<'r>)| {
            let role = match (own, local) {
                (Some(own), _) if own == at => Role::Local,
                (None, None) => Role::Unknown,
                (None, Some(local)) if peer.may_be(local) => Role::Unknown,
                _ => {
                    if local.is_some_and(|l| peer.name.is(l)) {
                        Role::Local
                    } else {
                        Role::Remote
                    }
                }
            };
            let address = peer.address(role).map(|word| (word, peer.parsed.get_or_init(|| config.address(word))));
            Member { peer, role, address }
        };
        Self { peers, versions, local, members: peers.list.iter().enumerate().map(member).collect() }
    }

    /// The node's own line.
    pub fn own(&self) -> Option<&Member<'a, 'r>> {
        self.members.iter().find(|m| m.role == Role::Local)
    }

    /// The other nodes.
    pub fn remotes(&self) -> impl Iterator<Item = &Member<'a, 'r>> {
        self.members.iter().filter(|m| m.role == Role::Remote)
    }

    /// Where the node listens for the others: the `bind` line, or the address of its own `peer` line.
    pub fn listener(&self, config: &Config<'r>) -> Option<(Statement<'r>, Word<'r>, Address)> {
        if let Some(bind) = self.peers.binds.first() {
            let word = bind.address?;
            return Some((bind.statement, word, config.address(word)));
        }
        let own = self.own().filter(|m| m.peer.kind == PeerKind::Peer)?;
        own.address.map(|(word, address)| (own.peer.statement, word, address.clone()))
    }
}

/// The number of the line that is the node's own. Where its name is not known, a line named after the host is it, or the
/// only `server` without an address.
fn own_line(peers: &Peers<'_>, local: Option<&str>) -> Option<usize> {
    if let Some(local) = local {
        return peers.list.iter().position(|p| p.name.is(local));
    }
    let after_host = peers.list.iter().position(Peer::is_named_after_host);
    let mut bare = peers.list.iter().enumerate().filter(|(_, p)| p.kind == PeerKind::Server && p.address(Role::Unknown).is_none());
    let only = bare.next().filter(|_| bare.next().is_none() && !peers.binds.is_empty());
    after_host.or(only.map(|(at, _)| at))
}

impl Member<'_, '_> {
    /// Whether it is dialled on another machine for certain.
    pub fn is_elsewhere(&self) -> bool {
        self.address.as_ref().is_some_and(|(_, address)| match &address.host {
            Host::Ip(ip) => !ip.is_loopback() && !ip.is_unspecified(),
            Host::Name(name) => name != "localhost",
            _ => false,
        })
    }

    /// Whether its address, which must have a port, has none.
    pub fn lacks_port(&self) -> bool {
        self.address.as_ref().is_some_and(|(_, a)| a.port == Port::None && matches!(a.host, Host::Ip(_) | Host::Name(_)))
    }
}

/// Up to this version `localpeer` counts only before the first `peers` section.
const ONE_PASS: VersionSet = VersionSet::before(3, 1, 0);

impl<'r> Config<'r> {
    /// Takes an address apart, with the environment as it is at the end of the configuration.
    pub fn address(&self, word: Word<'_>) -> Address {
        address::parse(&word.marked(), &|name| self.reading.environment.get(name))
    }

    /// Whether `localpeer` stands behind the first `peers` section.
    pub fn is_behind_peers(&self, localpeer: &Statement<'_>) -> bool {
        let place = |s: &Statement<'_>| (s.file_id().0, s.line());
        self.peers.first().and_then(|p| p.section.header()).is_some_and(|first| place(&first) < place(localpeer))
    }

    /// What the node is called, and in which versions: the last `localpeer` that counts, else the name that is `given`.
    pub fn local_names<'a>(&'a self, given: Option<&'a str>) -> Vec<(VersionSet, Option<&'a str>)> {
        let named = |line: Option<&Statement<'r>>| match line.and_then(|l| l.word(1)) {
            Some(word) => word.known().or(given),
            None => given,
        };
        let early = named(self.localpeer.iter().rfind(|l| !self.is_behind_peers(l)));
        let late = named(self.localpeer.last());
        if early == late { vec![(VersionSet::ALL, early)] } else { vec![(ONE_PASS, early), (ONE_PASS.complement(), late)] }
    }

    /// Every `peers` section that is in force, as the node of the `given` name sees it.
    pub fn peers_views<'a>(&'a self, given: Option<&'a str>) -> Vec<PeersView<'a, 'r>> {
        let mut views = self.all_peers_views(given);
        views.retain(|v| !v.peers.disabled);
        views
    }

    /// The same with the disabled sections: their lines are read all the same.
    pub fn all_peers_views<'a>(&'a self, given: Option<&'a str>) -> Vec<PeersView<'a, 'r>> {
        let mut names = self.local_names(given);
        names.retain(|(_, local)| self.is_world_of(*local));
        let sections = self.peers.iter();
        sections.flat_map(|p| names.iter().map(|(versions, local)| PeersView::new(p, *versions, *local, self))).collect()
    }
}

impl<'r> Config<'r> {
    /// The `peers` sections that are in force as a node sees them of which nothing is known, not even whether it can be in this world.
    pub fn nameless_views(&self) -> Vec<PeersView<'_, 'r>> {
        let sections = self.peers.iter().filter(|peers| !peers.disabled);
        sections.map(|peers| PeersView::new(peers, VersionSet::ALL, None, self)).collect()
    }

    /// Whether a node can be in this world of whose variables `may_be` says that they may hold a text: `.if streq("$POD_NAME",haproxy-0)`
    /// is false for pods that are called anew each time.
    pub fn is_world_of_names(&self, may_be: &dyn Fn(&str, &str) -> bool) -> bool {
        self.reading.world.assumed.iter().all(|(atom, truth)| {
            let Some((one, other)) = atom.strip_prefix("streq(").and_then(|inner| inner.strip_suffix(')')?.split_once(',')) else {
                return true;
            };
            let variable =
                |word: &str| word.trim().trim_matches('"').strip_prefix('$').map(|name| name.trim_matches(['{', '}']).to_owned());
            let text = |word: &str| Some(word.trim().trim_matches(['"', '\'']).to_owned()).filter(|text| !text.contains('$'));
            let asked = variable(one).zip(text(other)).or_else(|| variable(other).zip(text(one)));
            asked.is_none_or(|(name, text)| !*truth || may_be(&name, &text))
        })
    }
}

impl Config<'_> {
    /// Whether a node called `local` can be in this world: `.if streq("$POD_NAME",haproxy-0)` is true for one node alone.
    fn is_world_of(&self, local: Option<&str>) -> bool {
        let words = |atom: &str| -> Vec<String> {
            atom.split(|c: char| !(c.is_ascii_alphanumeric() || "_-.:".contains(c))).map(str::to_owned).collect()
        };
        self.reading.world.assumed.iter().all(|(atom, truth)| {
            let words = words(atom);
            let asks = words.iter().skip(1).any(|w| OWN_NAME.contains(&w.as_str()));
            let equal = atom.starts_with("streq(") && local.is_some_and(|l| words.iter().any(|w| w == l) == *truth);
            !asks || atom.starts_with("defined(") || equal
        })
    }
}

/// Whether `host` is an address of the public Internet: neither private, nor of this machine, nor for documentation.
pub fn is_public(host: &Host) -> bool {
    match host {
        Host::Ip(IpAddr::V4(ip)) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_documentation()
                || shared
                || a == 0
                || a >= 224)
        }
        // 2000::/3 is what is routed; 2001:db8::/32 is for documentation.
        Host::Ip(IpAddr::V6(ip)) => ip.segments()[0] & 0xe000 == 0x2000 && !(ip.segments()[0] == 0x2001 && ip.segments()[1] == 0xdb8),
        _ => false,
    }
}
