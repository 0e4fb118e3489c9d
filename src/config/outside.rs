//! What lines name outside of the configuration: a table of where the names stand, and how HAProxy makes paths of them.

use std::path::{Path, PathBuf};

use crate::{
    cut::Cut,
    source::Location,
    syntax::{SectionKind, Statement, Word},
};

use super::{Config, SectionView, Wanted};

/// A name of something outside.
#[derive(Clone, Debug)]
pub struct Outside {
    /// What it should be.
    pub wanted: Wanted,
    /// The path as HAProxy opens it, or the name.
    pub path: PathBuf,
    /// What names it: `crt`, `lua-load`.
    pub keyword: &'static str,
    /// Where.
    pub location: Location,
}

/// Where in a line a name stands.
#[derive(Clone, Copy)]
enum At {
    /// The word of that number.
    Word(usize),
    /// Behind the keyword of the row, searched from the word of that number on.
    Behind(usize),
    /// The address of a `bind` line at that word: only sockets of the file system count.
    Address(usize),
}

/// What relative names begin with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    None,
    /// `crt-base`.
    Certificates,
    /// `ca-base`.
    Authorities,
    /// `server-state-base`.
    State,
    /// Network namespaces.
    Namespaces,
}

/// Lines that begin with `line` name something by `keyword`.
struct Row {
    line: &'static [&'static str],
    keyword: &'static str,
    at: At,
    wanted: Wanted,
    base: Base,
}

const fn row(line: &'static [&'static str], keyword: &'static str, at: At, wanted: Wanted) -> Row {
    Row { line, keyword, at, wanted, base: Base::None }
}

const fn based(line: &'static [&'static str], keyword: &'static str, at: At, wanted: Wanted, base: Base) -> Row {
    Row { line, keyword, at, wanted, base }
}

/// What the `global` section names.
const GLOBAL: &[Row] = &[
    row(&["lua-load"], "lua-load", At::Word(1), Wanted::File),
    row(&["lua-load-per-thread"], "lua-load-per-thread", At::Word(1), Wanted::File),
    row(&["ssl-dh-param-file"], "ssl-dh-param-file", At::Word(1), Wanted::File),
    row(&["h1-case-adjust-file"], "h1-case-adjust-file", At::Word(1), Wanted::File),
    row(&["51degrees-data-file"], "51degrees-data-file", At::Word(1), Wanted::File),
    row(&["deviceatlas-json-file"], "deviceatlas-json-file", At::Word(1), Wanted::File),
    row(&["wurfl-data-file"], "wurfl-data-file", At::Word(1), Wanted::File),
    based(&["server-state-file"], "server-state-file", At::Word(1), Wanted::OptionalFile, Base::State),
    row(&["chroot"], "chroot", At::Word(1), Wanted::Directory),
    row(&["pidfile"], "pidfile", At::Word(1), Wanted::Made),
    row(&["stats", "socket"], "stats socket", At::Address(2), Wanted::Made),
    row(&["user"], "user", At::Word(1), Wanted::User),
    row(&["group"], "group", At::Word(1), Wanted::Group),
    row(&["stats", "socket"], "user", At::Behind(3), Wanted::User),
    row(&["stats", "socket"], "group", At::Behind(3), Wanted::Group),
    row(&["unix-bind"], "user", At::Behind(1), Wanted::User),
    row(&["unix-bind"], "group", At::Behind(1), Wanted::Group),
];

