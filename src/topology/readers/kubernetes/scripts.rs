//! Configurations that a script of the pod writes out of texts of its own, or adds to another file, before HAProxy starts.

use std::rc::Rc;

use super::{
    Object,
    containers::command,
    file,
    filling::Filling,
    made::{Filled, Program, With},
    mounts::{Key, Mounts},
    pod::Start,
};
use crate::{
    cut::Cut,
    syntax::section_kind,
    topology::{
        embedded::SegmentMap,
        heredoc::{self, Assigned},
        image::Image,
        model::{Configuration, ConfigurationFile, Name, Part, Topology},
        words::{self, Arguments, Document, Source, Written, written_files},
        yaml::{Value, Yaml},
    },
};

/// A script, and where it stands.
struct Script<'a> {
    text: String,
    object: &'a Object,
    node: &'a Yaml,
    /// It stands in the container itself, where the kubelet sees it.
    said: bool,
    container: &'a Yaml,
}

/// A file that a script writes, as HAProxy calls it.
struct File<'a> {
    path: String,
    script: Rc<Script<'a>>,
    written: Written,
}

/// What HAProxy reads that scripts write.
pub(super) struct Scripted<'a> {
    files: Vec<File<'a>>,
    /// What it reads beside them is not known.
    more: bool,
    /// Why it is not certain what they hold.
    pub(super) unsure: Option<String>,
    /// The keys that they are made of; where it is not certain what they hold, all that they may be made of.
    pub(super) keys: Vec<Key>,
}

