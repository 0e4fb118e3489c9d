//! Servers, and what they are told to do: by their own options, and by those of the `default-server` lines above them.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::{
    catalog::{self, Node},
    syntax::{Statement, Word},
};

/// An option of servers that rules ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerOption {
    /// `check`.
    Check,
    /// `ssl`.
    Ssl,
    /// `check-ssl`.
    CheckSsl,
    /// `agent-check`.
    AgentCheck,
    /// `tfo`.
    Tfo,
    /// `verify`.
    Verify,
    /// `ca-file`.
    CaFile,
    /// `proto`.
    Proto,
    /// `check-proto`; not of `default-server` lines: HAProxy does not copy it.
    CheckProto,
    /// `healthcheck`.
    Healthcheck,
    /// `port`.
    Port,
    /// `addr`.
    Addr,
    /// `track`.
    Track,
    /// `id`; not of `default-server` lines.
    Id,
    /// `redir`.
    Redir,
    /// `sni`.
    Sni,
    /// `check-sni`.
    CheckSni,
    /// `verifyhost`.
    VerifyHost,
    /// `check-alpn`.
    CheckAlpn,
    /// `no-sni-auto`.
    NoSniAuto,
    /// `init-addr`.
    InitAddr,
    /// `resolvers`.
    Resolvers,
    /// `cookie`.
    Cookie,
    /// `send-proxy`, in any of its forms.
    SendProxy,
}

/// The options that rules ask for, each with the word that takes it back.
const ASKED: [(ServerOption, &str, &str); 27] = {
    use ServerOption::{
        Addr, AgentCheck, CaFile, Check, CheckAlpn, CheckProto, CheckSni, CheckSsl, Cookie, Healthcheck, Id, InitAddr, NoSniAuto, Port,
        Proto, Redir, Resolvers, SendProxy, Sni, Ssl, Tfo, Track, Verify, VerifyHost,
    };
    [
        (Check, "check", "no-check"),
        (Ssl, "ssl", "no-ssl"),
        (CheckSsl, "check-ssl", "no-check-ssl"),
        (AgentCheck, "agent-check", "no-agent-check"),
        (Tfo, "tfo", "no-tfo"),
        (Verify, "verify", ""),
        (CaFile, "ca-file", ""),
        (Proto, "proto", ""),
        (CheckProto, "check-proto", ""),
        (Healthcheck, "healthcheck", ""),
        (Port, "port", ""),
        (Addr, "addr", ""),
        (Track, "track", ""),
        (Id, "id", ""),
        (Redir, "redir", ""),
        (Sni, "sni", ""),
        (CheckSni, "check-sni", ""),
        (VerifyHost, "verifyhost", ""),
        (CheckAlpn, "check-alpn", ""),
        (NoSniAuto, "no-sni-auto", "sni-auto"),
        (InitAddr, "init-addr", ""),
        (Resolvers, "resolvers", ""),
        (Cookie, "cookie", ""),
        (SendProxy, "send-proxy", "no-send-proxy"),
        (SendProxy, "send-proxy-v2", "no-send-proxy-v2"),
        (SendProxy, "send-proxy-v2-ssl", "no-send-proxy-v2-ssl"),
        (SendProxy, "send-proxy-v2-ssl-cn", "no-send-proxy-v2-ssl-cn"),
    ]
};

/// What is known of the word of an option.
#[derive(Clone, Copy, Default)]
struct Known {
    /// Whether a value follows.
    valued: bool,
    /// The option that rules ask for, and whether the word gives it or takes it back.
    asked: Option<(ServerOption, bool)>,
}

/// What follows the address behind `source`.
const OF_SOURCE: [&str; 2] = ["usesrc", "interface"];

/// The options of the catalog and [`ASKED`] by name: most words of most configurations are looked up here.
static KNOWN: LazyLock<FxHashMap<&str, Known>> = LazyLock::new(|| {
    let mut known: FxHashMap<&str, Known> = FxHashMap::default();
    let options = catalog::table("server").map_or(&[][..], |table| table.entries);
    let valued = options.iter().filter(|option| !matches!(option.arguments, Node::Seq(&[]))).map(|option| option.key);
    valued.chain(OF_SOURCE).for_each(|name| known.entry(name).or_default().valued = true);
    for (option, given, taken_back) in ASKED {
        known.entry(given).or_default().asked = Some((option, true));
        if !taken_back.is_empty() {
            known.entry(taken_back).or_default().asked = Some((option, false));
        }
    }
    known
});

