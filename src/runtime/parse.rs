//! From text to [`Dump`]s, by `grammar/show_peers.pest`.
//!
//! The grammar cuts the text into tokens; what a field belongs to follows from the tokens before it, as HAProxy prints them.

use pest::{Parser, iterators::Pair};

use crate::source::Span;

use super::{
    dump::{Dump, Field, Fields, Peer, Role, Section, SharedTable, TableHead},
    instead::is_empty,
};
use grammar::{Rule, ShowPeersParser};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/show_peers.pest"]
    pub(super) struct ShowPeersParser;
}

/// The most text that is looked at: some hundred times what the largest mesh prints.
pub const MAX_BYTES: usize = 64 << 20;

/// Reads every answer in `text`, in order; `None` where there is nothing of `show peers` in it.
///
/// ```
/// let text = "0x1: [22/Nov/2026:14:15:36] id=mypeers disabled=0 flags=0x33\n 0x2: id=b(remote,inactive) addr=10.0.0.2:1024 last_status=NAME";
/// let dumps = haproxy_lint::runtime::parse(text).unwrap();
/// assert_eq!(dumps[0].sections[0].peers[0].name, "b");
/// ```
pub fn parse(text: &str) -> Option<Vec<Dump>> {
    if is_empty(text) {
        // An empty line is an answer: there is no section.
        return Some(vec![Dump::default()]);
    }
    let tokens = ShowPeersParser::parse(Rule::text, text).ok()?.next()?;
    let tokens: Vec<Pair<'_, Rule>> = tokens.into_inner().collect();
    let mut reader = Reader { end: text.len() as u32, open: !text.ends_with('\n'), ..Reader::default() };
    for (at, token) in tokens.iter().enumerate() {
        reader.token(token, &tokens[at + 1..]);
    }
    reader.finish()
}

/// What the next field belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Nothing,
    Section,
    Peer,
    Session,
    /// `remote_table:` or `last_local_table:`.
    Current,
    Shared,
    Table,
}

#[derive(Default)]
struct Reader {
    done: Vec<Dump>,
    dump: Dump,
    place: Place,
    /// A pointer stands before; with a colon?
    pointer: Option<bool>,
    date: bool,
    /// Where the text ends, and whether that is inside of a line.
    end: u32,
    open: bool,
}

fn span(token: &Pair<'_, Rule>) -> Span {
    let span = token.as_span();
    Span::new(span.start() as u32, span.end() as u32)
}

