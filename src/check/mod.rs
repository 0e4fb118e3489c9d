//! One run: from files and options to findings. `check` is a pure function; nothing outside its arguments is looked at.

mod outcome;
mod selection;

pub use selection::{Selection, UnknownRule};

use crate::{
    config::Config,
    finding::{Finding, Severity},
    rules::{Context, Draft, Look, RULES, Rule, Sink, TextContext},
    source::Sources,
    syntax::{Environment, ReadOptions, SectionKind, Tree, World, read},
    topology::Mesh,
    version::{Version, VersionSet},
};

/// What to check for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The HAProxy to check for; `None`: what every supported version refuses is an error, what only some do a warning.
    pub target: Option<Version>,
    /// The environment that HAProxy will have.
    pub environment: Environment,
    /// What `-L` or the host name will be.
    pub local_name: Option<String>,
    /// A local name that is unknown or in no peers section is an error.
    pub require_local_peer: bool,
    /// The files are bodies of this section, without its header.
    pub fragment_of: Option<SectionKind>,
    /// Which rules speak, and how loud.
    pub selection: Selection,
}

impl Options {
    /// The versions that findings are judged for.
    pub fn versions(&self) -> VersionSet {
        self.target.map_or_else(VersionSet::supported, VersionSet::only)
    }

    pub(crate) fn read_options(&self) -> ReadOptions {
        let mut environment = self.environment.clone();
        environment.set("HAPROXY_LOCALPEER", self.local_name.clone());
        ReadOptions { versions: self.versions(), environment, fragment_of: self.fragment_of }
    }
}

/// What a run found, sorted by file and place.
#[derive(Debug, Default)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }

    /// The worst severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }
}

/// What one world, or the text, brought up.
#[derive(Clone)]
pub(crate) struct Found {
    /// `None` for the text itself, which is the same in all worlds.
    pub(crate) world: Option<World>,
    pub(crate) drafts: Vec<(&'static Rule, Draft)>,
}

/// Checks one configuration: all of `sources` together, in their order.
///
/// ```
/// use haproxy_lint::{check::{Options, check}, source::Sources};
/// let sources = Sources::single("haproxy.cfg", "frontend web\n  bind :80\n  default_backend app\n");
/// let report = check(&sources, &Options::default());
/// assert_eq!(report.findings[0].rule.name, "reference/unknown-backend");
/// ```
pub fn check(sources: &Sources, options: &Options) -> Report {
    let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
    let mut found = vec![text(sources, &trees, options)];
    for reading in read(sources, &trees, &options.read_options()) {
        found.push(world(&Config::new(&reading), options, |_| true));
    }
    Report { findings: judge(found, options) }
}

/// What the rules say of the text.
pub(crate) fn text(sources: &Sources, trees: &[Tree], options: &Options) -> Found {
    let context = TextContext { sources, trees };
    let mut drafts = Vec::new();
    for rule in enabled(options) {
        if let Look::Text(look) = rule.look {
            look(&context, &mut Sink { rule, drafts: &mut drafts });
        }
    }
    Found { world: None, drafts }
}

/// What the rules that are `wanted` say of one world.
pub(crate) fn world(config: &Config<'_>, options: &Options, wanted: impl Fn(&Rule) -> bool) -> Found {
    let context = Context { config, options };
    let mut drafts = Vec::new();
    for rule in enabled(options).filter(|rule| wanted(rule)) {
        if let Look::World(look) = rule.look {
            look(&context, &mut Sink { rule, drafts: &mut drafts });
        }
    }
    Found { world: Some(config.reading.world.clone()), drafts }
}

/// What the rules say of all nodes together.
pub(crate) fn mesh(mesh: &Mesh<'_>, options: &Options) -> Found {
    let mut drafts = Vec::new();
    for rule in enabled(options) {
        if let Look::Mesh(look) = rule.look {
            look(mesh, &mut Sink { rule, drafts: &mut drafts });
        }
    }
    Found { world: None, drafts }
}

/// From what the rules said to findings.
pub(crate) fn judge(found: Vec<Found>, options: &Options) -> Vec<Finding> {
    outcome::findings(found, options)
}

fn enabled(options: &Options) -> impl Iterator<Item = &'static Rule> + '_ {
    RULES.iter().copied().filter(|rule| options.selection.enables(rule))
}
