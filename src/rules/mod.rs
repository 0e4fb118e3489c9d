//! The rules. One rule is one file, `src/rules/GROUP/RULE.rs`, which the build finds.
//!
//! A rule is a [`Rule`] static, made by `rule!` from a doc comment, a name, a severity and a function. The doc comment
//! is the rule's page; its examples are the rule's first tests (`tests/rules`). The function looks at a
//! [`Context`] and reports [`Draft`](crate::finding::Draft)s to a [`Sink`]. What it is about says which configurations it is asked of.

mod apart;
mod causes;
mod certificates;
mod clients;
mod covering;
mod criteria;
pub(crate) mod fault;
mod implication;
mod inherited;
mod later;
mod limits;
mod listeners;
mod mentions;
mod met;
pub mod project;
mod rewriting;
mod sink;
mod unknown;
pub(crate) mod variables;

pub(crate) use reference::unknown_acl::predefined_in as predefined_acls;
pub use sink::Sink;

use std::{borrow::Cow, ops::Deref, sync::Arc};

use crate::{
    config::{Config, NameKind},
    finding::{FaultKind, Fix, RuleInfo},
    format::Styles,
    runtime::Cluster,
    source::{Location, Sources, Template},
    surroundings::Surroundings,
    syntax::{FirstWords, Problem, Reading, SectionKind, Tree},
    topology::{Mending, Mesh},
    version::Version,
};

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Look {
    /// The text of the files: asked once.
    Text(fn(&TextContext<'_>, &mut Sink<'_>)),
    /// The configuration in one world: asked once for each world.
    World(fn(&Context<'_>, &mut Sink<'_>)),
    /// All nodes of a topology together: asked once, where there is a topology.
    Mesh(fn(&Mesh<'_>, &mut Sink<'_>)),
    /// What running nodes say of themselves and each other: asked once, by the doctor.
    Runtime(fn(&Cluster<'_>, &mut Sink<'_>)),
    /// What the settings of a project say: asked once for each world.
    Declared,
    /// Faults of this kind, which the catalog finds in a world.
    Faults(FaultKind),
    /// Nothing by itself: the run reports under this name, once it knows what all others say.
    Run,
}

impl Look {
    /// Whether it looks at one world itself.
    pub(crate) fn is_at_world(self) -> bool {
        matches!(self, Self::World(_) | Self::Declared)
    }
}

/// What a text rule sees.
pub struct TextContext<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// Their trees.
    pub trees: &'a [Tree],
    /// Which of them are templates, whose trees are empty.
    pub templates: &'a [Option<Template>],
    /// How they are to be laid out.
    pub styles: &'a Styles,
}

/// What rules are told of what the user asked for.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The HAProxy to check for.
    pub target: Option<Version>,
    /// What `-L` or the host name will be.
    pub local_name: &'a Option<String>,
    /// A local name that is unknown or in no peers section is an error.
    pub require_local_peer: bool,
    /// The files are bodies of this section, without its header.
    pub fragment_of: Option<SectionKind>,
    /// Others reach the ports of `bind` lines by other ports: those of a Service, or of a machine that publishes them.
    pub ports_are_mapped: bool,
    /// The ports that clients dial, and those of HAProxy that they lead to, as far as the topology says.
    pub published: &'a [(u16, u16)],
    /// The network that HAProxy runs in has no IPv6.
    pub without_ipv6: bool,
    /// The machine that HAProxy will run on.
    pub surroundings: &'a Option<Arc<dyn Surroundings>>,
}

/// What a world rule sees.
pub struct Context<'a> {
    /// The model.
    pub config: &'a Config<'a>,
    /// What the user asked for.
    pub options: Given<'a>,
}

impl<'a> Context<'a> {
    /// What reading met on its way.
    pub fn problems(&self) -> &'a [Problem] {
        &self.config.reading.problems
    }

    /// The text at `location`, as it is written.
    pub fn text(&self, location: Location) -> Cow<'a, str> {
        self.config.reading.sources.file(location.file).text(location.span)
    }

    /// Whether a name that is declared nowhere may still exist: some of the configuration is not known.
    pub fn is_open(&self) -> bool {
        self.config.reading.opaque || self.options.fragment_of.is_some()
    }
}

/// A rule.
pub struct Rule {
    /// What is known of it without asking it.
    pub info: RuleInfo,
    /// What it looks at.
    pub look: Look,
    /// The first words that it is about: of a configuration in which no line begins with one of these it says nothing.
    pub about: FirstWords,
    /// The texts that it is about, if any: of a configuration that holds none of them it says nothing either.
    pub mentions: &'static [&'static str],
    /// The kind of names that it is about, if any: of a configuration that uses none of them it says nothing.
    pub uses: Option<NameKind>,
    /// What mends what it finds on one node, where that needs to know all nodes.
    pub mend: Option<Mend>,
}

/// The fix of what a node finds in its own configuration, as all nodes need it.
pub type Mend = fn(&Mending<'_>) -> Option<Fix>;

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.info.fmt(f)
    }
}

impl Deref for Rule {
    type Target = RuleInfo;

    fn deref(&self) -> &RuleInfo {
        &self.info
    }
}

