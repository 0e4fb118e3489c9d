//! What a stick table takes: memory when it is full, and bytes on the way to other nodes.
//!
//! The sizes were measured with HAProxy 2.6.12, 2.8.25, 3.0, 3.2, 3.4 and 3.5 on Linux with 64 bits: entries were written through the
//! stats socket, and what the pools and the process had grown by was read. Of versions between two of them the next one stands.

use crate::{
    counted,
    cut::Cut,
    source::Sources,
    syntax::{ReadOptions, Tree, read},
    version::VersionSet,
};

use super::{super::Config, DataType, KeyType, StickTable};

/// What a stick table takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// How many entries it has when it is full.
    pub entries: u64,
    /// The bytes of an entry, in the version in which it is the smallest.
    pub least: u64,
    /// The bytes of an entry, in the version in which it is the largest.
    pub most: u64,
    /// About how many bytes tell another node of an entry.
    pub message: u64,
}

/// A row of [`LAYOUTS`]: since when, what an entry has beside its key and its counters, and to what its size is rounded.
type Layout = (VersionSet, u64, u64);

/// How entries are laid out.
const LAYOUTS: [Layout; 4] = [
    (VersionSet::before(2, 7, 0), 136, 32),
    (VersionSet::since(2, 7, 0).minus(VersionSet::since(2, 9, 0)), 144, 32),
    (VersionSet::since(2, 9, 0).minus(VersionSet::since(3, 1, 0)), 144, 8),
    (VersionSet::since(3, 1, 0), 168, 8),
];

/// The length of keys where none is said.
const LENGTH: u64 = 32;

impl StickTable<'_> {
    /// What `len` says, or would say: how long its keys are, where they are texts or bytes. `None` where that is not known.
    pub fn key_length(&self) -> Option<u64> {
        self.len.map_or(Some(LENGTH), |word| word.known()?.parse().ok())
    }

    /// What it takes; `None` where not all of the line is known.
    pub fn footprint(&self, versions: VersionSet) -> Option<Footprint> {
        let length = self.key_length()?;
        // Keys in memory, and on the way to others.
        let (key, sent) = match self.key {
            KeyType::Integer | KeyType::Ip => (4, 4),
            KeyType::Ipv6 => (16, 16),
            KeyType::String => (length.checked_add(1)?, length.checked_add(1)?),
            KeyType::Binary => (length, length),
            KeyType::Unknown => return None,
        };
        let mut data = 0u64;
        let mut message = 7u64.checked_add(sent)?;
        for stored in &self.store {
            stored.word.known()?;
            for one in &stored.types {
                let (kept, told) = cost(one)?;
                data = data.checked_add(kept)?;
                message = message.checked_add(told)?;
            }
        }
        let raw = data.checked_next_multiple_of(8)?.checked_add(key)?;
        let entry = |(_, base, step): &Layout| allocated(raw.checked_add(*base)?, *step);
        let sizes: Option<Vec<u64>> = LAYOUTS.iter().filter(|(known, ..)| known.meets(versions)).map(entry).collect();
        let sizes = sizes?;
        Some(Footprint {
            entries: entries(self.size?.known()?)?,
            least: sizes.iter().copied().min()?,
            most: sizes.iter().copied().max()?,
            message,
        })
    }
}

/// What the allocator takes for so many bytes: pools round to `step`, and keep eight bytes of their own.
fn allocated(raw: u64, step: u64) -> Option<u64> {
    let pool = if step > 8 { raw.checked_add(8)?.checked_next_multiple_of(step)? - 8 } else { raw.checked_next_multiple_of(step)? };
    pool.checked_add(16)?.checked_next_multiple_of(16)
}

/// How many bytes a counter takes in memory, and about how many on the way to others.
fn cost(data: &DataType) -> Option<(u64, u64)> {
    let name = data.name.as_str();
    let rate = name.ends_with("_rate");
    let of_bytes = name.starts_with("bytes_");
    let each = match () {
        () if rate => (12, 6),
        () if of_bytes => (8, 5),
        () if name.ends_with("_key") => (8, 3),
        () => (4, 2),
    };
    // Arrays say their length first: `gpc(3)`, `gpc_rate(3,10s)`.
    let is_array = matches!(name, "gpc" | "gpt" | "gpc_rate");
    let length: u64 = if is_array { data.argument.as_deref()?.split(',').next()?.trim().parse().ok()? } else { 1 };
    Some((each.0 * length.min(100), each.1 * length.min(100)))
}

/// A number of entries as HAProxy reads it: `100k`.
pub fn entries(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let shift = match text.cut(digits..).to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return None,
    };
    text.cut(..digits).parse::<u32>().ok().and_then(|number| u64::from(number).checked_mul(1 << shift))
}

impl Footprint {
    /// The bytes of the full table, in the version in which it is the smallest.
    pub fn full(&self) -> u64 {
        self.entries.saturating_mul(self.least)
    }

