//! Goes through a folder as git looks at it.

use std::{
    io,
    path::{Path, PathBuf},
};

use ignore::{Match, gitignore::Gitignore};

use super::patterns::of_lines;
use crate::source::{By, Entry, Fence, FileReader, Listed, ReadError, SETTINGS, repository};

/// Goes through folders, without hidden files and, unless it is told otherwise, without what git ignores.
pub struct Walk<'r> {
    reader: &'r dyn FileReader,
    fence: Fence,
    all: bool,
    everywhere: Gitignore,
    /// What was passed over that somebody may miss.
    pub notes: Vec<String>,
    /// Folders that could not be read.
    pub errors: Vec<ReadError>,
}

/// Something in a folder.
#[derive(Clone, Debug)]
pub struct Met {
    /// The path as it is said from the folder that was named.
    pub path: PathBuf,
    /// The same from the root, without links on the way.
    pub whole: PathBuf,
    /// What it is; a link is told as a link.
    pub entry: Entry,
    /// How many folders above it are known.
    depth: usize,
}

/// A folder on the way, with what it leaves out.
struct Level {
    /// A repository begins here.
    has_git: bool,
    /// Patterns of `.ignore`.
    own: Gitignore,
    /// Patterns of `.gitignore`.
    git: Gitignore,
    /// Patterns of `.git/info/exclude`.
    exclude: Gitignore,
}

impl<'r> Walk<'r> {
    /// A walk that reads no patterns from outside of the fence; with `all` it reads none.
    pub fn new(reader: &'r dyn FileReader, fence: Fence, all: bool) -> Self {
        let lines = if all { Vec::new() } else { reader.ignored_everywhere() };
        let everywhere = of_lines(&reader.here(), lines.iter().map(String::as_str));
        Self { reader, fence, all, everywhere, notes: Vec::new(), errors: Vec::new() }
    }

    /// What is `wanted` below `folder`, in the order of the names; links are not followed.
    ///
    /// # Errors
    /// If what the folder leaves out cannot be read.
    pub fn below(&mut self, folder: &Path, wanted: impl Fn(&Met) -> bool) -> Result<Vec<Met>, ReadError> {
        let whole = self.reader.leads_to(folder);
        let mut levels = self.above(&whole)?;
        let depth = levels.len();
        let mut waiting = vec![Met { path: folder.to_owned(), whole, entry: Entry::Directory, depth }];
        let mut found = Vec::new();
        while let Some(met) = waiting.pop() {
            if wanted(&met) {
                found.push(met.clone());
            }
            if met.entry == Entry::Directory {
                levels.truncate(met.depth);
                let inside = self.inside(&met, &mut levels).unwrap_or_else(|error| {
                    self.errors.push(error);
                    Vec::new()
                });
                waiting.extend(inside.into_iter().rev());
            }
        }
        Ok(found)
    }

    /// What is looked at in a folder.
    fn inside(&mut self, folder: &Met, levels: &mut Vec<Level>) -> Result<Vec<Met>, ReadError> {
        let mut listed = self.reader.list(&folder.path).map_err(ReadError::at(&folder.path))?;
        if !self.all {
            let has = |name: &str| listed.iter().any(|listed| listed.name == Path::new(name));
            match self.level(&folder.whole, &self.fence, has) {
                Ok(level) => levels.push(level),
                Err(error) => {
                    self.notes.push(format!("`{}` is not looked through: {error}", folder.path.display()));
                    return Ok(Vec::new());
                }
            }
        }
        listed.sort_by(|a, b| a.name.as_os_str().cmp(b.name.as_os_str()));
        let depth = levels.len();
        let met = |Listed { name, entry }: Listed| Met { path: folder.path.join(&name), whole: folder.whole.join(&name), entry, depth };
        Ok(listed.into_iter().map(met).filter(|met| self.is_looked_at(met, levels)).collect())
    }

    /// Whether something is neither hidden nor ignored; what a pattern lets in is not hidden either.
    fn is_looked_at(&self, met: &Met, levels: &[Level]) -> bool {
        let is_hidden = || met.path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        match self.matched(met, levels) {
            Match::Ignore(()) => false,
            Match::Whitelist(()) => true,
            Match::None => !is_hidden(),
        }
    }

