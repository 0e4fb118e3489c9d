//! What stick tables count: who tracks which entry in which slot and when, who reads a counter of it and when, and which
//! tracks can have filled the slot by then.
//!
//! A slot is filled once: by the connection or session for all its requests, or by the stream for itself. Until then, and in a
//! table that does not store the counter, a read finds nothing, and a condition on it does not hold.

mod call;
mod clients;
mod moment;
mod ways;

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

pub use call::{Call, Deed, Source};
pub use moment::Phase;
use ways::Ways;

use crate::{
    cut::Cut,
    source::Location,
    syntax::{Lookup, Statement, Word},
};

use super::{
    Ancestors, Atom, Guard, KeyType, Literal, Model, NameKind, Names, Proxy, StickTable,
    address::{self, Family, Host},
    condition::is_mark,
};

/// A stick table, and what is known of it as a whole.
#[derive(Clone, Debug)]
pub struct Table<'r> {
    /// What rules call it.
    pub name: String,
    /// Its line.
    pub line: StickTable<'r>,
    /// Whether other nodes may bring entries into it.
    pub shared: bool,
}

/// A rule that fills a slot.
#[derive(Clone, Debug)]
pub struct Track<'r> {
    /// The line.
    pub statement: Statement<'r>,
    /// The proxy in which it runs: a place among [`Model::proxies`].
    pub proxy: usize,
    /// The slot.
    pub slot: u32,
    /// When it runs.
    pub phase: Phase,
    /// The expression that gives the key, as far as it is one word.
    pub key: Option<&'r str>,
    /// The table: a place in [`Counters::tables`].
    pub table: Option<usize>,
    /// Whether it has no condition.
    pub always: bool,
    order: usize,
}

/// A place that asks for a counter, or raises it.
#[derive(Clone, Debug)]
pub struct Read<'r> {
    /// The line by which it happens.
    pub statement: Statement<'r>,
    /// The proxy in which it runs: a place among [`Model::proxies`].
    pub proxy: usize,
    /// When it happens.
    pub phase: Phase,
    /// What is asked for.
    pub call: Call,
    /// The call as it is written.
    pub text: &'r str,
    /// Where it is written, perhaps in an `acl` line.
    pub written: Location,
    /// Where the line asks for it: the same, or the name of the ACL.
    pub asked: Location,
    /// The table that is named: a place in [`Counters::tables`].
    pub table: Option<usize>,
    /// What the counter is compared with, where a condition asks for it and for nothing else: `gt 10`.
    pub compared: Vec<&'r str>,
    order: usize,
}

/// All tables, tracks and reads of a configuration.
#[derive(Debug, Default)]
pub struct Counters<'r> {
    /// The tables of proxies and peers.
    pub tables: Vec<Table<'r>>,
    /// Who fills slots.
    pub tracks: Vec<Track<'r>>,
    /// Who reads and raises counters. Lines of `defaults` sections are left out.
    pub reads: Vec<Read<'r>>,
    /// Whether a line may track that nobody understands, or a table has a name that is not known.
    pub open: bool,
    by_name: FxHashMap<String, Option<usize>>,
    /// The tracks of each proxy, and those of each table.
    of_proxy: FxHashMap<usize, Vec<usize>>,
    of_table: FxHashMap<usize, Vec<usize>>,
    /// The tracks that are sure to fill their slot, by proxy and slot: found when first asked for.
    sure: OnceLock<FxHashMap<(usize, u32), Vec<usize>>>,
    ways: Ways,
}

/// What one of these is written in any file that has to do with counters.
const SIGNS: [&str; 7] = ["track-sc", "sc_", "sc0_", "sc1_", "sc2_", "src_", "table_"];

impl<'r> Counters<'r> {
    /// Looks for them all.
    pub(super) fn of(model: &Model<'r>, names: &Names<'r>) -> Self {
        let open = names.is_open(NameKind::Table, None) || names.is_open(NameKind::Backend, None);
        let mut counters = Self { open, ..Self::default() };
        counters.declare(model);
        let signs = SIGNS.iter().any(|sign| model.reading.may_mention(sign));
        if signs || !counters.tables.is_empty() {
            counters.ways = Ways::of(model);
        }
        if !signs {
            return counters;
        }
        let may_track = |line: Statement<'_>| line.words().skip(1).take(2).any(|w| w.known().is_none_or(|t| t.starts_with("track-sc")));
        let tracking = Ancestors::of(model, |section| section.section.statements().any(may_track));
        let with_acls = Ancestors::of(model, |section| section.lines(&["acl"]).next().is_some());
        for (at, proxy) in model.proxies.iter().enumerate().filter(|(_, p)| p.runs()) {
            for parent in tracking.by(proxy, model) {
                counters.track_all(parent, at, true);
            }
            counters.track_all(proxy, at, false);
            let acls = Acls::of(std::iter::once(proxy).chain(with_acls.by(proxy, model)));
            counters.open |= acls.too_long;
            acls.read_all(proxy, at, &mut counters);
        }
        if counters.is_too_much(model.proxies.len()) {
            counters.open = true;
            counters.tracks.clear();
            counters.reads.clear();
        }
        for (number, track) in counters.tracks.iter().enumerate() {
            counters.of_proxy.entry(track.proxy).or_default().push(number);
            track.table.into_iter().for_each(|table| counters.of_table.entry(table).or_default().push(number));
        }
        counters
    }