/// Hands over what a line, whose options begin with word number `first`, says of each option that rules ask for: the number of
/// its value where it takes one, else of the word itself; nothing where it is taken back. Tells whether a word is not known.
fn options(line: Statement<'_>, first: usize, say: &mut impl FnMut(ServerOption, Option<usize>)) -> bool {
    let mut open = false;
    let mut words = (first..).zip(line.texts_from(first));
    while let Some((at, word)) = words.next() {
        let Some(name) = word else {
            open = true;
            continue;
        };
        let Known { valued, asked } = KNOWN.get(name).copied().unwrap_or_default();
        let said = if valued { at + 1 } else { at };
        if let Some((option, given)) = asked {
            say(option, Some(said).filter(|at| given && *at < line.len()));
        }
        if valued {
            words.next();
        }
    }
    open
}

/// What the `default-server` lines of a section come to, with those of its `defaults`.
#[derive(Clone, Debug, Default)]
pub(super) struct DefaultServer<'r> {
    said: [Option<Word<'r>>; ASKED.len()],
    open: bool,
}

impl<'r> DefaultServer<'r> {
    /// Adds a line.
    pub(super) fn add(&mut self, line: Statement<'r>) {
        let said = &mut self.said;
        self.open |= options(line, 1, &mut |option, at| said[option as usize] = at.and_then(|at| line.word(at)));
    }
}

/// A `server` or `server-template` line. There are many: it holds what takes time to find, and asks the line for the rest.
#[derive(Clone, Debug)]
pub struct Server<'r> {
    /// The line.
    pub statement: Statement<'r>,
    /// Whether it is a `server-template`.
    pub template: bool,
    /// Whether an option is not known, its own or one of a `default-server` line, so that it may be any.
    pub open: bool,
    /// For each of [`ASKED`] the number of the word that it is in its own line, [`TAKEN_BACK`], or 0 for those it does not name.
    said: [u8; ASKED.len()],
    default_server: Option<Arc<DefaultServer<'r>>>,
}

/// No line has so many words.
const TAKEN_BACK: u8 = u8::MAX;

impl<'r> Server<'r> {
    /// Lowers a line; `None` if it has no name.
    pub(super) fn lower(statement: Statement<'r>, default_server: Option<&Arc<DefaultServer<'r>>>) -> Option<Self> {
        let template = statement.keyword() == "server-template";
        Self::from(statement, template, first_option(template), default_server.cloned())
    }

    /// Lowers a line of a `peers` section, whose options begin with word number `first`.
    pub(super) fn of_peers(statement: Statement<'r>, first: usize, default_server: DefaultServer<'r>) -> Option<Self> {
        Self::from(statement, false, first, Some(Arc::new(default_server)))
    }

    fn from(statement: Statement<'r>, template: bool, first: usize, default_server: Option<Arc<DefaultServer<'r>>>) -> Option<Self> {
        statement.word(1)?;
        let mut said = [0; ASKED.len()];
        let say = |at: Option<usize>| at.and_then(|at| u8::try_from(at).ok()).unwrap_or(TAKEN_BACK);
        let open = options(statement, first, &mut |option, at| said[option as usize] = say(at));
        let open = open || default_server.as_ref().is_some_and(|d| d.open);
        Some(Self { statement, template, open, said, default_server })
    }

    /// Its name, or the prefix of the names of a template.
    pub fn name(&self) -> Word<'r> {
        self.statement.word(1).expect("a line without a name makes no server")
    }

    /// The address, where there is one.
    pub fn address(&self) -> Option<Word<'r>> {
        self.statement.word(if self.template { 3 } else { 2 })
    }

    /// The bytes of the address; none where it is not all known.
    pub(crate) fn address_bytes(&self) -> &'r [u8] {
        self.statement.bytes_from(if self.template { 3 } else { 2 }).next().unwrap_or_default()
    }

    /// The number of the first word behind its address.
    pub fn first_option(&self) -> usize {
        first_option(self.template)
    }

    /// An option, its own or that of a `default-server` line: its value where it takes one, else the word itself; nothing where
    /// a `no-` takes it back.
    pub fn get(&self, option: ServerOption) -> Option<Word<'r>> {
        match self.said[option as usize] {
            0 if matches!(option, ServerOption::Id | ServerOption::CheckProto) => None,
            0 => self.default_server.as_ref()?.said[option as usize],
            TAKEN_BACK => None,
            at => self.statement.word(usize::from(at)),
        }
    }

    /// Whether it has an option that stands alone or has a value, and that is not taken back.
    pub fn has(&self, option: ServerOption) -> bool {
        match self.said[option as usize] {
            0 => self.get(option).is_some(),
            said => said != TAKEN_BACK,
        }
    }

    /// The value of the option `name` of its own line.
    pub fn option(&self, name: &str) -> Option<Word<'r>> {
        self.statement.after(name, 3)
    }
}

fn first_option(template: bool) -> usize {
    if template { 4 } else { 3 }
}
