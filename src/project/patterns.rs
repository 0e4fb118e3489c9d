//! Files that are named by patterns as they stand in a `.gitignore`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Error;
use crate::source::FileReader;

/// Patterns of the settings file at `path`, which hold below `folder`.
pub(super) fn of_settings(reader: &dyn FileReader, path: &Path, folder: &Path, lines: &[String]) -> Result<Gitignore, Error> {
    let wrong = |error: ignore::Error| {
        Error::new(format!("`{}` cannot be used: {error}", path.display()), "files are named by patterns as they stand in a `.gitignore`")
    };
    let mut builder = GitignoreBuilder::new(reader.leads_to(folder));
    for pattern in lines {
        builder.add_line(None, pattern).map_err(wrong)?;
    }
    builder.build().map_err(wrong)
}

/// The patterns of such lines, which hold below `folder`. As with git, what is no pattern names nothing.
pub(super) fn of_lines<'l>(folder: &Path, lines: impl Iterator<Item = &'l str>) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    for line in lines {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Whether the patterns name a path, or a directory above it. What is not below them they never name.
pub(super) fn names(patterns: &Gitignore, path: &Path, is_directory: bool) -> bool {
    let below = path.strip_prefix(patterns.path());
    below.is_ok_and(|below| !below.as_os_str().is_empty() && patterns.matched_path_or_any_parents(below, is_directory).is_ignore())
}
