//! A project: its settings, and which of its files are one configuration. Everything is read through one [`FileReader`].

mod beside;
mod deployed;
mod error;
mod load;
mod neighbours;
mod patterns;
mod sets;
mod walk;

#[cfg(test)]
mod tests;

pub use beside::described;
pub use deployed::{around, manifests, mounted, mounted_as};
pub use error::{Error, Place};
pub use neighbours::{Neighbours, is_haproxy};
pub use sets::{Found, Part, STDIN, Set, Wanted, Why, configuration};
pub use walk::{Met, Walk};

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::gitignore::Gitignore;

use crate::{
    check::{Options, Report, Selection, UnknownRule},
    format::Style,
    settings::{FILE_NAME, Formatting, ProjectRule, Settings},
    source::{Entry, Fence, FileReader, SourceFile, Sources},
    version::Version,
};

use patterns::names;

/// Settings, and where their paths begin.
///
/// ```
/// use std::{path::Path, sync::Arc};
/// use haproxy_lint::{check::check, project::Project, source::Memory};
/// let reader = Memory::new()
///     .with("lb/haproxy-lint.toml", "target = \"2.8\"\n[[config]]\nfiles = [\"conf.d\"]\n")
///     .with("lb/conf.d/10-web.cfg", "frontend web\n  bind :80\n  default_backend app\n")
///     .with("lb/conf.d/20-app.cfg", "backend app\n  server a 10.0.0.1:80\n");
/// let project = Project::open(Arc::new(reader), Path::new("/lb"), false).unwrap();
/// let set = project.set_of(Path::new("/lb/conf.d/10-web.cfg")).unwrap();
/// let (sources, options) = (project.sources(&set, 1 << 20).unwrap(), project.options(Some(&set)).unwrap());
/// assert_eq!(sources.files().len(), 2);
/// assert_eq!(options.target.unwrap().minor, 8);
/// assert!(check(&sources, &options).findings.iter().all(|finding| finding.rule.group() != "reference"));
/// ```
#[derive(Clone, Debug)]
pub struct Project {
    /// What they say.
    pub settings: Settings,
    /// The files that they come from: the nearest, then what it extends.
    pub files: Vec<PathBuf>,
    reader: Arc<dyn FileReader>,
    root: PathBuf,
    /// What the settings may name.
    fence: Fence,
    /// Files that nobody has named may lie outside of the repository.
    outside: bool,
    excluded: Vec<Gitignore>,
    /// What is otherwise for some files; what comes first wins.
    overrides: Vec<(Gitignore, Selection)>,
    /// The HAProxy that reads some files; what comes first wins.
    targets: Vec<(Gitignore, Version)>,
    /// The layout of some files; what comes first wins.
    formatting: Vec<(Gitignore, Formatting)>,
}

impl Project {
    /// The nearest settings file from `folder` upwards; without one, nothing is set. What it names must lie in its repository,
    /// unless it may lie `outside`.
    ///
    /// # Errors
    /// If settings cannot be read, or say something that is no setting.
    pub fn open(reader: Arc<dyn FileReader>, folder: &Path, outside: bool) -> Result<Self, Error> {
        let here = reader.here();
        let start = here.join(folder);
        for folder in start.ancestors() {
            // Where it is at hand it goes by its bare name.
            let path = if folder == here { PathBuf::from(FILE_NAME) } else { folder.join(FILE_NAME) };
            if reader.entry(&path).is_ok_and(|entry| entry == Entry::File) {
                return load::load(reader, &path, folder, outside);
            }
        }
        Ok(Self::bare(reader, outside))
    }

    /// The settings of this very file, which the user has named. Its paths begin in its own folder.
    ///
    /// # Errors
    /// If it cannot be read, or says something that is no setting.
    pub fn with_settings(reader: Arc<dyn FileReader>, file: &Path, outside: bool) -> Result<Self, Error> {
        let whole = reader.here().join(file);
        let folder = whole.parent().unwrap_or(Path::new("")).to_owned();
        load::named(reader, file, &folder, outside)
    }

    /// A project that sets nothing.
    pub fn bare(reader: Arc<dyn FileReader>, outside: bool) -> Self {
        Self {
            settings: Settings::default(),
            files: Vec::new(),
            reader,
            root: PathBuf::new(),
            fence: Fence::default(),
            outside,
            excluded: Vec::new(),
            overrides: Vec::new(),
            targets: Vec::new(),
            formatting: Vec::new(),
        }
    }

    /// What reads its files.
    pub fn reader(&self) -> &dyn FileReader {
        &*self.reader
    }

    /// The folder of the settings, where there are some.
    pub fn folder(&self) -> Option<&Path> {
        (!self.root.as_os_str().is_empty()).then_some(&self.root)
    }

