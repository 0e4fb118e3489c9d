//! Makes lines of the catalog: right ones, and ones with one mistake.

use haproxy_lint::{
    catalog::{Argument, Entry, Node, Place, TABLES},
    version::VersionSet,
};

/// A file that is there wherever the lines are tried, with an HTTP reply in it.
pub(crate) const REPLY_FILE: &str = "reply.http";

/// Arguments that come from no signature: left out, of a wrong kind, too large, or of another keyword.
const OUTSIDE: [&str; 40] = [
    "",
    "x",
    "x y",
    "x y z w",
    "0",
    "1",
    "-1",
    "-5",
    "+5",
    "10",
    "10 20",
    "16",
    "100",
    "65536",
    "2147483648",
    "4294967296",
    "99999999999",
    "1.5",
    "0x10",
    "1k",
    "10k",
    "100m",
    "10s",
    "100ms",
    "5x",
    "on",
    "off",
    "ON",
    "on off",
    "auto",
    "none",
    "all",
    "a,b",
    "/x",
    "127.0.0.1",
    "127.0.0.1:80",
    "%[src]",
    "'a b'",
    "if TRUE",
    "{ x",
];

/// A small random number generator (splitmix64): the same seed gives the same lines.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// Walks signatures at random.
pub(crate) struct Generator {
    pub(crate) random: Random,
    pub(crate) versions: VersionSet,
    /// The section's bit in `Sections`; 0 where it is no proxy.
    pub(crate) section: u8,
    words: Vec<String>,
    number: usize,
}

impl Generator {
    pub(crate) fn new(seed: u64, versions: VersionSet) -> Self {
        Self { random: Random(seed), versions, section: 0, words: Vec::new(), number: 0 }
    }

    /// Whether the versions and the section take an entry.
    pub(crate) fn takes(&self, entry: &Entry) -> bool {
        entry.taken_by().meets(self.versions) && (self.section == 0 || entry.sections.taken & self.section != 0)
    }

    /// A line of this entry; about two of three with a mistake.
    pub(crate) fn line(&mut self, entry: &'static Entry) -> String {
        self.words.clear();
        self.entry(entry);
        let mut words = std::mem::take(&mut self.words);
        if self.random.below(3) > 0 {
            self.mistake(&mut words);
        }
        words.join(" ")
    }

    /// A line of this entry whose end comes from no signature.
    pub(crate) fn outside(&mut self, entry: &'static Entry) -> String {
        self.words.clear();
        self.entry(entry);
        let mut words = std::mem::take(&mut self.words);
        let kept = if self.random.below(2) == 0 { 1 } else { 1 + self.random.below(words.len()) };
        words.truncate(kept);
        words.push(self.random.pick(&OUTSIDE).to_owned());
        words.join(" ").trim_end().to_owned()
    }

    fn entry(&mut self, entry: &'static Entry) {
        let word = match entry.key.strip_suffix('#') {
            Some(name) => format!("{name}{}", self.random.below(3)),
            None if entry.call.is_empty() => entry.key.to_owned(),
            None => entry.key.to_owned() + &self.call(entry.call),
        };
        self.words.push(word);
        self.node(&entry.arguments);
    }

    fn call(&mut self, arguments: &[Argument]) -> String {
        let mut values = Vec::new();
        for argument in arguments {
            if argument.optional && self.random.below(2) == 0 {
                break;
            }
            values.push(self.value(&argument.place));
        }
        values.join(",") + ")"
    }

    fn node(&mut self, node: &'static Node) {
        match node {
            Node::Literal(word) => self.words.push((*word).to_owned()),
            Node::Call(name, arguments) => {
                let word = (*name).to_owned() + &self.call(arguments);
                self.words.push(word);
            }
            Node::Place(place) => {
                let value = self.value(place);
                self.words.extend(value.split(' ').filter(|w| !w.is_empty()).map(str::to_owned));
            }
            Node::Table(index) => {
                let entries: Vec<&'static Entry> = TABLES[*index].entries.iter().filter(|e| self.takes(e)).collect();
                if !entries.is_empty() {
                    let entry = entries[self.random.below(entries.len())];
                    self.entry(entry);
                }
            }
            Node::Seq(nodes) => nodes.iter().for_each(|n| self.node(n)),
            Node::Choice(nodes) => {
                let chosen = self.random.below(nodes.len());
                self.node(&nodes[chosen]);
            }
            Node::Optional(node) => {
                if self.random.below(2) == 0 {
                    self.node(node);
                }
            }
            Node::Repeat(node, once) => {
                for _ in 0..self.random.below(3).max(usize::from(*once)) {
                    self.node(node);
                }
                if let Node::Choice(nodes) = node {
                    nodes.iter().filter(|n| matches!(n, Node::Required(_))).for_each(|n| self.node(n));
                }
            }
            Node::Guard(set, node) if set.covers(self.versions) => self.node(node),
            Node::Required(node) => self.node(node),
            Node::Guard(..) | Node::Rest | Node::Code(_) => {}
        }
    }

