//! Which files a path means: the file itself, or every `*.cfg` below a directory that nobody wants to be left alone.

use std::{
    io,
    path::{Path, PathBuf},
};

use haproxy_lint::source::ReadError;
use ignore::{DirEntry, WalkBuilder};

use super::{jobs::real, project::Project};
use crate::{
    live::files::{self, Fence},
    output,
};

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
    if !all {
        heed(&mut walk, &folder, &fence)?;
    }
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

/// Files that say what is not looked at.
const IGNORE: [&str; 2] = [".gitignore", ".ignore"];

/// Lets a walk read no file of [`IGNORE`] that never ends, waits for somebody or lies elsewhere: the walk opens whatever has the name.
/// What such a file would leave out is not known, so its folder is told and passed over.
pub(crate) fn heed(walk: &mut WalkBuilder, folder: &Path, fence: &Fence) -> Result<(), ReadError> {
    let root = files::repository(folder);
    folder.ancestors().take_while(|above| above.starts_with(&root)).try_for_each(|above| barred(above, fence).map_or(Ok(()), Err))?;
    let fence = fence.clone();
    walk.filter_entry(move |entry| {
        let error = entry.file_type().filter(|kind| kind.is_dir()).and_then(|_| barred(entry.path(), &fence));
        if let Some(error) = &error {
            output::note(&format!("`{}` is not looked through: {error}", entry.path().display()));
        }
        error.is_none()
    });
    Ok(())
}

fn barred(folder: &Path, fence: &Fence) -> Option<ReadError> {
    IGNORE.iter().find_map(|name| {
        let path = folder.join(name);
        let data = std::fs::metadata(&path).ok().filter(|data| !data.is_dir())?;
        let why = match data {
            _ if fence.keeps_out(&path) => "it is a link that leaves the repository",
            data if !data.is_file() => "it is no regular file",
            data if data.len() > files::SETTINGS => "it is larger than 1 MB",
            _ => return None,
        };
        Some(ReadError { path, error: io::Error::other(format!("{why}; `--no-ignore` does without it")) })
    })
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
