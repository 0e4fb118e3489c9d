//! `check --topology`: each configuration as its nodes read it, and what is between them.

use std::{collections::HashSet, path::PathBuf};

use haproxy_lint::{
    check::{Options, Report},
    project::{self, Project, Set},
    report::Format,
    source::{Fence, SourceFile, Sources},
    topology::{self, Topology, is_called},
};

use super::{Check, Done, ignores, mend};
use crate::{
    error::Error,
    input::{
        here, jobs,
        topology::{beside, distribute, fence, mounted, read},
    },
    journal,
    live::files::{Disk, largest},
    output,
};

/// Says who was found, what each reads, and what was left out.
fn tell(topology: &Topology) {
    for node in &topology.nodes {
        let read = node.configuration.map(|at| &topology.configurations[at].files);
        let read: Vec<String> = read.into_iter().flatten().map(|file| format!("`{}`", file.name)).collect();
        let read = if read.is_empty() { "a configuration that is not at hand".to_owned() } else { read.join(", ") };
        let local = node.local_name().known().map_or("a name that is not known".to_owned(), |name| format!("`{name}`"));
        // What is wrong with what it mounts is a finding.
        let meant = topology.groups[node.group].gaps.iter().any(|gap| gap.stops);
        let reads = if meant { "is meant to read" } else { "reads" };
        output::note(&format!("`{}` {reads} {read}, and goes by {local}", node.title));
    }
    for (image, why) in &topology.left_out {
        output::note(&format!("the image `{image}` was left out: {why}"));
    }
}

/// Checks a topology with the configurations that are named beside it.
pub(crate) fn check(jobs: &[Set], options: &Check, project: &Project, library: &Options, errors: &mut Vec<Error>) -> Done {
    let this = if options.host { here::files() } else { Vec::new() };
    let mut topology = read(this, &options.topology, options.reading.allow_outside, errors);
    let mut parts = vec![topology.sources.files().len()];
    let mut given = Vec::new();
    let unnamed = jobs.is_empty() && options.paths.is_empty() && options.files.is_empty();
    let found = if unnamed { beside(project, &topology, &options.topology) } else { Vec::new() };
    if options.fix {
        recover(&topology, &found, errors);
    }
    for job in jobs.iter().chain(&found) {
        match jobs::read(job, &options.stdin_filename) {
            Ok(sources) => {
                parts.push(sources.files().len());
                given.push(topology.add_configuration(sources.into_files()));
            }
            Err(error) => errors.push(error),
        }
    }
    match distribute(&mut topology, &given) {
        Ok(alone) if !topology.nodes.is_empty() => {
            for configuration in alone {
                let name = &topology.configurations[configuration].files.first().map_or("", |f| f.name.as_str());
                output::note(&format!("every node has a configuration of its own, so `{name}` was checked alone"));
            }
        }
        Ok(_) => {}
        Err(error) => errors.push(error),
    }
    let fence = fence(&options.topology, &options.paths, options.reading.allow_outside);
    mounted(&mut topology, &fence);
    lacking(&topology);
    if options.verbose {
        tell(&topology);
    }
    if topology.nodes.is_empty() && errors.is_empty() && topology.configurations.is_empty() {
        let usual = "name manifests with a container that runs haproxy, compose files, or facts of hosts".to_owned();
        let help = match topology.left_out.first() {
            Some((image, why)) => format!("the image `{image}` was left out: {why}"),
            None => usual,
        };
        errors.push(Error::new("no HAProxy was found in the topology", help));
    }
    for name in &options.node {
        let known = topology.nodes.iter().any(|n| is_called(&n.title, name));
        // Where there is none at all, something else is wrong.
        if !known && (!topology.nodes.is_empty() || errors.is_empty()) {
            let names: Vec<&str> = topology.nodes.iter().map(|n| n.title.as_str()).take(8).collect();
            let help = match names.as_slice() {
                [] => "no node was found in the topology".to_owned(),
                names => format!("the nodes are {}", names.join(", ")),
            };
            errors.push(Error::new(format!("there is no node `{name}`"), help));
        }
    }
    let of_nodes = |mut report: Report| {
        if !options.node.is_empty() {
            report
                .findings
                .retain(|f| f.nodes.is_empty() || f.nodes.iter().any(|n| options.node.iter().any(|wanted| is_called(n, wanted))));
        }
        report
    };
    let checked = haproxy_lint::check::nodes::check(&topology, library);
    let (mut report, target) = (of_nodes(checked.report), checked.target);
    // The other formats have no place for it.
    if checked.mesh.views.len() > 1 && options.format.iter().any(|(format, _)| *format == Format::Html) {
        let mut svg = Vec::new();
        // Memory takes everything.
        let drawn = topology::picture::draw(&checked.mesh, topology::picture::Format::Svg, usize::MAX, &mut svg);
        report.picture = drawn.ok().and_then(|()| String::from_utf8(svg).ok());
    }
    let done = Done { sources: topology.sources, report, target, ..Done::default() };
    let look = |sources: &Sources| of_nodes(haproxy_lint::check::nodes::check(&again(sources, &parts, &fence), library).report);
    // What is not complete proves no fix.
    if done.report.incomplete {
        return done;
    }
    let mended = match &options.add_ignores {
        Some(reason) => ignores::add(done, reason, look),
        None => mend::mend(done, options, look),
    };
    if options.changes_text() && library.cancel.is_over() { Done::unfinished() } else { mended }
}

