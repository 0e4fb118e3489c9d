//! `peers` sections.

use std::{collections::BTreeSet, net::SocketAddr};

use crate::{
    config::address::Host,
    source::Sources,
    syntax::{SectionKind, Statement, Word as Text},
    topology::{Mesh, View},
};

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

/// How the section that the nodes of `mesh` read differs from the one that was `made` for them: a sentence for each node and line.
/// The order of lines, and how they are written, do not matter.
///
/// # Errors
/// As those of [`peers`].
pub fn compare(mesh: &Mesh<'_>, request: &Request, made: &Made) -> Result<Vec<String>, Refusal> {
    let cluster = Cluster::new(mesh, request, false)?;
    if !cluster.members.iter().any(|member| mesh.views.iter().any(|v| Some(v.node) == member.node)) {
        let help = "name the file that they read behind `peers`, or the one to compare with: `--output FILE`";
        return Err(Refusal::new("no node of the topology has a configuration to compare with", help));
    }
    let mut told = Vec::new();
    for member in &cluster.members {
        let of_member = format!("peers-{}.cfg", member.name);
        let file = made.files.iter().find(|f| f.name == of_member).or_else(|| made.files.first().filter(|_| !request.per_node));
        let Some((view, file)) = mesh.views.iter().find(|v| Some(v.node) == member.node).zip(file) else {
            told.push(format!("`{}` has no configuration in the topology", member.name));
            continue;
        };
        let configuration = &mesh.topology.configurations[mesh.summary(view).configuration];
        let lines = |sources: &Sources| -> BTreeSet<String> {
            let word = |w: Text<'_>| dialled(mesh, view, &cluster.section, &w.display()).unwrap_or_else(|| w.display().into_owned());
            let line = |s: Statement<'_>| Some(s.words().map(word).collect::<Vec<_>>().join(" "));
            cluster.in_force(sources, view, line).into_iter().collect()
        };
        let (now, wanted) = (lines(&configuration.sources()), lines(&Sources::single("peers.cfg", file.text.as_str())));
        let of = |what: &str, line: &String| format!("`peers {}` of `{}` {what} `{line}`", cluster.section, member.name);
        told.extend(wanted.difference(&now).map(|line| of("lacks", line)));
        told.extend(now.difference(&wanted).map(|line| of("has", line)));
    }
    Ok(told)
}

/// The address that a word of the section is for this node, where there are variables in it: HAProxy fills them in without quotes, too.
fn dialled(mesh: &Mesh<'_>, view: &View, section: &str, word: &str) -> Option<String> {
    let mut addresses = mesh.section(view, section).filter(|_| word.contains('$'))?.peers.iter().filter_map(|peer| peer.address.as_ref());
    let listener = addresses.find(|address| address.text == word)?;
    let port = listener.port()?;
    match &listener.address.host {
        Host::Name(name) => Some(format!("{name}:{port}")),
        host => host.ip().map(|ip| SocketAddr::new(ip, port).to_string()),
    }
}

/// The section as `own` reads it, or as all can.
pub(super) fn section(cluster: &Cluster<'_>, own: Option<&Member>) -> Section {
    let is_default = |line: &&Line| line.words.first().and_then(Word::plain).is_some_and(|word| word.starts_with("default-"));
    let (defaults, rest): (Vec<_>, Vec<_>) = cluster.kept.iter().partition(is_default);
    let mut section = Section::named(SectionKind::Peers, &cluster.section).lines(defaults.into_iter().cloned());
    if let Some(bind) = &cluster.bind {
        section = section.line(bind.clone());
    }
    for member in &cluster.members {
        let remote = |keyword: &str| Line::new(keyword).word(&member.name).word(member.address(cluster.port));
        let local = Line::new("server").word(&member.name);
        section = match (cluster.bind.is_some(), own) {
            // Behind a Service nobody owns the address, so the local line has none, and `bind` says where to listen.
            (true, Some(own)) if own == member => section.line(local),
            (true, Some(_)) => section.line(remote("server")),
            (true, None) => {
                let itself = Condition::streq(Word::variable("HAPROXY_LOCALPEER"), &member.name);
                section.either(If::when(itself, |body| body.line(local)).otherwise(|body| body.line(remote("server"))))
            }
            (false, _) => section.line(remote("peer")),
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