    /// Whether going through all tracks for each read would take long. Nobody writes as many by hand; nothing is said then.
    fn is_too_much(&self, proxies: usize) -> bool {
        const MOST: usize = 50_000_000;
        let (tracks, reads) = (self.tracks.len(), self.reads.len());
        let each = tracks.saturating_mul(tracks).max(proxies.saturating_mul(4));
        each.saturating_mul(reads.max(1)) > MOST
    }

    fn declare(&mut self, model: &Model<'r>) {
        let several: FxHashSet<&str> = model.peers.iter().filter(|p| !p.disabled && p.list.len() > 1).map(|p| p.name()).collect();
        for proxy in model.proxies.iter().filter(|p| p.runs()) {
            for line in proxy.tables.iter().take(1) {
                // A name that is not known may be any section.
                let shared = line.peers.is_some_and(|peers| peers.known().is_none_or(|name| several.contains(name)));
                self.table(proxy.name().to_owned(), line, shared);
            }
        }
        for peers in model.peers.iter().filter(|p| !p.disabled) {
            for line in &peers.tables {
                let own = line.name.and_then(Word::known).unwrap_or("");
                self.table(format!("{}/{own}", peers.name()), line, peers.list.len() > 1);
            }
        }
        // What is copied into another table may fill it.
        let filled: Vec<String> = self.tables.iter().filter_map(|t| t.line.write_to?.known().map(str::to_owned)).collect();
        self.tables.iter_mut().filter(|t| filled.contains(&t.name)).for_each(|t| t.shared = true);
    }

    fn table(&mut self, name: String, line: &StickTable<'r>, shared: bool) {
        let number = self.tables.len();
        // Of two of one name nobody knows which is meant.
        self.by_name.entry(name.clone()).and_modify(|known| *known = None).or_insert(Some(number));
        self.tables.push(Table { name, line: line.clone(), shared });
    }

