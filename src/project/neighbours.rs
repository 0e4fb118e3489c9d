//! Files that belong together by how they lie: `haproxy.cfg` with `conf.d/` beside it, or the parts in such a folder.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use crate::{
    source::{By, Entry, Fence, FileReader, configuration_files},
    syntax::SECTIONS,
};

/// The file that such folders lie beside.
const MAIN: &str = "haproxy.cfg";

/// Files larger than this are nothing that somebody wrote by hand in parts.
const LARGEST: u64 = 1 << 20;

/// How many files of one folder somebody would name one by one.
const MANY: usize = 20;

/// How many files are looked into: what has more is generated, or no configuration.
const MOST: usize = 500;

/// Files that lie as the parts of one configuration do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// What HAProxy would be given with `-f`, in this order: a file, folders, or both.
    pub paths: Vec<PathBuf>,
    /// The files behind them.
    pub files: Vec<PathBuf>,
    /// Why it is not certain that they belong together; `None` where it is.
    pub doubt: Option<String>,
}

impl Neighbours {
    /// What lies together with `file`; `None` where it lies by itself. What leads out of the folder is not looked at.
    pub fn around(reader: &dyn FileReader, file: &Path, open: bool) -> Option<Self> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let (base, own) = match is_of_parts(&reader.leads_to(file)) {
            true => (above(folder), Some(folder)),
            false if file.file_name().is_some_and(|name| name == MAIN) => (folder.to_owned(), None),
            false => return None,
        };
        let fence = Fence::around(reader, [base.as_path()], open);
        let (main, certain) = main(reader, &base);
        let folders = match (&main, own) {
            (None, Some(own)) => vec![own.to_owned()],
            _ => folders(reader, &base, own),
        };
        let mut paths = Vec::new();
        let mut parts = Parts::default();
        for path in main.iter().chain(&folders) {
            if parts.take(reader, &fence, path)? {
                paths.push(listed(path).to_owned());
            }
        }
        if parts.files.len() < 2 || !parts.files.iter().any(|known| known == file) {
            return None;
        }
        let other = main.as_deref().filter(|_| !certain).map(|main| format!("`{}` may go without them", main.display()));
        let doubt = other.or_else(|| parts.doubt());
        Some(Self { paths, files: parts.files, doubt })
    }

    /// Files of one folder, each checked for itself, of which some name backends that others declare. That is no proof: they may
    /// be read one by one all the same.
    pub(super) fn of_uses(reader: &dyn FileReader, files: &[&Path]) -> Option<Self> {
        if !(2..=MANY).contains(&files.len()) {
            return None;
        }
        let mut parts: Vec<(Rank, &Path, Outline)> = Vec::new();
        for file in files {
            let outline = Outline::of(&text(reader, file)?);
            parts.extend((!outline.sections.is_empty()).then_some((outline.rank(), *file, outline)));
        }
        if parts.iter().filter(|(rank, ..)| *rank == Rank::Global).count() > 1 {
            return None;
        }
        parts.sort_by_key(|(rank, file, _)| (*rank, *file));
        let declares = |outline: &Outline, name: &str| outline.proxies().any(|(kind, known)| kind != "frontend" && known == name);
        let (user, declarer) = parts.iter().find_map(|(rank, user, outline)| {
            let lacks = |name: &&String| *rank == Rank::Proxies && !declares(outline, name);
            let missing: Vec<&String> = outline.uses.iter().filter(lacks).collect();
            let by = parts.iter().find(|(_, file, other)| file != user && missing.iter().any(|name| declares(other, name)))?;
            Some((user, by.1))
        })?;
        let doubt = format!("`{}` names backends that `{}` declares", user.display(), declarer.display());
        let files: Vec<PathBuf> = parts.iter().map(|(_, file, _)| (*file).to_owned()).collect();
        Some(Self { paths: files.clone(), files, doubt: Some(doubt) })
    }

    /// The `-f` options that name it.
    pub fn options(&self) -> String {
        let quoted = |path: &PathBuf| {
            let text = path.display().to_string();
            let is_plain = text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
            if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
        };
        self.paths.iter().map(|path| format!("-f {}", quoted(path))).collect::<Vec<_>>().join(" ")
    }

    /// What it is made of, in words.
    pub fn name(&self) -> String {
        let is_file = |path: &PathBuf| self.files.contains(path);
        let name = |path: &PathBuf| format!("{}{}", path.display(), if is_file(path) { "" } else { "/" });
        let names: Vec<String> = self.paths.iter().map(name).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!("the files of {one}"),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}

/// Whether a text begins a section of HAProxy: other programs have `*.cfg` files, too.
pub fn is_haproxy(text: &str) -> bool {
    !Outline::of(text).sections.is_empty()
}

/// Whether the folder of a file is named as folders of parts are.
fn is_of_parts(file: &Path) -> bool {
    file.parent().and_then(Path::file_name).is_some_and(|name| name.to_string_lossy().ends_with(".d"))
}

/// The folder that this one lies in, said as the way to it was.
fn above(folder: &Path) -> PathBuf {
    match folder.file_name() {
        Some(_) => folder.parent().map(Path::to_owned).unwrap_or_default(),
        None => folder.join(".."),
    }
}