    /// A path of the settings file, as short as it can be said.
    pub fn path(&self, path: &str) -> PathBuf {
        let (whole, here) = (self.root.join(path), self.reader.here());
        match whole.strip_prefix(&here) {
            _ if here.as_os_str().is_empty() => whole,
            Ok(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
            // A file of that name; standard input is the user's.
            Ok(rest) if rest == Path::new(STDIN) => Path::new(".").join(STDIN),
            Ok(rest) => rest.to_owned(),
            Err(_) => whole,
        }
    }

    /// Where it is deployed, as the settings say; what the user has `named` may lie anywhere.
    ///
    /// # Errors
    /// If a path leads out of the repository.
    pub fn topology(&self, named: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
        let fence = self.fence.clone().and(self.reader(), named);
        let paths = self.topology_paths();
        paths.iter().try_for_each(|path| fence.check(self.reader(), path, "the settings file"))?;
        Ok(paths)
    }

    /// The same, wherever it is.
    pub fn topology_paths(&self) -> Vec<PathBuf> {
        self.settings.topology.iter().map(|path| self.path(path)).collect()
    }

    /// The file of the findings that are known, as the settings say.
    ///
    /// # Errors
    /// If its path leads out of the repository.
    pub fn baseline(&self) -> Result<Option<PathBuf>, Error> {
        let path = self.settings.baseline.as_ref().map(|path| self.path(path));
        path.iter().try_for_each(|path| self.fence.check(self.reader(), path, "the settings file"))?;
        Ok(path)
    }

    /// Whether the settings exclude a file or directory, which `path` names from the root.
    pub fn excludes(&self, path: &Path, is_directory: bool) -> bool {
        self.excluded.iter().any(|patterns| names(patterns, path, is_directory))
    }

    /// Whether the settings exclude anything.
    fn has_exclusions(&self) -> bool {
        self.excluded.iter().any(|patterns| !patterns.is_empty())
    }

    /// What the settings say of a configuration; `None`: what they say of all.
    ///
    /// # Errors
    /// If they name a rule that does not exist.
    pub fn options(&self, set: Option<&Set>) -> Result<Options, UnknownRule> {
        let settings = &self.settings;
        let declared = set.and_then(|set| settings.config.get(set.declared()?));
        let mut options = Options { selection: self.selection(&[])?, ..Options::default() };
        let of_file = || self.target_of(set?.parts().first()?.path.as_path());
        options.target = declared.and_then(|set| set.target).or_else(of_file).or(settings.target);
        let variables = settings.env.iter().chain(declared.iter().flat_map(|set| &set.env));
        variables.for_each(|(name, value)| options.environment.set(name, Some(value.clone())));
        if settings.env_closed == Some(true) {
            options.environment = options.environment.closed();
        }
        options.local_name = declared.and_then(|set| set.local_name.clone()).or_else(|| settings.local_name.clone());
        options.require_local_peer = settings.require_local_peer == Some(true);
        options.styles.usual = settings.format.style();
        let files = set.map_or(&[][..], Set::parts).iter().filter(|_| !self.formatting.is_empty());
        options.styles.own = files.map(|part| (part.path.display().to_string(), self.style_of(&part.path))).collect();
        Ok(options)
    }

    /// Which rules speak, and how loud. What is in `select` takes the place of what the settings select, and add to that.
    ///
    /// # Errors
    /// If there is no such rule or group.
    pub fn selection(&self, select: &[String]) -> Result<Selection, UnknownRule> {
        let settings = &self.settings;
        let mut selection = Selection::default();
        selection.declare(settings.rule.iter().map(ProjectRule::declared));
        let selected = settings.select.iter().filter(|_| select.is_empty()).map(|rule| &rule.name);
        selected.chain(select).try_for_each(|name| selection.select(name))?;
        let added = settings.also.iter().filter(|_| select.is_empty());
        added.into_iter().try_for_each(|rule| selection.also(&rule.name))?;
        settings.ignore.iter().try_for_each(|rule| selection.ignore(&rule.name))?;
        settings.severity.iter().try_for_each(|(rule, level)| selection.severity(&rule.name, level.0))?;
        Ok(selection)
    }

    /// The HAProxy that reads this file, where the settings say it of the file.
    pub fn target_of(&self, file: &Path) -> Option<Version> {
        if self.targets.is_empty() {
            return None;
        }
        let path = self.reader.leads_to(file);
        self.targets.iter().find(|(files, _)| names(files, &path, false)).map(|(_, target)| *target)
    }

    /// The layout of this file.
    pub fn style_of(&self, file: &Path) -> Style {
        if self.formatting.is_empty() {
            return self.settings.format.style();
        }
        // It may be on no disk yet.
        let path = self.reader.whole(file);
        let own = self.formatting.iter().filter(|(files, _)| names(files, &path, false)).map(|(_, layout)| *layout);
        own.reduce(Formatting::over).unwrap_or_default().over(self.settings.format).style()
    }

    /// Does as the settings say for the files that findings are in.
    pub fn overrule(&self, sources: &Sources, report: &mut Report) {
        if self.overrides.is_empty() {
            return;
        }
        let of_file = |file: &SourceFile| -> Vec<&Selection> {
            let path = self.reader.leads_to(Path::new(file.name()));
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
}
