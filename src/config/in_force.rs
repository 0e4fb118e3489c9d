//! What of a proxy is in force: its own lines, or else those of the `defaults` section that it inherits from.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::{
    source::Location,
    syntax::{Statement, Word},
};

use super::Proxy;

/// The settings of which the last line counts, by their first words. Options and timeouts are named in full.
const SETTINGS: &[&str] = &[
    "balance",
    "cookie",
    "default_backend",
    "dispatch",
    "error-log-format",
    "hash-type",
    "load-server-state-from-file",
    "log-format-sd",
    "monitor-uri",
    "persist",
    "source",
    "unique-id-format",
    "unique-id-header",
    "retry-on",
    "timeout client",
    "timeout connect",
    "timeout server",
    "timeout tunnel",
    "timeout check",
    "email-alert from",
    "email-alert level",
    "email-alert mailers",
    "email-alert myhostname",
    "email-alert to",
    "external-check command",
    "external-check path",
    "http-check disable-on-404",
    "http-check send-state",
    "option accept-invalid-http-request",
    "option accept-invalid-http-response",
    "option accept-unsafe-violations-in-http-request",
    "option accept-unsafe-violations-in-http-response",
    "option checkcache",
    "option disable-h2-upgrade",
    "option forwarded",
    "option forwardfor",
    "option h1-case-adjust-bogus-client",
    "option h1-case-adjust-bogus-server",
    "option http-buffer-request",
    "option http-drop-request-trailers",
    "option http-drop-response-trailers",
    "option http-ignore-probes",
    "option http-no-delay",
    "option http-pretend-keepalive",
    "option http-use-proxy-header",
    "option idle-close-on-response",
    "option originalto",
    "option prefer-last-server",
    "option transparent",
];

/// The options that choose how servers are checked; each replaces the other.
const CHECKS: &[&str] = &[
    "httpchk",
    "ssl-hello-chk",
    "smtpchk",
    "pgsql-check",
    "redis-check",
    "mysql-check",
    "ldap-check",
    "spop-check",
    "tcp-check",
    "external-check",
];

/// The settings that a proxy takes from its `defaults` only if traffic comes in there.
const OF_FRONTENDS: &[&str] = &["error-log-format", "log-format", "log-format-sd", "monitor-uri", "default_backend", "timeout client"];

/// The settings that a proxy takes from its `defaults` only if it has servers.
const OF_BACKENDS: &[&str] = &["balance", "hash-type", "cookie", "persist", "source", "load-server-state-from-file"];

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
    fn takes(self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::OfBackends => !OF_FRONTENDS.contains(&name),
            Self::OfFrontends => !OF_BACKENDS.contains(&name),
        }
    }
}