/// What other sections name.
const OTHERS: &[Row] = &[
    row(&["errorfile"], "errorfile", At::Word(2), Wanted::File),
    row(&["http-error"], "errorfile", At::Behind(1), Wanted::File),
    row(&["http-error"], "file", At::Behind(1), Wanted::File),
    row(&["http-error"], "lf-file", At::Behind(1), Wanted::File),
    row(&["http-request"], "errorfile", At::Behind(2), Wanted::File),
    row(&["http-request", "return"], "file", At::Behind(2), Wanted::File),
    row(&["http-request", "return"], "lf-file", At::Behind(2), Wanted::File),
    row(&["http-request", "deny"], "file", At::Behind(2), Wanted::File),
    row(&["http-request", "deny"], "lf-file", At::Behind(2), Wanted::File),
    row(&["http-request", "tarpit"], "file", At::Behind(2), Wanted::File),
    row(&["http-request", "tarpit"], "lf-file", At::Behind(2), Wanted::File),
    row(&["http-response", "deny"], "errorfile", At::Behind(2), Wanted::File),
    row(&["http-response", "deny"], "file", At::Behind(2), Wanted::File),
    row(&["http-response", "deny"], "lf-file", At::Behind(2), Wanted::File),
    row(&["http-response", "return"], "errorfile", At::Behind(2), Wanted::File),
    row(&["http-response", "return"], "file", At::Behind(2), Wanted::File),
    row(&["http-response", "return"], "lf-file", At::Behind(2), Wanted::File),
    row(&["filter", "spoe"], "config", At::Behind(2), Wanted::File),
    row(&["filter", "opentracing"], "config", At::Behind(2), Wanted::File),
    row(&["external-check", "command"], "external-check command", At::Word(2), Wanted::OptionalFile),
    row(&["backing-file"], "backing-file", At::Word(1), Wanted::Made),
    based(&["ssl-f-use"], "crt", At::Behind(1), Wanted::Certificate, Base::Certificates),
    row(&["bind"], "bind", At::Address(1), Wanted::Made),
    row(&["bind"], "user", At::Behind(2), Wanted::User),
    row(&["bind"], "group", At::Behind(2), Wanted::Group),
    based(&["bind"], "crt", At::Behind(2), Wanted::Certificate, Base::Certificates),
    row(&["bind"], "crt-list", At::Behind(2), Wanted::Certificate),
    based(&["bind"], "ca-file", At::Behind(2), Wanted::Certificate, Base::Authorities),
    based(&["bind"], "ca-verify-file", At::Behind(2), Wanted::Certificate, Base::Authorities),
    based(&["bind"], "crl-file", At::Behind(2), Wanted::File, Base::Authorities),
    based(&["bind"], "namespace", At::Behind(2), Wanted::File, Base::Namespaces),
    based(&["server"], "namespace", At::Behind(3), Wanted::File, Base::Namespaces),
    based(&["server-template"], "namespace", At::Behind(4), Wanted::File, Base::Namespaces),
    based(&["default-server"], "namespace", At::Behind(1), Wanted::File, Base::Namespaces),
    row(&["bind"], "tls-ticket-keys", At::Behind(2), Wanted::File),
    based(&["server"], "crt", At::Behind(3), Wanted::Certificate, Base::Certificates),
    based(&["server"], "ca-file", At::Behind(3), Wanted::Certificate, Base::Authorities),
    based(&["server"], "crl-file", At::Behind(3), Wanted::File, Base::Authorities),
    based(&["server-template"], "crt", At::Behind(4), Wanted::Certificate, Base::Certificates),
    based(&["server-template"], "ca-file", At::Behind(4), Wanted::Certificate, Base::Authorities),
    based(&["server-template"], "crl-file", At::Behind(4), Wanted::File, Base::Authorities),
    based(&["default-server"], "crt", At::Behind(1), Wanted::Certificate, Base::Certificates),
    based(&["default-server"], "ca-file", At::Behind(1), Wanted::Certificate, Base::Authorities),
    based(&["default-server"], "crl-file", At::Behind(1), Wanted::File, Base::Authorities),
];

/// What `global` says of relative names; the inner `None` is a value that is not known.
#[derive(Default)]
struct Bases<'r> {
    certificates: Option<Option<&'r str>>,
    keys: Option<Option<&'r str>>,
    authorities: Option<Option<&'r str>>,
    state: Option<Option<&'r str>>,
    /// `unix-bind prefix`.
    sockets: Option<Option<&'r str>>,
    default_path: Option<Statement<'r>>,
}

impl<'r> Bases<'r> {
    fn new(config: &Config<'r>) -> Self {
        let last = |keyword| config.global_line(keyword).map(|s| s.word(1).and_then(Word::known));
        Self {
            certificates: last("crt-base"),
            keys: last("key-base"),
            authorities: last("ca-base"),
            state: last("server-state-base"),
            sockets: config.global_line("unix-bind").and_then(|s| s.after("prefix", 1)).map(Word::known),
            default_path: config.global_line("default-path"),
        }
    }

    /// The name with its base in front of it.
    fn path(&self, name: &str, base: Base, statement: Statement<'_>) -> Option<PathBuf> {
        let base = match base {
            Base::None => None,
            Base::Certificates => self.certificates,
            Base::Authorities => self.authorities,
            Base::State => self.state,
            // `*` is the namespace that the PROXY protocol says.
            Base::Namespaces if name == "*" => return None,
            Base::Namespaces => Some(Some("/var/run/netns")),
        };
        self.below(base, name, statement)
    }

