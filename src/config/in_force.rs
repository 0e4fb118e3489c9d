//! What of a proxy is in force: its own lines, or else those of the `defaults` section that it inherits from.

use std::sync::Arc;

use crate::{
    catalog::{Fact, NoteKind},
    source::Location,
    syntax::{Reading, SectionKind, Statement, Word},
};

use super::{
    Proxy,
    part::{Part, Parts},
};

/// How a proxy treats its traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `tcp`, the default.
    Tcp,
    /// `http`, and `haterm`, which is a kind of it.
    Http,
    /// `log`, since 2.9.
    Log,
    /// `spop`, since 3.1.
    Spop,
    /// Nobody knows, or HAProxy does not know it.
    Unknown,
}

impl Mode {
    /// The mode that the word of a `mode` line names.
    pub(super) fn of(word: Option<Word<'_>>) -> Self {
        match word.map(Word::known) {
            None | Some(Some("tcp")) => Self::Tcp,
            Some(Some("http" | "haterm")) => Self::Http,
            Some(Some("log")) => Self::Log,
            Some(Some("spop")) => Self::Spop,
            Some(_) => Self::Unknown,
        }
    }

    /// The word of the `mode` line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Http => "http",
            Self::Log => "log",
            Self::Spop => "spop",
            Self::Unknown => "…",
        }
    }
}

/// What a proxy takes from its `defaults`.
#[derive(Clone, Copy, Debug, Default)]
enum Takes {
    #[default]
    All,
    /// What is not for frontends alone.
    OfBackends,
    /// What is not for backends alone.
    OfFrontends,
}

impl Takes {
    fn takes(self, setting: &Setting) -> bool {
        !matches!((self, setting.of), (Self::OfBackends, Of::Frontends) | (Self::OfFrontends, Of::Backends))
    }
}

/// A setting of a proxy. There are many: its name is read from its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// The number of its line.
    line: u32,
    /// What its name comes to: names are compared only where this is equal.
    key: u16,
    /// How its name is read from the line.
    named: Named,
    of: Of,
}

/// Where the name of a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// The keyword.
    OneWord,
    /// The keyword and the word behind it.
    TwoWords,
    /// It is that of a family, which several keywords set: of this one of [`FAMILIES`].
    Check,
    Connections,
    LogFormat,
}

/// The families of settings of proxies.
const FAMILIES: [(Named, &str); 3] = [(Named::Check, "check"), (Named::Connections, "connections"), (Named::LogFormat, "log-format")];

/// What a setting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    All,
    /// Frontends alone.
    Frontends,
    /// Backends alone.
    Backends,
}

/// The name of a setting in one or two words: `balance`, `timeout client`, or that of the family.
type Name<'n> = (&'n str, &'n str);

/// What a name comes to whose words are written one behind the other with a blank between them: a number made of its first and last
/// byte, and its length.
fn key(first: u8, last: u8, length: usize) -> u16 {
    let all = u32::from(first) | u32::from(last) << 8 | (length as u32) << 16;
    (all.wrapping_mul(0x9e37_79b1) >> 16) as u16
}

/// What the name of a setting comes to, as it is asked for.
fn key_of(name: &str) -> u16 {
    match name.as_bytes() {
        [first, .., last] => key(*first, *last, name.len()),
        _ => 0,
    }
}

/// One of 64 bits for a key.
fn bit(key: u16) -> u64 {
    1 << (key >> 10)
}

/// The number of the keyword of a line: 1 where a `no` takes it back.
fn keyword_at(line: Statement<'_>) -> usize {
    usize::from(matches!(line.keyword(), "no" | "default"))
}

impl Setting {
    /// What a line sets, if that is a setting of which the last line counts.
    fn of(line: Statement<'_>, fact: &'static Fact) -> Option<Self> {
        let setting = fact.setting()?;
        let family = fact.note(NoteKind::Family).and_then(|note| FAMILIES.iter().find(|(_, word)| *word == note.word));
        let named = match family {
            Some((family, _)) => *family,
            _ if setting.has_each() || setting.words > 1 => Named::TwoWords,
            _ => Named::OneWord,
        };
        let of = match () {
            () if fact.has(NoteKind::OfFrontends) => Of::Frontends,
            () if fact.has(NoteKind::OfBackends) => Of::Backends,
            () => Of::All,
        };
        let setting = Self { line: line.number() as u32, key: 0, named, of };
        let key = match setting.name(line) {
            (word, "") => key_of(word),
            (first, second) => match (first.as_bytes(), second.as_bytes()) {
                ([head, ..], [.., tail]) => key(*head, *tail, first.len() + 1 + second.len()),
                _ => 0,
            },
        };
        Some(Self { key, ..setting })
    }

    /// Whether this is its name, with a blank between two words.
    fn is_named(&self, line: Statement<'_>, name: &str) -> bool {
        match self.name(line) {
            (word, "") => word == name,
            (first, second) => name.strip_prefix(first).and_then(|rest| rest.strip_prefix(' ')) == Some(second),
        }
    }

