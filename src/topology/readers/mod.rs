//! The formats that say where HAProxy runs, a file for each. The build finds them; each says by its `READER` how its files are told
//! from others and what is taken from them.

include!(concat!(env!("OUT_DIR"), "/readers.rs"));

use std::{collections::HashSet, path::Path, rc::Rc, sync::LazyLock};

use super::{Problem, model::Topology, yaml::Yaml};
use crate::source::{FileId, SourceFile};

/// A format.
pub(super) struct Reader {
    /// The lower, the earlier it is asked whether a file is its own.
    rank: u8,
    /// For docs/topology.md: what is read, and what is taken from it.
    about: &'static [(&'static str, &'static str)],
    /// Whether a file of a folder is looked at because of its path; those of YAML, JSON and TOML all are.
    named: fn(&str) -> bool,
    /// Texts of a form of their own.
    text: Option<Text>,
    /// Documents of YAML, JSON or TOML.
    document: Option<Document>,
}

impl Reader {
    /// A format without anything, to be written on.
    const NEW: Self = Self { rank: u8::MAX, about: &[], named: |_| false, text: None, document: None };
}

/// How a text is told and read.
struct Text {
    /// `false` for a text that looks like YAML: what is written inside of a manifest does not make it something else.
    is: fn(file: &SourceFile, plain: bool) -> bool,
    read: fn(&SourceFile, FileId, &mut Reading),
}

/// How a document is told and read.
struct Document {
    /// What tells it, if need be with the name of its file.
    is: fn(&Yaml, &str) -> bool,
    read: fn(&Rc<Yaml>, FileId, &mut Reading),
}

/// What is made of the files while they are read.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) topology: Topology,
    pub(super) problems: Vec<Problem>,
    /// The objects of Kubernetes: they name each other, so nothing is made of them before all are known.
    pub(super) objects: Vec<kubernetes::Object>,
    /// Compose files, which name each other, too.
    pub(super) compose: Vec<(FileId, Rc<Yaml>)>,
    /// The files by which kustomizations change others.
    pub(super) patches: HashSet<String>,
}

/// The name of a file without its folder.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// All of them, as they are asked.
static READERS: LazyLock<Vec<&Reader>> = LazyLock::new(|| {
    let mut readers = all();
    readers.sort_by_key(|reader| reader.rank);
    readers
});

/// Reads a text whose form is known; whether it is.
pub(super) fn text(id: FileId, plain: bool, reading: &mut Reading) -> bool {
    let sources = std::mem::take(&mut reading.topology.sources);
    let file = sources.file(id);
    let text = READERS.iter().filter_map(|reader| reader.text.as_ref()).find(|text| (text.is)(file, plain));
    text.iter().for_each(|text| (text.read)(file, id, reading));
    reading.topology.sources = sources;
    text.is_some()
}

/// Reads a document.
pub(super) fn document(document: &Rc<Yaml>, id: FileId, reading: &mut Reading) {
    let name = reading.topology.sources.file(id).name();
    let own = READERS.iter().filter_map(|reader| reader.document.as_ref()).find(|own| (own.is)(document, name));
    own.iter().for_each(|own| (own.read)(document, id, reading));
}

/// Whether a file of that name is a source of topologies, whatever its ending.
pub(super) fn named(path: &Path) -> bool {
    let path = path.to_string_lossy();
    READERS.iter().any(|reader| (reader.named)(&path))
}

/// What is read, and what is taken from it, as docs/topology.md lists it.
pub(super) fn about() -> impl Iterator<Item = (&'static str, &'static str)> {
    READERS.iter().flat_map(|reader| reader.about.iter().copied())
}
