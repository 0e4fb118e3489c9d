//! What is to be told of a place: what its words mean, and what the configuration makes of its names.

mod spelled;

pub(super) use spelled::parts;
use spelled::said;

use crate::{
    catalog::NameKind,
    config::{PeerKind, Role as PeerRole},
    expression::condition_meaning,
    rules::predefined_acls,
    shown::line,
    source::{Location, Span},
    syntax::{SectionKind, Statement},
    version::VersionSet,
};

use super::{
    Access, Cursor, Description, Here, Spoken, Symbol, SymbolKind, View, at, describe_at, describe_section,
    settings::{Setting, settings},
    signature,
};

/// What is told of a place.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Told {
    /// The bytes that it is about.
    pub location: Location,
    /// All of it.
    pub parts: Vec<Part>,
}

/// A part of what is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Part {
    /// What is known of a keyword, a fetch or a converter.
    Description(Box<Description>),
    /// How something is written.
    Code(String),
    /// A sentence; names and words stand in backticks.
    Text(String),
    /// Lines of the configuration, under a heading.
    Lines {
        /// What they have in common.
        heading: String,
        /// Their words.
        lines: Vec<Location>,
        /// How many more there are.
        more: usize,
    },
}

/// So many lines of one kind are shown.
const SHOWN: usize = 12;

/// What is to be told of the cursor; `local` is the name of the node, where it is known.
pub fn hover(view: &View<'_>, cursor: Cursor, local: Option<&str>) -> Option<Told> {
    let here = at(view, cursor);
    let word = here.word.clone();
    if let Some(symbol) = &here.symbol {
        let teller = Teller { view, cursor, here: &here, local };
        return Some(Told { location: symbol.location, parts: teller.symbol(symbol) });
    }
    let word = word?;
    if let Some(told) = spelled::told(view, cursor) {
        return Some(told);
    }
    let parts = keyword(view, cursor, &here, &word);
    (!parts.is_empty()).then_some(Told { location: word.location, parts })
}

/// A name as a sentence can hold it: nothing in it is obeyed, or ends its quotes.
fn quoted(name: &str) -> String {
    line(name).replace('`', "'")
}

/// The versions in words, where that is worth it.
fn known(versions: VersionSet) -> String {
    match versions {
        VersionSet::ALL => "HAProxy 2.4 and later".to_owned(),
        VersionSet::NONE => "no HAProxy from 2.4 on".to_owned(),
        some => format!("HAProxy {some}"),
    }
}

fn lines(heading: impl Into<String>, mut lines: Vec<Location>) -> Option<Part> {
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    (!lines.is_empty()).then(|| Part::Lines { heading: heading.into(), lines, more })
}

/// A keyword, an option, an action, a value; the keyword of a section.
fn keyword(view: &View<'_>, cursor: Cursor, here: &Here<'_>, word: &Spoken) -> Vec<Part> {
    let (Some(statement), Some(section)) = (here.statement, here.section) else { return Vec::new() };
    if section.header().is_some_and(|header| header.location() == statement.location()) {
        if word.number > 0 && statement.str(word.number) == "from" {
            return said("from");
        }
        let section = describe_section(section.kind.keyword(), view.versions()).filter(|_| word.number == 0);
        return described(section).chain(in_force(view, cursor)).collect();
    }
    if word.number == 0 && statement.len() > 1 && matches!(statement.keyword(), "no" | "default") {
        return said(statement.keyword());
    }
    let mut parts: Vec<Part> = described(describe_at(view, cursor)).collect();
    if word.number == 0 {
        parts.extend(table(view, statement));
    }
    if parts.is_empty() { written(view, cursor, word) } else { parts }
}

/// How the line of a word is written of which nothing else is known.
fn written(view: &View<'_>, cursor: Cursor, word: &Spoken) -> Vec<Part> {
    let end = Cursor { offset: word.location.span.end, ..cursor };
    signature(view, end).map(|help| Part::Code(help.label)).into_iter().collect()
}

/// What the table of a line takes.
fn table(view: &View<'_>, statement: Statement<'_>) -> Vec<Part> {
    let Some(table) = view.config().tables().find(|table| table.statement.location() == statement.location()) else { return Vec::new() };
    let shared = table.peers.is_some()
        || view.config().peers.iter().any(|peers| peers.tables.iter().any(|own| own.statement.location() == statement.location()));
    table.footprint(view.versions()).map_or_else(Vec::new, |takes| takes.sentences(shared).into_iter().map(Part::Text).collect())
}

fn described(all: impl IntoIterator<Item = Description>) -> impl Iterator<Item = Part> {
    all.into_iter().map(|description| Part::Description(Box::new(description)))
}

/// The settings that a proxy inherits.
fn in_force(view: &View<'_>, cursor: Cursor) -> Option<Part> {
    let inherited = settings(view, cursor).into_iter().filter(|setting| setting.inherited);
    lines("inherited settings in force", inherited.map(|Setting { statement, .. }| statement.location()).collect())
}

impl View<'_> {
    /// The line that a place is in, without the blanks around it.
    pub(super) fn whole_line(&self, place: Location) -> Location {
        let file = self.snapshot.sources.file(place.file);
        let span = file.line_span(file.line_of(place.span.start));
        let text = file.slice(span);
        let start = span.start + (text.len() - text.trim_ascii_start().len()) as u32;
        Location { span: Span::new(start, (span.start + text.trim_ascii_end().len() as u32).max(start)), ..place }
    }
}

