//! The files that say where a project is deployed, and those that its nodes read.

use std::path::{Path, PathBuf};

use super::{Error, STDIN, sets::overlooked};
use crate::{
    source::{By, Entry, Fence, FileReader, Overlay, ReadError, SourceFile, configuration_files},
    topology::{self, Topology},
};

/// The endings of files that are looked at in a directory.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "toml"];

/// The file itself, or the files of a directory that may describe a topology. Links that leave the repository are passed over
/// with a note, unless everything is `open`.
///
/// # Errors
/// If a directory cannot be read, or is a Helm chart.
pub fn manifests(reader: &dyn FileReader, path: &Path, open: bool, notes: &mut Vec<String>) -> Result<Vec<PathBuf>, Error> {
    let is = |path: &Path, wanted: Entry| reader.entry(path).is_ok_and(|entry| entry == wanted);
    if path.as_os_str() == STDIN || !is(path, Entry::Directory) {
        return Ok(vec![path.to_owned()]);
    }
    if is(&path.join("Chart.yaml"), Entry::File) {
        let message = format!("`{}` is a Helm chart, and its templates are not rendered", path.display());
        let help = format!("render it first: `helm template RELEASE {} | haproxy-lint --topology -`", path.display());
        return Err(Error::new(message, help));
    }
    let fence = Fence::around(reader, [path], open);
    let (mut found, mut waiting) = (Vec::new(), vec![path.to_owned()]);
    while let Some(folder) = waiting.pop() {
        let mut listed = reader.list(&folder).map_err(ReadError::at(&folder))?;
        listed.retain(|listed| !listed.name.as_os_str().as_encoded_bytes().starts_with(b"."));
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        for (path, entry) in listed.into_iter().map(|listed| (folder.join(listed.name), listed.entry)) {
            match entry {
                Entry::Directory => waiting.push(path),
                _ if !is_known(&path) => {}
                Entry::Link if fence.keeps_out(reader, &path) => {
                    notes.push(format!("`{}` is a link that leaves the repository, so it is not followed", path.display()));
                }
                _ if is(&path, Entry::File) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the name of a file is one of those that are read.
fn is_known(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) || topology::is_known_name(path)
}

/// What manifests may name: the repositories that they stand in.
pub fn around(reader: &dyn FileReader, paths: &[PathBuf], open: bool) -> Fence {
    // What comes by standard input stands where it is read.
    let place = |path: &PathBuf| if path.as_os_str() == STDIN { PathBuf::from(".") } else { path.clone() };
    Fence::around(reader, paths.iter().map(place).collect::<Vec<_>>().iter().map(PathBuf::as_path), open)
}

/// Reads the files at hand that nodes have mounted as their configuration, each of at most `largest` bytes.
pub fn mounted(reader: &dyn FileReader, topology: &mut Topology, fence: &Fence, largest: u64, notes: &mut Vec<String>) {
    for paths in topology.wanted() {
        // What is not at hand is read elsewhere.
        let files: Option<Vec<Vec<PathBuf>>> = paths.iter().map(|path| configuration_files(reader, Path::new(path)).ok()).collect();
        for (path, files) in paths.iter().zip(files.iter().flatten()) {
            notes.extend(overlooked(reader, Path::new(path), files));
        }
        let files: Vec<PathBuf> = files.into_iter().flatten().flatten().collect();
        let mut named = paths.iter().map(Path::new).chain(files.iter().map(PathBuf::as_path));
        if let Some(path) = named.find(|path| fence.keeps_out(reader, path)) {
            notes.push(format!(
                "`{}`, which a node reads, lies outside the repository of the topology, so it was not looked at; name it, or add `--allow-outside`",
                path.display()
            ));
            continue;
        }
        let read: Result<Vec<SourceFile>, _> = files.iter().map(|file| SourceFile::read(reader, file, By::Repository, largest)).collect();
        // Without one of its files a configuration would be another one.
        let read = read.unwrap_or_else(|error| {
            notes.push(format!("what a node reads is not known: {error}"));
            Vec::new()
        });
        if !read.is_empty() {
            let configuration = topology.add_configuration(read);
            topology.assign(configuration, &paths);
        }
    }
}

/// The same once more, where the files that were read have other `texts` by now: what fixes make of them is on no disk yet.
pub fn mounted_as(
    reader: &dyn FileReader,
    topology: &mut Topology,
    fence: &Fence,
    largest: u64,
    texts: impl IntoIterator<Item = SourceFile>,
) {
    let overlay = Overlay::over(reader);
    texts.into_iter().for_each(|file| overlay.open(Path::new(file.name()), file.bytes()));
    mounted(&overlay, topology, fence, largest, &mut Vec::new());
}
