//! The settings file and the folder it stands in.

use std::path::{Path, PathBuf};

use haproxy_lint::{
    check::{Report, Selection},
    settings::{FILE_NAME, Override, ProjectRule, Settings},
    source::{SourceFile, Sources},
    version::Version,
};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::jobs::{STDIN, real};
use crate::{
    error::{Error, Result},
    live::files::{self, By, Fence},
};

/// Settings, and where their paths begin.
#[derive(Debug, Default)]
pub(crate) struct Project {
    pub(crate) settings: Settings,
    /// The files that they come from: the nearest, then what it extends.
    pub(crate) files: Vec<PathBuf>,
    root: PathBuf,
    /// What the settings may name.
    pub(crate) fence: Fence,
    excluded: Vec<Gitignore>,
    /// What is otherwise for some files; what comes first wins.
    overrides: Vec<(Gitignore, Selection)>,
    /// The HAProxy that reads some files; what comes first wins.
    targets: Vec<(Gitignore, Version)>,
    /// The same as they were read, before all rules were known.
    parts: Vec<(Gitignore, Override)>,
}

impl Project {
    /// The nearest settings file from the working directory upwards; without one, nothing is set.
    pub(crate) fn find(allow_outside: bool) -> Result<Self> {
        let Ok(here) = std::env::current_dir() else { return Ok(Self::default()) };
        for folder in here.ancestors() {
            // Where it is at hand it goes by its bare name.
            let path = if folder == here { PathBuf::from(FILE_NAME) } else { folder.join(FILE_NAME) };
            if path.is_file() {
                let fence = Fence::around([folder], allow_outside);
                fence.check(&path, "the working directory")?;
                let mut project = Self { root: folder.to_owned(), fence, ..Self::default() };
                project.settings = project.read(&path, folder)?;
                project.judge_parts()?;
                return Ok(project);
            }
        }
        Ok(Self::default())
    }

    /// The settings of a file in `folder`, with those that it extends below them.
    fn read(&mut self, path: &Path, folder: &Path) -> Result<Settings> {
        let cannot = |error: &dyn std::fmt::Display| {
            let message = format!("cannot read the settings file `{}`: {error}", path.display());
            Error::new(message, "make it readable, or leave it out with `--no-config`")
        };
        let text = files::text(path, By::Repository, files::SETTINGS).map_err(|error| cannot(&error.error))?;
        let mut settings = Settings::parse(&text).map_err(|error| Error::settings(path, text, error))?;
        self.files.push(path.to_owned());
        self.excluded.push(patterns(path, folder, &settings.exclude)?);
        // Later ones win over earlier ones.
        for part in settings.overrides.iter().rev() {
            self.parts.push((patterns(path, folder, &part.files)?, part.clone()));
        }
        let Some(base) = settings.extend.clone() else { return Ok(settings) };
        // Sets of files are said from the file that they stand in.
        settings
            .config
            .iter_mut()
            .flat_map(|set| &mut set.files)
            .chain(&mut settings.topology)
            .for_each(|file| *file = folder.join(&*file).display().to_string());
        let base = self.path(&folder.join(base).display().to_string());
        let met = |known: &PathBuf| known.canonicalize().is_ok_and(|known| base.canonicalize().is_ok_and(|base| base == known));
        self.fence.check(&base, "`extend`")?;
        if self.files.iter().any(met) {
            let message = format!("`{}` and `{}` extend each other", path.display(), base.display());
            return Err(Error::new(message, "take `extend` out of one of them"));
        }
        let below = std::path::absolute(&base).ok().and_then(|base| base.parent().map(Path::to_owned)).unwrap_or_default();
        let mut extended = self.read(&base, &below)?;
        extended
            .config
            .iter_mut()
            .flat_map(|set| &mut set.files)
            .chain(&mut extended.topology)
            .for_each(|file| *file = below.join(&*file).display().to_string());
        Ok(settings.over(extended))
    }

