//! What of a proxy is in force: its own lines, or else those of the `defaults` section that it inherits from.

use std::sync::Arc;

use crate::{
    catalog::{Fact, NoteKind},
    source::Location,
    syntax::{SectionKind, Statement, Word},
};

use super::{Part, Proxy, part::Parts};

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
    fn takes(self, setting: &Setting<'_>) -> bool {
        match self {
            Self::All => true,
            Self::OfBackends => !setting.fact.has(NoteKind::OfFrontends),
            Self::OfFrontends => !setting.fact.has(NoteKind::OfBackends),
        }
    }
}

/// A setting of a proxy. There are many: its name is read from its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'r> {
    line: Statement<'r>,
    /// What is known of its keyword.
    fact: &'static Fact,
    /// What its name comes to: names are compared only where this is equal.
    key: u32,
    /// The number of the keyword: 1 where a `no` takes it back.
    at: u8,
    /// How its name is read from the line.
    named: Named,
}

/// Where the name of a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// It is that of a family, which several keywords set.
    Family,
    /// The keyword.
    OneWord,
    /// The keyword and the word behind it.
    TwoWords,
}

/// The name of a setting in one or two words: `balance`, `timeout client`, or that of the family.
type Name<'n> = (&'n str, &'n str);

/// What a name comes to whose words are written one behind the other with a blank between them: its first and last byte, and its length.
fn key(first: u8, last: u8, length: usize) -> u32 {
    u32::from(first) | u32::from(last) << 8 | (length as u32) << 16
}

/// What the name of a setting comes to, as it is asked for.
fn key_of(name: &str) -> u32 {
    match name.as_bytes() {
        [first, .., last] => key(*first, *last, name.len()),
        _ => 0,
    }
}

/// One of 64 bits for a key.
fn bit(key: u32) -> u64 {
    1 << (key.wrapping_mul(0x9e37_79b1) >> 26)
}

impl<'r> Setting<'r> {
    /// What a line sets whose first word is number `at`, if that is a setting of which the last line counts.
    fn of(line: Statement<'r>, fact: &'static Fact, at: u8) -> Option<Self> {
        let setting = fact.setting()?;
        let named = match () {
            () if fact.has(NoteKind::Family) => Named::Family,
            () if setting.has_each() || setting.words > 1 => Named::TwoWords,
            () => Named::OneWord,
        };
        let setting = Self { line, fact, key: 0, at, named };
        let key = match setting.name() {
            (word, "") => key_of(word),
            (first, second) => match (first.as_bytes(), second.as_bytes()) {
                ([head, ..], [.., tail]) => key(*head, *tail, first.len() + 1 + second.len()),
                _ => 0,
            },
        };
        Some(Self { key, ..setting })
    }

    /// Whether this is its name, with a blank between two words.
    fn is_named(&self, name: &str) -> bool {
        match self.name() {
            (word, "") => word == name,
            (first, second) => name.strip_prefix(first).and_then(|rest| rest.strip_prefix(' ')) == Some(second),
        }
    }

    fn name(&self) -> Name<'r> {
        let (line, at) = (self.line, usize::from(self.at));
        let keyword = || if at == 0 { line.keyword() } else { line.str(at) };
        match self.named {
            Named::Family => (self.fact.note(NoteKind::Family).map_or("", |family| family.word), ""),
            Named::OneWord => (keyword(), ""),
            Named::TwoWords => (keyword(), line.str(at + 1)),
        }
    }

    /// The line that sets it; nothing where it is taken back.
    fn set(&self) -> Option<Statement<'r>> {
        (self.at == 0).then_some(self.line)
    }
}

/// The settings of a proxy. Its options and timeouts are asked for by name: `option forwardfor`, `timeout client`;
/// the log format, whatever sets it, is `log-format`, the option that chooses the health check is `check`.
#[derive(Clone, Debug, Default)]
pub struct InForce<'r> {
    /// Its own settings. A `defaults` section copies those of the section it inherits from, so that a chain of them, however
    /// long, is never walked.
    own: Part<Setting<'r>>,
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
    /// The `stats` line that gave it a page of statistics.
    pub stats: Option<Statement<'r>>,
    /// Whether a line cannot be understood, so that what seems to be missing may be there.
    pub open: bool,
}

impl<'r> InForce<'r> {
    /// Nothing: what HAProxy itself begins with.
    pub(super) fn empty() -> Self {
        Self { logs: Some(false), ..Self::default() }
    }

