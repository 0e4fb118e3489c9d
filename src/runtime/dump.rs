//! What a running HAProxy says of its peers, typed: sections, peers, sessions, shared tables.
//!
//! Every field keeps its place in the text, and fields that no version is known to print are kept too. What is missing was
//! cut off, or that version does not print it: it is never guessed.

use std::time::Duration;

use crate::{source::Span, version::Version};

/// `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name.
    pub key: String,
    /// The value, as it is printed.
    pub value: String,
    /// Where both stand.
    pub span: Span,
}

/// Fields in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<Field>);

impl Fields {
    /// The first field of that name.
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.0.iter().find(|f| f.key == key)
    }

    /// The value of the first field of that name.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).map(|f| f.value.as_str())
    }

    /// The same as a number.
    pub fn number(&self, key: &str) -> Option<u64> {
        self.text(key)?.parse().ok()
    }

    /// The same, written `0x1f`.
    pub fn bits(&self, key: &str) -> Option<u64> {
        u64::from_str_radix(self.text(key)?.strip_prefix("0x")?, 16).ok()
    }

    /// The same as a time.
    pub fn timer(&self, key: &str) -> Option<Timer> {
        self.text(key).and_then(Timer::parse)
    }
}

/// A time from now, or since then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// `<NEVER>`
    Never,
    /// `<PAST>`
    Past,
    /// `1h37m`
    Span(Duration),
}

impl Timer {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "<NEVER>" => return Some(Self::Never),
            "<PAST>" => return Some(Self::Past),
            _ => {}
        }
        let (mut seconds, mut number, mut units) = (0u64, None, 0);
        for character in text.chars() {
            match (character.to_digit(10), number) {
                (Some(digit), before) => number = Some(before.unwrap_or(0u64).checked_mul(10)?.checked_add(digit.into())?),
                (None, Some(count)) => {
                    let unit = match character {
                        'd' => 86_400,
                        'h' => 3_600,
                        'm' => 60,
                        's' => 1,
                        _ => return None,
                    };
                    seconds = seconds.checked_add(count.checked_mul(unit)?)?;
                    (number, units) = (None, units + 1);
                }
                (None, None) => return None,
            }
        }
        (units > 0 && number.is_none()).then(|| Self::Span(Duration::from_secs(seconds)))
    }
}

/// The answer that the last session with a peer got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `NONE`: there was no session.
    None,
    /// `CONN`: the connection is or was being made.
    Connecting,
    /// `HSHK`: the hello was sent.
    Hello,
    /// `ESTA`: the hello was accepted.
    Established,
    /// `RETR`: try again.
    Retry,
    /// `PROT`: the hello was not understood.
    Protocol,
    /// `VERS`: the version was refused.
    Version,
    /// `NAME`: the one that was called has another name.
    Name,
    /// `UNKN`: the one that was called does not list our name.
    Unknown,
}

impl Status {
    /// The four letters that HAProxy prints.
    pub fn letters(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Connecting => "CONN",
            Self::Hello => "HSHK",
            Self::Established => "ESTA",
            Self::Retry => "RETR",
            Self::Protocol => "PROT",
            Self::Version => "VERS",
            Self::Name => "NAME",
            Self::Unknown => "UNKN",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        use Status::{Connecting, Established, Hello, Name, None, Protocol, Retry, Unknown, Version};
        [None, Connecting, Hello, Established, Retry, Protocol, Version, Name, Unknown].into_iter().find(|s| s.letters() == text)
    }
}

/// Which side of the mesh a peer is, where that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The process itself.
    Local,
    /// Another one.
    Remote,
}

/// A table that is shared with a peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedTable {
    /// The name of our table; empty where it is cut off.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// `local_id`, `remote_id`, `last_pushed` and so on.
    pub fields: Fields,
    /// `update`, `localupdate` and so on of the table itself.
    pub table: Fields,
}

impl SharedTable {
    /// How many of our updates the peer has not acknowledged.
    pub fn lag(&self) -> Option<u32> {
        let newest = u32::try_from(self.table.number("localupdate")?).ok()?;
        let acknowledged = u32::try_from(self.fields.number("update")?).ok()?;
        Some(newest.wrapping_sub(acknowledged))
    }
}

/// A connection with a peer, as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// `st0`, `st1`, `state`, and `xprt`, `src`, `addr` of one that the peer opened.
    pub fields: Fields,
    /// Whether the peer announced a table on it.
    pub remote_table: bool,
}

/// One peer of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Whether it is the process itself; `None` where that is cut off.
    pub role: Option<Role>,
    /// Whether there is a session; `None` where that is not printed.
    pub active: Option<bool>,
    /// `last_status`, `reconnect`, `new_conn` and so on.
    pub fields: Fields,
    /// The session, where there is one.
    pub session: Option<Session>,
    /// The tables.
    pub tables: Vec<SharedTable>,
}

impl Peer {
    /// Whether it is the process itself.
    pub fn is_local(&self) -> bool {
        self.role == Some(Role::Local)
    }

    /// Whether it is another process.
    pub fn is_remote(&self) -> bool {
        self.role == Some(Role::Remote)
    }

    /// The field with the status: `last_status`, until 2.2 `status`.
    pub fn status_field(&self) -> Option<&Field> {
        self.fields.get("last_status").or_else(|| self.fields.get("status"))
    }

    /// The status, where all of it can be read.
    pub fn status(&self) -> Option<Status> {
        self.status_field().and_then(|f| Status::parse(&f.value))
    }

    /// The address, as it is printed.
    pub fn address(&self) -> &str {
        self.fields.text("addr").unwrap_or("")
    }

