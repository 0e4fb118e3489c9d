//! What is known of the place a line stands at: its section, and what was read so far.

use crate::{
    build::Build,
    syntax::{SectionKind, Statement, Word},
};

use super::{
    Options,
    signature::{Entry, Table, section_table},
    special::stick_counter::DEFAULT_COUNTERS,
    types::{c_int, networks::MAX_NETWORKS, networks::networks},
};

/// What is known of the place a statement stands at.
#[derive(Clone, Debug)]
pub struct Line<'b> {
    /// The section, and what was read so far.
    pub(crate) state: State,
    /// The keywords of the section.
    pub(super) table: Option<&'static Table>,
    /// The name of the proxy, for messages.
    pub name: &'b str,
    /// The build, where one is given.
    pub(super) build: Option<&'b Build>,
}

/// All that decides, with the words of a line, whether the line is sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The section.
    pub kind: SectionKind,
    /// The section's bit in [`super::Sections`]; 0 where it is no proxy.
    bit: u8,
    /// Whether it is a `defaults` section without a name.
    nameless_defaults: bool,
    /// Whether `expose-experimental-directives` was read before.
    pub(super) exposes_experimental: bool,
    /// Whether `expose-deprecated-directives` was read before.
    pub(super) exposes_deprecated: bool,
    /// Whether `global` had a `description` before.
    pub(super) described: bool,
    /// Whether a Lua script was loaded before.
    pub(super) loads_lua: bool,
    /// The number of stick counters, where it is known.
    pub(super) stick_counters: Option<u64>,
    /// Whether the proxy is in http mode as far as it was read; `None` where that is not known.
    pub(crate) http: Option<bool>,
    /// Whether it is in log mode, likewise.
    pub(crate) logs: Option<bool>,
    /// Whether servers may have names that do not resolve: some `default-server` has an `init-addr`.
    pub(super) forgives_names: bool,
    /// Whether some `default-server` has an `agent-port`.
    pub(super) agent_ports: bool,
    /// Whether the `default-server` lines of the section ask for `agent-check`.
    pub(super) agent_checks: bool,
    /// How many networks the `default-server` lines of the section prefer.
    pub(super) networks: usize,
    /// The least and the greatest delay between updates of OCSP responses, in seconds, where they are known.
    pub(super) ocsp_delays: (Option<i64>, Option<i64>),
    /// Whether an ACL is named `if` or `unless`.
    pub(super) odd_acls: bool,
    /// Whether the `crt-store` has loaded a certificate.
    pub(super) loads_certificates: bool,
    /// Whether a section that is no `global` stands above.
    pub(super) behind_sections: bool,
}

impl std::ops::Deref for Line<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl<'b> Line<'b> {
    /// The beginning of a section with that header and name, behind a section whose last line stood at `before`.
    pub(crate) fn new(
        kind: SectionKind,
        header: Option<Statement<'_>>,
        name: &'b str,
        before: Option<&Line<'b>>,
        build: Option<&'b Build>,
    ) -> Self {
        let bit = match kind {
            SectionKind::Defaults => 1,
            SectionKind::Frontend => 2,
            SectionKind::Listen => 4,
            SectionKind::Backend => 8,
            _ => 0,
        };
        let nameless = kind == SectionKind::Defaults && header.is_some_and(|h| h.word(1).is_none_or(|w| w.is("from")));
        let state = State {
            kind,
            bit,
            nameless_defaults: nameless,
            exposes_experimental: before.is_some_and(|l| l.exposes_experimental),
            exposes_deprecated: before.is_some_and(|l| l.exposes_deprecated),
            described: before.is_some_and(|l| l.described),
            loads_lua: before.is_some_and(|l| l.loads_lua),
            stick_counters: before.map_or(Some(DEFAULT_COUNTERS), |l| l.stick_counters),
            http: Some(false),
            logs: Some(false),
            forgives_names: before.is_some_and(|l| l.forgives_names),
            agent_ports: before.is_some_and(|l| l.agent_ports),
            agent_checks: false,
            networks: 0,
            ocsp_delays: before.map_or((Some(300), Some(3600)), |l| l.ocsp_delays),
            odd_acls: false,
            loads_certificates: false,
            behind_sections: before.is_some_and(|l| l.behind_sections || l.kind != SectionKind::Global),
        };
        // Sections of one kind mostly follow each other.
        let table = before.filter(|line| line.kind == kind).map_or_else(|| section_table(kind), |line| line.table);
        Self { state, table, name, build }
    }

