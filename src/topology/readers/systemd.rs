//! systemd units: what HAProxy is started with on every host that says nothing else itself.

use std::collections::BTreeMap;

use crate::source::{FileId, Location, SourceFile};

use super::{Reader, Text, file_name};
use crate::topology::{
    assign::named_after,
    model::{Misread, Misreading, Name, Origin, Platform, Said, Topology, Variable},
    words::{arguments, split},
};

pub(super) static READER: Reader = Reader {
    rank: 50,
    about: &[(
        "systemd units and templates with their drop-ins, `/etc/default/haproxy`, `/etc/sysconfig/haproxy`",
        "what HAProxy is started with on every host",
    )],
    named: |path| file_name(path).starts_with("haproxy") && path.ends_with(".service") || is_drop_in(path) || is_read_by_packages(path),
    text: Some(Text {
        is: |file, plain| (plain && is_unit(file)) || is_defaults(file.name()),
        read: |file, id, reading| {
            let plain = !is_defaults(file.name()) || is_unit(file);
            reading.topology.units.push(if plain { unit(file, id) } else { defaults(file, id) });
        },
    }),
    ..Reader::NEW
};

/// What a unit or a file of variables says.
#[derive(Clone, Debug, Default)]
pub(in crate::topology) struct Unit {
    /// The path of the file.
    path: String,
    /// It is a file of variables, whose values win over those of a unit.
    wins: bool,
    /// It lies in the folder of a unit, and what it says comes behind what the unit does.
    drop_in: bool,
    /// What it takes back of the files before it: an empty line of that name.
    takes_back: Vec<String>,
    environment: BTreeMap<String, String>,
    /// The files of variables that a unit names.
    files: Vec<String>,
    /// More variables may be set than are known.
    open: bool,
    /// What starts HAProxy, or may: the last counts.
    starts: Vec<Said<String>>,
    /// What the unit of a package adds to its arguments.
    passed_on: Option<Said<String>>,
}

impl Unit {
    /// Where it starts HAProxy.
    pub(in crate::topology) fn place(&self) -> Option<Location> {
        self.starts.last().map(|start| start.at)
    }

    /// What stands behind the `@` in the name of its unit: nothing for the template of several.
    fn instance(&self) -> Option<&str> {
        let name = file_name(&self.path);
        let name = if self.drop_in { file_name(self.path.strip_suffix(name).unwrap_or("").trim_end_matches('/')) } else { name };
        let name = name.strip_suffix(".d").unwrap_or(name);
        name.strip_suffix(".service").unwrap_or(name).split_once('@').filter(|_| !self.wins).map(|(_, instance)| instance)
    }

    /// Adds what a later file says.
    fn followed_by(&mut self, later: &Unit) {
        later.takes_back.iter().for_each(|name| self.take_back(name));
        self.environment.extend(later.environment.clone());
        self.starts.extend(later.starts.clone());
        self.files.extend(later.files.clone());
        self.open |= later.open;
    }

    /// An empty line takes back what was said under its name.
    fn take_back(&mut self, name: &str) {
        match name {
            "ExecStart" => self.starts.clear(),
            "Environment" => self.environment.clear(),
            "EnvironmentFile" => self.files.clear(),
            _ => {}
        }
    }

    /// Whether it names a file of variables.
    fn reads(&self, path: &str) -> bool {
        self.files.iter().any(|said| is_same(said, path))
    }

    /// Whether systemd certainly leaves nothing of a word: it runs no shell, takes a word behind `$` for the name of a variable, and
    /// sets the host name as none.
    fn leaves_nothing_of(&self, word: &str) -> bool {
        let Some(name) = word.strip_prefix('$').filter(|name| !name.starts_with(['{', '$'])) else { return false };
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        !self.environment.contains_key(name) && (!is_name || name == "HOSTNAME" && !self.open)
    }

    /// The words of a command, with the variables that are known.
    fn words(&self, start: &Said<String>) -> Vec<Said<String>> {
        let mut words = Vec::new();
        for word in split(&start.value) {
            let name = word.trim_start_matches('$').trim_matches(['{', '}']);
            match self.environment.get(name).filter(|_| word.starts_with('$')) {
                Some(value) => words.extend(split(value)),
                None => words.push(word),
            }
        }
        words.into_iter().map(|value| Said { value, at: start.at }).collect()
    }
}

/// Whether a file is a unit that starts HAProxy, or says more of one.
pub(in crate::topology) fn is_unit(file: &SourceFile) -> bool {
    let text = String::from_utf8_lossy(file.bytes());
    text.lines().any(|l| l.trim() == "[Service]") && (text.contains("haproxy") || is_drop_in(file.name()))
}

