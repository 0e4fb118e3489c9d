//! `peers` sections (peers.md §2 and §3).

use crate::syntax::{Statement, Word};

use super::{Bind, SectionView, StickTable};

/// How a peer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerKind {
    /// `peer NAME ADDRESS`: for the local peer also the listener.
    Peer,
    /// `server NAME [ADDRESS]`: the local one has no address, its listener is a `bind` line.
    Server,
}

/// A `peer` or `server` line.
#[derive(Clone, Copy, Debug)]
pub struct Peer<'r> {
    /// The line.
    pub statement: Statement<'r>,
    /// Which keyword it is.
    pub kind: PeerKind,
    /// Its name.
    pub name: Word<'r>,
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
        for statement in section.statements() {
            match statement.keyword() {
                "peer" | "server" => {
                    let kind = if statement.keyword() == "peer" { PeerKind::Peer } else { PeerKind::Server };
                    peers.list.extend(statement.word(1).map(|name| Peer { statement, kind, name }));
                }
                "bind" => peers.binds.push(Bind { statement, address: statement.word(1) }),
                "default-bind" => peers.default_binds.push(statement),
                "default-server" => peers.default_servers.push(statement),
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
}

impl<'r> Peer<'r> {
    /// The address, where there is one. A `server` may go straight on with options, so only what looks like an address counts there.
    pub fn address(&self) -> Option<Word<'r>> {
        let word = self.statement.word(2)?;
        let looks = word.known().is_none_or(|text| text.contains([':', '@', '/', '.', '$']));
        (self.kind == PeerKind::Peer || looks).then_some(word)
    }

    /// Whether the option `name` is given.
    pub fn has(&self, name: &str) -> bool {
        self.statement.words().skip(2).any(|w| w.is(name))
    }
}