    /// The same in sentences; of what sharing it costs where it is shared.
    pub fn sentences(&self, shared: bool) -> Vec<String> {
        let full = range(amount(self.full()), amount(self.entries.saturating_mul(self.most)));
        let mut all = vec![
            format!("an entry takes {}", range(format!("{} bytes", self.least), format!("{} bytes", self.most))),
            format!("full, with {}, the table takes {full}", counted(self.entries, "entry")),
        ];
        if shared {
            let whole = amount(self.entries.saturating_mul(self.message));
            all.push(format!(
                "each change of an entry sends about {} bytes to each other node, and a node that joins is sent the whole table: up to {whole}",
                self.message
            ));
        }
        all
    }
}

/// What is between two amounts, which may be one.
fn range(least: String, most: String) -> String {
    if least == most {
        return least;
    }
    let unit = |text: &str| text.rsplit(' ').next().map(str::to_owned);
    let first = if unit(&least) == unit(&most) { least.split(' ').next().unwrap_or("") } else { least.as_str() };
    format!("{first} to {most}, depending on the version")
}

/// A number of bytes for people.
pub fn amount(bytes: u64) -> String {
    let units = [(1u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = (u128::from(bytes) * 10 / u128::from(unit)) as u64;
            if tenths.is_multiple_of(10) || tenths >= 1000 {
                format!("{} {name}", tenths / 10)
            } else {
                format!("{}.{} {name}", tenths / 10, tenths % 10)
            }
        }
        None => counted(bytes, "byte"),
    }
}

/// What the table of a line takes, in sentences: of `stick-table …`, or of the `table …` of a peers section. `None` where the line
/// declares no table, or not all of it is known.
///
/// ```
/// use haproxy_lint::{config::sizes, version::VersionSet};
/// let all = sizes("stick-table type ip size 1m expire 10m store http_req_rate(10s)", VersionSet::supported()).unwrap();
/// assert_eq!(all[0], "an entry takes 192 to 208 bytes, depending on the version");
/// ```
pub fn sizes(line: &str, versions: VersionSet) -> Option<Vec<String>> {
    if line.contains(['\n', '\r']) {
        return None;
    }
    let sources = Sources::single("line", format!("peers p\n{line}\nbackend b\n{line}\n"));
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let readings = read(&sources, &trees, &ReadOptions { versions, ..ReadOptions::default() });
    let config = Config::new(readings.first()?);
    let table = config.tables().next()?;
    let footprint = table.footprint(versions)?;
    let mut all = footprint.sentences(table.peers.is_some() || table.statement.keyword() == "table");
    if table.expire.is_none() {
        all.push("without `expire` entries stay until the table is full".to_owned());
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use crate::version::Version;

    use super::*;

    /// What the process grew by with each entry.
    const MEASURED: [(&str, [u64; 6]); 4] = [
        ("type ip size 1m", [176, 176, 176, 192, 192, 192]),
        ("type ip size 1m store conn_cur,conn_rate(10s),http_req_rate(10s)", [208, 208, 208, 240, 224, 224]),
        ("type ipv6 size 1m store http_req_rate(10s)", [208, 208, 192, 224, 224, 224]),
        ("type string len 32 size 1m store server_id", [208, 240, 208, 240, 240, 240]),
    ];

    #[test]
    fn entries_are_as_large_as_they_were_measured() {
        let versions = [(2, 6, 12), (2, 8, 25), (3, 0, 0), (3, 2, 0), (3, 4, 0), (3, 5, 0)];
        for (line, expected) in MEASURED {
            for ((major, minor, patch), mut expected) in versions.into_iter().zip(expected) {
                let set = VersionSet::only(Version::new(major, minor, patch));
                let found = sizes(&format!("stick-table {line}"), set).unwrap();
                // Up to 3.2 tables may use the larger entries of another pool.
                if (minor, expected) == (2, 240) && line.contains("conn_cur") {
                    expected -= 16;
                }
                assert_eq!(found[0], format!("an entry takes {expected} bytes"), "{line} in {major}.{minor}");
            }
        }
    }

    #[test]
    fn what_is_not_known_has_no_size() {
        let all = VersionSet::supported();
        let lines = [
            "",
            "maxconn 1",
            "stick-table",
            "stick-table type ip",
            "stick-table type ip size ${N}",
            "stick-table type ip size 1m store gpc",
        ];
        let odd = [
            "stick-table type ip size 99999999999",
            "stick-table type string len 18446744073709551615 size 1",
            "stick-table type ip size 1\nx",
        ];
        for line in lines.into_iter().chain(odd) {
            assert_eq!(sizes(line, all), None, "{line}");
        }
        assert!(sizes("table t type ip size 4g", all).unwrap()[1].contains("GiB"));
    }

    #[test]
    fn amounts_are_for_people() {
        assert_eq!([7, 2048, 1536 << 10, 208 << 20].map(amount), ["7 bytes", "2 KiB", "1.5 MiB", "208 MiB"]);
    }
}