    fn below(&self, base: Option<Option<&str>>, name: &str, statement: Statement<'_>) -> Option<PathBuf> {
        let path = match base {
            Some(folder) if !name.starts_with('/') => Path::new(folder?).join(name),
            _ => PathBuf::from(name),
        };
        self.under_default_path(path, statement)
    }

    /// Where HAProxy is when it opens a file: `default-path` may send it elsewhere.
    fn under_default_path(&self, path: PathBuf, statement: Statement<'_>) -> Option<PathBuf> {
        let Some(line) = self.default_path else { return Some(path) };
        let folder = || Path::new(statement.file().name()).parent().map(Path::to_owned).unwrap_or_default();
        match line.word(1)?.known()? {
            "config" => Some(folder().join(path)),
            "parent" => Some(folder().join("..").join(path)),
            "origin" => Some(Path::new(line.word(2)?.known()?).join(path)),
            _ => Some(path),
        }
    }
}

impl<'r> Config<'r> {
    /// Everything that is named outside of the configuration, as far as the names are known.
    pub fn outside(&self) -> Vec<Outside> {
        let bases = Bases::new(self);
        let mut all = Vec::new();
        for section in self.sections() {
            let rows = match section.kind {
                SectionKind::Global => GLOBAL,
                SectionKind::Userlist => continue,
                SectionKind::CrtStore => {
                    store(&section, &bases, &mut all);
                    continue;
                }
                _ => OTHERS,
            };
            for statement in section.statements() {
                let of_line = rows.iter().filter(|row| statement.starts_with(row.line));
                of_line.for_each(|row| named(row, statement, &bases, &mut all));
                patterns(statement, &bases, &mut all);
                maps(statement, &bases, &mut all);
            }
        }
        all
    }
}

/// What a `crt-store` loads: its own bases win over those of `global`.
fn store(section: &SectionView<'_>, bases: &Bases<'_>, all: &mut Vec<Outside>) {
    let (mut certificates, mut keys) = (bases.certificates, bases.keys);
    for statement in section.statements() {
        match statement.keyword() {
            "crt-base" => certificates = Some(statement.word(1).and_then(Word::known)),
            "key-base" => keys = Some(statement.word(1).and_then(Word::known)),
            "load" => {
                for (keyword, base) in
                    [("crt", certificates), ("key", keys), ("ocsp", certificates), ("issuer", certificates), ("sctl", certificates)]
                {
                    let Some(word) = statement.after(keyword, 1) else { continue };
                    let path = word.known().and_then(|name| bases.below(base, name, statement));
                    all.extend(path.map(|path| Outside { wanted: Wanted::File, path, keyword, location: word.location }));
                }
            }
            _ => {}
        }
    }
}

fn named(row: &Row, statement: Statement<'_>, bases: &Bases<'_>, all: &mut Vec<Outside>) {
    let word = match row.at {
        At::Word(at) | At::Address(at) => statement.word(at),
        At::Behind(from) => statement.after(row.keyword, from),
    };
    let Some(word) = word else { return };
    let Some(text) = word.known().filter(|text| !text.is_empty()) else { return };
    let (wanted, keyword, location) = (row.wanted, row.keyword, word.location);
    let mut add = |path: Option<PathBuf>| all.extend(path.map(|path| Outside { wanted, path, keyword, location }));
    match (row.at, row.wanted) {
        (At::Address(_), _) => text.split(',').filter_map(socket).for_each(|name| add(bases.socket(name, statement))),
        (_, Wanted::User | Wanted::Group) => add(Some(text.into())),
        // `@system-ca`, and certificates of a crt-store.
        (_, Wanted::Certificate) if text.starts_with('@') => {}
        _ => add(bases.path(text, row.base, statement)),
    }
}

/// The path of an address that is a socket of the file system.
fn socket(address: &str) -> Option<&str> {
    let path = ["unix@", "uxst@", "uxdg@", "unix+", "stream+unix@"].iter().find_map(|family| address.strip_prefix(family));
    path.or_else(|| address.starts_with('/').then_some(address))
}

impl Bases<'_> {
    fn socket(&self, name: &str, statement: Statement<'_>) -> Option<PathBuf> {
        let path = match self.sockets {
            Some(prefix) => format!("{}{name}", prefix?),
            None => name.to_owned(),
        };
        self.under_default_path(path.into(), statement)
    }
}

