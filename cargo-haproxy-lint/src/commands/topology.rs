//! What `--topology` names: files that describe where HAProxy runs.

use std::path::{Path, PathBuf};

use haproxy_lint::{
    check::{Options, Report},
    project::{self, Set},
    report::Format,
    shown::Form,
    source::{By, Fence, SourceFile, Sources},
    topology::{self, Topology},
};

use super::{
    check::Done,
    here, ignores, jobs,
    mend::{self, Mended},
};
use crate::{
    CLEAN, FAILED,
    cli::{self, Check},
    error::{Error, Result},
    live::files::{self, Disk},
    output,
};

/// How large a file may be whose lines are shown beside an error.
const SHOWN: usize = 4 << 20;

/// Reads every file that is named. What cannot be used goes to `errors`.
pub(crate) fn load(paths: &[PathBuf], open: bool, errors: &mut Vec<Error>) -> Topology {
    read(Vec::new(), paths, open, errors)
}

/// The same beside `files` that are read.
fn read(mut files: Vec<SourceFile>, paths: &[PathBuf], open: bool, errors: &mut Vec<Error>) -> Topology {
    for path in paths {
        match inside(path, open) {
            Ok(found) => {
                found.iter().for_each(|file| match jobs::source(file, if file == path { By::User } else { By::Repository }, "<stdin>") {
                    Ok(source) => files.push(source),
                    Err(error) => errors.push(error),
                })
            }
            Err(error) => errors.push(error),
        }
    }
    let (topology, problems) = topology::read(files);
    topology.notes.iter().for_each(|note| output::note(note));
    for problem in problems {
        let file = topology.sources.file(problem.file);
        let place = file.position(problem.offset);
        let message = format!("{}:{}: {}", file.name(), place.line, problem.message);
        // In a file that is not UTF-8, or as large as none that somebody reads, the place is only told.
        if file.is_utf8() && file.bytes().len() < SHOWN {
            let text = String::from_utf8_lossy(file.bytes()).into_owned();
            errors.push(Error::at(message, problem.help, file.name(), &text, place.offset..(place.offset + 1).min(file.bytes().len())));
        } else {
            errors.push(Error::new(message, problem.help));
        }
    }
    topology
}

/// The files that are named, as far as they can be found.
pub(crate) fn files(paths: &[PathBuf], open: bool) -> Vec<PathBuf> {
    let fence = fence(paths, &[], open);
    let found = paths.iter().filter_map(|path| project::manifests(&Disk, path, true, &mut Vec::new()).ok());
    found.flatten().filter(|file| !fence.keeps_out(&Disk, file)).collect()
}

/// The file itself, or the files of a directory.
fn inside(path: &Path, open: bool) -> Result<Vec<PathBuf>> {
    let mut notes = Vec::new();
    let found = project::manifests(&Disk, path, open, &mut notes);
    notes.iter().for_each(|note| output::note(note));
    Ok(found?)
}

