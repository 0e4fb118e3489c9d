//! Which tables have an entry for each client.

use rustc_hash::FxHashMap;

use super::{super::Model, Counters};

/// How expressions begin that differ from client to client.
const CLIENTS: [&str; 14] = [
    "src",
    "hdr(",
    "hdr_",
    "req.hdr",
    "req.fhdr",
    "cook",
    "req.cook",
    "res.cook",
    "base32",
    "url32",
    "url_param(",
    "urlp(",
    "path",
    "payload",
];

impl Counters<'_> {
    /// The tables into which some rule puts an entry for each client: places in [`Counters::tables`], and whether clients are kept on
    /// servers by it.
    pub fn keyed_by_clients(&self, model: &Model<'_>) -> FxHashMap<usize, bool> {
        let differs = |key: &str| CLIENTS.iter().any(|start| key.starts_with(start)) && !key.starts_with("src_");
        let tracks = self.tracks.iter().filter(|t| t.key.is_some_and(differs)).filter_map(|t| t.table);
        let mut found: FxHashMap<usize, bool> = tracks.map(|table| (table, false)).collect();
        for section in model.proxies.iter().filter(|p| p.runs() && p.is_backend()) {
            for line in section.lines(&["stick"]) {
                let at = if line.str(1) == "on" || line.str(1).starts_with("store-") || line.str(1) == "match" { 2 } else { continue };
                let name = line.after("table", at + 1).map_or(Some(section.name()), |word| word.known());
                found.extend(name.filter(|_| differs(line.str(at))).and_then(|name| self.named(name)).map(|table| (table, true)));
            }
        }
        found
    }
}
