//! What `--topology` names: files that describe where HAProxy runs.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use haproxy_lint::{
    project::{self, Found, Project, Set, Wanted, Why},
    source::{self, By, Fence, FileReader, SourceFile},
    topology::{self, Problem, Topology},
};

use super::jobs;
use crate::{
    error::{Error, Result},
    live::files::{self, Disk},
    output,
};

/// How large a file may be whose lines are shown beside an error.
const SHOWN: usize = 4 << 20;

/// Whether a path names a file that says where HAProxy runs, and is no configuration itself.
pub(crate) fn is_manifest(path: &Path) -> bool {
    path.to_str().is_some_and(source::is_manifest) && !path.is_dir()
}

/// Those of `paths` that are manifests, and the others.
pub(crate) fn apart(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    paths.iter().cloned().partition(|path| is_manifest(path))
}

/// What says where HAProxy runs, and the configurations beside it: manifests are known by their names, and a folder is one of
/// manifests where no other `topology` is named.
pub(crate) fn named(topology: &[PathBuf], paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let is_one = |path: &PathBuf| is_manifest(path) || topology.is_empty() && path.is_dir();
    let (manifests, configurations): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(is_one);
    let named = [topology, &manifests].concat();
    if named.is_empty() {
        let help = "name manifests, compose files or facts of hosts, too, or a folder of them";
        return Err(Error::new("nothing says where these configurations run", help));
    }
    Ok((named, configurations))
}

/// The folders among `paths`, or this one, if there is nothing else and their manifests run HAProxy: then these are meant.
pub(crate) fn folders(paths: &[PathBuf], open: bool) -> Option<Vec<PathBuf>> {
    let folders = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
    if !folders.iter().all(|path| path.is_dir()) {
        return None;
    }
    let sources = files(&folders, open).iter().filter_map(|file| jobs::source(file, By::Repository, "<stdin>").ok()).collect();
    if topology::read(sources).0.nodes.is_empty() {
        return None;
    }
    let named = folders.iter().map(|folder| format!("`{}`", folder.display())).collect::<Vec<_>>().join(" and ");
    output::note(&format!("there is no `*.cfg` file in {named}, so its manifests are checked, as `--topology` does"));
    Some(folders)
}

/// Reads every file that is named. What cannot be used goes to `errors`.
pub(crate) fn load(paths: &[PathBuf], open: bool, errors: &mut Vec<Error>) -> Topology {
    read(Vec::new(), paths, open, errors)
}

/// The same without what lies in the folders that are named and is at `place`, as far as it is `own`; where nothing else runs
/// HAProxy, it is read, too.
pub(crate) fn load_without(place: &Path, own: &dyn Fn(&Path) -> bool, paths: &[PathBuf], errors: &mut Vec<Error>) -> Topology {
    let place = Disk.leads_to(place);
    let is_own = |file: &PathBuf| Disk.leads_to(file).starts_with(&place) && own(file);
    let found: Vec<PathBuf> =
        paths.iter().flat_map(|path| if path.is_dir() { files(std::slice::from_ref(path), false) } else { Vec::new() }).collect();
    let rest: Vec<PathBuf> = found.iter().filter(|file| !is_own(file)).cloned().collect();
    let runs = || {
        let sources = rest.iter().filter_map(|file| jobs::source(file, By::Repository, "<stdin>").ok()).collect();
        !topology::read(sources).0.nodes.is_empty()
    };
    if rest.len() == found.len() || !runs() {
        return load(paths, false, errors);
    }
    let named = paths.iter().filter(|path| !path.is_dir()).cloned();
    load(&named.chain(rest).collect::<Vec<_>>(), false, errors)
}