/// The files of patterns: `-f FILE` in ACLs and conditions.
fn patterns(statement: Statement<'_>, bases: &Bases<'_>, all: &mut Vec<Outside>) {
    // Most lines have none, and are not gone through word by word.
    if !statement.may_contain(b'-') {
        return;
    }
    let mut inside = statement.keyword() == "acl";
    let mut flags = true;
    let words: Vec<Word<'_>> = statement.words().collect();
    for (at, pair) in words.windows(2).enumerate() {
        match pair[0].known().unwrap_or("") {
            "{" => (inside, flags) = (true, true),
            "}" => inside = false,
            "--" => flags = false,
            "-f" if inside && flags && at > 1 => {
                let name = pair[1].known().and_then(pattern_file);
                let path = name.and_then(|name| bases.path(name, Base::None, statement));
                all.extend(path.map(|path| Outside { wanted: Wanted::File, path, keyword: "-f", location: pair[1].location }));
            }
            _ => {}
        }
    }
}

/// The file of a list of patterns; some lists have none, or need none.
fn pattern_file(name: &str) -> Option<&str> {
    let name = name.strip_prefix("file@").unwrap_or(name);
    (!name.is_empty() && !name.starts_with("virt@") && !name.starts_with("opt@")).then_some(name)
}

/// The files of maps: `map_str(FILE)` behind a comma.
fn maps(statement: Statement<'_>, bases: &Bases<'_>, all: &mut Vec<Outside>) {
    if !statement.may_contain(b'(') {
        return;
    }
    for word in statement.words() {
        let Some(text) = word.known() else { continue };
        for (at, _) in text.match_indices(",map") {
            let converter = text.cut(at + 1..);
            let Some(open) = converter.find('(').filter(|open| converter.cut(..*open).bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            else {
                continue;
            };
            let arguments = converter.cut(open + 1..);
            let Some(end) = arguments.find([',', ')']) else { continue };
            let name = arguments.cut(..end).trim();
            // What quotes and variables make of it is not worked out.
            let plain = !name.contains(['"', '\'', '\\', '%', '$']);
            let path = Some(name).filter(|_| plain).and_then(pattern_file).and_then(|name| bases.path(name, Base::None, statement));
            let start = at + 1 + open + 1;
            let location = word.part(start..start + end);
            all.extend(path.map(|path| Outside { wanted: Wanted::File, path, keyword: "map", location }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    use super::*;

    fn outside(text: &str) -> Vec<String> {
        let sources = Sources::single("lb/haproxy.cfg", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        Config::new(&readings[0]).outside().iter().map(|o| format!("{} {}", o.keyword, o.path.display())).collect()
    }

    #[test]
    fn names_begin_where_haproxy_looks_for_them() {
        let text = "global\n crt-base /c\n ca-base /a\nfrontend f\n bind :443 ssl crt x.pem crt-list l ca-file /b/y.pem crl-file z\n \
                    bind /run/h.sock,unix@h.sock,abns@x\n bind :1 ssl crt @s/x crt ${X} ca-file @system-ca\n";
        let found = ["bind /run/h.sock", "bind h.sock", "ca-file /b/y.pem", "crl-file /a/z", "crt /c/x.pem", "crt-list l"];
        let mut all = outside(text);
        all.sort();
        assert_eq!(all, found);
        assert_eq!(outside("global\n default-path config\n lua-load x.lua a b\n"), ["lua-load lb/x.lua"]);
        assert_eq!(outside("global\n default-path origin /o\n lua-load x.lua\n"), ["lua-load /o/x.lua"]);
        assert_eq!(outside("crt-store s\n key-base /k\n load crt a.pem key b.key\n"), ["crt a.pem", "key /k/b.key"]);
    }

    #[test]
    fn patterns_and_maps_are_found_where_they_are_read() {
        let text = "frontend f\n acl a path -i -f /l/a -f virt@b -- -f c\n use_backend %[req.hdr(host),lower,map_dom(/m/h.map,x)] if { src -f /l/s } a\n \
                    use_backend %[path,map(opt@/m/o)]\n http-request set-header -f x\n http-request set-map(/m/q) a b\n";
        assert_eq!(outside(text), ["-f /l/a", "-f /l/s", "map /m/h.map"]);
    }
}
