//! The instances of VRRP in a `keepalived.conf`, and the scripts that they track.

use std::{collections::HashSet, net::IpAddr};

use super::model::{Said, Topology, VrrpInstance};
use crate::{
    cut::Cut,
    source::{FileId, Location, SourceFile, Span},
};

/// So many bytes of `auth_pass` count.
const PASSWORD: usize = 8;

/// Adds what `file` says. One that includes others, or that something fills in first, is not all there.
pub(super) fn read(file: &SourceFile, id: FileId, topology: &mut Topology) {
    let text = String::from_utf8_lossy(file.bytes());
    let mut reading = Reading::new(id);
    for statement in statements(&text) {
        reading.take(&statement);
    }
    if reading.open || ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark)) {
        return;
    }
    let version_3 = reading.version_3;
    topology.vrrp_instances.extend(reading.instances.into_iter().map(|i| VrrpInstance { version_3: i.version_3 || version_3, ..i }));
    let tracked = reading.tracked;
    topology.vrrp_untracked.extend(reading.scripts.into_iter().filter(|script| !tracked.contains(&script.value)));
}

/// A word and where it begins.
type Word<'t> = (&'t str, usize);

/// The words of a line, and the first words of the blocks around it.
struct Statement<'t> {
    blocks: Vec<&'t str>,
    words: Vec<Word<'t>>,
}

/// The lines of a text without comments. The line that opens a block is one of them, and stands outside of it.
fn statements(text: &str) -> Vec<Statement<'_>> {
    let (mut found, mut blocks, mut words) = (Vec::new(), Vec::new(), Vec::<Word<'_>>::new());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let plain = line.split(['#', '!']).next().unwrap_or("");
        let opens = plain.trim_start().starts_with('{');
        if !opens && !words.is_empty() {
            found.push((blocks.clone(), std::mem::take(&mut words)));
        }
        for (word, at) in pieces(plain) {
            match word {
                "{" => {
                    let first = words.first().map_or("", |(word, _)| *word);
                    found.push((blocks.clone(), std::mem::take(&mut words)));
                    blocks.push(first);
                }
                "}" => {
                    found.push((blocks.clone(), std::mem::take(&mut words)));
                    blocks.pop();
                }
                _ => words.push((word, start + at)),
            }
        }
        start += line.len();
    }
    found.push((blocks, words));
    let lines = found.into_iter().filter(|(_, words)| !words.is_empty());
    lines.map(|(blocks, words)| Statement { blocks, words }).collect()
}

/// Words and braces, each with its place.
fn pieces(line: &str) -> Vec<Word<'_>> {
    let mut pieces = Vec::new();
    let mut begun = None;
    for (at, c) in line.char_indices() {
        let ends = c.is_whitespace() || matches!(c, '{' | '}');
        if let (true, Some(from)) = (ends, begun) {
            pieces.push((line.cut(from..at), from));
            begun = None;
        }
        match c {
            '{' | '}' => pieces.push((line.cut(at..=at), at)),
            _ if !ends && begun.is_none() => begun = Some(at),
            _ => {}
        }
    }
    pieces.extend(begun.map(|from| (line.cut(from..), from)));
    pieces
}

/// What was read so far.
struct Reading {
    id: FileId,
    instances: Vec<VrrpInstance>,
    scripts: Vec<Said<String>>,
    tracked: HashSet<String>,
    version_3: bool,
    /// There is more than this file says.
    open: bool,
}

impl Reading {
    fn new(id: FileId) -> Self {
        Self { id, instances: Vec::new(), scripts: Vec::new(), tracked: HashSet::new(), version_3: false, open: false }
    }

    fn at(&self, (word, start): Word<'_>) -> Location {
        Location { file: self.id, span: Span::new(start as u32, (start + word.len()) as u32) }
    }

    fn take(&mut self, statement: &Statement<'_>) {
        let word = |at: usize| statement.words.get(at).copied();
        let value = word(1).map_or("", |(text, _)| text);
        let Some((first, _)) = word(0) else { return };
        self.open |= first.starts_with(['@', '$', '~']) || first == "include" || statement.words.iter().any(|(text, _)| text.contains('$'));
        match (statement.blocks.as_slice(), first) {
            ([], "vrrp_script") => {
                let script = word(1).map(|name| Said { value: name.0.to_owned(), at: self.at(name) });
                self.scripts.extend(script);
            }
            ([], "vrrp_instance") => {
                let instance = word(1).map(|name| self.instance(name));
                self.instances.extend(instance);
            }
            ([.., "track_script"], name) => _ = self.tracked.insert(name.to_owned()),
            (["global_defs"], "vrrp_version") => self.version_3 = value == "3",
            (["vrrp_instance", inside @ ..], _) => self.of_instance(inside, first, value),
            _ => {}
        }
    }

    fn instance(&self, name: Word<'_>) -> VrrpInstance {
        VrrpInstance {
            name: name.0.to_owned(),
            at: self.at(name),
            text: Location { file: self.id, span: Span::new(0, 0) },
            id: None,
            interval: "1".to_owned(),
            password: None,
            version_3: false,
            addresses: Some(Vec::new()),
            unicast: (None, Vec::new()),
        }
    }

    fn of_instance(&mut self, inside: &[&str], first: &str, value: &str) {
        let Some(instance) = self.instances.last_mut() else { return };
        match (inside, first) {
            ([], "virtual_router_id") => instance.id = value.parse().ok(),
            ([], "advert_int") => value.clone_into(&mut instance.interval),
            ([], "version") => instance.version_3 = value == "3",
            ([], "unicast_src_ip") => instance.unicast.0 = Some(value.to_owned()),
            (["unicast_peer"], peer) => instance.unicast.1.push(peer.to_owned()),
            (["authentication"], "auth_pass") => {
                let counts = value.trim_matches('"').bytes().take(PASSWORD).map(char::from).collect();
                instance.password = Some(counts);
            }
            (["virtual_ipaddress"], address) => {
                let address: Option<IpAddr> = address.split('/').next().and_then(|address| address.parse().ok());
                instance.addresses = instance.addresses.take().zip(address).map(|(mut all, one)| {
                    all.push(one);
                    all
                });
            }
            _ => {}
        }
    }
}
