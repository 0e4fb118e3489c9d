//! Judges all statements of a configuration.

use rustc_hash::FxHashMap;

use crate::{
    build::Build,
    cancel::Cancel,
    config::{Model, NameKind, Names, SectionView},
    finding::{Applicability, Edit, Fix, Help, Verdict},
    source::Location,
    syntax::{SectionKind, Statement, Word},
    version::{Version, VersionSet},
};

use super::{
    Fault, FaultKind,
    foreign::Foreign,
    matcher::{Found, Matcher, Piece},
    signature::{Advice, Entry, NoteKind, Table, home, section_table},
    sound::Sound,
    special::stick_counter::DEFAULT_COUNTERS,
    successor,
    types::c_number,
};

/// What is known of the place a statement stands at.
#[derive(Clone, Debug)]
pub struct Line<'b> {
    /// The section, and what was read so far.
    state: State,
    /// The keywords of the section.
    table: Option<&'static Table>,
    /// The name of the proxy, for messages.
    pub name: String,
    /// The build, where one is given.
    build: Option<&'b Build>,
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
    exposes_deprecated: bool,
    /// Whether `global` had a `description` before.
    pub(super) described: bool,
    /// Whether a Lua script was loaded before.
    pub(super) loads_lua: bool,
    /// The number of stick counters, where it is known.
    pub(super) stick_counters: Option<u64>,
    /// Whether the proxy is in http mode as far as it was read; `None` where that is not known.
    pub(super) http: Option<bool>,
    /// Whether servers may have names that do not resolve: some `default-server` has an `init-addr`.
    pub(super) forgives_names: bool,
    /// Whether some `default-server` has an `agent-port`.
    pub(super) agent_ports: bool,
    /// The least and the greatest delay between updates of OCSP responses, in seconds, where they are known.
    pub(super) ocsp_delays: (Option<i64>, Option<i64>),
    /// Whether an ACL is named `if` or `unless`.
    pub(super) odd_acls: bool,
}