impl Reader {
    fn token(&mut self, token: &Pair<'_, Rule>, rest: &[Pair<'_, Rule>]) {
        let (pointer, date) = (self.pointer.take(), std::mem::take(&mut self.date));
        match token.as_rule() {
            Rule::pointer => {
                let colon = token.as_str().ends_with(':');
                self.pointer = Some(colon);
            }
            Rule::date => (self.pointer, self.date) = (pointer, true),
            Rule::ask => self.ask(token),
            Rule::separator => self.place = Place::Nothing,
            Rule::failure => self.dump.no_such_section |= token.as_str() == "No such peers",
            Rule::table => self.head(token),
            Rule::marker => self.marker(token.as_str()),
            Rule::info => self.info(token.clone()),
            Rule::field => self.field(token, pointer, date, rest),
            Rule::word => self.word(token),
            _ => {}
        }
    }

    fn ask(&mut self, token: &Pair<'_, Rule>) {
        self.place = Place::Nothing;
        if token.as_str().ends_with("peers") {
            if !self.dump.sections.is_empty() || self.dump.asked.is_some() {
                self.next_dump();
            }
            self.dump.asked = Some(span(token));
        }
    }

    fn next_dump(&mut self) {
        let dump = std::mem::take(&mut self.dump);
        self.done.push(dump);
    }

    fn head(&mut self, token: &Pair<'_, Rule>) {
        self.place = Place::Nothing;
        let part = |rule| token.clone().into_inner().find(|p| p.as_rule() == rule).map(|p| p.as_str().to_owned());
        let Some(name) = part(Rule::table_name) else { return };
        let number = |rule| part(rule).and_then(|n| n.parse().ok());
        let (kind, size, used) = (part(Rule::table_type), number(Rule::table_size), number(Rule::table_used));
        self.dump.tables.push(TableHead { name, span: span(token), kind, size, used });
    }

    fn marker(&mut self, text: &str) {
        let Some(peer) = self.peer() else { return };
        match text.split(':').next() {
            Some("appctx") => {
                peer.session.get_or_insert_default();
                self.place = Place::Session;
            }
            Some("table") => self.place = if peer.tables.is_empty() { Place::Peer } else { Place::Table },
            Some(name) => {
                let remote = name == "remote_table";
                if let Some(session) = peer.session.as_mut().filter(|_| remote) {
                    session.remote_table = true;
                }
                self.place = Place::Current;
            }
            None => {}
        }
    }

    fn info(&mut self, token: Pair<'_, Rule>) {
        let mut parts = token.into_inner();
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
        let (info, value) = (&mut self.dump.info, value.as_str());
        match name.as_str() {
            "Version" => info.version = Some(value.to_owned()),
            "Uptime_sec" => info.uptime = value.parse().ok(),
            "Pid" => info.pid = value.parse().ok(),
            _ => info.node = Some(value.to_owned()),
        }
    }

    /// An address that somebody blotted out may be several words.
    fn word(&mut self, token: &Pair<'_, Rule>) {
        if self.place != Place::Peer {
            return;
        }
        let end = span(token).end;
        if let Some(last) = self.peer().and_then(|p| p.fields.0.last_mut()).filter(|f| f.key == "addr") {
            last.value = format!("{} {}", last.value, token.as_str());
            last.span.end = end;
        }
    }

    fn peer(&mut self) -> Option<&mut Peer> {
        self.dump.sections.last_mut()?.peers.last_mut()
    }

    fn field(&mut self, token: &Pair<'_, Rule>, pointer: Option<bool>, date: bool, rest: &[Pair<'_, Rule>]) {
        let Some((key, value)) = token.as_str().split_once('=') else { return };
        let value = value.trim_matches(['"', '\'', ',']);
        let field = Field { key: key.to_owned(), value: value.to_owned(), span: span(token) };
        match key {
            "id" => self.id(field, pointer == Some(true), date, rest),
            // An entry of a table: nothing on it is ours.
            "key" if pointer == Some(true) => self.place = Place::Nothing,
            "local_id" if pointer == Some(false) && self.peer().is_some() => self.shared(field),
            "xprt" if self.peer().is_some_and(|p| p.session.is_some()) => {
                self.place = Place::Session;
                self.keep(field);
            }
            _ => self.keep(field),
        }
    }

    fn shared(&mut self, field: Field) {
        self.place = Place::Shared;
        let table = SharedTable { span: field.span, fields: Fields(vec![field]), ..SharedTable::default() };
        if let Some(peer) = self.peer() {
            peer.tables.push(table);
        }
    }

    /// `id=` begins a section or a peer, or names a table.
    fn id(&mut self, field: Field, pointer: bool, date: bool, rest: &[Pair<'_, Rule>]) {
        let name_span = |name: &str| Span::new(field.span.start + 3, field.span.start + 3 + name.len() as u32);
        if let Some((name, role)) = field.value.split_once('(') {
            let (role, active) = role_of(role);
            let peer = Peer { name: name.to_owned(), span: name_span(name), role, active, ..Peer::default() };
            return self.begin_peer(peer);
        }
        let next = rest.iter().find(|t| t.as_rule() != Rule::word);
        let headed = next.is_some_and(|t| t.as_str().starts_with("disabled=") || t.as_str().starts_with("state="));
        match self.place {
            Place::Table | Place::Current if !pointer && !headed => return self.table_name(field),
            _ if date || headed => {}
            // The name of a peer whose role is cut off.
            _ if pointer && next.is_none() && !self.dump.sections.is_empty() => {
                let peer = Peer { name: field.value.clone(), span: name_span(&field.value), ..Peer::default() };
                return self.begin_peer(peer);
            }
            _ if pointer => {}
            _ => return self.keep(field),
        }
        if self.dump.sections.iter().any(|s| s.name == field.value) {
            self.next_dump();
        }
        let section = Section { span: name_span(&field.value), name: field.value, ..Section::default() };
        self.dump.sections.push(section);
        self.place = Place::Section;
    }

    fn begin_peer(&mut self, peer: Peer) {
        // Somebody may have looked for the lines of the peers alone; then a name that comes again begins another answer.
        let headless = self.dump.sections.last().is_some_and(|s| s.name.is_empty() && s.peers.iter().any(|p| p.name == peer.name));
        if headless {
            self.next_dump();
        }
        if self.dump.sections.is_empty() {
            self.dump.sections.push(Section { span: peer.span, ..Section::default() });
        }
        if let Some(section) = self.dump.sections.last_mut() {
            section.peers.push(peer);
        }
        self.place = Place::Peer;
    }

    fn table_name(&mut self, field: Field) {
        let whole = self.place == Place::Table;
        if let Some(table) = self.peer().and_then(|p| p.tables.last_mut()).filter(|_| whole) {
            table.span = Span::new(field.span.start + 3, field.span.end);
            table.name = field.value;
        }
    }

    fn keep(&mut self, field: Field) {
        let place = self.place;
        let Some(section) = self.dump.sections.last_mut() else { return };
        if place == Place::Section {
            return section.fields.0.push(field);
        }
        let Some(peer) = section.peers.last_mut() else { return };
        match place {
            Place::Peer => peer.fields.0.push(field),
            Place::Session => peer.session.get_or_insert_default().fields.0.push(field),
            Place::Shared => peer.tables.last_mut().into_iter().for_each(|t| t.fields.0.push(field.clone())),
            Place::Table => peer.tables.last_mut().into_iter().for_each(|t| t.table.0.push(field.clone())),
            Place::Nothing | Place::Section | Place::Current => {}
        }
    }

    fn finish(mut self) -> Option<Vec<Dump>> {
        let something = |dump: &Dump| !dump.sections.is_empty() || dump.asked.is_some() || dump.no_such_section;
        let heads = std::mem::take(&mut self.dump);
        self.done.push(heads);
        if !self.done.iter().any(something) {
            return None;
        }
        let starts: Vec<u32> = self.done.iter().map(start).collect();
        for (at, dump) in self.done.iter_mut().enumerate() {
            dump.span = Span::new(starts[at], starts.get(at + 1).map_or(self.end, |next| (*next).max(starts[at])));
            dump.cut = is_cut(dump);
        }
        // The lines of 2.0 end with a line break: without one the local peer may be what is missing.
        if let Some(last) = self.done.last_mut().filter(|d| self.open && d.sections.iter().any(|s| s.local().is_none())) {
            last.cut = true;
        }
        Some(self.done)
    }
}