    /// Its name, which its `line` has.
    fn name<'n>(&self, line: Statement<'n>) -> Name<'n> {
        let at = keyword_at(line);
        let keyword = || if at == 0 { line.keyword() } else { line.str(at) };
        match self.named {
            Named::OneWord => (keyword(), ""),
            Named::TwoWords => (keyword(), line.str(at + 1)),
            family => (FAMILIES.iter().find(|(own, _)| *own == family).map_or("", |(_, word)| word), ""),
        }
    }
}

/// The settings of many proxies.
#[derive(Debug)]
pub(super) struct Settings<'r> {
    reading: &'r Reading<'r>,
    list: Vec<Setting>,
}

impl<'r> Settings<'r> {
    pub(super) fn new(reading: &'r Reading<'r>, settings: Vec<Setting>) -> Self {
        Self { reading, list: settings }
    }
}

/// The settings of a proxy. Its options and timeouts are asked for by name: `option forwardfor`, `timeout client`;
/// the log format, whatever sets it, is `log-format`, the option that chooses the health check is `check`.
#[derive(Clone, Debug, Default)]
pub struct InForce<'r> {
    /// Its own settings. A `defaults` section copies those of the section it inherits from, so that a chain of them, however
    /// long, is never walked.
    own: Part<Settings<'r>>,
    /// What its `defaults` have in force.
    inherited: Option<Arc<InForce<'r>>>,
    /// What of that it takes.
    takes: Takes,
    /// The bits of the names of all these settings: most names that are asked for are none of them.
    names: u64,
    /// Whether one of its lines may set again what another one of them has set.
    repeats: bool,
    /// Whether there is a target for logs; `None`: nobody knows.
    pub logs: Option<bool>,
    /// Its own line that gave it a page of statistics: few have one.
    stats: Option<Box<Statement<'r>>>,
    /// Whether a line cannot be understood, so that what seems to be missing may be there.
    pub open: bool,
}

impl<'r> InForce<'r> {
    /// Nothing: what HAProxy itself begins with.
    pub(super) fn empty() -> Self {
        Self { logs: Some(false), ..Self::default() }
    }

    /// What `proxy` begins with: what `defaults` has, as far as such a proxy takes it. Its settings go to `settings`.
    pub(super) fn begin(defaults: Option<&Arc<Self>>, proxy: &Proxy<'r>, settings: &mut Parts<Setting>) -> Self {
        let Some(defaults) = defaults else { return Self::empty() };
        let takes = match (proxy.is_frontend(), proxy.is_backend()) {
            _ if proxy.is_defaults() => {
                defaults.own().iter().for_each(|setting| settings.push(*setting));
                return Self { own: Part::default(), ..Self::clone(defaults) };
            }
            (false, _) => Takes::OfBackends,
            (_, false) => Takes::OfFrontends,
            _ => Takes::All,
        };
        let (names, logs, open) = (defaults.names, defaults.logs, defaults.open);
        Self { inherited: Some(Arc::clone(defaults)), takes, names, logs, open, ..Self::default() }
    }

    /// Whether one of its lines may set again what another one of them has set: few proxies have such lines.
    pub fn repeats(&self) -> bool {
        self.repeats
    }

