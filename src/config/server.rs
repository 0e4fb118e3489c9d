//! What a server is told to do: its own options on top of those of the `default-server` lines above it.

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

/// What the options of a server come to. A word is where it was said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings<'r> {
    /// `check`, unless `no-check` takes it back.
    pub check: Option<Word<'r>>,
    /// `ssl`, unless `no-ssl` takes it back.
    pub ssl: Option<Word<'r>>,
    /// `check-ssl`.
    pub check_ssl: Option<Word<'r>>,
    /// The value of `verify`.
    pub verify: Option<Word<'r>>,
    /// The value of `ca-file`.
    pub ca_file: Option<Word<'r>>,
    /// The value of `proto`.
    pub proto: Option<Word<'r>>,
    /// The value of `port`, where checks go.
    pub port: Option<Word<'r>>,
    /// The value of `addr`, where checks go.
    pub addr: Option<Word<'r>>,
    /// The value of `track`.
    pub track: Option<Word<'r>>,
    /// The value of `id`.
    pub id: Option<Word<'r>>,
    /// The value of `redir`.
    pub redir: Option<Word<'r>>,
    /// Whether there is `agent-check`.
    pub agent_check: bool,
    /// Whether a word is not known, which may be any option.
    pub open: bool,
}

impl<'r> Settings<'r> {
    /// Adds the options of a line, which begin with word number `first`.
    pub(super) fn add(&mut self, line: Statement<'r>, first: usize) {
        let mut at = first;
        while let Some(word) = line.word(at) {
            let name = word.known();
            self.open |= name.is_none();
            let name = name.unwrap_or("");
            let value = line.word(at + 1);
            match name {
                "check" => self.check = Some(word),
                "no-check" => self.check = None,
                "ssl" => self.ssl = Some(word),
                "no-ssl" => self.ssl = None,
                "check-ssl" => self.check_ssl = Some(word),
                "no-check-ssl" => self.check_ssl = None,
                "verify" => self.verify = value,
                "ca-file" => self.ca_file = value,
                "proto" => self.proto = value,
                "port" => self.port = value,
                "addr" => self.addr = value,
                "track" => self.track = value,
                "id" => self.id = value,
                "redir" => self.redir = value,
                "agent-check" => self.agent_check = true,
                "no-agent-check" => self.agent_check = false,
                _ => {}
            }
            at += if WITH_VALUE.contains(&name) { 2 } else { 1 };
        }
    }
}
