//! What `--topology` names: files that describe where HAProxy runs.

use std::path::{Path, PathBuf};

use haproxy_lint::{
    check::{Options, Report},
    report::Format,
    shown::Form,
    source::{Disk, FileReader, SourceFile, Sources, configuration_files},
    topology::{self, Topology},
};

use super::{
    check::Done,
    here, ignores,
    jobs::{self, Job},
    mend::{self, Mended},
};
use crate::{
    CLEAN, FAILED,
    cli::{self, Check},
    error::{Error, Result},
    live::files::{self, By, Fence},
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
    let fence = fence(paths, open);
    paths.iter().filter_map(|path| inside(path, true).ok()).flatten().filter(|file| !fence.keeps_out(file)).collect()
}

/// The endings of files that are looked at in a directory.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "toml"];

/// The file itself, or the files of a directory.
fn inside(path: &Path, open: bool) -> Result<Vec<PathBuf>> {
    if path.as_os_str() == jobs::STDIN || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    if path.join("Chart.yaml").is_file() {
        let message = format!("`{}` is a Helm chart, and its templates are not rendered", path.display());
        let help = format!("render it first: `helm template RELEASE {} | cargo haproxy-lint --topology -`", path.display());
        return Err(Error::new(message, help));
    }
    let mut found = Vec::new();
    let fence = Fence::around([path], open);
    let mut waiting = vec![path.to_owned()];
    while let Some(folder) = waiting.pop() {
        let read = |error| Error::from(haproxy_lint::source::ReadError { path: folder.clone(), error });
        let mut names = Disk.list(&folder).map_err(read)?;
        names.sort();
        for name in names {
            let path = folder.join(&name);
            let hidden = name.to_string_lossy().starts_with('.');
            let known = path.extension().is_some_and(|e| ENDINGS.iter().any(|known| e == *known)) || topology::is_known_name(&path);
            match path.symlink_metadata().map(|m| m.file_type()) {
                Ok(kind) if kind.is_dir() && !hidden => waiting.push(path),
                Ok(kind) if kind.is_symlink() && known && !hidden && fence.keeps_out(&path) => {
                    output::note(&format!("`{}` is a link that leaves the repository, so it is not followed", path.display()));
                }
                Ok(_) if known && !hidden && path.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Checks a topology with the configurations that are named beside it.
pub(crate) fn check(jobs: &[Job<'_>], options: &Check, library: &Options, errors: &mut Vec<Error>) -> Done {
    let this = if options.host { here::files() } else { Vec::new() };
    let mut topology = read(this, &options.topology, options.allow_outside, errors);
    let mut parts = vec![topology.sources.files().len()];
    let mut given = Vec::new();
    for job in jobs {
        match job.read(options) {
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
    let fence = fence(&options.topology, options.allow_outside).and(&options.paths);
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
        if !topology.nodes.iter().any(|n| n.name == *name) {
            let names: Vec<&str> = topology.nodes.iter().map(|n| n.name.as_str()).take(8).collect();
            errors.push(Error::new(format!("there is no node `{name}`"), format!("the nodes are {}", names.join(", "))));
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
        let drawn = topology::picture::draw(&checked.mesh, topology::picture::Format::Svg, &mut svg);
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

/// What manifests may name: the repositories that they stand in.
pub(crate) fn fence(paths: &[PathBuf], open: bool) -> Fence {
    // What comes by standard input stands where it is read.
    let place = |path: &PathBuf| if path.as_os_str() == jobs::STDIN { PathBuf::from(".") } else { path.clone() };
    Fence::around(paths.iter().map(place).collect::<Vec<_>>().iter().map(PathBuf::as_path), open)
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
    for paths in topology.wanted() {
        // What is not at hand is read elsewhere.
        let files: Option<Vec<Vec<PathBuf>>> = paths.iter().map(|p| configuration_files(&Disk, Path::new(p)).ok()).collect();
        let files: Vec<PathBuf> = files.into_iter().flatten().flatten().collect();
        if let Some(path) = paths.iter().map(Path::new).chain(files.iter().map(PathBuf::as_path)).find(|path| fence.keeps_out(path)) {
            output::note(&format!(
                "`{}`, which a node reads, lies outside the repository of the topology, so it was not looked at; name it, or add `--allow-outside`",
                path.display()
            ));
            continue;
        }
        let files: Result<Vec<SourceFile>> = files.iter().map(|p| jobs::source(p, By::Repository, "<stdin>")).collect();
        // Without one of its files a configuration would be another one.
        let files = files.unwrap_or_else(|error| {
            output::note(&format!("what a node reads is not known: {error}"));
            Vec::new()
        });
        if !files.is_empty() {
            let configuration = topology.add_configuration(files);
            topology.assign(configuration, &paths);
        }
    }
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
    mounted(&mut topology, &fence(&options.topology, false).and(&options.paths));
    let checked = haproxy_lint::check::nodes::check(&topology, &Options { target: options.target, ..Options::default() });
    output::to_stdout(Form::Raw, |out| topology::picture::draw(&checked.mesh, options.format, out))?;
    let failed = !errors.is_empty();
    errors.into_iter().for_each(Error::report);
    Ok(if failed { FAILED } else { CLEAN })
}
