//! `peers` sections.

use crate::{syntax::SectionKind, topology::Mesh};

use super::{Cluster, Condition, If, Line, Made, Member, Refusal, Request, Section, Style, Word, header, marker};

/// The `peers` section of the cluster in `mesh`: one file for all nodes, or one for each.
///
/// # Errors
/// Where the topology does not say enough, with what to add.
pub fn peers(mesh: &Mesh<'_>, request: &Request) -> Result<Made, Refusal> {
    let cluster = Cluster::new(mesh, request, false)?;
    let mut made = Made { notes: notes(&cluster, false), folder: request.per_node, mark: marker("peers"), ..Made::default() };
    let text = |own: Option<&Member>| header("peers").section(section(&cluster, own)).to_string();
    if request.per_node {
        made.files.extend(cluster.members.iter().map(|own| (format!("peers-{}.cfg", own.name), text(Some(own))).into()));
    } else {
        made.files.push(("peers.cfg".to_owned(), text(None)).into());
    }
    Ok(made)
}

/// The section as `own` reads it, or as all can.
pub(super) fn section(cluster: &Cluster<'_>, own: Option<&Member>) -> Section {
    let is_default = |line: &&Line| line.words.first().and_then(Word::plain).is_some_and(|word| word.starts_with("default-"));
    let (defaults, rest): (Vec<_>, Vec<_>) = cluster.kept.iter().partition(is_default);
    let mut section = Section::named(SectionKind::Peers, &cluster.section).lines(defaults.into_iter().cloned());
    if cluster.style == Style::Services {
        section = section.line(Line::new("bind").word(format!(":{}", cluster.port)));
    }
    for member in &cluster.members {
        let remote = |keyword: &str| Line::new(keyword).word(&member.name).word(member.address(cluster.port));
        let local = Line::new("server").word(&member.name);
        section = match (cluster.style, own) {
            // Behind a Service nobody owns the address, so the local line has none, and `bind` says where to listen.
            (Style::Services, Some(own)) if own == member => section.line(local),
            (Style::Services, Some(_)) => section.line(remote("server")),
            (Style::Services, None) => {
                let itself = Condition::streq(Word::variable("HAPROXY_LOCALPEER"), &member.name);
                section.either(If::when(itself, |body| body.line(local)).otherwise(|body| body.line(remote("server"))))
            }
            (Style::Headless | Style::Hosts, _) => section.line(remote("peer")),
        };
    }
    section.lines(rest.into_iter().cloned())
}

/// What a reader of the section should know.
pub(super) fn notes(cluster: &Cluster<'_>, with_manifests: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if cluster.members.len() < 2 {
        notes.push("there is one node alone, which has nobody to synchronise with".to_owned());
    }
    if cluster.loses_tls() {
        notes.push(format!(
            "lines of `peers {}` speak TLS: put their `ssl` options into `default-bind` and `default-server`, which are kept",
            cluster.section
        ));
    }
    let unmade = |m: &&Member| m.node.is_some_and(|at| cluster.own_service(&cluster.mesh.topology.nodes[at].name).is_none());
    if cluster.style == Style::Services && !with_manifests && cluster.members.iter().any(|m| unmade(&m)) {
        notes.push("the pods have no Services of their own yet: `generate manifests` writes them".to_owned());
    }
    if cluster.style == Style::Headless && !cluster.group.parallel {
        notes.push(format!(
            "{} starts its pods one after the other, and the first waits for names that only later pods have: set `podManagementPolicy: \
             Parallel`, which takes deleting it with `--cascade=orphan` and creating it anew, or use `--style services`",
            cluster.group.title()
        ));
    }
    notes
}