    fn value(&mut self, place: &Place) -> String {
        self.number += 1;
        let n = self.number;
        match place.kind {
            "int" | "atoi" | "cint" | "int32" => {
                let (from, to) = place.range.unwrap_or((1, 100));
                let (from, to) = (from.max(-1000), to.min(from.max(-1000).saturating_add(100)));
                (from + self.random.below((to - from + 1) as usize) as i64).to_string()
            }
            "time" => self.random.pick(&["10s", "500ms", "1m", "1h", "2000", "0", "1d"]).to_owned(),
            "timer" => self.random.pick(&["10", "500ms", "1s"]).to_owned(),
            "bytes" => self.random.pick(&["16384", "32k", "1m"]).to_owned(),
            "window" => self.random.pick(&["10240", "100k", "1m"]).to_owned(),
            "size" => self.random.pick(&["1m", "100k", "16384", "1g", "10"]).to_owned(),
            "address" => match place.parameter {
                "bind" | "dgram-bind" => format!("127.0.0.1:{}", 10_000 + n % 50_000),
                "peer" | "old-peer" | "nameserver" | "mailer" => format!("127.0.0.1:{}", 1_000 + n % 50_000),
                _ => self.random.pick(&["127.0.0.1", "127.0.0.1:80", "::1:80"]).to_owned(),
            },
            "sample" => self.random.pick(&["src", "str(a)", "always_true", "int(3)"]).to_owned(),
            "fmt" => self.random.pick(&["%[src]", "a%%b", "plain", "%ci:%cp"]).to_owned(),
            "if" => self.random.pick(&["", "if TRUE", "unless FALSE", "if { src 127.0.0.1 }", "if TRUE or FALSE"]).to_owned(),
            "cond" => self.random.pick(&["if TRUE", "unless FALSE"]).to_owned(),
            "acl" => self.random.pick(&["src 127.0.0.1", "always_true", "dst_port 80 443", "src -n 10.0.0.0/8"]).to_owned(),
            "var" => format!("{}.v{n}", self.random.pick(&["txn", "req", "sess", "proc"])),
            "regex" => self.random.pick(&["^a", "b$", "(a|b)c*"]).to_owned(),
            "page" => self.random.pick(&["400", "503", "404", "200"]).to_owned(),
            "count" => self.random.pick(&["3", "1-5"]).to_owned(),
            "sampling" => self.random.pick(&["1:2", "1-2,4:5"]).to_owned(),
            "codes" => self.random.pick(&["200", "200-299,301"]).to_owned(),
            "processes" | "process" | "range" | "threadset" | "threads" | "processors" => self.random.pick(&["1", "1-1"]).to_owned(),
            "statuses" => self.random.pick(&["500-599", "+400,404", "-501"]).to_owned(),
            "letter" => self.random.pick(&[",", ";"]).to_owned(),
            "listed" | "anycase" | "decryption" => place.parameter.split(' ').next().unwrap_or("").to_owned(),
            "traced" => match place.label {
                "criterion" => "thread",
                "verbosity" => "quiet",
                _ => self.random.pick(&["+any", "!none"]),
            }
            .to_owned(),
            "methods" => self.random.pick(&["last,libc,none", "10.0.0.1"]).to_owned(),
            "networks" => self.random.pick(&["10.0.0.0/8", "10.0.0.0/8,192.168.0.0/16"]).to_owned(),
            "errors" => self.random.pick(&["all", "10", "10,12"]).to_owned(),
            "host" => self.random.pick(&["127.0.0.1", "::1"]).to_owned(),
            "delay" => self.random.pick(&["10s", "500", "1m"]).to_owned(),
            "port" => self.random.pick(&["80", "int(80)"]).to_owned(),
            "hexstring" => self.random.pick(&["0a1B", "00"]).to_owned(),
            "octal" => "660".to_owned(),
            "stored" => self.random.pick(&["gpc0", "conn_rate(10s)", "gpt0,http_req_cnt"]).to_owned(),
            "capabilities" => self.random.pick(&["cap_net_raw", "cap_net_admin,cap_net_raw"]).to_owned(),
            "number" => self.random.pick(&["1", "0x10", "020"]).to_owned(),
            "status" => self.random.pick(&["200", "404", "503", "302"]).to_owned(),
            _ if place.label == "file" => REPLY_FILE.to_owned(),
            _ => format!("n{n}"),
        }
    }

    /// One mistake of the kinds that people make.
    fn mistake(&mut self, words: &mut Vec<String>) {
        let at = 1 + self.random.below(words.len().max(2) - 1);
        match self.random.below(6) {
            0 if words.len() > 1 => {
                words.remove(at.min(words.len() - 1));
            }
            1 => words.push("surplus".to_owned()),
            2 if words.len() > 1 => {
                let at = at.min(words.len() - 1);
                let doubled = words[at].clone();
                words.insert(at, doubled);
            }
            3 if words.len() > 1 => {
                let at = at.min(words.len() - 1);
                words[at].push('x');
            }
            4 if words.len() > 1 => {
                let at = at.min(words.len() - 1);
                words[at] = self.random.pick(&["abc", "-1", "99999999999", "5sec", "1.5", "0"]).to_owned();
            }
            _ => words.truncate(at),
        }
    }
}