    /// What the patterns say, the nearest first, and those of git only within its repository.
    fn matched(&self, met: &Met, levels: &[Level]) -> Match<()> {
        let is_folder = met.entry == Entry::Directory;
        let ask = |patterns: &Gitignore| patterns.matched(&met.whole, is_folder).map(|_| ());
        let (mut own, mut git, mut exclude) = (Match::None, Match::None, Match::None);
        let in_git = levels.iter().any(|level| level.has_git);
        let mut is_over = !in_git;
        for level in levels.iter().rev() {
            own = own.or(ask(&level.own));
            if !is_over {
                git = git.or(ask(&level.git));
                exclude = exclude.or(ask(&level.exclude));
            }
            is_over |= level.has_git;
        }
        own.or(git).or(exclude).or(if in_git { ask(&self.everywhere) } else { Match::None })
    }

    /// The folders above `folder`, from the root. Within the repository what they leave out must be known.
    fn above(&self, folder: &Path) -> Result<Vec<Level>, ReadError> {
        if self.all {
            return Ok(Vec::new());
        }
        let root = repository(self.reader, folder);
        let has = |above: &Path, name: &str| self.reader.entry(&above.join(name)).is_ok();
        // The folder itself is told as a fault, those below it are passed over.
        self.level(folder, &self.fence, |name| has(folder, name))?;
        let mut levels = Vec::new();
        for above in folder.ancestors().skip(1) {
            // What lies above the repository is the user's own.
            let (is_in, own) = (above.starts_with(&root), Fence::open());
            match self.level(above, if is_in { &self.fence } else { &own }, |name| has(above, name)) {
                Ok(level) => levels.push(level),
                Err(error) if is_in => return Err(error),
                Err(_) => levels.push(Level::default()),
            }
        }
        levels.reverse();
        Ok(levels)
    }

    /// What a folder leaves out, which `has` files of these names.
    fn level(&self, folder: &Path, fence: &Fence, has: impl Fn(&str) -> bool) -> Result<Level, ReadError> {
        let read = |name: &str| if has(name) { self.patterns(folder, fence, name) } else { Ok(Gitignore::empty()) };
        let (git, own) = (read(".gitignore")?, read(".ignore")?);
        let (has_git, mut exclude) = (has(".git"), Gitignore::empty());
        if has_git && let Some(text) = self.text(&self.common(&folder.join(".git")).join("info/exclude")) {
            exclude = of_lines(folder, text.lines());
        }
        Ok(Level { has_git: has_git || has(".jj"), own, git, exclude })
    }

    /// The patterns of a file, unless it never ends, waits for somebody, or lies elsewhere: what it would leave out is not known then.
    fn patterns(&self, folder: &Path, fence: &Fence, name: &str) -> Result<Gitignore, ReadError> {
        let path = folder.join(name);
        let wrong = |why: &str| {
            let error = io::Error::other(format!("{why}; `--no-ignore` does without it"));
            Err(ReadError { path: path.clone(), error })
        };
        match self.reader.entry(&path) {
            Err(_) | Ok(Entry::Directory) => return Ok(Gitignore::empty()),
            Ok(_) if fence.keeps_out(self.reader, &path) => return wrong("it is a link that leaves the repository"),
            Ok(Entry::File) => {}
            Ok(_) => return wrong("it is no regular file"),
        }
        match self.reader.read(&path, By::Repository, SETTINGS) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                Ok(of_lines(folder, text.strip_prefix('\u{feff}').unwrap_or(&text).lines()))
            }
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => wrong(&error.to_string()),
            Err(_) => Ok(Gitignore::empty()),
        }
    }

    fn text(&self, file: &Path) -> Option<String> {
        let bytes = self.reader.read(file, By::Repository, SETTINGS).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The folder that git keeps a repository in: a work tree of another one names it in the file `.git`.
    fn common(&self, git: &Path) -> PathBuf {
        let named = |base: &Path, text: String| base.join(text.lines().next().unwrap_or_default().trim());
        if !self.reader.entry(git).is_ok_and(|entry| entry == Entry::File) {
            return git.to_owned();
        }
        let text = self.text(git).and_then(|text| text.strip_prefix("gitdir:").map(str::to_owned));
        let Some(tree) = text.map(|text| named(git.parent().unwrap_or(git), text)) else { return git.to_owned() };
        match self.text(&tree.join("commondir")) {
            Some(text) => named(&tree, text),
            None => tree,
        }
    }
}

impl Default for Level {
    fn default() -> Self {
        Self { has_git: false, own: Gitignore::empty(), git: Gitignore::empty(), exclude: Gitignore::empty() }
    }
}