/// Whether a file lies in the folder of a unit of HAProxy, such as `haproxy.service.d/override.conf`.
fn is_drop_in(path: &str) -> bool {
    let folder = path.strip_suffix(file_name(path)).unwrap_or("").trim_end_matches('/');
    path.ends_with(".conf") && folder.ends_with(".service.d") && file_name(folder).starts_with("haproxy")
}

/// Whether a file holds variables for such a unit, as `/etc/default/haproxy` does.
pub(in crate::topology) fn is_defaults(name: &str) -> bool {
    ["default/haproxy", "sysconfig/haproxy", "haproxy.env", "haproxy.default"].iter().any(|end| name.ends_with(end))
}

/// Whether packages of HAProxy bring a unit that reads this file.
fn is_read_by_packages(path: &str) -> bool {
    ["default", "sysconfig"].iter().any(|folder| path.strip_suffix("/haproxy").is_some_and(|above| file_name(above) == *folder))
}

/// Whether a file is the one that a unit names: by its folder and its name, or as it is called where it lies apart.
fn is_same(said: &str, path: &str) -> bool {
    let said = said.trim_start_matches('-');
    let end = said.rsplit('/').take(2).collect::<Vec<_>>();
    let apart = !is_read_by_packages(path);
    apart || said.contains('%') || path.rsplit('/').take(2).eq(end)
}