/// The settings of a proxy. Its options and timeouts are asked for by name: `option forwardfor`, `timeout client`;
/// the log format, whatever sets it, is `log-format`, the option that chooses the health check is `check`.
#[derive(Clone, Debug, Default)]
pub struct InForce<'r> {
    /// Its own settings, and nothing where a `no` takes one back. A `defaults` section copies those of the section it inherits
    /// from, so that a chain of them, however long, is never walked.
    own: Vec<(&'static str, Option<Statement<'r>>)>,
    /// What its `defaults` have in force.
    inherited: Option<Arc<InForce<'r>>>,
    /// What of that it takes.
    takes: Takes,
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

    /// What `proxy` begins with: what `defaults` has, as far as such a proxy takes it.
    pub(super) fn begin(defaults: Option<&Arc<Self>>, proxy: &Proxy<'r>) -> Self {
        let Some(defaults) = defaults else { return Self::empty() };
        let takes = match (proxy.is_frontend(), proxy.is_backend()) {
            _ if proxy.is_defaults() => return Self::clone(defaults),
            (false, _) => Takes::OfBackends,
            (_, false) => Takes::OfFrontends,
            _ => Takes::All,
        };
        let (logs, stats, open) = (defaults.logs, defaults.stats, defaults.open);
        Self { own: Vec::new(), inherited: Some(Arc::clone(defaults)), takes, logs, stats, open }
    }

    /// The line that sets `name`.
    pub fn get(&self, name: &str) -> Option<Statement<'r>> {
        match self.own.iter().find(|(own, _)| *own == name) {
            Some((_, line)) => *line,
            None => self.inherited.as_ref().filter(|_| self.takes.takes(name))?.get(name),
        }
    }

    /// Reads a line. `global` tells whether `log global` finds a target, as far as the file was read.
    pub(super) fn statement(&mut self, statement: Statement<'r>, global: Option<bool>) {
        // What most lines begin with sets nothing of the kind.
        if matches!(
            statement.keyword(),
            "server" | "bind" | "acl" | "http-request" | "http-response" | "tcp-request" | "use_backend" | "stick"
        ) {
            return;
        }
        let prefixed = matches!(statement.keyword(), "no" | "default");
        let at = usize::from(prefixed);
        let (keyword, second) = (statement.str(at), statement.word(at + 1));
        let unknown = second.is_some_and(|w| w.known().is_none());
        match keyword {
            "" => self.open = true,
            "option" | "timeout" | "email-alert" | "external-check" if unknown => self.open = true,
            "log" => self.log(second, prefixed, global),
            "stats" if second.is_some() => {
                if self.stats.is_none() || !matches!(statement.str(1), "hide-version") {
                    self.stats = Some(statement);
                }
            }
            _ => {
                let Some(name) = setting(keyword, second) else { return };
                let line = (!prefixed).then_some(statement);
                match self.own.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, earlier)) => *earlier = line,
                    None => self.own.push((name, line)),
                }
            }
        }
    }

    /// Ends reading: there are many proxies, and most have few settings of their own.
    pub(super) fn end(mut self) -> Self {
        self.own.shrink_to_fit();
        self
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

/// The name of the setting that a line with these words sets.
fn setting(keyword: &str, second: Option<Word<'_>>) -> Option<&'static str> {
    let second = second.and_then(Word::known).unwrap_or("");
    match (keyword, second) {
        ("log-format", _) | ("option", "httplog" | "tcplog" | "httpslog") => return Some("log-format"),
        ("option", check) if CHECKS.contains(&check) => return Some("check"),
        _ => {}
    }
    BY_KEYWORD.get(keyword)?.iter().find(|(rest, _)| rest.is_empty() || *rest == second).map(|(_, name)| *name)
}

/// [`SETTINGS`] by their first word: the rest of each, and its whole name. Every line of a configuration asks.
static BY_KEYWORD: LazyLock<FxHashMap<&str, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut map: FxHashMap<&str, Vec<(&str, &str)>> = FxHashMap::default();
    for name in SETTINGS {
        let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
        map.entry(first).or_default().push((rest, name));
    }
    map
});

impl<'r> Proxy<'r> {
    /// For messages: its kind, and its name in backticks.
    pub fn called(&self) -> String {
        format!("{} `{}`", self.section.kind.keyword(), self.name())
    }

    /// Where to tell of the section as a whole: at its name.
    pub fn place(&self) -> Option<Location> {
        self.section.name.map(|name| name.location).or_else(|| self.section.location())
    }

    /// Whether HAProxy finishes it once all lines are read: one that is created, enabled and no `defaults`.
    pub fn runs(&self) -> bool {
        self.created && !self.disabled && !self.is_defaults() && self.section.header.is_some()
    }

    /// Whether `line` stands in its own section.
    pub fn holds(&self, line: Statement<'r>) -> bool {
        // What it inherits was read before its header.
        let place = |s: Statement<'_>| (s.file_id(), s.line());
        self.section.header.is_none_or(|header| place(header) <= place(line))
    }

    /// The lines that begin with these words.
    pub fn lines<'w>(&self, words: &'w [&'w str]) -> impl Iterator<Item = Statement<'r>> + use<'r, 'w> {
        self.section.statements().filter(move |s| s.starts_with(words))
    }

    /// The server lines that make a server: a template can ask for none.
    pub fn has_servers(&self) -> bool {
        self.is_backend() && !self.servers.is_empty()
    }
}
