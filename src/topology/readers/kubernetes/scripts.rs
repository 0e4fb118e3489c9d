//! Configurations that a script of the pod writes out of a text of its own, before HAProxy starts.

use std::rc::Rc;

use super::{
    Object,
    containers::command,
    filling::Filling,
    made::{Filled, Program, With},
    mounts::Mounts,
    pod::Start,
};
use crate::topology::{
    embedded::SegmentMap,
    heredoc,
    image::Image,
    model::{Configuration, Name, Part, Topology},
    words::{self, Arguments, Written, written_files},
    yaml::{Value, Yaml},
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
        (!files.is_empty()).then_some(Scripted { files, more, unsure })
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
        let beside = Self::new(self.cluster, self.object, self.spec, script.container);
        let seen = |path: &str| {
            if std::ptr::eq(script.container, self.container) {
                return Some(path.to_owned());
            }
            let (there, rest) = beside.place(path)?;
            let same = self.mounts.iter().find(|mount| mount.volume == there.volume && mount.sub_path.is_none())?;
            Some(format!("{}{rest}", same.path))
        };
        let files = written_files(&script.text).into_iter();
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
        file.written.unsure.or((again || others()).then_some("another program writes it, too"))
    }

    fn told(&self, file: &File<'a>, why: &str) -> String {
        let name = file.script.container.str_at(&["name"]).unwrap_or("");
        format!("container `{name}` writes `{}` by a script, and {why}", file.written.path)
    }
}

impl<'a> Start<'a> {
    /// The configuration that scripts write, and what a shell puts into it.
    pub(super) fn scripted(&self, scripted: &Scripted<'a>, topology: &mut Topology) -> Option<(usize, Option<Filling<'a>>)> {
        let container = scripted.files.first()?.script.container;
        let mut filled: Vec<Filled> = Vec::new();
        let mut files = Vec::new();
        for file in &scripted.files {
            let script = &*file.script;
            let here = Start { container: script.container, ..self.clone() };
            let (environment, _) = here.environment(&Name::Unknown, &Name::Unknown, None);
            let outer = |name: &str| script.said && (name.is_empty() || environment.get(name).is_some());
            let Value::Scalar(text, style) = &script.node.value else { return None };
            let map = SegmentMap::new(topology.sources.file(script.object.file).bytes(), script.node.span, *style, text);
            let written = heredoc::text(&script.text, &file.written, &map, &outer)?;
            let assigned: heredoc::Assigned = file.written.assigned.clone().into();
            filled.extend(written.filled.into_iter().map(|(name, word)| Filled { name, with: With::Shell(word, Rc::clone(&assigned)) }));
            let in_shell = file.written.documents.iter().any(|document| document.expands);
            files.push(script.object.configuration(&file.written.path, written.bytes, written.map, in_shell));
        }
        // One container fills in what stands in its own texts.
        let one = scripted.files.iter().all(|file| std::ptr::eq(file.script.container, container));
        let whole = one && !scripted.more && self.are_known(container, &filled);
        let part = if whole { Part::Filled } else { Part::Template };
        topology.configurations.push(Configuration { files, part });
        Some((topology.configurations.len() - 1, whole.then(|| (container, filled.into()))))
    }
}
