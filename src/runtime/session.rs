//! How it stands with one remote peer, read from its lines.

use std::time::Duration;

use super::dump::{Peer, Section, Status, Timer};

/// How it stands with a remote peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The session is up.
    Established,
    /// The hello was accepted, and nothing came since.
    Mute,
    /// The session ended, and the next attempt is to come.
    Lost,
    /// Nothing was tried yet.
    NotTried,
    /// The connection fails: refused, dropped, or from 3.3 on closed at once, which cannot be told.
    Unreachable,
    /// The connection is refused, or TLS fails.
    Refused,
    /// Packets vanish on the way.
    Dropped,
    /// The connection is accepted, and nobody answers the hello.
    Silent,
    /// The connection is accepted and closed at once.
    Closed,
    /// Connections without end.
    Storm,
    /// `NAME`.
    OtherName,
    /// `UNKN`.
    NotListed,
    /// `PROT`.
    NotUnderstood,
    /// `VERS`.
    OtherVersion,
    /// `RETR`.
    Collision,
    /// The address was never resolved.
    Unresolved,
    /// What would tell is not in the text.
    Unknown,
}

impl State {
    /// The name that the JSON and Prometheus use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::Mute => "mute",
            Self::Lost => "lost",
            Self::NotTried => "not-tried",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
            Self::Silent => "silent",
            Self::Closed => "closed",
            Self::Storm => "storm",
            Self::OtherName => "other-name",
            Self::NotListed => "not-listed",
            Self::NotUnderstood => "not-understood",
            Self::OtherVersion => "other-version",
            Self::Collision => "collision",
            Self::Unresolved => "unresolved",
            Self::Unknown => "unknown",
        }
    }

    /// The same for people, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::Mute => "accepted, then silent",
            Self::Lost => "session lost, retry to come",
            Self::NotTried => "not tried yet",
            Self::Unreachable => "no connection",
            Self::Refused => "connection refused",
            Self::Dropped => "packets vanish",
            Self::Silent => "hello not answered",
            Self::Closed => "closed at once",
            Self::Storm => "connection storm",
            Self::OtherName => "it has another name",
            Self::NotListed => "it does not list us",
            Self::NotUnderstood => "hello not understood",
            Self::OtherVersion => "protocol version refused",
            Self::Collision => "told to try again",
            Self::Unresolved => "name never resolved",
            Self::Unknown => "cannot be told",
        }
    }

    /// Whether HAProxy never dials again by itself.
    pub fn is_sticky(self) -> bool {
        matches!(self, Self::OtherName | Self::NotListed | Self::NotUnderstood | Self::OtherVersion)
    }

    /// Whether a TCP connection came about; `None` where that cannot be told.
    pub fn connects(self) -> Option<bool> {
        match self {
            Self::Unreachable | Self::Refused | Self::Dropped | Self::Unresolved => Some(false),
            Self::Lost | Self::NotTried | Self::Unknown | Self::Closed => None,
            _ => Some(true),
        }
    }
}

/// What changed at a peer between two dumps of one process.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// How long that was, where it is known.
    pub seconds: Option<f64>,
    /// Connections made.
    pub new_conn: u64,
    /// Heartbeats received.
    pub rx_hbt: u64,
    /// Sessions ended for silence.
    pub no_hbt: u64,
    /// Collisions.
    pub coll: u64,
    /// Broken messages.
    pub proto_err: u64,
    /// Some table moved.
    pub tables_moved: bool,
}

impl Change {
    /// From `before` to `after`; `None` where the process was restarted in between.
    pub fn between(before: &Peer, after: &Peer, seconds: Option<f64>) -> Option<Self> {
        let grown = |key| {
            let (a, b) = (before.fields.number(key).unwrap_or(0), after.fields.number(key).unwrap_or(0));
            b.checked_sub(a)
        };
        let moved = |peer: &Peer| -> Vec<[Option<u64>; 3]> {
            peer.tables.iter().map(|t| ["last_get", "last_acked", "update"].map(|k| t.fields.number(k))).collect()
        };
        Some(Self {
            seconds,
            new_conn: grown("new_conn")?,
            rx_hbt: grown("rx_hbt")?,
            no_hbt: grown("no_hbt")?,
            coll: grown("coll")?,
            proto_err: grown("proto_err")?,
            tables_moved: moved(before) != moved(after),
        })
    }