/// Tells of a name.
struct Teller<'a, 'r> {
    view: &'a View<'r>,
    cursor: Cursor,
    here: &'a Here<'r>,
    local: Option<&'a str>,
}

impl<'r> Teller<'_, 'r> {
    fn symbol(&self, symbol: &Symbol) -> Vec<Part> {
        let mut parts = vec![Part::Text(format!("{} `{}`", symbol.kind.noun(), quoted(&symbol.name)))];
        let declared = self.lines_of(symbol, Access::Declares);
        let written = self.lines_of(symbol, Access::Writes);
        match symbol.kind {
            SymbolKind::Variable => match lines("set here", written) {
                Some(set) => parts.push(set),
                None => parts.push(Part::Text("no line sets it".to_owned())),
            },
            SymbolKind::Name(NameKind::Acl) if declared.len() > 1 => {
                parts.extend(lines("all lines of it, one of which must match", declared));
            }
            SymbolKind::Name(NameKind::Acl) if declared.is_empty() && is_predefined(&symbol.name, self.view.versions()) => {
                let meaning = condition_meaning(&symbol.name).unwrap_or_default();
                parts.push(Part::Text(format!("predefined, no line declares it: {meaning}")));
            }
            _ if declared.is_empty() => parts.push(Part::Text("no line declares it".to_owned())),
            _ => parts.extend(lines("declared here", declared)),
        }
        match symbol.kind {
            SymbolKind::Name(NameKind::Server | NameKind::ServerTemplate) => parts.extend(self.default_servers(symbol)),
            SymbolKind::Member(SectionKind::Peers) => parts.extend(self.peer(symbol)),
            SymbolKind::Name(NameKind::Backend | NameKind::Frontend | NameKind::Defaults) if self.is_header() => {
                parts.extend(in_force(self.view, self.cursor));
            }
            _ => {}
        }
        let used = self.lines_of(symbol, Access::Reads);
        parts.push(match lines("used here", used) {
            Some(used) => used,
            None => Part::Text("used nowhere by its name".to_owned()),
        });
        parts
    }

    /// The lines in which something happens to a name.
    fn lines_of(&self, symbol: &Symbol, access: Access) -> Vec<Location> {
        let places = symbol.occurrences.iter().filter(|place| place.access == access).map(|place| place.location);
        let mut lines: Vec<Location> = places.map(|place| self.view.whole_line(place)).collect();
        lines.dedup();
        lines
    }

    fn is_header(&self) -> bool {
        let header = self.here.section.and_then(|section| section.header());
        header.zip(self.here.statement).is_some_and(|(header, here)| header.location() == here.location())
    }

    /// The `default-server` lines that a server goes by: those above it, and those that its proxy inherits.
    fn default_servers(&self, symbol: &Symbol) -> Option<Part> {
        let declared = symbol.occurrences.iter().find(|place| place.access == Access::Declares)?.location;
        let config = self.view.config();
        let section = self.view.section(Cursor { file: declared.file, offset: declared.span.start })?;
        let proxy = config.proxy(section.index())?;
        let of = |lines: &mut dyn Iterator<Item = Statement<'r>>| -> Vec<Location> {
            lines.filter(|line| line.keyword() == "default-server").map(|line| line.location()).collect()
        };
        let mut all: Vec<Location> = config.ancestors(proxy).flat_map(|parent| of(&mut parent.section.statements())).collect();
        all.extend(of(&mut section.statements()).into_iter().filter(|line| *line < declared));
        all.sort_unstable();
        lines("with what these lines say", all)
    }

    /// Which node a peer is.
    fn peer(&self, symbol: &Symbol) -> Vec<Part> {
        let declared = symbol.occurrences.iter().find(|place| place.access == Access::Declares);
        let Some(declared) = declared.map(|place| place.location) else { return Vec::new() };
        let mut said: Vec<String> = Vec::new();
        for seen in self.view.config().all_peers_views(self.local).iter().filter(|seen| seen.versions.meets(self.view.versions())) {
            let Some(member) = seen.members.iter().find(|member| touches(member.peer.statement, declared)) else { continue };
            let address = member.address.as_ref().map(|(word, _)| format!(" `{}`", quoted(&word.display()))).unwrap_or_default();
            said.push(match member.role {
                PeerRole::Local => match member.peer.kind {
                    PeerKind::Peer if !address.is_empty() => format!("the local node: it listens at{address}"),
                    _ => "the local node".to_owned(),
                },
                PeerRole::Remote => format!("another node, which others reach at{address}"),
                PeerRole::Unknown => {
                    "whether it is the local node is not known: `local-name` in haproxy-lint.toml says what `-L` or the host name will be"
                        .to_owned()
                }
            });
        }
        said.dedup();
        said.into_iter().map(Part::Text).collect()
    }
}

fn touches(line: Statement<'_>, place: Location) -> bool {
    let own = line.location();
    own.file == place.file && super::at::touches(own.span, place.span.start)
}

/// Whether HAProxy knows an ACL without a line.
fn is_predefined(name: &str, versions: VersionSet) -> bool {
    predefined_acls(versions).any(|known| known == name)
}
