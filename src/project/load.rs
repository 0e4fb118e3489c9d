//! Reads settings with those that they extend.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::gitignore::Gitignore;

use super::{Error, Project, patterns::of_settings};
use crate::{
    check::Selection,
    settings::{Formatting, Override, ProjectRule, Settings},
    source::{By, Fence, FileReader, SETTINGS},
};

/// What is read, before all rules are known.
struct Load {
    project: Project,
    /// What is otherwise for some files.
    parts: Vec<(Gitignore, Override)>,
}

/// The project whose settings are at `path`, in `folder`.
pub(super) fn load(reader: Arc<dyn FileReader>, path: &Path, folder: &Path, outside: bool) -> Result<Project, Error> {
    let fence = Fence::around(&*reader, [folder], outside);
    fence.check(&*reader, path, "the working directory")?;
    within(reader, path, folder, outside, fence)
}

/// The same with settings that the user has named: they may lie anywhere.
pub(super) fn named(reader: Arc<dyn FileReader>, path: &Path, folder: &Path, outside: bool) -> Result<Project, Error> {
    let fence = Fence::around(&*reader, [folder], outside);
    within(reader, path, folder, outside, fence)
}

fn within(reader: Arc<dyn FileReader>, path: &Path, folder: &Path, outside: bool, fence: Fence) -> Result<Project, Error> {
    let project = Project { root: folder.to_owned(), fence, ..Project::bare(reader, outside) };
    let mut load = Load { project, parts: Vec::new() };
    load.project.settings = load.read(path, folder)?;
    load.judge_parts()
}

impl Load {
    /// The settings of a file in `folder`, with those that it extends below them.
    fn read(&mut self, path: &Path, folder: &Path) -> Result<Settings, Error> {
        let text = text(self.project.reader(), path)?;
        let mut settings = Settings::parse(&text).map_err(|error| Error::settings(path, text, error))?;
        self.project.files.push(path.to_owned());
        let patterns = |lines: &[String]| of_settings(&*self.project.reader, path, folder, lines);
        let excluded = patterns(&settings.exclude)?;
        // Later ones win over earlier ones.
        for part in settings.overrides.iter().rev() {
            self.parts.push((patterns(&part.files)?, part.clone()));
        }
        self.project.excluded.push(excluded);
        let Some(base) = settings.extend.clone() else { return Ok(settings) };
        // Sets of files are said from the file that they stand in.
        below(&mut settings, folder);
        let base = self.base(path, &folder.join(base))?;
        let folder = self.project.reader.here().join(&base).parent().map(Path::to_owned).unwrap_or_default();
        let mut extended = self.read(&base, &folder)?;
        below(&mut extended, &folder);
        Ok(settings.over(extended))
    }

    /// The path of the settings that those at `path` extend.
    fn base(&self, path: &Path, base: &Path) -> Result<PathBuf, Error> {
        let base = self.project.path(&base.display().to_string());
        let reader = self.project.reader();
        self.project.fence.check(reader, &base, "`extend`")?;
        let met = |known: &PathBuf| reader.real(known).is_ok_and(|known| reader.real(&base).is_ok_and(|base| base == known));
        if self.project.files.iter().any(met) {
            let message = format!("`{}` and `{}` extend each other", path.display(), base.display());
            return Err(Error::new(message, "take `extend` out of one of them"));
        }
        Ok(base)
    }

    /// Makes selections of what is otherwise for some files, now that the rules of the project are known.
    fn judge_parts(self) -> Result<Project, Error> {
        let Self { mut project, parts } = self;
        for (files, part) in parts {
            let mut selection = Selection::default();
            selection.declare(project.settings.rule.iter().map(ProjectRule::declared));
            part.ignore.iter().try_for_each(|rule| selection.ignore(&rule.name))?;
            part.severity.iter().try_for_each(|(rule, level)| selection.severity(&rule.name, level.0))?;
            if part.format != Formatting::default() {
                project.formatting.push((files.clone(), part.format));
            }
            project.targets.extend(part.target.map(|target| (files.clone(), target)));
            project.overrides.push((files, selection));
        }
        Ok(project)
    }
}

/// The text of a file of settings.
fn text(reader: &dyn FileReader, path: &Path) -> Result<String, Error> {
    let cannot = |error: &dyn fmt::Display| {
        let message = format!("cannot read the settings file `{}`: {error}", path.display());
        Error::new(message, "make it readable, or leave it out with `--no-config`")
    };
    let bytes = reader.read(path, By::Repository, SETTINGS).map_err(|error| cannot(&error))?;
    String::from_utf8(bytes).map_err(|_| cannot(&"stream did not contain valid UTF-8"))
}

/// Lets the paths of settings begin in `folder`.
fn below(settings: &mut Settings, folder: &Path) {
    let files = settings.config.iter_mut().flat_map(|set| &mut set.files);
    files.chain(&mut settings.topology).chain(&mut settings.baseline).for_each(|file| *file = folder.join(&*file).display().to_string());
}
