//! What a server is told to do: its own options on top of those of the `default-server` lines above it.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::syntax::{Statement, Word};

/// The options that are followed by a value. All others that HAProxy knows stand alone, or are not looked for here.
const WITH_VALUE: &[&str] = &[
    "addr",
    "agent-addr",
    "agent-inter",
    "agent-port",
    "agent-send",
    "alpn",
    "ca-file",
    "check-alpn",
    "check-pool-conn-name",
    "check-proto",
    "check-sni",
    "check-via-socks4",
    "ciphers",
    "ciphersuites",
    "client-sigalgs",
    "cookie",
    "crl-file",
    "crt",
    "curves",
    "downinter",
    "error-limit",
    "fall",
    "fastinter",
    "guid",
    "hash-key",
    "healthcheck",
    "id",
    "idle-ping",
    "init-addr",
    "init-state",
    "inter",
    "interface",
    "log-bufsize",
    "log-proto",
    "max-reuse",
    "maxconn",
    "maxqueue",
    "minconn",
    "namespace",
    "npn",
    "observe",
    "on-error",
    "on-marked-down",
    "on-marked-up",
    "pool-conn-name",
    "pool-low-conn",
    "pool-max-conn",
    "pool-purge-delay",
    "port",
    "proto",
    "proxy-v2-options",
    "redir",
    "resolve-net",
    "resolve-opts",
    "resolve-prefer",
    "resolvers",
    "rise",
    "shard",
    "sigalgs",
    "slowstart",
    "sni",
    "socks4",
    "source",
    "ssl-max-ver",
    "ssl-min-ver",
    "tcp-md5sig",
    "tcp-ut",
    "track",
    "usesrc",
    "verify",
    "verifyhost",
    "weight",
    "ws",
];

/// The options that rules ask for, each with the word that takes it back.
const ASKED: &[(&str, &str)] = &[
    ("check", "no-check"),
    ("ssl", "no-ssl"),
    ("check-ssl", "no-check-ssl"),
    ("agent-check", "no-agent-check"),
    ("tfo", "no-tfo"),
    ("verify", ""),
    ("ca-file", ""),
    ("proto", ""),
    ("port", ""),
    ("addr", ""),
    ("track", ""),
    ("id", ""),
    ("redir", ""),
];

/// What is known of an option.
#[derive(Clone, Copy, Default)]
struct ServerOption {
    /// Whether a value follows.
    valued: bool,
    /// What rules call it, and whether it is given or taken back.
    asked: Option<(&'static str, bool)>,
}

/// [`WITH_VALUE`] and [`ASKED`] by name: most words of most configurations are looked up here.
static OPTIONS: LazyLock<FxHashMap<&str, ServerOption>> = LazyLock::new(|| {
    let mut options: FxHashMap<&str, ServerOption> = FxHashMap::default();
    WITH_VALUE.iter().for_each(|name| options.entry(name).or_default().valued = true);
    for (name, taken_back) in ASKED {
        options.entry(name).or_default().asked = Some((name, true));
        if !taken_back.is_empty() {
            options.entry(taken_back).or_default().asked = Some((name, false));
        }
    }
    options
});

/// What the options of a server come to: its own, and those of the `default-server` lines before it.
#[derive(Clone, Debug, Default)]
pub struct Settings<'r> {
    own: Vec<(&'static str, Option<Word<'r>>)>,
    inherited: Option<Arc<Settings<'r>>>,
    /// Whether a word is not known, which may be any option.
    pub open: bool,
}

impl<'r> Settings<'r> {
    /// Begins with what `default-server` lines have said.
    pub(super) fn after(defaults: &Arc<Self>) -> Self {
        Self { own: Vec::new(), inherited: Some(Arc::clone(defaults)), open: defaults.open }
    }

    /// The option `name`: its value where it takes one, else the word itself; nothing where a `no-` takes it back.
    pub fn get(&self, name: &str) -> Option<Word<'r>> {
        match self.own.iter().rev().find(|(own, _)| *own == name) {
            Some((_, word)) => *word,
            // An id is nothing that a default can give.
            None if name == "id" => None,
            None => self.inherited.as_ref()?.get(name),
        }
    }

    /// Adds the options of a line, which begin with word number `first`.
    pub(super) fn add(&mut self, line: Statement<'r>, first: usize) {
        let mut at = first;
        while let Some(word) = line.word(at) {
            let Some(name) = word.known() else {
                self.open = true;
                at += 1;
                continue;
            };
            let option = OPTIONS.get(name).copied().unwrap_or_default();
            if let Some((asked, given)) = option.asked {
                let said = if option.valued { line.word(at + 1) } else { Some(word) };
                // Few servers say more than one or two of these, and there are many servers.
                self.own.reserve_exact(1);
                self.own.push((asked, said.filter(|_| given)));
            }
            at += if option.valued { 2 } else { 1 };
        }
    }
}