impl std::ops::Deref for Line<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl<'b> Line<'b> {
    fn new(section: &SectionView<'_>, before: Option<&Line<'b>>, build: Option<&'b Build>) -> Self {
        let bit = match section.kind {
            SectionKind::Defaults => 1,
            SectionKind::Frontend => 2,
            SectionKind::Listen => 4,
            SectionKind::Backend => 8,
            _ => 0,
        };
        let nameless = section.kind == SectionKind::Defaults && section.header.is_some_and(|h| h.word(1).is_none_or(|w| w.is("from")));
        let state = State {
            kind: section.kind,
            bit,
            nameless_defaults: nameless,
            exposes_experimental: before.is_some_and(|l| l.exposes_experimental),
            exposes_deprecated: before.is_some_and(|l| l.exposes_deprecated),
            described: before.is_some_and(|l| l.described),
            loads_lua: before.is_some_and(|l| l.loads_lua),
            stick_counters: before.map_or(Some(DEFAULT_COUNTERS), |l| l.stick_counters),
            http: Some(false),
            forgives_names: before.is_some_and(|l| l.forgives_names),
            agent_ports: before.is_some_and(|l| l.agent_ports),
            ocsp_delays: before.map_or((Some(300), Some(3600)), |l| l.ocsp_delays),
            odd_acls: false,
        };
        Self { state, table: section_table(section.kind), name: section.name_str().to_owned(), build }
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
    /// Takes over what a line says of those below it.
    fn note(&mut self, statement: Statement<'_>) {
        if statement.keyword() == "mode" {
            self.http = is_http(statement.word(1));
        }
        self.forgives_names |= statement.keyword() == "default-server" && statement.after("init-addr", 1).is_some();
        self.agent_ports |= statement.keyword() == "default-server" && statement.after("agent-port", 1).is_some();
        self.odd_acls |= statement.keyword() == "acl" && matches!(statement.str(1), "if" | "unless");
        if self.kind == SectionKind::Global {
            self.exposes_experimental |= statement.keyword() == "expose-experimental-directives";
            self.exposes_deprecated |= statement.keyword() == "expose-deprecated-directives";
            let delay = || statement.word(1).and_then(Word::known).map(c_number);
            let (least, most) = self.ocsp_delays;
            // HAProxy takes over what it does not refuse.
            match statement.keyword().trim_start_matches("tune.ssl.") {
                "ocsp-update.mindelay" => self.ocsp_delays.0 = delay().filter(|d| most.is_none_or(|most| *d <= most)).or(least),
                "ocsp-update.maxdelay" => self.ocsp_delays.1 = delay().filter(|d| least.is_none_or(|least| *d >= least)).or(most),
                _ => {}
            }
            self.described |= statement.keyword() == "description";
            self.loads_lua |= statement.keyword().starts_with("lua-load");
            if statement.keyword() == "tune.stick-counters" {
                self.stick_counters = statement.str(1).parse().ok();
            }
        }
    }
}

/// Whether a `mode` line says http, or a kind of it.
fn is_http(mode: Option<Word<'_>>) -> Option<bool> {
    mode.and_then(Word::known).map(|mode| matches!(mode, "http" | "haterm"))
}

/// The ACLs of one section all of whose lines may be refused, with the number of those lines and who refuses them.
type Broken<'r> = FxHashMap<&'r str, (usize, VersionSet)>;

/// Holds every statement against the catalog; with a build, also against what that was made with.
pub fn judge(model: &Model<'_>, build: Option<&Build>) -> Vec<Fault> {
    judge_until(model, build, &Cancel::default())
}

/// The same, as far as it comes until it is told to end.
pub(crate) fn judge_until(model: &Model<'_>, build: Option<&Build>, cancel: &Cancel) -> Vec<Fault> {
    let mut all_faults = Vec::new();
    let faults = &mut all_faults;
    let mut line: Option<Line<'_>> = None;
    let mut proxies = model.proxies.iter().peekable();
    let mut sound = Sound::new(model.reading.len());
    for section in model.sections().take_while(|_| !cancel.is_over()) {
        let proxy = proxies.next_if(|p| p.section.index == section.index);
        let created = proxy.is_none_or(|p| p.created);
        let known = section.kind.spec().versions;
        let all = model.reading.world.versions;
        let mut here = Line::new(&section, line.as_ref(), build);
        if let Some(proxy) = proxy {
            let mode = proxy.defaults.and_then(|d| model.proxies[d].mode());
            here.state.http = mode.map_or(Some(false), |mode| is_http(Some(mode)));
        }
        // What does not know the section takes its lines for more lines of the section before.
        let before = line.as_ref().filter(|_| !known.covers(all));
        let mut inherited = Vec::new();
        let mut broken = Broken::default();
        let mut foreign = Foreign::default();
        for (number, statement) in section.statements().filter(|_| created).enumerate() {
            if cancel.is_over_at(number) {
                break;
            }
            let known_before = faults.len();
            let mark = if before.is_none() { sound.mark(statement, &here.state) } else { None };
            let repeats = mark.is_some_and(|mark| sound.knows(mark));
            for (line, versions, follows) in [(Some(&here), all & known, false), (before, all.minus(known), true)] {
                let Some(line) = line.filter(|_| !versions.is_empty() && !repeats) else { continue };
                let first = faults.len();
                if let Some(table) = line.table {
                    statement_faults(statement, table, line, versions, faults);
                }
                // Of the section itself `version/unsupported-section` tells.
                faults[first..].iter_mut().for_each(|fault| fault.consequence |= follows);
            }
            if let Some(mark) = mark.filter(|_| faults.len() == known_before) {
                sound.learn(mark);
            }
            here.state.note(statement);
            foreign.statement(statement, known_before, faults);
            heirs(statement, &mut inherited, known_before, faults);
            match statement.keyword() {
                "default-server" => faults[known_before..].iter_mut().for_each(|fault| unplaced(fault, section.kind)),
                "acl" if faults.len() > known_before => {
                    let refused = refusing(&faults[known_before..]);
                    if !refused.is_empty() {
                        let entry = broken.entry(statement.str(1)).or_insert((0, VersionSet::ALL));
                        *entry = (entry.0 + 1, entry.1 & refused);
                    }
                }
                _ => {}
            }
        }
        foreign.end(faults.len(), faults);
        if !broken.is_empty() {
            broken_acls(&Names::in_statements(model.reading, std::slice::from_ref(&section)), section.index, &broken, faults);
        }
        if known == VersionSet::ALL || line.is_none() {
            line = Some(here);
        }
    }
    all_faults
}

/// Up to 3.0 the `sni` of a `default-server` line is compiled for each server that inherits it, and refused there.
const SNI_OF_EACH_SERVER: VersionSet = VersionSet::before(3, 1, 0);

/// The versions that refuse a line for any of these.
fn refusing(faults: &[Fault]) -> VersionSet {
    let refused = faults.iter().filter(|f| f.verdict == Some(Verdict::Reject) && !f.at_the_end);
    refused.fold(VersionSet::NONE, |all, f| all | f.versions)
}

/// Tells of the uses of ACLs all of whose lines are refused: `broken` has the number of such lines of each name.
fn broken_acls<'r>(names: &Names<'r>, section: usize, broken: &Broken<'r>, faults: &mut Vec<Fault>) {
    for used in names.uses().filter(|u| u.kind == NameKind::Acl) {
        let Some((lines, versions)) = broken.get(used.name) else { continue };
        if names.find(NameKind::Acl, Some(section), used.name).len() > *lines {
            continue;
        }
        let message = format!("the ACL `{}` does not exist, for its own line is refused", used.name);
        let aborts = matches!(used.statement.keyword(), "http-request" | "http-response" | "http-after-response");
        let fault = Fault::refused(FaultKind::BrokenAcl, used.location(), message, *versions);
        faults.push(Fault { aborts, ..fault.help("mend the line that declares it") });
    }
}

