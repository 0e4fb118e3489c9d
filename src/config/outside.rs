//! What lines name outside of the configuration: their shapes say where, here is how HAProxy makes paths of it.

use std::path::{Path, PathBuf};

use crate::{
    catalog::{Mark, Role},
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
    pub keyword: String,
    /// Where.
    pub location: Location,
}

/// What `global` says of relative names; the inner `None` is a value that is not known.
#[derive(Clone, Copy, Default)]
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

    /// The bases in a `crt-store`: its own win over those of `global`.
    fn of_store(&self, section: &SectionView<'r>) -> Self {
        let last = |keyword| section.statements().rfind(|s| s.keyword() == keyword).map(|s| s.word(1).and_then(Word::known));
        Self { certificates: last("crt-base").or(self.certificates), keys: last("key-base").or(self.keys), ..*self }
    }

    /// The name with its base in front of it: that which the place of the word in the signature says.
    fn path(&self, name: &str, base: &str, statement: Statement<'_>) -> Option<PathBuf> {
        let base = match base {
            "crt-base" => self.certificates,
            "key-base" => self.keys,
            "ca-base" => self.authorities,
            "server-state-base" => self.state,
            // `*` is the namespace that the PROXY protocol says.
            "netns" if name == "*" => return None,
            "netns" => Some(Some("/var/run/netns")),
            _ => None,
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
            let of_store = (section.kind == SectionKind::CrtStore).then(|| bases.of_store(&section));
            let bases = of_store.as_ref().unwrap_or(&bases);
            for (number, marks) in self.shapes.within(section.body()) {
                let statement = self.reading.statement(number);
                marks.iter().for_each(|mark| named(statement, mark, bases, &mut all));
            }
            for statement in section.statements() {
                patterns(statement, bases, &mut all);
                maps(statement, bases, &mut all);
            }
        }
        all
    }
}

/// What a word names, as its role has it.
fn named(statement: Statement<'_>, mark: &Mark, bases: &Bases<'_>, all: &mut Vec<Outside>) {
    let Some(word) = statement.word(mark.word.into()) else { return };
    let text = word.known().and_then(|text| text.get(mark.within(text.len())));
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    let mut add = |wanted, path: Option<PathBuf>| {
        all.extend(path.map(|path| Outside { wanted, path, keyword: keyword(statement, mark), location: word.location }));
    };
    let parameter = mark.place.map_or("", |place| place.parameter);
    match mark.role {
        Role::Address if parameter == "bind" => {
            text.split(',').filter_map(socket).for_each(|name| add(Wanted::Made, bases.socket(name, statement)));
        }
        Role::Outside(wanted @ (Wanted::User | Wanted::Group)) => add(wanted, Some(text.into())),
        // `@system-ca`, and certificates of a crt-store.
        Role::Outside(Wanted::Certificate) if text.starts_with('@') => {}
        Role::Outside(wanted) => {
            let (optional, base) = match parameter.strip_prefix("optional") {
                Some(base) => (true, base.trim_start()),
                None => (false, parameter),
            };
            add(if optional { Wanted::OptionalFile } else { wanted }, bases.path(text, base, statement));
        }
        _ => {}
    }
}

/// What names it: the option before the word, or the keywords that the line begins with: `crt`, `stats socket`.
fn keyword(statement: Statement<'_>, mark: &Mark) -> String {
    let last = usize::from(mark.keyword);
    let first = if last > 1 { last } else { 0 };
    (first..=last).map(|at| statement.str(at)).collect::<Vec<_>>().join(" ")
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
                let path = name.and_then(|name| bases.path(name, "", statement));
                all.extend(path.map(|path| Outside {
                    wanted: Wanted::File,
                    path,
                    keyword: "acl -f".to_owned(),
                    location: pair[1].location,
                }));
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
            let path = Some(name).filter(|_| plain).and_then(pattern_file).and_then(|name| bases.path(name, "", statement));
            let start = at + 1 + open + 1;
            let location = word.part(start..start + end);
            all.extend(path.map(|path| Outside { wanted: Wanted::File, path, keyword: "map".to_owned(), location }));
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
                    bind /run/h.sock,unix@h.sock,abns@x\n bind :1 ssl crt @s/x crt \"${X}\" ca-file @system-ca\n";
        let found = ["bind /run/h.sock", "bind h.sock", "ca-file /b/y.pem", "crl-file /a/z", "crt /c/x.pem", "crt-list l"];
        let mut all = outside(text);
        all.sort();
        assert_eq!(all, found);
        assert_eq!(outside("global\n default-path config\n lua-load x.lua a b\n"), ["lua-load lb/x.lua"]);
        assert_eq!(outside("global\n default-path origin /o\n lua-load x.lua\n"), ["lua-load /o/x.lua"]);
        assert_eq!(outside("crt-store s\n key-base /k\n load crt a.pem key b.key\n"), ["load crt a.pem", "key /k/b.key"]);
    }

    #[test]
    fn patterns_and_maps_are_found_where_they_are_read() {
        let text = "frontend f\n acl a path -i -f /l/a -f virt@b -- -f c\n use_backend %[req.hdr(host),lower,map_dom(/m/h.map,x)] if { src -f /l/s } a\n \
                    use_backend %[path,map(opt@/m/o)]\n http-request set-header -f x\n http-request set-map(/m/q) a b\n";
        assert_eq!(outside(text), ["acl -f /l/a", "acl -f /l/s", "map /m/h.map"]);
    }
}
