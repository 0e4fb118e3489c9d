//! Stick tables: `stick-table` lines of proxies and `table` lines of peers sections.

mod footprint;

pub use footprint::{Footprint, amount, entries, sizes};

use std::fmt;

use crate::syntax::{Statement, Word};

/// The type of a table's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as HAProxy writes it")]
pub enum KeyType {
    Integer,
    Ip,
    Ipv6,
    String,
    Binary,
    /// Missing, or not one that HAProxy knows, or not known to us.
    Unknown,
}

/// What a table stores per key, such as `gpc0` or `http_req_rate(10s)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataType {
    /// The name without its argument.
    pub name: String,
    /// The argument in parentheses.
    pub argument: Option<String>,
}

impl DataType {
    /// The period that a rate is counted over, as it is written: the last argument, as in `gpc_rate(2,10s)`.
    pub fn period(&self) -> Option<&str> {
        self.argument.as_deref().filter(|_| self.name.ends_with("_rate"))?.rsplit(',').next().map(str::trim)
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.argument {
            Some(argument) => write!(f, "{}({argument})", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A `store` argument.
#[derive(Clone, Debug)]
pub struct Stored<'r> {
    /// The word that lists the types.
    pub word: Word<'r>,
    /// The types in it.
    pub types: Vec<DataType>,
}

/// A stick table.
#[derive(Clone, Debug)]
pub struct StickTable<'r> {
    /// The line that declares it.
    pub statement: Statement<'r>,
    /// Its own name: the proxy's, or what follows `table`.
    pub name: Option<Word<'r>>,
    /// The type of its key.
    pub key: KeyType,
    /// The number behind `len`, as written.
    pub len: Option<Word<'r>>,
    /// The `size` argument.
    pub size: Option<Word<'r>>,
    /// The `expire` argument.
    pub expire: Option<Word<'r>>,
    /// The peers section of a proxy's table.
    pub peers: Option<Word<'r>>,
    /// The `srvkey` argument.
    pub srvkey: Option<Word<'r>>,
    /// The `write-to` argument.
    pub write_to: Option<Word<'r>>,
    /// The `recv-only` argument.
    pub recv_only: Option<Word<'r>>,
    /// What it stores.
    pub store: Vec<Stored<'r>>,
}

impl<'r> StickTable<'r> {
    pub(super) fn of_proxy(statement: Statement<'r>, name: Option<Word<'r>>) -> Self {
        Self::lower(statement, name, 1)
    }

    pub(super) fn of_peers(statement: Statement<'r>) -> Self {
        Self::lower(statement, statement.word(1), 2)
    }

    fn lower(statement: Statement<'r>, name: Option<Word<'r>>, first: usize) -> Self {
        let mut table = Self {
            statement,
            name,
            key: KeyType::Unknown,
            len: None,
            size: None,
            expire: None,
            peers: None,
            srvkey: None,
            write_to: None,
            recv_only: None,
            store: Vec::new(),
        };
        let mut at = first;
        while let Some(word) = statement.word(at) {
            let value = statement.word(at + 1);
            let slot = match word.known().unwrap_or("") {
                "type" => {
                    table.key = key_type(value);
                    at += 2;
                    continue;
                }
                "store" => {
                    table.store.extend(value.map(stored));
                    at += 2;
                    continue;
                }
                "recv-only" => {
                    table.recv_only = Some(word);
                    at += 1;
                    continue;
                }
                "len" => &mut table.len,
                "size" => &mut table.size,
                "expire" => &mut table.expire,
                "peers" => &mut table.peers,
                "srvkey" => &mut table.srvkey,
                "write-to" => &mut table.write_to,
                _ => {
                    at += 1;
                    continue;
                }
            };
            *slot = value;
            at += 2;
        }
        table
    }

    /// Whether it stores `name`.
    pub fn stores(&self, name: &str) -> bool {
        self.store.iter().flat_map(|s| &s.types).any(|t| t.name == name)
    }
}

/// A time of a table in milliseconds, which is its unit: `10s`, `500`.
pub fn milliseconds(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = match unit {
        "us" => return number.parse::<u64>().ok().map(|n| n.div_ceil(1000)),
        "" | "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

fn key_type(word: Option<Word<'_>>) -> KeyType {
    match word.and_then(Word::known) {
        Some("integer") => KeyType::Integer,
        Some("ip" | "ipv4") => KeyType::Ip,
        Some("ipv6") => KeyType::Ipv6,
        Some("string") => KeyType::String,
        Some("binary") => KeyType::Binary,
        _ => KeyType::Unknown,
    }
}

fn stored(word: Word<'_>) -> Stored<'_> {
    let text = word.known().unwrap_or("");
    let mut types = Vec::new();
    let mut depth = 0usize;
    let items = text.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    for item in items.filter(|i| !i.is_empty()) {
        let (name, argument) = match item.split_once('(') {
            Some((name, rest)) => (name, Some(rest.trim_end_matches(')').to_owned())),
            None => (item, None),
        };
        types.push(DataType { name: name.to_owned(), argument });
    }
    Stored { word, types }
}
