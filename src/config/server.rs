//! Servers, and what they are told to do: by their own options, and by those of the `default-server` lines above them.

use std::{
    hash::BuildHasher,
    ops::Deref,
    sync::{Arc, LazyLock},
};

use hashbrown::hash_table::{Entry, HashTable};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::{
    catalog::{Options, takes_values},
    cut::Cut,
    syntax::{Reading, Statement, Word},
};

use super::part::{Part, Parts};

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

/// The options of the catalog and [`ASKED`] by name: most words of most configurations are looked up here.
static KNOWN: LazyLock<FxHashMap<&str, Known>> = LazyLock::new(|| {
    let mut known: FxHashMap<&str, Known> = FxHashMap::default();
    takes_values("server").for_each(|name| known.entry(name).or_default().valued = true);
    for (option, given, taken_back) in ASKED {
        known.entry(given).or_default().asked = Some((option, true));
        if !taken_back.is_empty() {
            known.entry(taken_back).or_default().asked = Some((option, false));
        }
    }
    known
});

/// What is known of a word, which may have arguments in parentheses; most have none, and end otherwise.
#[inline]
fn known(word: &str) -> Known {
    let called = || if word.ends_with(')') { KNOWN.get(word.cut(..=word.find('(')?)) } else { None };
    KNOWN.get(word).or_else(called).copied().unwrap_or_default()
}

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
        let Known { valued, asked } = known(name);
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

/// A `server` or `server-template` line, and what it has in [common](ServerOptions) with others.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// The line.
    pub statement: Statement<'a>,
    options: &'a ServerOptions<'a>,
}

/// What is true of all servers whose lines name the same options at the same places, below the same `default-server` lines. There are
/// many servers, and they are mostly written alike.
#[derive(Clone, Debug)]
pub struct ServerOptions<'r> {
    /// Whether it is a `server-template`.
    pub template: bool,
    /// Whether an option is not known, its own or one of a `default-server` line, so that it may be any.
    pub open: bool,
    /// For each of [`ASKED`] the number of the word that it is in its own line, [`TAKEN_BACK`], or 0 for those it does not name.
    said: [u8; ASKED.len()],
    default_server: Option<Arc<DefaultServer<'r>>>,
}

impl<'a> Deref for Server<'a> {
    type Target = ServerOptions<'a>;

    #[inline]
    fn deref(&self) -> &ServerOptions<'a> {
        self.options
    }
}

/// No line has so many words.
const TAKEN_BACK: u8 = u8::MAX;

impl<'r> ServerOptions<'r> {
    /// Those of a line, which begin with word number `first`.
    fn of(statement: Statement<'r>, first: usize, default_server: Option<&Arc<DefaultServer<'r>>>) -> Self {
        let mut said = [0; ASKED.len()];
        let say = |at: Option<usize>| at.and_then(|at| u8::try_from(at).ok()).unwrap_or(TAKEN_BACK);
        let open = options(statement, first, &mut |option, at| said[option as usize] = say(at));
        let open = open || default_server.is_some_and(|d| d.open);
        Self { template: is_template(statement), open, said, default_server: default_server.cloned() }
    }

    fn hash(&self) -> u64 {
        FxBuildHasher.hash_one((self.template, self.open, self.said))
    }

    fn is(&self, other: &Self) -> bool {
        let [own, others] = [self, other].map(|options| options.default_server.as_ref().map(Arc::as_ptr));
        self.said == other.said && own == others && (self.template, self.open) == (other.template, other.open)
    }
}

impl<'a> Server<'a> {
    /// Its name, or the prefix of the names of a template.
    pub fn name(&self) -> Word<'a> {
        self.statement.word(1).expect("a line without a name makes no server")
    }

    /// The address, where there is one.
    pub fn address(&self) -> Option<Word<'a>> {
        self.statement.word(if self.template { 3 } else { 2 })
    }

    /// The bytes of the address; none where it is not all known.
    pub(crate) fn address_bytes(&self) -> &'a [u8] {
        self.statement.bytes_from(if self.template { 3 } else { 2 }).next().unwrap_or_default()
    }

    /// The number of the first word behind its address.
    pub fn first_option(&self) -> usize {
        first_option(self.template)
    }

    /// An option, its own or that of a `default-server` line: its value where it takes one, else the word itself; nothing where
    /// a `no-` takes it back.
    pub fn get(&self, option: ServerOption) -> Option<Word<'a>> {
        match self.options.said[option as usize] {
            0 if matches!(option, ServerOption::Id | ServerOption::CheckProto) => None,
            0 => self.options.default_server.as_ref()?.said[option as usize],
            TAKEN_BACK => None,
            at => self.statement.word(usize::from(at)),
        }
    }

    /// Whether it has an option that stands alone or has a value, and that is not taken back.
    pub fn has(&self, option: ServerOption) -> bool {
        match self.options.said[option as usize] {
            0 => self.get(option).is_some(),
            said => said != TAKEN_BACK,
        }
    }

    /// The options of its own line.
    pub fn own(&self) -> Options<'a> {
        Options::of_server(self.statement, self.first_option())
    }

    /// The value of the option `name` of its own line.
    pub fn option(&self, name: &str) -> Option<Word<'a>> {
        self.own().value(name)
    }
}