fn start(dump: &Dump) -> u32 {
    let first = dump.sections.first().map(|s| s.span.start);
    dump.asked.map(|a| a.start).or(first).unwrap_or(0)
}

/// `remote,active)`, whole or cut off.
fn role_of(text: &str) -> (Option<Role>, Option<bool>) {
    let Some(text) = text.strip_suffix(')') else { return (None, None) };
    let (role, activity) = text.split_once(',').map_or((text, None), |(role, activity)| (role, Some(activity)));
    let role = match role {
        "local" => Some(Role::Local),
        "remote" => Some(Role::Remote),
        _ => None,
    };
    (role, activity.map(|a| a == "active"))
}

/// Whether something is missing that each version prints. Of lines that were picked out (`grep addr=`) none is whole.
fn is_cut(dump: &Dump) -> bool {
    let headless = |s: &Section| !s.name.is_empty() && s.fields.get("task_calls").is_none();
    let whole = |p: &Peer| p.fields.get("flags").is_some() && p.role.is_some();
    let short = |t: &SharedTable| t.table.get("refcnt").is_none() && t.table.get("syncing").is_none();
    let peers: Vec<&Peer> = dump.sections.iter().flat_map(|s| &s.peers).collect();
    // Who picks lines has no head either, and never the fields of the second line.
    let picked = dump.sections.iter().all(|s| s.name.is_empty()) && !peers.iter().any(|p| whole(p));
    let broken = |p: &&Peer| if picked { p.role.is_none() || p.status().is_none() } else { !whole(p) || p.status().is_none() };
    let last = peers.last().and_then(|p| p.tables.last()).is_some_and(short);
    let unpeopled = dump.sections.iter().any(|s| s.peers.is_empty());
    dump.sections.iter().any(headless) || peers.iter().any(broken) || last || unpeopled
}