/// Checks a topology with the configurations that are named beside it.
pub(crate) fn check(jobs: &[Set], options: &Check, library: &Options, errors: &mut Vec<Error>) -> Done {
    let this = if options.host { here::files() } else { Vec::new() };
    let mut topology = read(this, &options.topology, options.allow_outside, errors);
    let mut parts = vec![topology.sources.files().len()];
    let mut given = Vec::new();
    for job in jobs {
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
    let fence = fence(&options.topology, &options.paths, options.allow_outside);
    mounted(&mut topology, &fence);
    lacking(&topology);
    if topology.nodes.is_empty() && errors.is_empty() && topology.configurations.is_empty() {
        let usual = "name manifests with a container whose image or command is haproxy, compose files, or facts of hosts".to_owned();
        let help = match topology.left_out.first() {
            Some((image, why)) => format!("the image `{image}` was left out: {why}"),
            None => usual,
        };
        errors.push(Error::new("no HAProxy was found in the topology", help));
    }
    for name in &options.node {
        let known = topology.nodes.iter().any(|n| n.name == *name);
        // Where there is none at all, something else is wrong.
        if !known && (!topology.nodes.is_empty() || errors.is_empty()) {
            let names: Vec<&str> = topology.nodes.iter().map(|n| n.name.as_str()).take(8).collect();
            let help = match names.as_slice() {
                [] => "no node was found in the topology".to_owned(),
                names => format!("the nodes are {}", names.join(", ")),
            };
            errors.push(Error::new(format!("there is no node `{name}`"), help));
        }
    }
    let of_nodes = |mut report: Report| {
        if !options.node.is_empty() {
            report.findings.retain(|f| f.nodes.is_empty() || f.nodes.iter().any(|n| options.node.contains(n)));
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
    let done = Done { sources: topology.sources, report, target, mended: Mended::default() };
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

/// The topology of the same files with other text: `parts` says how many are manifests, and how many each configuration has.
fn again(sources: &Sources, parts: &[usize], fence: &Fence) -> Topology {
    let mut files = sources.files().iter().map(|f| SourceFile::new(f.name(), f.bytes().to_vec()));
    let mut parts = parts.iter().map(|n| files.by_ref().take(*n).collect::<Vec<_>>());
    let (mut topology, _) = topology::read(parts.next().unwrap_or_default());
    let given: Vec<usize> = parts.map(|part| topology.add_configuration(part)).collect();
    // What cannot be told was told before.
    let _ = topology.distribute(&given);
    mounted(&mut topology, fence);
    topology
}

/// What manifests may name: the repositories that they stand in, and what the user has `named`.
pub(crate) fn fence(paths: &[PathBuf], named: &[PathBuf], open: bool) -> Fence {
    project::around(&Disk, paths, open).and(&Disk, named)
}

/// Gives each configuration to its nodes; those that nobody reads are returned.
pub(crate) fn distribute(topology: &mut Topology, given: &[usize]) -> Result<Vec<usize>> {
    topology.distribute(given).map_err(|undecided| {
        let list = |names: &[String]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let host = undecided.hosts.first().map_or("lb1", String::as_str);
        Error::new(
            format!("which of the hosts {} reads {} cannot be told", list(&undecided.hosts), list(&undecided.files)),
            format!("put each file into a folder named after its host, such as `{host}/haproxy.cfg`, or call it `{host}.cfg`; or give a topology file with `hosts: [{{name: {host}, config: FILE}}]`"),
        )
    })
}

/// Names the hosts of which nothing is known but that they are there.
fn lacking(topology: &Topology) {
    let lacks = |n: &&topology::Node| n.configuration.is_none() && topology.groups[n.group].platform == topology::Platform::Host;
    let hosts: Vec<String> = topology.nodes.iter().filter(lacks).map(|n| format!("`{}`", n.name)).collect();
    if !hosts.is_empty() && hosts.len() < topology.nodes.len() {
        output::note(&format!("no configuration was given for {}, so what is there is not known", hosts.join(", ")));
    }
}

/// Reads the files of this machine that nodes have mounted as their configuration.
pub(crate) fn mounted(topology: &mut Topology, fence: &Fence) {
    let mut notes = Vec::new();
    project::mounted(&Disk, topology, fence, files::largest(), &mut notes);
    notes.iter().for_each(|note| output::note(note));
}

/// `topology`: the nodes, and what each would see of the others.
pub(crate) fn run(options: &cli::Topology) -> Result<u8> {
    files::limit(options.max_file_size);
    let mut errors = Vec::new();
    let mut topology = load(&options.topology, false, &mut errors);
    let mut given = Vec::new();
    for path in &options.paths {
        given.push(topology.add_configuration(vec![jobs::source(path, By::User, "<stdin>")?]));
    }
    distribute(&mut topology, &given).map_or_else(|error| errors.push(error), drop);
    mounted(&mut topology, &fence(&options.topology, &options.paths, false));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options { target: options.target, ..Options::default() });
    let width = output::width(&std::io::stdout());
    output::to_stdout(Form::Raw, |out| topology::picture::draw(&checked.mesh, options.format, width, out))?;
    let failed = !errors.is_empty();
    errors.into_iter().for_each(Error::report);
    Ok(if failed { FAILED } else { CLEAN })
}
