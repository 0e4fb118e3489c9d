//! From answers to nodes, and from nodes to findings.

use std::collections::BTreeSet;

use crate::{
    check::{self, Options},
    finding::{Finding, Severity},
    source::{FileId, Sources},
};

use super::{
    cluster::{Cluster, Node, Sample, Seen},
    dump::Dump,
    session::State,
};

/// How the whole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Every pair that was seen is established, and nothing is to be said against it.
    Healthy,
    /// Every pair is established; not everything is shared as it should be.
    Degraded,
    /// Nothing is seen to be broken, in a text that does not show everything.
    Incomplete,
    /// Something is broken.
    Broken,
}

impl Health {
    /// The name that the JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Incomplete => "incomplete",
            Self::Broken => "broken",
        }
    }

    /// Whether a gate may let pass.
    pub fn is_well(self) -> bool {
        self <= Self::Degraded
    }
}

/// What is to be said of a cluster.
#[derive(Debug)]
pub struct Diagnosis {
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// What they come to.
    pub health: Health,
}

impl Diagnosis {
    /// With what `check` says of peers, tables and hosts of the nodes that are not well: the causes, with file and line.
    #[must_use]
    pub fn with_causes(mut self, cluster: &Cluster<'_>, checked: Vec<Finding>) -> Self {
        let Some(mesh) = cluster.mesh.filter(|_| self.health != Health::Healthy) else { return self };
        let mut sick: BTreeSet<String> = self.findings.iter().flat_map(|f| f.nodes.clone()).collect();
        // The topology may call them otherwise.
        let views = cluster.nodes.iter().filter(|n| sick.contains(&n.name)).filter_map(|n| cluster.view(n));
        let others: Vec<String> = views.map(|v| mesh.node(v).name.clone()).collect();
        sick.extend(others);
        for remote in cluster.remotes().filter(|r| !r.pair.established) {
            sick.extend(mesh.views.iter().filter(|v| v.local.as_deref() == Some(&remote.peer.name)).map(|v| mesh.node(v).name.clone()));
        }
        if cluster.nodes.is_empty() {
            sick.extend(mesh.views.iter().map(|v| mesh.node(v).name.clone()));
        }
        let about = |f: &Finding| ["peers", "topology", "host", "table"].contains(&f.rule.group()) && f.severity > Severity::Info;
        let of_sick = |f: &Finding| f.nodes.is_empty() || f.nodes.iter().any(|n| sick.contains(n));
        self.findings.extend(checked.into_iter().filter(|f| about(f) && of_sick(f)));
        self.findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        self
    }
}

/// Lets the rules about the runtime speak.
pub fn diagnose(cluster: &Cluster<'_>, options: &Options, sources: &Sources) -> Diagnosis {
    let mut findings = check::runtime(cluster, options, sources);
    findings.sort_by_key(|f| (std::cmp::Reverse(f.severity), f.location));
    let worst = findings.first().map(|f| f.severity);
    let short = cluster.nodes.iter().any(|n| is_short(n.dump()));
    // Rules may be silenced; that does not mend a pair.
    let told = |s: &Seen| s.state != State::Unknown || !short;
    let apart = cluster.seen.iter().any(|s| !cluster.pairs[s.pair].established && told(s));
    let health = match worst {
        _ if apart || cluster.probes.iter().any(|p| !p.is_good()) => Health::Broken,
        Some(Severity::Error) => Health::Broken,
        _ if short => Health::Incomplete,
        Some(Severity::Warning) => Health::Degraded,
        _ => Health::Healthy,
    };
    Diagnosis { findings, health }
}

/// Whether the text does not show everything that HAProxy printed.
pub(crate) fn is_short(dump: &Dump) -> bool {
    // Later versions never print a section without its local peer.
    let peerless = |s: &super::dump::Section| s.local().is_none() && (s.name.is_empty() || !s.is_old());
    dump.cut || dump.sections.iter().any(peerless)
}

/// A text with answers, and what is known of where it comes from.
#[derive(Debug)]
pub struct Answers {
    /// The name that the user gave to the node.
    pub name: Option<String>,
    /// A file or a socket.
    pub source: String,
    /// The file that holds the text.
    pub file: FileId,
    /// What is in it.
    pub dumps: Vec<Dump>,
    /// When it was asked, in seconds since the first time.
    pub seconds: Option<f64>,
}

/// Puts answers of the same process together: those of one given name, or of one local peer with the same sections.
pub fn nodes(answers: Vec<Answers>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for given in answers {
        let locals: BTreeSet<String> = given.dumps.iter().filter_map(|d| d.local_name().map(str::to_owned)).collect();
        let named = given.name.is_some() && locals.len() <= 1;
        let several = given.dumps.len() > 1;
        for (at, dump) in given.dumps.into_iter().enumerate() {
            // Answers that do not say whose they are may be those of several processes.
            let silent = dump.local_name().is_none() && several && !named;
            let other = || if silent { format!("{} (answer {})", given.source, at + 1) } else { given.source.clone() };
            let name = given.name.clone().filter(|_| named).or_else(|| dump.local_name().map(str::to_owned)).unwrap_or_else(other);
            let sections = |d: &Dump| d.sections.iter().map(|s| s.name.clone()).collect::<BTreeSet<_>>();
            let same = |n: &&mut Node| n.name == name && n.named == named && (named || sections(n.dump()) == sections(&dump));
            let known = nodes.iter_mut().find(same);
            let sample = Sample { dump, file: given.file, seconds: given.seconds };
            match known {
                Some(node) => {
                    node.samples.push(sample);
                    node.source.clone_from(&given.source);
                }
                None => nodes.push(Node { name, named, source: given.source.clone(), samples: vec![sample] }),
            }
        }
    }
    nodes
}