/// Finishes or undoes what killed runs have left in folders that nobody named: those of the files that nodes read.
fn recover(topology: &Topology, found: &[Set], errors: &mut Vec<Error>) {
    let inside = |path: PathBuf| if path.is_dir() { path.join("haproxy.cfg") } else { path };
    let mounted = topology.wanted().into_iter().flatten().map(|path| inside(PathBuf::from(path)));
    let lying = found.iter().flat_map(Set::parts).map(|part| part.path.clone());
    let files: Vec<PathBuf> = mounted.chain(lying).collect();
    errors.extend(journal::recover(files.iter().map(PathBuf::as_path), true).err());
}

/// The topology of the same files with other text: `parts` says how many are manifests, and how many each configuration that was
/// named has. What follows them is what nodes have mounted.
fn again(sources: &Sources, parts: &[usize], fence: &Fence) -> Topology {
    let mut files = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec()));
    let mut named = parts.iter().map(|n| files.by_ref().take(*n).collect::<Vec<_>>());
    let (mut topology, _) = topology::read(named.next().unwrap_or_default());
    let given: Vec<usize> = named.map(|part| topology.add_configuration(part)).collect();
    // What cannot be told was told before.
    let _ = topology.distribute(&given);
    project::mounted_as(&Disk, &mut topology, fence, largest(), files);
    topology
}

/// How many of those are named that read what is not at hand.
const MOST: usize = 4;

/// The workloads and services that read what is not at hand, each with its files, where these are known.
fn lacking_containers(topology: &Topology) -> impl Iterator<Item = String> {
    let lacking: HashSet<usize> = topology.nodes.iter().filter(|n| n.configuration.is_none()).map(|n| n.group).collect();
    // What is wrong with what it mounts is a finding.
    let silent = |group: &topology::Group| group.platform != topology::Platform::Host && group.gaps.is_empty() && group.unread.is_none();
    let groups = topology.groups.iter().enumerate().filter(move |(at, group)| silent(group) && lacking.contains(at));
    groups.map(|(_, group)| {
        let files: Vec<String> = group.reads.iter().map(|file| format!("`{file}`")).collect();
        if files.is_empty() { group.title() } else { format!("{} ({})", group.title(), files.join(", ")) }
    })
}

/// Names the hosts of which nothing is known but that they are there.
fn lacking(topology: &Topology) {
    let lacking: Vec<String> = lacking_containers(topology).collect();
    let more = if lacking.len() > MOST { format!(" and {} more", lacking.len() - MOST) } else { String::new() };
    let shown = lacking.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if !lacking.is_empty() {
        output::note(&format!("what {shown}{more} reads is not at hand, so it was not checked: name it behind the topology"));
    }
    let unread = topology.groups.iter().filter_map(|group| Some(format!("{}: {}", group.title(), group.unread.as_ref()?)));
    unread.for_each(|why| output::note(&format!("{why}, so what it reads was not checked")));
    let lacks = |n: &&topology::Node| {
        let group = &topology.groups[n.group];
        n.configuration.is_none() && group.platform == topology::Platform::Host && group.unread.is_none()
    };
    let hosts: Vec<String> = topology.nodes.iter().filter(lacks).map(|n| format!("`{}`", n.name)).collect();
    let more = if hosts.len() < topology.nodes.len() { "" } else { ": name it behind the topology, or say `config` there" };
    if !hosts.is_empty() {
        output::note(&format!("no configuration was given for {}, so what is there is not known{more}", hosts.join(", ")));
    }
}