/// `path` as a folder that can be listed.
fn listed(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// The file in `base` that folders of parts go with, and whether its name says so: `haproxy.cfg`, or else the only one there is.
fn main(reader: &dyn FileReader, base: &Path) -> (Option<PathBuf>, bool) {
    let usual = base.join(MAIN);
    if reader.entry(&usual).is_ok_and(|entry| entry == Entry::File) {
        return (Some(usual), true);
    }
    let beside = configuration_files(reader, listed(base)).unwrap_or_default();
    let mut beside = beside.iter().filter(|file| text(reader, file).is_some_and(|text| is_haproxy(&text)));
    match (beside.next().and_then(|file| file.file_name()), beside.next()) {
        (Some(name), None) => (Some(base.join(name)), false),
        _ => (None, true),
    }
}

/// The folders of parts in `base`, in the order of their names; one of them may be known by another path.
fn folders(reader: &dyn FileReader, base: &Path, own: Option<&Path>) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = reader.list(listed(base)).unwrap_or_default().into_iter().map(|listed| listed.name).collect();
    names.retain(|name| !name.to_string_lossy().starts_with('.') && name.to_string_lossy().ends_with(".d"));
    names.sort();
    let own = own.map(|own| (own, reader.leads_to(listed(own))));
    let folder = |name: PathBuf| {
        let path = base.join(name);
        let is_own = |(_, real): &&(&Path, PathBuf)| reader.leads_to(&path) == *real;
        own.as_ref().filter(is_own).map_or_else(|| path.clone(), |(own, _)| (*own).to_owned())
    };
    let is_folder = |path: &PathBuf| reader.entry(listed(path)).is_ok_and(|entry| entry == Entry::Directory);
    names.into_iter().map(folder).filter(is_folder).collect()
}

fn text(reader: &dyn FileReader, file: &Path) -> Option<String> {
    Some(String::from_utf8_lossy(&reader.read(file, By::Repository, LARGEST).ok()?).into_owned())
}

/// The files of a neighbours, and what each of them shows at a glance.
#[derive(Default)]
struct Parts {
    files: Vec<PathBuf>,
    outlines: Vec<Outline>,
}

impl Parts {
    /// Takes the files in that `path` stands for, as HAProxy reads it; whether there are any of HAProxy. `None` where one of
    /// them may not be read: then nothing is known of all of them.
    fn take(&mut self, reader: &dyn FileReader, fence: &Fence, path: &Path) -> Option<bool> {
        let found = configuration_files(reader, listed(path)).ok()?;
        let mut outlines = Vec::new();
        for file in &found {
            if fence.keeps_out(reader, file) || self.files.len() + found.len() > MOST {
                return None;
            }
            outlines.push(Outline::of(&text(reader, file)?));
        }
        let (ours, others): (Vec<_>, Vec<_>) = outlines.iter().partition(|outline| !outline.sections.is_empty());
        // In a folder of another program there may be anything.
        let is_haproxy = !ours.is_empty() && others.iter().all(|outline| outline.is_empty);
        if is_haproxy {
            let bare = path.as_os_str().is_empty();
            self.files.extend(found.into_iter().map(|file| if bare { file.strip_prefix(".").unwrap_or(&file).to_owned() } else { file }));
            self.outlines.extend(outlines);
        }
        Some(is_haproxy)
    }

    /// What speaks against it that they are one configuration.
    fn doubt(&self) -> Option<String> {
        let whole = |outline: &&Outline| outline.proxies().next().is_some() && outline.sections.iter().any(|(kind, _)| kind == "global");
        if self.outlines.iter().filter(whole).count() > 1 {
            return Some("several of them have a `global` section and proxies of their own".to_owned());
        }
        for (at, outline) in self.outlines.iter().enumerate() {
            let others = self.outlines.iter().enumerate().filter(|(other, _)| *other != at);
            let others: HashSet<_> = others.flat_map(|(_, other)| other.proxies()).collect();
            if outline.proxies().next().is_some() && outline.proxies().all(|proxy| others.contains(proxy)) {
                return Some(format!("all that `{}` declares is declared in another one, too", self.files[at].display()));
            }
        }
        None
    }
}

/// What of a configuration comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Global,
    Defaults,
    Proxies,
}

/// What a text shows at a glance.
struct Outline {
    /// The keyword and the name of each section.
    sections: Vec<(String, String)>,
    /// The backends that it names.
    uses: Vec<String>,
    /// There is nothing but comments.
    is_empty: bool,
}

impl Outline {
    fn of(text: &str) -> Self {
        let mut outline = Self { sections: Vec::new(), uses: Vec::new(), is_empty: true };
        for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            outline.is_empty = false;
            let mut words = line.split_whitespace();
            let (first, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if SECTIONS.iter().any(|section| section.keyword == first) {
                outline.sections.push((first.to_owned(), name.to_owned()));
            } else if matches!(first, "use_backend" | "default_backend") {
                outline.uses.push(name.to_owned());
            }
        }
        outline
    }

    fn rank(&self) -> Rank {
        let has = |wanted: &str| self.sections.iter().any(|(kind, _)| kind == wanted);
        match (has("global"), has("defaults")) {
            (true, _) => Rank::Global,
            (_, true) => Rank::Defaults,
            _ => Rank::Proxies,
        }
    }

    fn proxies(&self) -> impl Iterator<Item = &(String, String)> {
        self.sections.iter().filter(|(kind, _)| matches!(kind.as_str(), "frontend" | "backend" | "listen"))
    }
}