    /// The table of that name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().flatten()
    }

    /// Takes the tracks of a section, or of the `defaults` that it inherits from.
    fn track_all(&mut self, section: &Proxy<'r>, proxy: usize, inherited: bool) {
        let name = section.name();
        for (order, statement) in section.section.body().zip(section.section.statements()) {
            let action = match statement.keyword() {
                "http-request" | "http-response" | "http-after-response" => 1,
                "tcp-request" | "tcp-response" => 2,
                _ => continue,
            };
            let Some(word) = statement.word(action) else { continue };
            let Some(slot) = word.known().map(|text| text.strip_prefix("track-sc")) else {
                self.open = true;
                continue;
            };
            let (Some(slot), Some(phase)) = (slot, Phase::of(&statement)) else { continue };
            let table = statement.after("table", action + 2).map_or((!inherited).then_some(name), |word| word.known());
            let words = statement.words().skip(action + 2);
            let alone = words.clone().next().is_none_or(|w| w.is("table") || is_mark(w));
            let track = slot.parse().ok().map(|slot| Track {
                statement,
                proxy,
                slot,
                phase,
                key: statement.word(action + 1).filter(|_| alone).and_then(Word::known),
                table: table.and_then(|name| self.named(name)),
                always: !statement.is_open() && !words.clone().any(|w| w.known().is_none() || is_mark(w)),
                order: if inherited { 0 } else { order },
            });
            self.open |= track.is_none();
            self.tracks.extend(track);
        }
    }

    /// Whether this table stores what the call asks for; what is not known may be stored.
    pub fn stores(&self, table: usize, call: &Call) -> bool {
        let Some(counter) = &call.counter else { return true };
        let line = &self.tables[table].line;
        if line.statement.is_open() || line.store.iter().any(|s| s.word.known().is_none()) || line.stores(counter) {
            return true;
        }
        let types = || line.store.iter().flat_map(|s| &s.types);
        let in_array = |counter: &str| {
            let Some((array, number)) = call::array(counter) else { return false };
            let size = types()
                .find(|t| t.name == array)
                .map(|t| t.argument.as_deref().and_then(|a| a.split(',').next()?.trim().parse::<u32>().ok()));
            size.is_some_and(|size| size.is_none_or(|size| number < size))
        };
        // What raises a counter raises its rate, whichever of the two is stored.
        let rate = format!("{counter}_rate");
        in_array(counter) || call.deed == Deed::Raise && counter.starts_with("gpc") && (line.stores(&rate) || in_array(&rate))
    }

    /// The tracks of the slot that `read` looks at, in the sections through which its streams go.
    pub fn on_the_way(&self, read: &Read<'r>) -> impl Iterator<Item = &Track<'r>> {
        let source = read.call.source.clone();
        let proxies = std::iter::once(read.proxy).chain(self.ways.frontends(read.proxy)).chain(self.ways.backends(read.proxy));
        proxies.flat_map(|proxy| self.in_proxy(proxy)).filter(move |t| source == Source::Slot(t.slot))
    }

    fn in_proxy(&self, proxy: usize) -> impl Iterator<Item = &Track<'r>> {
        self.of_proxy.get(&proxy).into_iter().flatten().map(|number| &self.tracks[*number])
    }

    /// What is read by the line of a track.
    pub fn reads_at(&self, track: &Track<'r>) -> &[Read<'r>] {
        let all = self.reads_in(track.proxy);
        &all[all.partition_point(|read| read.order < track.order)..all.partition_point(|read| read.order <= track.order)]
    }

    /// What is read in a proxy.
    fn reads_in(&self, proxy: usize) -> &[Read<'r>] {
        let end = |proxy: usize| self.reads.partition_point(|read| read.proxy < proxy);
        &self.reads[end(proxy)..end(proxy + 1)]
    }

    /// Those of them that can have filled the slot before `read` happens.
    pub fn before<'a>(&'a self, read: &'a Read<'r>) -> impl Iterator<Item = &'a Track<'r>> + 'a {
        self.on_the_way(read).filter(|t| self.precedes((t.proxy, t.phase, t.order), (read.proxy, read.phase, read.order)))
    }

    /// The track that always fills the slot before `track` can, so that `track` does nothing.
    pub fn taken(&self, track: &Track<'r>, model: &Model<'r>) -> Option<&Track<'r>> {
        let place = |t: &Track<'r>| (t.proxy, t.phase, t.order);
        let all = self.sure.get_or_init(|| self.sure_ones(model));
        let sure = |proxy: usize| {
            let of_slot = all.get(&(proxy, track.slot)).into_iter().flatten().map(|number| &self.tracks[*number]);
            of_slot.into_iter().find(|t| self.precedes(place(t), place(track)))
        };
        let own = sure(track.proxy);
        if own.is_some() || model.proxies[track.proxy].is_frontend() {
            return own;
        }
        let all: Option<Vec<&Track<'r>>> = self.ways.frontends(track.proxy).map(sure).collect();
        all?.first().copied()
    }

    /// The tracks that always run, and whose key is always there and fits into their table.
    fn sure_ones(&self, model: &Model<'r>) -> FxHashMap<(usize, u32), Vec<usize>> {
        let (mut listens, mut fits, mut ends) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        let mut sure = FxHashMap::<_, Vec<_>>::default();
        for (number, track) in self.tracks.iter().enumerate().filter(|(_, track)| track.always) {
            let Some(of_ipv4) = self.wants(track) else { continue };
            let mut listens = |at: usize| *listens.entry((at, of_ipv4)).or_insert_with(|| model.proxies[at].listens_for_sure(of_ipv4));
            let mut all = || self.frontends(model, track.proxy).all(&mut listens);
            let proxy = &model.proxies[track.proxy];
            if *fits.entry((track.proxy, of_ipv4)).or_insert_with(&mut all)
                && ends.entry(track.proxy).or_insert_with(|| proxy.ends()).get(&track.phase).is_none_or(|first| *first >= track.order)
            {
                sure.entry((track.proxy, track.slot)).or_default().push(number);
            }
        }
        sure
    }

    /// Whether the table of a track takes addresses of IPv4 alone; `None` where its key or an entry may be missing.
    fn wants(&self, track: &Track<'r>) -> Option<bool> {
        let (Some("src"), Some(table)) = (track.key, track.table) else { return None };
        let line = &self.tables[table].line;
        let full = line.statement.words().any(|w| w.known().is_none_or(|text| text == "nopurge"));
        (!full && line.key != KeyType::Unknown).then_some(matches!(line.key, KeyType::Ip | KeyType::Integer))
    }

    fn precedes(&self, (from, early, first): (usize, Phase, usize), (to, late, second): (usize, Phase, usize)) -> bool {
        if from == to {
            return (early, first) < (late, second);
        }
        let ahead = self.ways.leads(from, to) && early.rank(false) < late.rank(true);
        ahead || self.ways.leads(to, from) && early.rank(true) < late.rank(false)
    }

    /// Whether streams ever come to the proxy, as far as the configuration tells.
    pub fn is_reached(&self, model: &Model<'r>, proxy: usize) -> bool {
        self.frontends(model, proxy).next().is_some()
    }

    /// The frontends whose streams come to a proxy, itself among them.
    pub fn frontends(&self, model: &Model<'r>, proxy: usize) -> impl Iterator<Item = usize> {
        self.ways.frontends(proxy).chain(model.proxies[proxy].is_frontend().then_some(proxy))
    }

    /// The backends to which the streams of a frontend may go.
    pub fn backends(&self, frontend: usize) -> impl Iterator<Item = usize> {
        self.ways.backends(frontend)
    }

    /// The tables whose entry a read looks at; `None` if one of them is not known.
    pub fn looks_into(&self, read: &Read<'r>, model: &Model<'r>) -> Option<Vec<usize>> {
        if read.call.table.is_some() || !matches!(read.call.source, Source::Slot(_)) {
            return read.table.map(|table| vec![table]);
        }
        let mut tables: Vec<usize> =
            self.before(read).filter(|t| self.taken(t, model).is_none()).map(|t| t.table).collect::<Option<_>>()?;
        tables.sort_unstable();
        tables.dedup();
        Some(tables)
    }

    /// The tracks that fill entries of a table.
    pub fn into(&self, table: usize) -> impl Iterator<Item = &Track<'r>> {
        self.of_table.get(&table).into_iter().flatten().map(|number| &self.tracks[*number])
    }
}