    /// Connections made each second.
    pub fn rate(&self) -> Option<f64> {
        self.seconds.filter(|s| *s > 0.0).map(|s| self.new_conn as f64 / s)
    }
}

/// What is known beside the lines of the peer itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Since the earliest dump of the same process.
    pub change: Option<Change>,
    /// How long the process runs, in seconds.
    pub uptime: Option<u64>,
    /// `HSHK` does not prove a connection.
    pub queues_hello: bool,
}

/// HAProxy tries each five seconds: so many a second are none of that.
const STORM_RATE: f64 = 2.0;

/// How it stands with `peer` of `section`.
pub fn state(section: &Section, peer: &Peer, around: &Around) -> State {
    if is_unresolved(peer) {
        return State::Unresolved;
    }
    let Some(status) = peer.status() else { return State::Unknown };
    if status != Status::Established && is_storm(section, peer, around) {
        return State::Storm;
    }
    match status {
        Status::None => State::NotTried,
        Status::Established => established(peer, around),
        Status::Connecting => connecting(peer, State::Unreachable),
        Status::Hello => hello(peer, around),
        Status::Retry => State::Collision,
        Status::Protocol => State::NotUnderstood,
        Status::Version => State::OtherVersion,
        Status::Name => State::OtherName,
        Status::Unknown => State::NotListed,
    }
}

fn is_unresolved(peer: &Peer) -> bool {
    let address = peer.address();
    address == ":0" || address == "0.0.0.0:0" || address == ":::0"
}

fn established(peer: &Peer, around: &Around) -> State {
    let is = |key, wanted: &str| peer.of_session(key).is_none_or(|v| v == wanted);
    let number = |key| peer.fields.number(key).unwrap_or(0);
    let moved = peer.tables.iter().any(|t| ["last_get", "update"].iter().any(|k| t.fields.number(k).unwrap_or(0) > 0));
    // One session that ended for silence may be that of a host that went away, until the next one is old enough for a heartbeat.
    let fresh = matches!(peer.fields.timer("last_hdshk"), Some(Timer::Span(s)) if s.as_secs() < 4);
    let ended = number("no_hbt");
    let never_heard = (ended > 1 || (ended == 1 && !fresh)) && number("rx_hbt") == 0 && !moved;
    let gone_quiet = around.change.is_some_and(|c| c.no_hbt > 0 && c.rx_hbt == 0 && !c.tables_moved);
    match peer.has_session() {
        None => State::Unknown,
        Some(_) if never_heard || gone_quiet => State::Mute,
        Some(true) if is("st0", "7") && is("state", "EST") => State::Established,
        Some(_) => State::Lost,
    }
}

fn connecting(peer: &Peer, otherwise: State) -> State {
    match peer.of_session("state") {
        Some("TAR") => State::Refused,
        Some("CON") => State::Dropped,
        _ => otherwise,
    }
}

/// Until 3.2 `HSHK` means that the connection is up; later ones queue the hello before.
fn hello(peer: &Peer, around: &Around) -> State {
    match peer.of_session("state") {
        Some("EST") => State::Silent,
        Some("TAR" | "CON") => connecting(peer, State::Unreachable),
        _ if around.queues_hello => State::Unreachable,
        _ if peer.has_session() == Some(true) => State::Silent,
        _ => State::Closed,
    }
}

fn is_storm(section: &Section, peer: &Peer, around: &Around) -> bool {
    let Some(count) = peer.fields.number("new_conn") else { return false };
    if let Some(rate) = around.change.and_then(|c| c.rate()) {
        return rate > STORM_RATE && around.change.is_some_and(|c| c.new_conn >= 20);
    }
    if let Some(uptime) = around.uptime {
        return count >= 20 && count as f64 > STORM_RATE * uptime.max(1) as f64;
    }
    // Who waits for the first lesson was started seconds ago.
    let young = matches!(section.fields.timer("resync_timeout"), Some(Timer::Span(_)));
    if (young && count >= 100) || (peer.status() == Some(Status::None) && count >= 20) {
        return true;
    }
    let zero = peer.fields.timer("last_hdshk").is_none_or(|t| t == Timer::Span(Duration::ZERO));
    let fresh = matches!(peer.fields.timer("reconnect"), Some(Timer::Span(s)) if s.as_secs() >= 4);
    let waits = matches!(peer.of_session("state"), Some("TAR" | "CON"));
    count >= 1000 && zero && fresh && peer.has_session() == Some(true) && !waits
}
