//! From what running nodes say to findings, and how the whole stands.

use std::collections::BTreeSet;

use crate::{
    finding::{Finding, Severity},
    runtime::{Cluster, Seen, State},
    source::Sources,
};

use super::{Options, runtime};

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
        let Some(mesh) = cluster.mesh else { return self };
        if self.health == Health::Healthy {
            return self.with_tables(cluster, checked);
        }
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

impl Diagnosis {
    /// Sessions that are well say nothing of tables that are not shared, or lose what the other node has.
    fn with_tables(mut self, cluster: &Cluster<'_>, checked: Vec<Finding>) -> Self {
        let about = ["table/unattached-table", "table/table-mismatch"];
        let running = |name: &String| {
            let view = |n| cluster.view(n).zip(cluster.mesh).is_some_and(|(view, mesh)| mesh.node(view).title == *name);
            cluster.nodes.iter().any(|n| n.name == *name || view(n))
        };
        let told = |f: &Finding| about.contains(&f.rule.name) && f.severity > Severity::Info;
        let found = checked.into_iter().filter(|f| told(f) && (f.nodes.is_empty() || f.nodes.iter().any(running)));
        self.findings.extend(found);
        self.findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        if self.findings.first().is_some_and(|f| f.severity > Severity::Info) {
            self.health = Health::Degraded;
        }
        self
    }
}

/// Lets the rules about the runtime speak.
pub fn diagnose(cluster: &Cluster<'_>, options: &Options, sources: &Sources) -> Diagnosis {
    let mut findings = runtime(cluster, options, sources);
    // What follows from two nodes of one name comes behind that.
    let cause = |f: &Finding| f.rule.name == "runtime/duplicate-peer";
    findings.sort_by_key(|f| (std::cmp::Reverse(f.severity), !cause(f), f.location));
    let worst = findings.first().map(|f| f.severity);
    let short = cluster.nodes.iter().any(|n| n.dump().is_short());
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