/// Reads a unit.
pub(in crate::topology) fn unit(file: &SourceFile, id: FileId) -> Unit {
    let mut unit = Unit { path: file.name().to_owned(), drop_in: is_drop_in(file.name()), ..Unit::default() };
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let text = file.text(span).into_owned();
        let text = text.trim();
        if let Some(name) = text.strip_suffix('=') {
            unit.take_back(name);
            unit.takes_back.push(name.to_owned());
        } else if let Some(value) = text.strip_prefix("Environment=") {
            for word in split(value) {
                unit.environment.extend(word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
        } else if let Some(value) = text.strip_prefix("EnvironmentFile=") {
            unit.files.extend(split(value));
        } else if text.starts_with("PassEnvironment=") {
            unit.open = true;
        } else if let Some(value) = text.strip_prefix("ExecStart=").filter(|v| v.contains("haproxy")) {
            unit.starts.push(Said { value: value.to_owned(), at: Location { file: id, span } });
        }
    }
    unit
}

/// Reads a file of variables; its values win over those of the unit.
pub(in crate::topology) fn defaults(file: &SourceFile, id: FileId) -> Unit {
    let mut unit = Unit { path: file.name().to_owned(), wins: true, ..Unit::default() };
    for line in 0..file.line_starts().len() {
        let span = file.line_span(line);
        let text = file.text(span).into_owned();
        let text = text.trim();
        let text = text.strip_prefix("export ").unwrap_or(text);
        let Some((name, value)) = text.split_once('=').filter(|_| !text.starts_with('#')) else { continue };
        let (name, value) = (name.trim(), value.trim().trim_matches(['"', '\'']));
        if is_read_by_packages(file.name()) && PASSED_ON.contains(&name) {
            unit.passed_on = Some(Said { value: value.to_owned(), at: Location { file: id, span } });
        }
        unit.environment.insert(name.to_owned(), value.to_owned());
    }
    unit
}

/// What the units of packages put behind the other arguments: that of Debian, and that of Fedora.
const PASSED_ON: [&str; 2] = ["EXTRAOPTS", "OPTIONS"];

/// Tells every host what the units say: those in whose path its name is, and those whose path names no host. A host that says
/// it itself is right.
pub(in crate::topology) fn apply(units: &[Unit], topology: &mut Topology) {
    let owners: Vec<Vec<usize>> = units.iter().map(|u| named_after(topology, &u.path)).collect();
    for at in 0..topology.nodes.len() {
        if topology.groups[topology.nodes[at].group].platform != Platform::Host {
            continue;
        }
        let here = || units.iter().zip(&owners).filter(|(_, o)| o.is_empty() || o.contains(&at));
        let started = Started::of(&here().map(|(unit, _)| unit).collect::<Vec<_>>());
        let mine = || here().filter(|(unit, _)| started.is_told_by(unit));
        let mut all = Unit::default();
        // A unit that is here reads what it names; without one that of the package does.
        let has_unit = mine().any(|(u, _)| !u.starts.is_empty());
        let is_read = |file: &Unit| !file.wins || !has_unit || mine().any(|(u, _)| u.reads(&file.path));
        // One for this host alone comes last, and so does a file of variables.
        let mut ordered: Vec<_> = mine().filter(|(unit, _)| is_read(unit)).collect();
        ordered.sort_by_key(|(unit, owners)| (unit.wins, unit.drop_in, !owners.is_empty()));
        ordered.iter().for_each(|(unit, _)| all.followed_by(unit));
        let passed_on = ordered.iter().rev().filter(|_| !has_unit).find_map(|(unit, _)| unit.passed_on.as_ref());
        all.starts.extend(passed_on.map(|said| Said { value: format!("haproxy {}", said.value), at: said.at }));
        all.open |= all.files.iter().any(|said| !mine().any(|(u, _)| u.wins && is_same(said, &u.path)));
        tell(&all, &started, topology, at);
    }
}

/// Which of its units a host starts.
enum Started<'u> {
    /// The one that is no template, or the only one there is.
    Plain,
    /// This one of a template.
    Instance(&'u str),
    /// Those of a template, which are started alike: several, or some that nobody names.
    Template,
    /// Those of a template that are not: it is not known which is meant.
    Several,
}

impl<'u> Started<'u> {
    fn of(units: &[&'u Unit]) -> Self {
        let starts = |unit: &&&Unit| !unit.wins && !unit.starts.is_empty();
        if units.iter().filter(starts).any(|unit| unit.instance().is_none()) || !units.iter().filter(starts).any(|u| u.instance().is_some())
        {
            return Self::Plain;
        }
        let mut names: Vec<&str> = units.iter().filter_map(|unit| unit.instance()).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        match names[..] {
            [name] => Self::Instance(name),
            _ => {
                let mut starts = units.iter().filter(|unit| unit.instance().is_some()).flat_map(|unit| &unit.starts);
                let first = starts.next();
                if starts.all(|start| first.is_some_and(|first| first.value == start.value)) { Self::Template } else { Self::Several }
            }
        }
    }

    /// Whether a file says something of what is started.
    fn is_told_by(&self, unit: &Unit) -> bool {
        match (self, unit.instance()) {
            _ if unit.wins => true,
            (Self::Plain, instance) => instance.is_none(),
            (Self::Instance(name), instance) => instance.is_some_and(|instance| instance.is_empty() || instance == *name),
            (Self::Template | Self::Several, instance) => instance.is_some(),
        }
    }
}

fn tell(unit: &Unit, started: &Started<'_>, topology: &mut Topology, at: usize) {
    let (node, groups) = (&mut topology.nodes[at], &mut topology.groups);
    for (name, value) in &unit.environment {
        if node.environment.get(name).is_none() {
            node.environment.insert(name.clone(), Variable { value: Some(value.clone()), origin: Origin::Literal });
        }
    }
    let group = &mut groups[node.group];
    if group.option_l.is_some() {
        return;
    }
    if matches!(started, Started::Several) {
        node.option_l = Some(Name::Unknown);
        return;
    }
    let mut starts = unit.starts.iter().rev().map(|start| arguments(&unit.words(start), &|_| None));
    // Programs beside HAProxy, such as its exporter, have units as well.
    let Some(parsed) = starts.clone().find(|parsed| !parsed.hidden).or_else(|| starts.next()) else { return };
    if parsed.hidden {
        node.option_l = Some(Name::Unknown);
        return;
    }
    group.option_l = parsed.local_name;
    if let Some(said) = group.option_l.as_ref().filter(|said| parsed.script.is_none() && unit.leaves_nothing_of(&said.value)) {
        group.misread.push(Misread { at: said.at, what: Misreading::Removed(said.value.clone()) });
        node.option_l = Some(Name::Unknown);
        return;
    }
    node.option_l = group.option_l.as_ref().map(|l| match l.value.as_str() {
        "%H" => node.host_name.clone(),
        text => specified(text, node.host_name.known(), started).filter(|t| !t.contains('$')).map_or(Name::Unknown, Name::Known),
    });
}

/// Replaces systemd's own words for the host name and that of an instance; `None` where another one is in the text, or the name is not known.
fn specified(text: &str, host: Option<&str>, started: &Started<'_>) -> Option<String> {
    let mut value = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match c {
            '%' => match letters.next()? {
                '%' => value.push('%'),
                'H' => value += host?,
                'l' => value += host?.split('.').next()?,
                'i' | 'I' => match started {
                    Started::Instance(name) => value += name,
                    _ => return None,
                },
                _ => return None,
            },
            c => value.push(c),
        }
    }
    Some(value)
}
