//! What a server is told to do: its own options on top of those of the `default-server` lines above it.

use std::sync::Arc;

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
    ("verify", ""),
    ("ca-file", ""),
    ("proto", ""),
    ("port", ""),
    ("addr", ""),
    ("track", ""),
    ("id", ""),
    ("redir", ""),
];

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
            let valued = WITH_VALUE.binary_search(&name).is_ok();
            if let Some((option, taken_back)) = ASKED.iter().find(|(option, no)| *option == name || *no == name) {
                let said = if valued { line.word(at + 1) } else { Some(word) };
                self.own.push((option, said.filter(|_| name != *taken_back)));
            }
            at += if valued { 2 } else { 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_options_are_sorted() {
        assert!(super::WITH_VALUE.is_sorted());
    }
}
