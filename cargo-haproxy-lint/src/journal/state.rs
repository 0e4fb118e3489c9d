//! Where journals are kept: outside of what is checked, in a folder that nobody else can put anything into.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// The journal of a run whose first file is in `folder`. Its place is made where there is none.
pub(super) fn journal(folder: &Path) -> Result<PathBuf> {
    let mut reasons = Vec::new();
    for place in places(folder) {
        match make(&place).and_then(|()| is_ours(&place)) {
            Ok(()) => return Ok(place.join(name(folder))),
            Err(error) => reasons.push(format!("`{}`: {error}", place.display())),
        }
    }
    let message = format!("there is no place for the journal of what is written: {}", reasons.join("; "));
    Err(Error::new(message, "set XDG_STATE_HOME to a folder of your own, outside of what is checked"))
}

/// The journals that earlier runs may have left of files in `folder`.
pub(super) fn left(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let name = name(folder);
    places(folder).into_iter().filter(|place| is_ours(place).is_ok()).map(move |place| place.join(&name)).filter(|path| path.exists())
}

/// Where journals may be, the best place first. There may be no home, as in containers: then a folder among temporary files.
fn places(folder: &Path) -> Vec<PathBuf> {
    let own = |home: PathBuf| is_of_this_user(&home).then(|| home.join(".local/state"));
    let states = env::var_os("XDG_STATE_HOME").map(PathBuf::from).into_iter().chain(env::home_dir().and_then(own));
    let states = states.filter(|path| path.is_absolute()).map(|path| path.join("haproxy-lint"));
    let temporary = env::temp_dir().join(format!("haproxy-lint-{}", user()));
    // What the tree holds may have come with it.
    let tree = folder.ancestors().filter(|f| f.join(".git").exists()).last().unwrap_or(folder);
    states.chain([temporary]).map(|place| real(&place)).filter(|place| !place.starts_with(tree)).collect()
}

/// The path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(real), ..) => real,
        (Err(_), Some(parent), Some(name)) => real(parent).join(name),
        _ => path.to_owned(),
    }
}

fn name(folder: &Path) -> String {
    format!("{:016x}.journal", super::entry::hash(folder.as_os_str().as_encoded_bytes()))
}

fn make(place: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(place)
}

/// Whether a folder or file is this user's, and closed to everybody else.
pub(super) fn is_ours(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    if metadata.uid() != user() {
        return Err(io::Error::other("it is somebody else's"));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(io::Error::other("others have access to it"));
    }
    Ok(())
}

fn is_of_this_user(home: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(home).is_ok_and(|metadata| metadata.uid() == user())
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}