    /// Makes selections of what is otherwise for some files, now that the rules of the project are known.
    fn judge_parts(&mut self) -> Result<()> {
        for (files, part) in std::mem::take(&mut self.parts) {
            let mut selection = Selection::default();
            selection.declare(self.settings.rule.iter().map(ProjectRule::rule));
            part.ignore.iter().try_for_each(|rule| selection.ignore(&rule.name))?;
            part.severity.iter().try_for_each(|(rule, level)| selection.severity(&rule.name, level.0))?;
            self.targets.extend(part.target.map(|target| (files.clone(), target)));
            self.overrides.push((files, selection));
        }
        Ok(())
    }

    /// The HAProxy that reads this file, where the settings say it of the file.
    pub(crate) fn target_of(&self, file: &Path) -> Option<Version> {
        let path = real(file);
        self.targets.iter().find(|(files, _)| names(files, &path, false)).map(|(_, target)| *target)
    }

    /// Whether the settings exclude a file or directory.
    pub(crate) fn excludes(&self, path: &Path, is_directory: bool) -> bool {
        self.excluded.iter().any(|patterns| names(patterns, path, is_directory))
    }

    /// Does as the settings say for the files that findings are in.
    pub(crate) fn overrule(&self, sources: &Sources, report: &mut Report) {
        if self.overrides.is_empty() {
            return;
        }
        let of_file = |file: &SourceFile| -> Vec<&Selection> {
            let path = real(Path::new(file.name()));
            self.overrides.iter().filter(|(files, _)| names(files, &path, false)).map(|(_, selection)| selection).collect()
        };
        let files: Vec<Vec<&Selection>> = sources.files().iter().map(of_file).collect();
        report.findings.retain_mut(|finding| {
            let selections = finding.location.and_then(|l| files.get(l.file.0 as usize)).map_or(&[][..], Vec::as_slice);
            if let Some(severity) = selections.iter().find_map(|selection| selection.severity_of(finding.rule)) {
                finding.severity = severity;
            }
            selections.iter().all(|selection| selection.enables(finding.rule))
        });
    }

    /// Where it is deployed, as the settings say.
    pub(crate) fn topology(&self) -> Vec<PathBuf> {
        self.settings.topology.iter().map(|path| self.path(path)).collect()
    }

    /// The folder of the settings, where there are some.
    pub(crate) fn folder(&self) -> Option<&Path> {
        (!self.root.as_os_str().is_empty()).then_some(&self.root)
    }

    /// Whether the settings exclude anything.
    pub(crate) fn has_exclusions(&self) -> bool {
        self.excluded.iter().any(|patterns| !patterns.is_empty())
    }

    /// A path of the settings file, as short as it can be said from the working directory.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        let whole = self.root.join(path);
        match std::env::current_dir() {
            Ok(here) if whole == here => PathBuf::from("."),
            // A file of that name; standard input is the user's.
            Ok(here) if whole == here.join(STDIN) => Path::new(".").join(STDIN),
            Ok(here) => whole.strip_prefix(&here).map_or_else(|_| whole.clone(), Path::to_owned),
            Err(_) => whole,
        }
    }
}

/// Patterns of a settings file in `folder`.
fn patterns(path: &Path, folder: &Path, lines: &[String]) -> Result<Gitignore> {
    let wrong = |error: ignore::Error| {
        Error::new(format!("`{}` cannot be used: {error}", path.display()), "files are named by patterns as they stand in a `.gitignore`")
    };
    let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut builder = GitignoreBuilder::new(root);
    for pattern in lines {
        builder.add_line(None, pattern).map_err(wrong)?;
    }
    builder.build().map_err(wrong)
}

/// Whether the patterns name a path, or a directory above it. What is not below them they never name.
fn names(patterns: &Gitignore, path: &Path, is_directory: bool) -> bool {
    let below = path.strip_prefix(patterns.path());
    below.is_ok_and(|below| !below.as_os_str().is_empty() && patterns.matched_path_or_any_parents(below, is_directory).is_ignore())
}