impl Rule {
    /// The rule of that name.
    pub fn by_name(name: &str) -> Option<&'static Rule> {
        RULES.iter().copied().find(|r| r.name == name)
    }

    /// Whether it looks at all nodes of a topology together.
    pub fn sees_all_nodes(&self) -> bool {
        matches!(self.look, Look::Mesh(_))
    }

    /// Whether some of its findings come with a fix.
    pub fn can_mend(&self) -> bool {
        self.info.mends
    }
}

/// What a run has to know of a rule before it asks it. The rows of all rules stand side by side: each file passes over most rules,
/// and does not touch them for that.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) rule: &'static Rule,
    pub(crate) look: Look,
    about: FirstWords,
    mentions: &'static [&'static str],
    uses: Option<NameKind>,
    pub(crate) quiet: bool,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.rule.fmt(f)
    }
}

impl Row {
    pub(crate) const fn of(rule: &'static Rule) -> Self {
        Self { rule, look: rule.look, about: rule.about, mentions: rule.mentions, uses: rule.uses, quiet: rule.info.quiet }
    }

    /// Whether lines begin with what the rule is about.
    pub(crate) fn is_about(&self, reading: &Reading<'_>) -> bool {
        reading.may_begin_with(&self.about)
    }

    /// Whether the rule may have something to say of this configuration.
    pub(crate) fn concerns(&self, config: &Config<'_>) -> bool {
        let mentions = || self.mentions.is_empty() || self.mentions.iter().any(|text| config.reading.may_mention(text));
        self.is_about(config.reading) && self.uses.is_none_or(|kind| config.names.uses_of(kind).next().is_some()) && mentions()
    }
}

/// Everything a rule file needs.
pub(crate) mod prelude {
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use super::TextContext;
    pub(crate) use super::{Context, Sink};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::catalog::Options;
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::counted;
    pub(crate) use crate::finding::Draft;
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::finding::{Fix, Stage, Subject, SubjectKind};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::runtime::{Cluster, State};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::syntax::PROBLEM;
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::topology::{Group, Mending, Mesh, Section, View};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::{
        config::Config,
        finding::{Confidence, Edit, Severity},
        source::{Location, Span},
        syntax::{ProblemKind, SectionKind, Statement, Text, Word},
        version::{Version, VersionSet},
    };
}

/// Declares the rule of a file: its page as a doc comment, its name, its severity, and what it looks at. Behind that may stand, in
/// this order, what is special about it: `about`, `mentions`, `uses`, `needs`, `asked`, `moot`, `normal`, `quiet`, `covers`, `mends` (the words are
/// those of [`RuleInfo`]) and `mend`.
///
/// `about: ["cookie"]` says that the rule has nothing to say of a configuration in which no line begins with one of these words (the
/// keyword of a section is the first word of its header; behind `no` and `default` stands none), `mentions: ["track"]` that it has nothing to
/// say where none of these texts is written, nor made by quotes, escapes and variables, `uses: Cache` where no line uses a name of this
/// kind. A rule that has several is asked where all of it is; one that reports what is missing has none. The run passes over rules
/// without touching them; builds for tests ask them all the same, and stop where one speaks.
macro_rules! rule {
    (@uses) => { None };
    (@uses $kind:ident) => { Some($crate::config::NameKind::$kind) };
    (@about) => { $crate::syntax::FirstWords::ANY };
    (@about $($word:expr),+) => { $crate::syntax::FirstWords::of(&[$($word),+]) };
    (@mend) => { None };
    (@mend $mend:expr) => { Some($mend) };
    (
        $(#[doc = $doc:expr])+ $name:literal, $severity:ident, $look:ident $(($check:expr))?
        $(, about: [$($about:expr),+])? $(, mentions: [$($mention:literal),+])? $(, uses: $uses:ident)?
        $(, needs: $needs:ident)? $(, asked: $asked:ident)? $(, moot: $moot:ident)? $(, normal: $normal:literal)? $(, quiet: $quiet:literal)? $(, covers: $covers:literal)? $(, mends: $mends:literal)? $(, mend: $mend:expr)?
    ) => {
        $(#[doc = $doc])+
        #[allow(rustdoc::invalid_codeblock_attributes, reason = "the words behind `haproxy` are for tests/rules")]
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            info: $crate::finding::RuleInfo {
                name: $name,
                severity: $crate::finding::Severity::$severity,
                docs: concat!($($doc, "\n"),+),
                module: module_path!(),
                $(needs: $crate::finding::Needs::$needs,)?
                $(asked: $crate::finding::Asked::$asked,)?
                $(moot: $crate::finding::Moot::$moot,)?
                $(normal: $normal,)?
                $(quiet: $quiet,)?
                $(covers: Some($covers),)?
                $(mends: $mends,)?
                ..$crate::finding::RuleInfo::PLAIN
            },
            look: $crate::rules::Look::$look $(($check))?,
            about: rule!(@about $($($about),+)?),
            mentions: &[$($($mention),+)?],
            uses: rule!(@uses $($uses)?),
            mend: rule!(@mend $($mend)?),
        };
    };
}

// Every file of `src/rules/GROUP/` is a rule: `build.rs` finds them, and makes the modules and the list `RULES`.
include!(concat!(env!("OUT_DIR"), "/rules.rs"));