/// 3.0.0 refuses a wrong `default-server` line of `defaults` and does not say which; a wrong expression is told at each server only.
fn unplaced(fault: &mut Fault, kind: SectionKind) {
    let expression = matches!(
        fault.kind,
        FaultKind::UnknownFetch | FaultKind::UnknownConverter | FaultKind::InvalidExpression | FaultKind::UnavailableFetch
    );
    if kind == SectionKind::Defaults {
        fault.versions = fault.versions.minus(VersionSet::only(Version::new(3, 0, 0)));
    }
    if expression {
        fault.verdict = None;
    }
}

/// Tells of a wrong `sni` of a `default-server` line at the servers that inherit it, as HAProxy does.
fn heirs(statement: Statement<'_>, inherited: &mut Vec<Fault>, known_before: usize, faults: &mut Vec<Fault>) {
    match statement.keyword() {
        "default-server" => {
            let Some(sni) = statement.after("sni", 1) else { return };
            let within = |f: &&Fault| {
                f.location.file == sni.location.file
                    && f.location.span.start >= sni.location.span.start
                    && f.location.span.end <= sni.location.span.end
            };
            *inherited = faults[known_before..].iter().filter(within).cloned().collect();
        }
        "server" | "server-template" if !inherited.is_empty() && statement.after("sni", 2).is_none() => {
            let Some(word) = statement.word(0) else { return };
            faults.extend(inherited.iter().filter(|f| f.versions.meets(SNI_OF_EACH_SERVER)).map(|fault| {
                let message = format!("this server inherits a wrong `sni`: {}", fault.message);
                let versions = fault.versions & SNI_OF_EACH_SERVER;
                Fault { location: word.location, message, versions, verdict: Some(Verdict::Reject), ..fault.clone() }
            }));
        }
        _ => {}
    }
}

/// Judges one statement for `versions`, in parts where they know it differently.
fn statement_faults(statement: Statement<'_>, table: &'static Table, line: &Line<'_>, versions: VersionSet, faults: &mut Vec<Fault>) {
    let first = usize::from(matches!(statement.keyword(), "no" | "default") && statement.len() > 1);
    if statement.word(first).and_then(|w| w.known()).is_none_or(|w| w.is_empty() || w.starts_with('.')) {
        return;
    }
    let mut matcher = Matcher::new(statement, first, line, versions);
    matcher.statement(table);
    if matcher.split.is_none() && matcher.faults.is_empty() {
        return;
    }
    let Some(set) = matcher.split else {
        faults.append(&mut matcher.faults);
        return;
    };
    let mut parts = Vec::new();
    statement_faults(statement, table, line, versions & set, &mut parts);
    statement_faults(statement, table, line, versions.minus(set), &mut parts);
    for fault in parts {
        let same = |other: &&mut Fault| Fault { versions: fault.versions, ..(**other).clone() } == fault;
        match faults.iter_mut().rev().take(8).find(same) {
            Some(other) => other.versions = other.versions | fault.versions,
            None => faults.push(fault),
        }
    }
}

