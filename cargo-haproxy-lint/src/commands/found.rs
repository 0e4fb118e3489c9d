//! Which files a path means: the file itself, or every `*.cfg` below a directory that nobody wants to be left alone.

use std::{
    io,
    path::{Path, PathBuf},
};

use haproxy_lint::source::ReadError;
use ignore::{DirEntry, WalkBuilder};

use super::{jobs::real, project::Project};
use crate::{live::files::Fence, output};

/// The file at `path`, or the `*.cfg` files below it in the order of their names, without hidden ones, without what git
/// ignores (unless `all`), without what the settings exclude, and without links that leave the repository (unless `outside`).
pub(crate) fn files(path: &Path, project: &Project, all: bool, outside: bool) -> Result<Vec<PathBuf>, ReadError> {
    let fail = |error| ReadError { path: path.to_owned(), error };
    if !std::fs::metadata(path).map_err(fail)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut walk = WalkBuilder::new(path);
    walk.sort_by_file_name(Ord::cmp).standard_filters(!all).hidden(true);
    let folder = real(path);
    let settings = project.folder().filter(|root| folder.starts_with(root));
    let fence = Fence::around(std::iter::once(path).chain(settings), outside);
    let mut found = Vec::new();
    for entry in walk.build() {
        let entry = entry.map_err(|error| fail(error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into())))?;
        let name = entry.path();
        // Below an excluded directory everything is excluded: its patterns match the directories above a file, too.
        if is_configuration(&entry) && !(project.has_exclusions() && project.excludes(&inside(&folder, path, name), false)) {
            if entry.path_is_symlink() && fence.keeps_out(name) {
                output::note(&format!("`{}` is a link that leaves the repository, so it is not followed", name.display()));
                continue;
            }
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// Links to files are followed, links to directories are not.
fn is_configuration(entry: &DirEntry) -> bool {
    let is_cfg = entry.path().extension().is_some_and(|extension| extension == "cfg");
    is_cfg && entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink() && entry.path().is_file())
}

/// The path of what was found below `path`, from the root of the file system.
fn inside(folder: &Path, path: &Path, name: &Path) -> PathBuf {
    folder.join(name.strip_prefix(path).unwrap_or(name))
}