impl<'a> Mounts<'a> {
    /// What scripts write where HAProxy reads; `None` where they write nothing there.
    pub(super) fn scripted(&self, arguments: &Arguments, image: &Image) -> Option<Scripted<'a>> {
        let scripts: Vec<Rc<Script<'a>>> = self.scripts().map(Rc::new).collect();
        let all: Vec<File<'a>> = scripts.iter().flat_map(|script| self.files_of(script)).collect();
        let paths = self.paths(arguments, image);
        let is_at = |file: &File<'_>, path: &str| {
            let inside = file.path.strip_prefix(path.trim_end_matches('/'));
            inside.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('/').is_some_and(|f| f.ends_with(".cfg") && !f.contains('/')))
        };
        // Of usual places the first counts, and of those that are named all do.
        let usual = arguments.files.is_empty();
        let paths: Vec<&str> = paths.into_iter().filter(|path| !usual || all.iter().any(|file| is_at(file, path))).collect();
        let paths = if usual { &paths[..paths.len().min(1)] } else { &paths[..] };
        let more = paths.iter().any(|path| !all.iter().any(|file| is_at(file, path)));
        let mut files: Vec<(usize, File<'a>)> = Vec::new();
        for file in all {
            files.extend(paths.iter().position(|path| is_at(&file, path)).map(|at| (at, file)));
        }
        // HAProxy reads a directory in the order of the names.
        files.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        let files: Vec<File<'a>> = files.into_iter().map(|(_, file)| file).collect();
        let unsure = files.iter().find_map(|file| Some(self.told(file, self.unsure(file, &files, arguments)?)));
        let keys = if unsure.is_some() { self.candidates().collect() } else { self.sources_of(&files) };
        (!files.is_empty()).then_some(Scripted { files, more, unsure, keys })
    }

    /// The scripts of the init containers, and the one that starts HAProxy.
    fn scripts(&self) -> impl Iterator<Item = Script<'a>> + '_ {
        let containers = self.spec.list_at(&["initContainers"]).iter().map(|container| &**container).chain([self.container]);
        containers.filter_map(|container| {
            let beside = Self::new(self.cluster, self.object, self.spec, container);
            let words = command(self.object, container);
            let (object, node, said) = match words::script(&words)? {
                words::Script::Said(word) => {
                    let lists = ["command", "args"].into_iter().flat_map(|key| container.list_at(&[key]));
                    (self.object, &**lists.into_iter().find(|node| self.object.at(node) == word.at)?, true)
                }
                words::Script::File(path) => {
                    let (at, key) = beside.mounted().find(|(full, ..)| *full == path.value)?.1;
                    let object = &self.cluster.objects[at];
                    (object, object.node.at(&["data", &key]).filter(|_| object.kind == "ConfigMap")?, false)
                }
            };
            Some(Script { text: node.text()?.to_owned(), object, node, said, container })
        })
    }

    /// The files that a script writes, where HAProxy finds them.
    fn files_of(&self, script: &Rc<Script<'a>>) -> Vec<File<'a>> {
        let beside = self.of_container(script.container);
        let seen = |path: &str| {
            if std::ptr::eq(script.container, self.container) {
                return Some(path.to_owned());
            }
            let (there, rest) = beside.place(path)?;
            let same = self.mounts.iter().find(|mount| mount.volume == there.volume && mount.sub_path.is_none())?;
            Some(format!("{}{rest}", same.path))
        };
        // What is copied alone is read where it comes from.
        let files = written_files(&script.text).into_iter().filter(|file| !file.is_copy());
        files.filter_map(|written| Some(File { path: seen(&written.path)?, script: Rc::clone(script), written })).collect()
    }

    /// Why it is not certain that HAProxy finds what the script writes.
    fn unsure(&self, file: &File<'a>, files: &[File<'a>], arguments: &Arguments) -> Option<&'static str> {
        let name = file.written.path.rsplit('/').next().unwrap_or("");
        let other = |program: &Program<'_>| {
            let container = program.container.unwrap_or(self.container);
            !std::ptr::eq(container, file.script.container) && program.text.contains(name) && program.changes()
        };
        let again = files.iter().filter(|other| other.path == file.path).count() > 1;
        let others = || self.programs(arguments).iter().any(other);
        let unsure = file.written.unsure.or((again || others()).then_some("another program writes it, too"));
        unsure.or_else(|| self.unclear(file))
    }

    /// Why it is not known what the files are that a script puts together.
    fn unclear(&self, file: &File<'a>) -> Option<&'static str> {
        let beside = self.of_container(file.script.container);
        let sources = &file.written.sources;
        let parts: Option<Vec<String>> = sources.iter().map(|source| beside.text_of(source, &file.script.text)).collect();
        let Some(parts) = parts else { return Some("a file that it adds is in none of these files") };
        let (Some(first), [.., last]) = (parts.first(), &parts[..]) else { return None };
        // What stands in two files is read as one where each of them has whole sections.
        let joins = parts.iter().all(|part| std::ptr::eq(part, last) || part.ends_with('\n'))
            && parts.iter().all(|part| std::ptr::eq(part, first) || begins_section(part));
        (file.written.texts().is_none() && !joins).then_some("what it adds goes on with a section that another file has begun")
    }

    /// The text of a part of a file, as far as it is in a manifest.
    fn text_of(&self, source: &Source, script: &str) -> Option<String> {
        match source {
            Source::Text(document) => Some(script.cut(document.span.clone()).to_owned()),
            Source::File(path) => {
                let (at, key) = self.key_at(path)?;
                self.cluster.objects[at].node.str_at(&["data", &key]).map(str::to_owned)
            }
        }
    }

    /// What another container of the pod mounts.
    fn of_container(&self, container: &'a Yaml) -> Self {
        Self::new(self.cluster, self.object, self.spec, container)
    }

    /// The file that is mounted at `path`.
    fn file_at(&self, path: &str, topology: &Topology) -> Option<ConfigurationFile> {
        let (at, key) = self.key_at(path)?;
        let object = &self.cluster.objects[at];
        file(object, topology.sources.file(object.file).bytes(), &key)
    }

    /// The key that is mounted as the file `path`.
    fn key_at(&self, path: &str) -> Option<Key> {
        self.mounted().find(|(full, ..)| full == path).map(|(_, key, _)| key)
    }

    /// The keys that files are made of.
    fn sources_of(&self, files: &[File<'a>]) -> Vec<Key> {
        let of_file = |file: &File<'a>| {
            let beside = self.of_container(file.script.container);
            let key = |source: &Source| match source {
                Source::File(path) => beside.key_at(path),
                Source::Text(_) => None,
            };
            file.written.sources.iter().filter_map(key).collect::<Vec<Key>>()
        };
        files.iter().flat_map(of_file).collect()
    }

    /// Why nothing is known of what scripts write, for people.
    pub(super) fn unknown(&self, scripted: &Scripted<'a>) -> Option<String> {
        scripted.files.first().map(|file| self.told(file, "what it puts in there is not known"))
    }

    fn told(&self, file: &File<'a>, why: &str) -> String {
        let name = file.script.container.str_at(&["name"]).unwrap_or("");
        format!("container `{name}` writes `{}` by a script, and {why}", file.written.path)
    }
}