    /// What `proxy` begins with: what `defaults` has, as far as such a proxy takes it. Its settings go to `settings`.
    pub(super) fn begin(defaults: Option<&Arc<Self>>, proxy: &Proxy<'r>, settings: &mut Parts<Setting<'r>>) -> Self {
        let Some(defaults) = defaults else { return Self::empty() };
        let takes = match (proxy.is_frontend(), proxy.is_backend()) {
            _ if proxy.is_defaults() => {
                defaults.own.iter().for_each(|setting| settings.push(*setting));
                return Self { own: Part::default(), ..Self::clone(defaults) };
            }
            (false, _) => Takes::OfBackends,
            (_, false) => Takes::OfFrontends,
            _ => Takes::All,
        };
        let (logs, stats, open) = (defaults.logs, defaults.stats, defaults.open);
        let (names, repeats) = (defaults.names, false);
        Self { own: Part::default(), inherited: Some(Arc::clone(defaults)), takes, names, repeats, logs, stats, open }
    }

    /// Whether one of its lines may set again what another one of them has set: few proxies have such lines.
    pub fn repeats(&self) -> bool {
        self.repeats
    }

    /// The line that sets `name`.
    pub fn get(&self, name: &str) -> Option<Statement<'r>> {
        let key = key_of(name);
        if self.names & bit(key) == 0 {
            return None;
        }
        self.find(name, key)?.set()
    }

    fn find(&self, name: &str, key: u32) -> Option<&Setting<'r>> {
        let inherited = || self.inherited.as_ref()?.find(name, key).filter(|setting| self.takes.takes(setting));
        self.own.iter().find(|own| own.key == key && own.is_named(name)).or_else(inherited)
    }

    /// Whether lines that begin with this keyword say anything of it: most lines of large files do not.
    pub(super) fn is_about(keyword: &str) -> bool {
        let fact = || Fact::of_words(SectionKind::Listen, |at| if at == 0 { keyword } else { "" });
        matches!(keyword, "" | "no" | "default" | "log" | "stats") || fact().is_some_and(|fact| fact.may_have(NoteKind::LastCounts))
    }

    /// Reads a line. `global` tells whether `log global` finds a target, as far as the file was read; its settings are the newest of
    /// `settings`.
    pub(super) fn statement(&mut self, statement: Statement<'r>, global: Option<bool>, settings: &mut Parts<Setting<'r>>) {
        let prefixed = matches!(statement.keyword(), "no" | "default");
        let at = usize::from(prefixed);
        let keyword = if prefixed { statement.str(at) } else { statement.keyword() };
        match keyword {
            "" => self.open = true,
            "log" => self.log(statement.word(at + 1), prefixed, global),
            "stats" if statement.len() > at + 1 => {
                if self.stats.is_none() || !matches!(statement.str(1), "hide-version") {
                    self.stats = Some(statement);
                }
            }
            _ => {
                if let Some(fact) = Fact::noted(SectionKind::Listen, &statement, at, &[NoteKind::LastCounts]) {
                    self.setting(statement, fact, at, settings);
                }
            }
        }
    }

    fn setting(&mut self, statement: Statement<'r>, fact: &'static Fact, at: usize, settings: &mut Parts<Setting<'r>>) {
        if fact.has_each() && statement.word(at + 1).is_some_and(|word| word.known().is_none()) {
            self.open = true;
            return;
        }
        let Some(setting) = Setting::of(statement, fact, at as u8) else { return };
        let bit = bit(setting.key);
        let same = |own: &&mut Setting<'r>| own.key == setting.key && own.name() == setting.name();
        let earlier = if self.names & bit == 0 { None } else { settings.newest().iter_mut().find(same) };
        self.names |= bit;
        match earlier {
            Some(earlier) => (*earlier, self.repeats) = (setting, true),
            None => settings.push(setting),
        }
    }

    /// Ends reading.
    pub(super) fn end(&mut self, settings: &mut Parts<Setting<'r>>) {
        self.own = settings.end();
    }

    /// The same with settings that do not wait for those of other proxies, before it ends.
    pub(super) fn bequest(&self, settings: &mut Parts<Setting<'r>>) -> Self {
        Self { own: settings.copy(), ..self.clone() }
    }

    /// Says where its settings are.
    pub(super) fn share(&mut self, settings: &Arc<Vec<Setting<'r>>>) {
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