fn is_template(statement: Statement<'_>) -> bool {
    statement.keyword() == "server-template"
}

fn first_option(template: bool) -> usize {
    if template { 4 } else { 3 }
}

/// The servers of a section, in order.
#[derive(Clone, Debug, Default)]
pub struct Servers<'r>(Part<Lines<'r>>);

/// The servers of many sections.
#[derive(Debug)]
pub(super) struct Lines<'r> {
    reading: &'r Reading<'r>,
    list: Vec<Line>,
    options: Vec<ServerOptions<'r>>,
}

impl Lines<'_> {
    #[inline]
    fn server(&self, Line { statement, options }: Line) -> Server<'_> {
        Server { statement: self.reading.statement(statement as usize), options: &self.options[options as usize] }
    }
}

/// A server as it is kept: its line, and the place of its options among all.
#[derive(Clone, Copy, Debug)]
struct Line {
    statement: u32,
    options: u32,
}

impl<'r> Servers<'r> {
    /// The server of a line of a `peers` section, whose options begin with word number `first`; none if it has no name.
    pub(super) fn of_peers(statement: Statement<'r>, first: usize, default_server: Arc<DefaultServer<'r>>) -> Self {
        let mut growing = Growing::default();
        growing.add(statement, first, Some(&default_server));
        let mut servers = growing.end();
        servers.share(&Arc::new(growing.all(statement.reading())));
        servers
    }

    /// The server of a `server` line in a `ring` section, where no `default-server` line is.
    pub fn of_ring(statement: Statement<'r>) -> Self {
        Self::of_peers(statement, 3, Arc::default())
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The server of a line, if that is one of them.
    pub fn of_line(&self, line: Statement<'_>) -> Option<Server<'_>> {
        let all = self.0.all()?;
        let own = &all.list[self.0.places()];
        let at = own.binary_search_by_key(&line.number(), |own| own.statement as usize).ok()?;
        Some(all.server(own[at]))
    }

    /// Each of them.
    #[inline]
    pub fn iter(&self) -> Iter<'_> {
        let all = self.0.all();
        Iter { all, lines: all.map_or(&[][..], |all| &all.list[self.0.places()]).iter() }
    }

    /// Says which list they are in.
    pub(super) fn share(&mut self, all: &Arc<Lines<'r>>) {
        self.0.share(all);
    }
}

/// Goes through servers.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    all: Option<&'a Lines<'a>>,
    lines: std::slice::Iter<'a, Line>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Server<'a>;

    #[inline]
    fn next(&mut self) -> Option<Server<'a>> {
        let line = self.lines.next()?;
        self.all.map(|all| all.server(*line))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.lines.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Servers<'_> {
    type Item = Server<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Servers, as long as more may come.
#[derive(Debug, Default)]
pub(super) struct Growing<'r> {
    list: Parts<Line>,
    options: Vec<ServerOptions<'r>>,
    /// The places of all options, found by what they are.
    known: HashTable<u32>,
}

impl<'r> Growing<'r> {
    /// Adds the server of a line, if it has a name.
    pub(super) fn push(&mut self, statement: Statement<'r>, default_server: Option<&Arc<DefaultServer<'r>>>) {
        self.add(statement, first_option(is_template(statement)), default_server);
    }

    fn add(&mut self, statement: Statement<'r>, first: usize, default_server: Option<&Arc<DefaultServer<'r>>>) {
        if statement.len() > 1 {
            let options = self.place(ServerOptions::of(statement, first, default_server));
            self.list.push(Line { statement: statement.number() as u32, options });
        }
    }

    /// Where these options are, which may be new.
    fn place(&mut self, wanted: ServerOptions<'r>) -> u32 {
        let all = &mut self.options;
        // Most servers are written as the one before.
        if let Some(last) = self.list.last().map(|line| line.options).filter(|at| all[*at as usize].is(&wanted)) {
            return last;
        }
        match self.known.entry(wanted.hash(), |at| all[*at as usize].is(&wanted), |at| all[*at as usize].hash()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                all.push(wanted);
                *new.insert(all.len() as u32 - 1).get()
            }
        }
    }

    /// Ends the servers of a section.
    pub(super) fn end(&mut self) -> Servers<'r> {
        Servers(self.list.end())
    }

    /// The servers of all sections.
    pub(super) fn all(self, reading: &'r Reading<'r>) -> Lines<'r> {
        Lines { reading, list: self.list.all(), options: self.options }
    }
}