    /// The `stats` line that gave it a page of statistics.
    pub fn stats(&self) -> Option<Statement<'r>> {
        let inherited = || self.inherited.as_ref()?.stats();
        self.stats.as_deref().copied().or_else(inherited)
    }

    /// The line that sets `name`.
    pub fn get(&self, name: &str) -> Option<Statement<'r>> {
        let key = key_of(name);
        if self.names & bit(key) == 0 {
            return None;
        }
        // A line that takes it back sets nothing.
        self.find(name, key).map(|(_, line)| line).filter(|line| keyword_at(*line) == 0)
    }

    /// The setting `name`, with its line.
    fn find(&self, name: &str, key: u16) -> Option<(&Setting, Statement<'r>)> {
        let inherited = || self.inherited.as_ref()?.find(name, key).filter(|(setting, _)| self.takes.takes(setting));
        let line = |own: &Setting| self.own.all().map(|all| all.reading.statement(own.line as usize));
        let mut same = self.own().iter().filter(|own| own.key == key).filter_map(|own| Some((own, line(own)?)));
        same.find(|(own, line)| own.is_named(*line, name)).or_else(inherited)
    }

    /// Its own settings.
    #[inline]
    fn own(&self) -> &[Setting] {
        self.own.all().map_or(&[], |all| &all.list[self.own.places()])
    }

    /// Whether lines that begin with this keyword say anything of it: most lines of large files do not.
    pub(super) fn is_about(keyword: &str) -> bool {
        let fact = || Fact::of_words(SectionKind::Listen, |at| if at == 0 { keyword } else { "" });
        matches!(keyword, "" | "no" | "default" | "log" | "stats") || fact().is_some_and(|fact| fact.may_have(NoteKind::LastCounts))
    }

    /// Reads a line. `global` tells whether `log global` finds a target, as far as the file was read; its settings are the newest of
    /// `settings`.
    pub(super) fn statement(&mut self, statement: Statement<'r>, global: Option<bool>, settings: &mut Parts<Setting>) {
        let at = keyword_at(statement);
        let prefixed = at > 0;
        let keyword = if prefixed { statement.str(at) } else { statement.keyword() };
        match keyword {
            "" => self.open = true,
            "log" => self.log(statement.word(at + 1), prefixed, global),
            "stats" if statement.len() > at + 1 => {
                if self.stats().is_none() || !matches!(statement.str(1), "hide-version") {
                    self.stats = Some(Box::new(statement));
                }
            }
            _ => {
                if let Some(fact) = Fact::noted(SectionKind::Listen, &statement, at, &[NoteKind::LastCounts]) {
                    self.setting(statement, fact, at, settings);
                }
            }
        }
    }

    fn setting(&mut self, statement: Statement<'r>, fact: &'static Fact, at: usize, settings: &mut Parts<Setting>) {
        if fact.has_each() && statement.word(at + 1).is_some_and(|word| word.known().is_none()) {
            self.open = true;
            return;
        }
        let Some(setting) = Setting::of(statement, fact) else { return };
        let bit = bit(setting.key);
        let line = |number: u32| statement.sibling(number as usize);
        let same = |own: &&mut Setting| own.key == setting.key && own.name(line(own.line)) == setting.name(statement);
        let earlier = if self.names & bit == 0 { None } else { settings.newest().iter_mut().find(same) };
        self.names |= bit;
        match earlier {
            Some(earlier) => (*earlier, self.repeats) = (setting, true),
            None => settings.push(setting),
        }
    }

    /// Ends reading.
    pub(super) fn end(&mut self, settings: &mut Parts<Setting>) {
        self.own = settings.end();
    }

    /// The same with settings that do not wait for those of other proxies, before it ends.
    pub(super) fn bequest(&self, reading: &'r Reading<'r>, settings: &mut Parts<Setting>) -> Self {
        Self { own: settings.copy(|own| Settings::new(reading, own)), ..self.clone() }
    }

    /// Says where its settings are.
    pub(super) fn share(&mut self, settings: &Arc<Settings<'r>>) {
        self.own.share(settings);
    }

    fn log(&mut self, second: Option<Word<'r>>, no: bool, global: Option<bool>) {
        let Some(second) = second else {
            if no {
                self.logs = Some(false);
            }
            return;
        };
        let found = if second.is("global") {
            global
        } else if second.known().is_none() {
            None
        } else {
            Some(true)
        };
        self.logs = match (self.logs, found) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        };
    }
}

impl<'r> Proxy<'r> {
    /// For messages: its kind, and its name in backticks.
    pub fn called(&self) -> String {
        format!("{} `{}`", self.section.kind.keyword(), self.name())
    }

    /// Where to tell of the section as a whole: at its name.
    pub fn place(&self) -> Option<Location> {
        self.section.name().map(|name| name.location).or_else(|| self.section.location())
    }

    /// Whether HAProxy finishes it once all lines are read: one that is created, enabled and no `defaults`.
    pub fn runs(&self) -> bool {
        self.created && !self.disabled && !self.is_defaults() && self.section.header().is_some()
    }

    /// Whether `line` stands in its own section.
    pub fn holds(&self, line: Statement<'r>) -> bool {
        // What it inherits was read before its header.
        let place = |s: Statement<'_>| (s.file_id(), s.line());
        self.section.header().is_none_or(|header| place(header) <= place(line))
    }

    /// The lines that begin with these words.
    pub fn lines<'w>(&self, words: &'w [&'w str]) -> impl Iterator<Item = Statement<'r>> + use<'r, 'w> {
        let (keyword, rest) = words.split_first().map_or(("", words), |(keyword, rest)| (*keyword, rest));
        let begins = move |line: &Statement<'r>| rest.iter().zip(1..).all(|(word, at)| line.word(at).is_some_and(|is| is.is(word)));
        self.section.with(keyword).filter(begins)
    }

    /// The server lines that make a server: a template can ask for none.
    pub fn has_servers(&self) -> bool {
        self.is_backend() && !self.servers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_known() {
        for fact in Fact::with(SectionKind::Listen, NoteKind::Family) {
            assert!(fact.notes(NoteKind::Family).all(|note| FAMILIES.iter().any(|(_, word)| *word == note.word)), "{}", fact.name);
        }
    }

    #[test]
    fn no_setting_is_for_frontends_alone_and_for_backends_alone() {
        let of_frontends = Fact::with(SectionKind::Listen, NoteKind::OfFrontends);
        let both: Vec<_> = of_frontends.into_iter().filter(|fact| fact.has(NoteKind::OfBackends)).map(|fact| fact.name).collect();
        assert_eq!(both, [""; 0]);
    }
}