impl<'r> Matcher<'_, 'r> {
    fn statement(&mut self, table: &'static Table) -> Option<()> {
        let piece = self.piece(self.first)?;
        let text = piece.text?;
        let entry = match self.find(table, text) {
            Found::Entry(entry) => entry,
            Found::Elsewhere(entries) => return self.misplaced(entries, piece),
            Found::OtherVersion(entries) => return self.other_version(entries, piece),
            Found::Nothing => return self.unknown_keyword(table, piece),
            Found::Split => return None,
        };
        if self.first == 1 && text == "log" {
            return self.negated_log();
        }
        let next = self.entry(entry, piece)?;
        // Of options alone the words behind are looked at.
        if self.first == 1 && self.str(0) == "no" && text != "option" { None } else { self.behind(next) }
    }

    /// `no log` forgets the targets inherited so far, and takes nothing (language.md §9).
    fn negated_log<T>(&mut self) -> Option<T> {
        let extra = self.piece(2)?;
        let text = extra.text?;
        self.refuse(FaultKind::UnexpectedArgument, extra.location, format!("`no log` takes no argument, and here is `{text}`"))
    }

    fn unknown_keyword<T>(&mut self, table: &'static Table, piece: Piece<'r>) -> Option<T> {
        let text = piece.text?;
        let message = format!("`{text}` is no keyword of a `{}` section", self.line.kind.keyword());
        let mut fault = Fault::refused(FaultKind::UnknownKeyword, piece.location, message, self.versions);
        let words: Vec<&'static str> = self.words_of_table(table).collect();
        // A word that is right elsewhere is no slip of the pen: `mode` in `global` does not mean `node`.
        fault.help = home(text).map(Help::from).or_else(|| self.near(piece, words.iter().copied()));
        self.fault(fault);
        None
    }

    /// A keyword that other sections take.
    pub(super) fn misplaced<T>(&mut self, entries: &'static [Entry], piece: Piece<'r>) -> Option<T> {
        let text = piece.text?;
        let taken = entries
            .iter()
            .filter(|e| e.taken_by().meets(self.versions))
            .fold((0, false), |all, e| (all.0 | e.sections.taken, all.1 | e.sections.named_defaults_only));
        let path = if self.path.is_empty() { text.to_owned() } else { format!("{} {text}", self.path()) };
        let nameless = self.line.kind == SectionKind::Defaults && taken.1;
        let message = if nameless {
            format!("`{path}` needs a `defaults` section with a name")
        } else {
            format!("`{path}` cannot stand in a `{}` section", self.line.kind.keyword())
        };
        let sections: Vec<&str> = ["defaults", "frontend", "listen", "backend"]
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| taken.0 >> bit & 1 == 1)
            .map(|(_, s)| s)
            .collect();
        let help = if nameless {
            "give the section a name, and let the proxies that want its rules say `from` that name".to_owned()
        } else {
            format!("move it to a {} section", sections.join(" or "))
        };
        self.fault(Fault::refused(FaultKind::Misplaced, piece.location, message, self.versions).help(help));
        None
    }

    /// What the advice of a note does to the line, if the keyword begins it or follows `option` and the like.
    fn remedy(&self, advice: Advice, piece: Piece<'r>) -> Option<Fix> {
        if let Some(fix) = successor::option(&self.statement, piece.at) {
            return Some(fix);
        }
        let begins = piece.at == self.first || piece.at == self.first + 1 && !self.path.is_empty();
        if !begins || self.first > 0 {
            return None;
        }
        if let Advice::Delete { sure, .. } = advice {
            let applicability = if sure { Applicability::Safe } else { Applicability::Unsafe };
            let edits = vec![Edit::delete(self.statement.whole_line())];
            return Some(Fix { title: "delete the line".to_owned(), applicability, edits });
        }
        if let Some(line) = successor::line(&self.statement) {
            let edits = vec![Edit::replace(self.statement.location(), line.as_str())];
            return Some(Fix { title: format!("write `{line}`"), applicability: Applicability::Unsafe, edits });
        }
        let Advice::Write(successor) = advice else { return None };
        // A word of a rule, or all words up to this one.
        let inner = piece.at > self.first && successor.split(' ').next() != Some(self.statement.keyword());
        let first = if inner { piece.at } else { self.first };
        let span = self.statement.word(first)?.location.span.to(piece.location.span);
        let edit = Edit::replace(Location { span, ..piece.location }, successor);
        Some(Fix { title: format!("write `{successor}`"), applicability: Applicability::Unsafe, edits: vec![edit] })
    }

    /// A keyword that only other versions know.
    pub(super) fn other_version<T>(&mut self, entries: &'static [Entry], piece: Piece<'r>) -> Option<T> {
        let text = piece.text?;
        let known = entries.iter().fold(VersionSet::NONE, |all, e| all | e.taken_by());
        let advice = entries.iter().find_map(|e| e.note(NoteKind::Removed)).map(|n| n.advice).filter(|a| *a != Advice::None);
        let path = if self.path.is_empty() { text.to_owned() } else { format!("{} {text}", self.path()) };
        let past = known.is_empty() || known.iter().last() < self.versions.iter().next();
        let (kind, message) = match (past, known.is_empty()) {
            (true, true) => (FaultKind::Removed, format!("`{path}` was removed from HAProxy long ago")),
            (true, false) => (FaultKind::Removed, format!("`{path}` is not known any more: HAProxy {known} had it")),
            (false, _) => (FaultKind::TooNew, format!("`{path}` is not known yet: HAProxy {known} has it")),
        };
        let mut fault = Fault::refused(kind, piece.location, message, self.versions);
        let past = kind == FaultKind::Removed;
        let gone = Advice::Delete { sure: false, why: "as its effect is gone" };
        fault.fix = advice.or(past.then_some(gone)).and_then(|advice| self.remedy(advice, piece));
        self.fault(match (advice, kind) {
            (Some(advice), _) => fault.help(advice.to_string()),
            (None, FaultKind::TooNew) => fault.help("delete it, or check for the HAProxy that will run it with `--target`"),
            (None, _) => fault.help("delete it"),
        });
        None
    }

    /// What the notes of an entry, and its section, have to say.
    pub(super) fn notes(&mut self, entry: &'static Entry, piece: Piece<'r>) -> Option<()> {
        if !self.line.takes(entry) && self.line.ignores(entry) {
            let side = if self.line.kind == SectionKind::Backend { "takes no connections" } else { "sends nothing to servers" };
            let text = piece.text?;
            let message = format!("`{text}` does nothing in {}, which {side}", self.line.title());
            self.fault(
                Fault::warned(FaultKind::Ignored, piece.location, message, self.versions)
                    .help("delete it, or move it to a section that uses it"),
            );
        }
        let judged = self.versions;
        for note in entry.notes.iter().filter(|n| n.versions.meets(judged)) {
            let versions = self.versions & note.versions;
            let path = self.path();
            let (kind, verdict, message) = match note.kind {
                NoteKind::Deprecated => (FaultKind::Deprecated, Some(Verdict::Warning), format!("`{path}` is deprecated")),
                NoteKind::Discouraged => (FaultKind::Deprecated, None, format!("`{path}` has a successor")),
                NoteKind::Warns => (FaultKind::Ignored, Some(Verdict::Warning), format!("`{path}`: {}", note.advice)),
                NoteKind::Experimental if !self.line.exposes_experimental => {
                    (FaultKind::Experimental, Some(Verdict::Reject), format!("`{path}` is experimental"))
                }
                NoteKind::Exposed if !self.line.exposes_deprecated => (
                    FaultKind::Experimental,
                    Some(Verdict::Reject),
                    format!("`{path}` is deprecated, and refused as long as that is not said to be wanted"),
                ),
                NoteKind::NoDefaultServer if self.statement.str(self.first) == "default-server" => {
                    (FaultKind::Misplaced, Some(Verdict::Alert), format!("`{}` cannot stand in a `default-server` line", piece.text?))
                }
                NoteKind::Needs if self.line.build.and_then(|b| b.has(note.feature)) == Some(false) => {
                    (FaultKind::NotBuilt, Some(Verdict::Reject), format!("`{path}` needs a HAProxy that was built with {}", note.feature))
                }
                NoteKind::Rare if self.line.build.and_then(|b| b.has(note.feature)) != Some(true) => (
                    FaultKind::NotBuilt,
                    Some(Verdict::Reject),
                    format!("`{path}` needs a HAProxy that was built with {}, which hardly any is", note.feature),
                ),
                NoteKind::NoNegation if self.first == 1 => {
                    (FaultKind::UnexpectedArgument, Some(Verdict::Reject), format!("`{path}` cannot be negated"))
                }
                NoteKind::NoDefault if self.first == 1 && self.statement.str(0) == "default" => {
                    let message = format!("`{path}` can be negated with `no`, but not set back with `default`");
                    (FaultKind::UnexpectedArgument, Some(Verdict::Reject), message)
                }
                _ => continue,
            };
            if kind == FaultKind::Deprecated && verdict.is_some() && self.line.exposes_deprecated {
                continue;
            }
            let help = match note.kind {
                NoteKind::Experimental => Advice::Say("write `expose-experimental-directives` in `global` before it"),
                NoteKind::Exposed => Advice::Say("write `expose-deprecated-directives` in `global` before it"),
                NoteKind::NoDefaultServer => Advice::Say("write it on each `server` line"),
                NoteKind::Warns => Advice::Delete { sure: true, why: "" },
                NoteKind::Needs | NoteKind::Rare => {
                    Advice::Delete { sure: false, why: "or run a build that has it: `haproxy -vv` shows a `Feature list`" }
                }
                _ => note.advice,
            };
            let mut fault = Fault { verdict, ..Fault::refused(kind, piece.location, message, versions) };
            fault.help = (help != Advice::None).then(|| help.to_string().into());
            fault.fix = self.remedy(help, piece);
            self.fault(fault);
            if matches!(verdict, Some(Verdict::Reject | Verdict::Alert)) && versions == self.versions {
                return None;
            }
        }
        Some(())
    }
}