/// The texts among the parts of a file.
fn texts(parts: &[Source]) -> Vec<Document> {
    let text = |part: &Source| match part {
        Source::Text(document) => Some(document.clone()),
        Source::File(_) => None,
    };
    parts.iter().filter_map(text).collect()
}

/// Whether a text begins with a section, as far as HAProxy reads it.
fn begins_section(text: &str) -> bool {
    let said = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'));
    let word = said.and_then(|line| line.split_ascii_whitespace().next());
    word.is_none_or(|word| section_kind(word).is_some())
}

impl<'a> Start<'a> {
    /// The configuration that scripts write, and what a shell puts into it.
    pub(super) fn scripted(
        &self,
        scripted: &Scripted<'a>,
        mounts: &Mounts<'a>,
        topology: &mut Topology,
    ) -> Option<(usize, Option<Filling<'a>>)> {
        let container = scripted.files.first()?.script.container;
        let mut filled: Vec<Filled> = Vec::new();
        let (mut files, mut of_script) = (Vec::new(), Vec::new());
        for file in &scripted.files {
            let here = Start { container: file.script.container, ..self.clone() };
            let assigned: Assigned = file.written.assigned.clone().into();
            // Texts that follow on each other may have begun one line together.
            for parts in file.written.sources.chunk_by(|a, b| matches!((a, b), (Source::Text(_), Source::Text(_)))) {
                of_script.push(matches!(parts[0], Source::Text(_)));
                files.push(match &parts[0] {
                    Source::File(path) => mounts.of_container(file.script.container).file_at(path, topology)?,
                    Source::Text(_) => here.document(file, &texts(parts), &assigned, &mut filled, topology)?,
                });
            }
        }
        // What a variable stands for in a text of the script, it may not stand for in another file.
        let names = |text: &[u8]| filled.iter().any(|filled| memchr::memmem::find(text, filled.name.as_bytes()).is_some());
        if files.iter().zip(&of_script).any(|(file, of_script)| !of_script && names(&file.bytes)) {
            return None;
        }
        // One container fills in what stands in its own texts.
        let one = scripted.files.iter().all(|file| std::ptr::eq(file.script.container, container));
        let whole = one && !scripted.more && self.are_known(container, &filled);
        let part = if whole { Part::Filled } else { Part::Template };
        topology.configurations.push(Configuration { files, part });
        Some((topology.configurations.len() - 1, whole.then(|| (container, filled.into()))))
    }

    /// What a script writes out of texts of its own, and what the shell fills in there.
    fn document(
        &self,
        file: &File<'a>,
        documents: &[Document],
        assigned: &Assigned,
        filled: &mut Vec<Filled>,
        topology: &Topology,
    ) -> Option<ConfigurationFile> {
        let script = &*file.script;
        let (environment, _) = self.environment(&Name::Unknown, &Name::Unknown, None);
        let outer = |name: &str| script.said && (name.is_empty() || environment.get(name).is_some());
        let Value::Scalar(text, style) = &script.node.value else { return None };
        let map = SegmentMap::new(topology.sources.file(script.object.file).bytes(), script.node.span, *style, text);
        let written = heredoc::text(&script.text, documents, &map, &outer)?;
        filled.extend(written.filled.into_iter().map(|(name, word)| Filled { name, with: With::Shell(word, Rc::clone(assigned)) }));
        let in_shell = documents.iter().any(|document| document.expands);
        Some(script.object.configuration(&file.path, written.bytes, written.map, in_shell))
    }
}