/// The ACLs that a section knows, as far as they ask for counters.
#[derive(Default)]
struct Acls<'r> {
    lines: FxHashMap<&'r str, Vec<Statement<'r>>>,
    /// What these ask for.
    calls: FxHashMap<&'r str, Vec<Found<'r>>>,
    /// How many lines each of them has, those that ask for other things among them.
    count: FxHashMap<&'r str, usize>,
    /// Whether one of them has so many that it is left out: each of its uses would read all of them.
    too_long: bool,
}

/// The most lines of one ACL that ask for counters. Nobody writes as many by hand.
const LONGEST: usize = 64;

/// A call in a condition: where it is written.
type Found<'r> = (Call, &'r str, Location);

impl<'r> Acls<'r> {
    fn of<'a>(sections: impl Iterator<Item = &'a Proxy<'r>>) -> Self
    where
        'r: 'a,
    {
        let mut acls = Self::default();
        for section in sections {
            let lines = section.lines(&["acl"]).inspect(|line| *acls.count.entry(line.str(1)).or_default() += 1);
            for line in lines.filter(|line| may_call(line.str(2))) {
                acls.lines.entry(line.str(1)).or_default().push(line);
            }
        }
        let all = acls.lines.len();
        acls.lines.retain(|_, lines| lines.len() <= LONGEST);
        acls.too_long = acls.lines.len() < all;
        let of_line = |line: &Statement<'r>| line.word(2).map_or_else(Vec::new, |word| in_word(word, 0));
        acls.calls = acls.lines.iter().map(|(name, lines)| (*name, lines.iter().flat_map(of_line).collect())).collect();
        acls
    }

    fn read_all(&self, proxy: &Proxy<'r>, at: usize, counters: &mut Counters<'r>) {
        for (order, statement) in proxy.section.body().zip(proxy.section.statements()) {
            let may = |word: Word<'r>| word.known().is_some_and(|t| may_call(t) || self.lines.contains_key(t.trim_start_matches('!')));
            let Some(phase) = Phase::of(&statement).filter(|_| statement.words().skip(1).any(may)) else { continue };
            let alone = |f: Found<'r>| (f.2, f, Vec::new());
            let mut found: Vec<(Location, Found<'r>, Vec<&'r str>)> = outside_conditions(statement).into_iter().map(alone).collect();
            if let Guard::Condition(condition) = Guard::of(&statement) {
                for literal in condition.terms.iter().flatten() {
                    let compared = self.compared(literal);
                    found.extend(self.calls(&statement, literal).into_iter().map(|call| (literal.location, call, compared.clone())));
                }
            }
            for (asked, (call, text, written), compared) in found {
                let table = match (&call.table, &call.source) {
                    (Some(name), _) => counters.named(name),
                    (None, Source::Slot(_)) => None,
                    (None, _) => counters.named(proxy.name()),
                };
                counters.reads.push(Read { statement, proxy: at, phase, call, text, written, asked, table, compared, order });
            }
        }
    }

