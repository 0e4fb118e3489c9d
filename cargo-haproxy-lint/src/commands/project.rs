//! The settings file and the folder it stands in.

use std::path::{Path, PathBuf};

use haproxy_lint::settings::{FILE_NAME, Settings};

use crate::error::{Error, Result};

/// Settings, and where their paths begin.
#[derive(Debug, Default)]
pub(crate) struct Project {
    pub(crate) settings: Settings,
    root: PathBuf,
}

impl Project {
    /// The nearest settings file from the working directory upwards; without one, nothing is set.
    pub(crate) fn find() -> Result<Self> {
        let Ok(here) = std::env::current_dir() else { return Ok(Self::default()) };
        for folder in here.ancestors() {
            let path = folder.join(FILE_NAME);
            if path.is_file() {
                return Self::read(&path, folder);
            }
        }
        Ok(Self::default())
    }

    fn read(path: &Path, folder: &Path) -> Result<Self> {
        let cannot = |error: &dyn std::fmt::Display| {
            let message = format!("cannot read the settings file `{}`: {error}", path.display());
            Error::new(message, "make it readable, or leave it out with `--no-config`")
        };
        let text = std::fs::read_to_string(path).map_err(|error| cannot(&error))?;
        match Settings::parse(&text) {
            Ok(settings) => Ok(Self { settings, root: folder.to_owned() }),
            Err(error) => Err(Error::settings(path, text, error)),
        }
    }

    /// A path of the settings file, as short as it can be said from the working directory.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        let whole = self.root.join(path);
        match std::env::current_dir() {
            Ok(here) if whole == here => PathBuf::from("."),
            Ok(here) => whole.strip_prefix(&here).map_or_else(|_| whole.clone(), Path::to_owned),
            Err(_) => whole,
        }
    }
}
