//! The files that a configuration names.

use std::path::PathBuf;

use crate::{
    catalog::Wanted,
    source::{FileId, Location},
};

use super::View;

/// The name of a file or a directory outside of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Where it stands.
    pub location: Location,
    /// The path as HAProxy opens it; what is not absolute begins where HAProxy is started.
    pub path: PathBuf,
}

/// The files and directories that a file names, in their order.
pub fn links(view: &View<'_>, file: FileId) -> Vec<Link> {
    let is_file = |wanted| matches!(wanted, Wanted::File | Wanted::Certificate | Wanted::OptionalFile | Wanted::Directory);
    let all = view.config().outside().into_iter().filter(|named| named.location.file == file && is_file(named.wanted));
    let mut links: Vec<Link> = all.map(|named| Link { location: named.location, path: named.path }).collect();
    links.sort_by_key(|link| link.location);
    links.dedup();
    links
}