    /// A later line of the same section.
    pub(crate) fn at(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// Whether this section takes `entry`.
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        self.bit == 0 || entry.sections.taken & self.bit != 0 && !(self.nameless_defaults && entry.sections.named_defaults_only)
    }

    /// Whether this section takes `entry` with a warning, for nothing.
    pub(super) fn ignores(&self, entry: &Entry) -> bool {
        entry.sections.ignored & self.bit != 0
    }

    /// The section for messages: `backend `app``.
    pub(super) fn title(&self) -> String {
        if self.name.is_empty() { format!("`{}` section", self.kind.keyword()) } else { format!("{} `{}`", self.kind.keyword(), self.name) }
    }
}

impl State {
    /// The same without `expose-experimental-directives`.
    pub(crate) fn unexposed(self) -> Self {
        Self { exposes_experimental: false, ..self }
    }

    /// Takes over the networks that a `default-server` line prefers.
    pub(crate) fn note_networks(&mut self, statement: Statement<'_>) {
        if statement.keyword() == "default-server" {
            let listed = Options::of_server(statement, 1).value("resolve-net").and_then(Word::known).map_or(0, networks);
            self.networks = (self.networks + listed).min(MAX_NETWORKS);
        }
    }

    /// Takes over what a line says of those below it, and tells whether there may be anything: of most lines there is not.
    pub(crate) fn note(&mut self, statement: Statement<'_>) -> bool {
        match statement.keyword() {
            "mode" => self.note_mode(statement.word(1)),
            "default-server" => {
                let options = Options::of_server(statement, 1);
                self.forgives_names |= options.value("init-addr").is_some();
                self.agent_ports |= options.value("agent-port").is_some();
                let agents = options.words().filter_map(Word::known).filter(|w| matches!(*w, "agent-check" | "no-agent-check"));
                let agent = agents.reduce(|_, later| later);
                self.agent_checks = agent.map_or(self.agent_checks, |word| word == "agent-check");
                self.note_networks(statement);
            }
            "acl" if !matches!(statement.str(1), "if" | "unless") => return false,
            "acl" => self.odd_acls = true,
            "load" => self.loads_certificates |= self.kind == SectionKind::CrtStore,
            keyword if self.kind == SectionKind::Global => self.note_global(keyword, statement),
            _ => return false,
        }
        true
    }

    /// Takes over the mode of a `mode` line, here or in what the section inherits.
    pub(crate) fn note_mode(&mut self, mode: Option<Word<'_>>) {
        self.http = is_http(mode);
        self.logs = mode.and_then(Word::known).map(|mode| mode == "log");
    }

    fn note_global(&mut self, keyword: &str, statement: Statement<'_>) {
        self.exposes_experimental |= keyword == "expose-experimental-directives";
        self.exposes_deprecated |= keyword == "expose-deprecated-directives";
        let delay = || statement.word(1).and_then(Word::known).map(c_int);
        let (least, most) = self.ocsp_delays;
        // HAProxy takes over what it does not refuse.
        match keyword.trim_start_matches("tune.ssl.") {
            "ocsp-update.mindelay" => self.ocsp_delays.0 = delay().filter(|d| most.is_none_or(|most| *d <= most)).or(least),
            "ocsp-update.maxdelay" => self.ocsp_delays.1 = delay().filter(|d| least.is_none_or(|least| *d >= least)).or(most),
            _ => {}
        }
        self.described |= keyword == "description";
        self.loads_lua |= keyword.starts_with("lua-load");
        if keyword == "tune.stick-counters" {
            self.stick_counters = statement.str(1).parse().ok();
        }
    }
}

/// Whether a `mode` line says http, or a kind of it.
fn is_http(mode: Option<Word<'_>>) -> Option<bool> {
    mode.and_then(Word::known).map(|mode| matches!(mode, "http" | "haterm"))
}