    /// What the counter of a literal is compared with, if that is all that the literal asks.
    fn compared(&self, literal: &Literal<'r>) -> Vec<&'r str> {
        match &literal.atom {
            Atom::Anonymous(words) => behind(words),
            Atom::Name(name) => match (self.lines.get(name).map(Vec::as_slice), self.count.get(name)) {
                (Some([line]), Some(1)) => {
                    let words: Option<Vec<&str>> = line.words().skip(2).map(Word::known).collect();
                    words.map_or(Vec::new(), |words| behind(&words))
                }
                _ => Vec::new(),
            },
        }
    }

    /// The calls of one literal of a condition.
    fn calls(&self, statement: &Statement<'r>, literal: &Literal<'r>) -> Vec<Found<'r>> {
        match &literal.atom {
            Atom::Name(name) => self.calls.get(name).cloned().unwrap_or_default(),
            Atom::Anonymous(_) => {
                let inside = |word: &Word<'r>| word.location.span.start > literal.location.span.start;
                statement.words().find(inside).map(|word| in_word(word, 0)).unwrap_or_default()
            }
        }
    }
}

/// What stands behind an expression that is one call alone.
fn behind<'r>(words: &[&'r str]) -> Vec<&'r str> {
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let mut calls = 0;
    call::in_expression(first, 0, &mut |call| calls += if call.range == (0..first.len()) { 1 } else { 2 });
    if calls == 1 { rest.to_vec() } else { Vec::new() }
}

/// Whether a text may have a call in it: a quick look.
fn may_call(text: &str) -> bool {
    text.contains("sc") && (text.contains('_') || text.contains("sc-")) || text.contains("table_") || text.contains("src_")
}

/// The calls of the expression that begins `word` at `start`.
fn in_word(word: Word<'_>, start: usize) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let Some(text) = word.known() else { return found };
    call::in_expression(text, start, &mut |call| {
        let (written, shown) = (word.part(call.range.clone()), text.cut(call.range.clone()));
        found.push((call, shown, written));
    });
    found
}

/// The calls in the words before a condition: in formats, as the expression of an action, and the action itself.
fn outside_conditions(statement: Statement<'_>) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (at, word) in statement.words().enumerate().skip(1).take_while(|(_, word)| !is_mark(*word)) {
        let Some(text) = word.known().filter(|text| may_call(text)) else { continue };
        found.extend(call::action(text).filter(|_| at < 3).map(|call| (call, text, word.location)));
        if at > 1 {
            found.extend(in_word(word, 0));
        }
        text.match_indices("%[").for_each(|(start, _)| found.extend(in_word(word, start + 2)));
    }
    found
}

impl<'r> Proxy<'r> {
    /// The first rule of each kind that may let streams through without those below it, as its place in the section.
    fn ends(&self) -> FxHashMap<Phase, usize> {
        let ends = |line: &Statement<'r>| line.words().take(3).any(|w| w.known().is_none_or(|text| matches!(text, "allow" | "accept")));
        let mut first = FxHashMap::default();
        for (order, line) in self.section.body().zip(self.section.statements()).filter(|(_, line)| ends(line)) {
            Phase::of(&line).into_iter().for_each(|phase| _ = first.entry(phase).or_insert(order));
        }
        first
    }

    /// Whether all its listeners certainly give an address of the client, and, if asked, one of IPv4.
    fn listens_for_sure(&self, of_ipv4: bool) -> bool {
        let sure = |text: &str| {
            let address = address::parse(text, &|_| Lookup::Unknown);
            let v4 = matches!(address.host, Host::Any4) || address.host.ip().is_some_and(|ip| ip.is_ipv4());
            let v6 = matches!(address.host, Host::Any6) || address.host.ip().is_some_and(|ip| ip.is_ipv6());
            matches!(address.family, Family::Ip | Family::Ip4 | Family::Ip6) && (v4 || v6 && !of_ipv4)
        };
        let plain = |text: &str| address::list(text).all(|range| sure(text.cut(range)));
        let bind = |bind: &super::Bind<'r>| {
            let proxied = bind.statement.words().any(|w| w.known().is_none_or(|t| t.starts_with("accept-")));
            !proxied && bind.address.and_then(Word::known).is_some_and(plain)
        };
        !self.binds.is_empty() && self.binds.iter().all(bind)
    }
}