    /// Host and port: the last colon is that of the port, also behind IPv6.
    pub fn host_and_port(&self) -> Option<(&str, u16)> {
        let (host, port) = self.address().rsplit_once(':')?;
        Some((host, port.parse().ok()?))
    }

    /// Whether there is a session now; `None` where the text does not say.
    pub fn has_session(&self) -> Option<bool> {
        match (self.active, &self.session) {
            (_, Some(_)) => Some(true),
            (Some(active), None) => Some(active),
            // Until 2.2 the session is all there is to see it by.
            (None, None) => self.fields.get("flags").map(|_| false),
        }
    }

    /// A field of the session.
    pub fn of_session(&self, key: &str) -> Option<&str> {
        self.session.as_ref()?.fields.text(key)
    }
}

/// A `peers` section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its name; empty where its line is missing.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// `disabled` or `state`, `flags`, `resync_timeout`, `task_calls`.
    pub fields: Fields,
    /// Its peers, in the order of the text: the last declared comes first.
    pub peers: Vec<Peer>,
}

impl Section {
    /// The process itself.
    pub fn local(&self) -> Option<&Peer> {
        self.peers.iter().find(|p| p.is_local())
    }

    /// Whether it is in the form of 2.0 to 2.2.0, which does not say who is active, and of which some keep a section
    /// without its local peer.
    pub fn is_old(&self) -> bool {
        self.fields.get("state").is_some() && self.peers.iter().all(|p| p.active.is_none())
    }

    /// The others.
    pub fn remotes(&self) -> impl Iterator<Item = &Peer> {
        self.peers.iter().filter(|p| p.is_remote())
    }
}

/// The head of a table, as `show table` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableHead {
    /// Its name.
    pub name: String,
    /// Where that stands.
    pub span: Span,
    /// The type of its keys.
    pub kind: Option<String>,
    /// How many entries it may have.
    pub size: Option<u64>,
    /// How many it has.
    pub used: Option<u64>,
}

/// What `show info` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// `Version`, as it is printed.
    pub version: Option<String>,
    /// `Uptime_sec`.
    pub uptime: Option<u64>,
    /// `Pid`.
    pub pid: Option<u64>,
    /// `node`.
    pub node: Option<String>,
}

/// What tells the versions apart that print it (topology.md §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// 2.0.
    V2_0,
    /// 2.1 and 2.2: counters, and no time of the last handshake.
    V2_1,
    /// 2.3.
    V2_3,
    /// 2.4 to 2.9.
    V2_4,
    /// 3.0 to 3.2: `app_state`, and other numbers for the flags.
    V3_0,
    /// From 3.3 on: no `commitupdate`.
    V3_3,
}

impl Format {
    /// The versions, for people.
    pub fn versions(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1 or 2.2",
            Self::V2_3 => "2.3 to 2.9",
            Self::V2_4 => "2.4 to 2.9",
            Self::V3_0 => "3.0 to 3.2",
            Self::V3_3 => "3.3 or later",
        }
    }
}

/// One answer to `show peers`, with what was asked beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    /// The sections.
    pub sections: Vec<Section>,
    /// Heads of tables.
    pub tables: Vec<TableHead>,
    /// What `show info` said.
    pub info: Info,
    /// Where the text shows that `show peers` was asked.
    pub asked: Option<Span>,
    /// The text breaks off inside of something.
    pub cut: bool,
    /// HAProxy answered that there is no such section.
    pub no_such_section: bool,
    /// The whole answer.
    pub span: Span,
}

impl Dump {
    /// Whether the text does not show everything that HAProxy printed.
    pub(crate) fn is_short(&self) -> bool {
        // Later versions never print a section without its local peer.
        let peerless = |s: &Section| s.local().is_none() && (s.name.is_empty() || !s.is_old());
        self.cut || self.sections.iter().any(peerless)
    }

    /// The name that the process goes by.
    pub fn local_name(&self) -> Option<&str> {
        self.sections.iter().find_map(|s| Some(s.local()?.name.as_str()))
    }

    /// What the text tells of the version that printed it.
    pub fn format(&self) -> Option<Format> {
        let peers = || self.sections.iter().flat_map(|s| &s.peers);
        let tables = || peers().flat_map(|p| &p.tables);
        let has = |key: &str| peers().any(|p| p.fields.get(key).is_some());
        if has("app_state") {
            let whole = |t: &&SharedTable| t.table.get("refcnt").is_some();
            let late = tables().any(|t| whole(&t) && t.table.get("commitupdate").is_none());
            return Some(if late { Format::V3_3 } else { Format::V3_0 });
        }
        if tables().any(|t| t.table.get("refcnt").is_some()) {
            return Some(Format::V2_4);
        }
        if has("last_hdshk") {
            return Some(Format::V2_3);
        }
        if has("tx_hbt") || has("last_status") {
            return Some(Format::V2_1);
        }
        (has("status") && has("confirm")).then_some(Format::V2_0)
    }

    /// Whether this version may queue the hello before there is a connection, so that `HSHK` does not prove one.
    pub fn queues_hello(&self) -> bool {
        let tables = self.sections.iter().flat_map(|s| &s.peers).any(|p| !p.tables.is_empty());
        match (self.version(), self.format()) {
            (Some(version), _) => version >= Version::new(3, 3, 0),
            (None, Some(Format::V3_0)) => !tables,
            (None, format) => format == Some(Format::V3_3),
        }
    }

    /// The version, where `show info` was asked.
    pub fn version(&self) -> Option<Version> {
        let text = self.info.version.as_deref()?;
        text.split(['-', '~']).next()?.parse().ok()
    }
}
