//! The rules. One rule is one file, `src/rules/GROUP/RULE.rs`, which the build finds.
//!
//! A rule is a [`Rule`] static, made by `rule!` from a doc comment, a name, a severity and a function. The doc comment
//! is the rule's page; its examples are the rule's first tests (`tests/rules`). The function looks at a
//! [`Context`] and reports [`Draft`]s to a [`Sink`].

mod covering;
mod draft;
pub(crate) mod fault;
mod implication;
mod mentions;
pub mod project;
mod rewriting;
mod unknown;

pub use draft::{Draft, Says, Sink, Stage};

use std::borrow::Cow;

use crate::{
    catalog::FaultKind,
    check::Options,
    config::Config,
    finding::Severity,
    runtime::Cluster,
    source::{Location, Sources, Template},
    syntax::{Problem, Tree},
    topology::Mesh,
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
    Declared(&'static project::Declared),
    /// Faults of this kind, which the catalog finds in a world.
    Faults(FaultKind),
}

/// What a text rule sees.
pub struct TextContext<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// Their trees.
    pub trees: &'a [Tree],
    /// Which of them are templates, whose trees are empty.
    pub templates: &'a [Option<Template>],
}

/// What a world rule sees.
pub struct Context<'a> {
    /// The model.
    pub config: &'a Config<'a>,
    /// What the user asked for.
    pub options: &'a Options,
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
    /// `group/kebab-name`, after what is wrong. Names are for good.
    pub name: &'static str,
    /// How bad its findings are where HAProxy says nothing of them, or less.
    pub severity: Severity,
    /// Its page in Markdown: what it does, why, a bad example, a good one, where it comes from.
    pub docs: &'static str,
    /// What it looks at.
    pub look: Look,
    /// The module it is in, for the test of its name.
    pub module: &'static str,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Rule {
    /// The part of the name before the `/`.
    pub fn group(&self) -> &'static str {
        self.name.split('/').next().unwrap_or(self.name)
    }

    /// Whether it speaks only where it, or its group, is selected: what it finds is a matter of taste or of the place.
    pub fn is_quiet(&self) -> bool {
        const CERTAIN: [&str; 2] = ["security/stats-admin-open", "security/admin-socket-open"];
        self.group() == "security" && !CERTAIN.contains(&self.name)
    }

    /// The first sentence of its page.
    pub fn summary(&self) -> &'static str {
        self.docs.trim().split("\n\n").next().unwrap_or("").trim()
    }

    /// The rule of that name.
    pub fn by_name(name: &str) -> Option<&'static Rule> {
        RULES.iter().copied().find(|r| r.name == name)
    }

    /// The address of its page.
    pub fn url(&self) -> String {
        if self.group() == project::GROUP {
            return format!("{}/blob/main/docs/settings.md#rules-of-your-own", env!("CARGO_PKG_REPOSITORY"));
        }
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

/// Everything a rule file needs.
pub(crate) mod prelude {
    pub(crate) use super::{Context, Draft, Sink};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use super::{Stage, TextContext};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::runtime::{Cluster, State};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::topology::{Group, Mesh, Section, View};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::{
        config::Config,
        finding::{Confidence, Edit, Severity},
        source::{Location, Span},
        syntax::{ProblemKind, SectionKind, Statement, Text, Word},
        version::{Version, VersionSet},
    };
}

/// Declares the rule of a file: its page as a doc comment, its name, its severity, and what it looks at.
macro_rules! rule {
    ($(#[doc = $doc:expr])+ $name:literal, $severity:ident, $look:ident($check:expr)) => {
        $(#[doc = $doc])+
        #[allow(rustdoc::invalid_codeblock_attributes, reason = "the words behind `haproxy` are for tests/rules")]
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            name: $name,
            severity: $crate::finding::Severity::$severity,
            docs: concat!($($doc, "\n"),+),
            look: $crate::rules::Look::$look($check),
            module: module_path!(),
        };
    };
}

// Every file of `src/rules/GROUP/` is a rule: `build.rs` finds them, and makes the modules and the list `RULES`.
include!(concat!(env!("OUT_DIR"), "/rules.rs"));