/// The same beside `files` that are read.
pub(crate) fn read(mut files: Vec<SourceFile>, paths: &[PathBuf], open: bool, errors: &mut Vec<Error>) -> Topology {
    // What is named beside the folder that it is in is read once.
    let mut known = HashSet::new();
    for path in paths {
        match inside(path, open) {
            Ok(found) => {
                let new = found.iter().filter(|file| known.insert(Disk.leads_to(file)));
                new.for_each(|file| match jobs::source(file, if file == path { By::User } else { By::Repository }, "<stdin>") {
                    Ok(source) => files.push(source),
                    Err(error) => errors.push(error),
                })
            }
            Err(error) => errors.push(error),
        }
    }
    let (topology, problems) = described(topology::read(files), paths, open);
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

/// How often files are looked for that those name which were just found.
const ROUNDS: usize = 4;

/// The same with what lies beside it in folders that are called as its hosts, and with the files that its own are a part of.
fn described((mut topology, mut problems): (Topology, Vec<Problem>), paths: &[PathBuf], open: bool) -> (Topology, Vec<Problem>) {
    let fence = fence(paths, &[], open);
    for round in 0..ROUNDS {
        let beside = if round == 0 { project::described(&Disk, &topology, paths) } else { Vec::new() };
        let named = topology
            .lacking
            .iter()
            .chain(&topology.beside)
            .map(PathBuf::from)
            .filter(|file| file.is_file() && !fence.keeps_out(&Disk, file));
        let more: Vec<PathBuf> = beside.iter().cloned().chain(named).collect();
        let more: Vec<SourceFile> = more.iter().filter_map(|file| jobs::source(file, By::Repository, "<stdin>").ok()).collect();
        if more.is_empty() {
            break;
        }
        if !beside.is_empty() {
            let names: Vec<String> = beside.iter().map(|file| format!("`{}`", file.display())).collect();
            output::note(&format!("read for the host that its folder is called as: {}", names.join(", ")));
        }
        let files = topology.sources.files().iter().map(|file| SourceFile::new(file.name(), file.bytes().to_vec()));
        (topology, problems) = topology::read(files.chain(more).collect());
    }
    let lost: Vec<String> = topology.lacking.iter().filter(|file| is_manifest(Path::new(file))).map(|file| format!("`{file}`")).collect();
    if !lost.is_empty() {
        output::note(&format!(
            "a compose file names {}, not at hand or outside of the repository: what is added there is not known",
            lost.join(", ")
        ));
    }
    (topology, problems)
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

/// What manifests may name: the repositories that they stand in, and what the user has `named`.
pub(crate) fn fence(paths: &[PathBuf], named: &[PathBuf], open: bool) -> Fence {
    project::around(&Disk, paths, open).and(&Disk, named)
}

/// What lies beside the files of a topology and is called as its hosts are, of which nothing else says what they read.
pub(crate) fn beside(project: &Project, topology: &Topology, paths: &[PathBuf]) -> Vec<Set> {
    let found = project.beside(topology, paths);
    for (host, set) in &found {
        let name = match (set.why(), set.parts()) {
            (Why::Neighbours(neighbours), _) => neighbours.name(),
            (_, parts) => parts.first().map_or(String::new(), |part| part.path.display().to_string()),
        };
        output::note(&format!(
            "`{host}` is taken to read {name}, by its name; files that are named, and `config` in the topology, say otherwise"
        ));
    }
    found.into_iter().map(|(_, set)| set).collect()
}

/// What the nodes of a topology read beside what it says itself, for commands without settings: what is named, as one configuration
/// or each as it lies, else what is called as its hosts are. The numbers of the configurations.
pub(crate) fn given(topology: &mut Topology, manifests: &[PathBuf], paths: &[PathBuf], files: &[PathBuf]) -> Result<Vec<usize>> {
    let project = Project::bare(files::disk(), false);
    let found = match (paths, files) {
        ([], []) => Found { sets: beside(&project, topology, manifests), ..Found::default() },
        (_, []) => project.sets(&Wanted { paths, ..Wanted::default() }),
        _ => project.together(files),
    };
    jobs::tell(&found, false);
    if let Some(error) = found.errors.into_iter().next() {
        return Err(error.into());
    }
    let read = |set: &Set| Ok(topology.add_configuration(jobs::read(set, "<stdin>")?.into_files()));
    found.sets.iter().map(read).collect()
}

/// Gives each configuration to its nodes; those that nobody reads are returned.
pub(crate) fn distribute(topology: &mut Topology, given: &[usize]) -> Result<Vec<usize>> {
    let left = share(topology, given);
    let unmatched = topology.unmatched_inventory().filter(|_| !given.is_empty());
    unmatched.iter().for_each(|note| output::note(note));
    left
}

fn share(topology: &mut Topology, given: &[usize]) -> Result<Vec<usize>> {
    topology.distribute(given).map_err(|undecided| {
        let list = |names: &[String]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let host = undecided.hosts.first().map_or("lb1", String::as_str);
        Error::new(
            format!("which of the hosts {} reads {} cannot be told", list(&undecided.hosts), list(&undecided.files)),
            format!("put each file into a folder named after its host, such as `{host}/haproxy.cfg`, or call it `{host}.cfg`; or give a topology file with `hosts: [{{name: {host}, config: FILE}}]`"),
        )
    })
}

/// Reads the files of this machine that nodes have mounted as their configuration.
pub(crate) fn mounted(topology: &mut Topology, fence: &Fence) {
    let mut notes = Vec::new();
    project::mounted(&Disk, topology, fence, files::largest(), &mut notes);
    notes.iter().for_each(|note| output::note(note));
}
