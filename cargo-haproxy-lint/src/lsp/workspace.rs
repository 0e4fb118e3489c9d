//! The documents that are open, and the configurations that they are parts of.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use gen_lsp_types as lsp;
use haproxy_lint::{
    check::Options,
    project::{Error, Part, Project, Set},
    shown,
    source::{FileReader, Overlay, SourceFile, Sources, is_manifest},
    topology::{self, Place},
};

use super::{
    board::Board,
    checker::{self, Checker},
    client::Client,
    colours::Colours,
    document::Document,
    place, reader,
    text::{Frame, Manifest, Name, Text, Way},
    wire::{Fail, Outbox},
};
use crate::{
    live::files::{Disk, largest},
    parallel::guarded,
};

/// All that is open.
pub(super) struct Workspace {
    client: Arc<Client>,
    outbox: Outbox,
    board: Arc<Board>,
    colours: Arc<Colours>,
    /// The disk under what is not saved.
    files: Arc<Overlay<Disk>>,
    /// By the names that the client has for them.
    documents: BTreeMap<String, Document>,
    configurations: Vec<Configuration>,
    /// Which configuration speaks for a document.
    owners: HashMap<String, u64>,
    /// How many texts and configurations there were.
    count: u64,
    /// What was wrong with settings and files, so that it is told once.
    told: HashSet<String>,
    /// Documents were opened or closed, and nobody has looked yet which configurations there are now.
    unsettled: bool,
}

/// A configuration that at least one open document is a part of.
struct Configuration {
    number: u64,
    key: Key,
    text: Arc<Text>,
    reader: mpsc::Sender<reader::Told>,
    checker: Checker,
}

/// What makes two configurations the same: their settings, which of the declared ones they are, and their files.
type Key = (Vec<PathBuf>, Option<usize>, Vec<PathBuf>, Way);

/// A configuration as it was found.
struct Found {
    key: Key,
    frame: Frame,
    sources: Sources,
    /// The manifest that it stands in.
    manifest: Option<Manifest>,
}

impl Workspace {
    /// Nothing is open.
    pub(super) fn new(client: Arc<Client>, outbox: Outbox) -> Self {
        let files = Arc::new(Overlay::over(Disk));
        Self {
            client,
            outbox,
            board: Arc::default(),
            colours: Arc::default(),
            files,
            documents: BTreeMap::new(),
            configurations: Vec::new(),
            owners: HashMap::new(),
            count: 0,
            told: HashSet::new(),
            unsettled: false,
        }
    }

    /// The client shows a document.
    pub(super) fn open(&mut self, item: lsp::TextDocumentItem) {
        self.documents.insert(item.uri.0, Document::new(item.version, item.text));
        self.unsettled = true;
    }

    /// The client shows it no more.
    pub(super) fn close(&mut self, uri: &str) {
        self.documents.remove(uri);
        self.colours.forget(uri);
        place::path(uri).into_iter().for_each(|path| self.files.close(&path));
        self.unsettled = true;
    }

    /// Finds out what opened and closed documents have made of the configurations, unless that is known. An editor that starts
    /// opens many at once.
    pub(super) fn settle(&mut self) {
        if self.unsettled {
            self.arrange(false);
        }
    }

    /// Somebody types.
    pub(super) fn change(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let uri = params.text_document.text_document_identifier.uri.0;
        let Some(document) = self.documents.get_mut(&uri) else { return };
        for change in params.content_changes {
            document.change(change, self.client.encoding.0);
        }
        document.version = params.text_document.version;
        // What stands in a manifest is looked for anew.
        if is_manifest(&uri) {
            return self.arrange(false);
        }
        for index in 0..self.configurations.len() {
            let old = &self.configurations[index].text;
            if old.documents.iter().any(|name| name.uri == uri) {
                let names: Vec<String> = old.documents.iter().map(|name| name.uri.clone()).collect();
                let (frame, sources) = (Arc::clone(&old.frame), self.newest(&old.sources, &names));
                self.set_text(index, frame, sources, names, None);
                self.check(index);
            }
        }
    }

    /// The same files with the texts that are open.
    fn newest(&self, sources: &Sources, names: &[String]) -> Sources {
        let text = |(file, uri): (&SourceFile, &String)| {
            let bytes = self.documents.get(uri).map_or(file.bytes(), |document| document.text().as_bytes());
            SourceFile::new(file.name(), bytes.to_vec())
        };
        Sources::new(sources.files().iter().zip(names).map(text).collect())
    }

    /// Files or settings have changed: looks anew which configurations there are. Unless all of it may mean something else,
    /// what has the same text as before is not checked again.
    pub(super) fn arrange(&mut self, anew: bool) {
        self.unsettled = false;
        for (uri, document) in &self.documents {
            place::path(uri).into_iter().for_each(|path| self.files.open(&path, document.text()));
        }
        let found = self.find();
        self.configurations.retain(|known| found.iter().any(|found| found.key == known.key));
        let open = self.open_paths();
        let before: Vec<(u64, Vec<String>)> = self.configurations.iter().map(|known| (known.text.number, self.owned(known))).collect();
        for Found { key, frame, sources, manifest } in found {
            let names = match &manifest {
                Some(manifest) => vec![manifest.file.name().to_owned(); sources.files().len()],
                None => self.names(&sources, &open),
            };
            let frame = Arc::new(frame);
            match self.configurations.iter().position(|known| known.key == key) {
                Some(index) if !anew && manifest.is_none() && self.is_same(index, &sources, &names) => {}
                Some(index) => self.set_text(index, frame, sources, names, manifest),
                None => self.begin(key, frame, sources, names, manifest),
            }
        }
        self.owners = HashMap::new();
        for configuration in self.configurations.iter().filter(|known| known.text.frame.way != Way::Embedded) {
            for name in &configuration.text.documents {
                self.owners.entry(name.uri.clone()).or_insert(configuration.number);
            }
        }
        // Who speaks for what is settled before anybody speaks.
        self.board.assign(self.owners.clone(), &self.outbox);
        for index in 0..self.configurations.len() {
            let known = &self.configurations[index];
            if !before.contains(&(known.text.number, self.owned(known))) {
                self.check(index);
            }
        }
    }

    /// The documents that a configuration speaks for.
    fn owned(&self, configuration: &Configuration) -> Vec<String> {
        let names = configuration.text.documents.iter().map(|name| &name.uri);
        names.filter(|uri| self.owners.get(*uri) == Some(&configuration.number)).cloned().collect()
    }

    /// Whether a configuration has this text already.
    fn is_same(&self, index: usize, sources: &Sources, names: &[String]) -> bool {
        let known = &self.configurations[index].text;
        let version = |uri: &String| self.documents.get(uri).map(|document| document.version);
        let same = |((name, file), (uri, new)): ((&Name, &SourceFile), (&String, &SourceFile))| {
            name.uri == *uri && name.version == version(uri) && file.bytes() == new.bytes()
        };
        let before = known.documents.iter().zip(known.sources.files());
        known.documents.len() == names.len() && before.zip(names.iter().zip(sources.files())).all(same)
    }

    /// The configurations of what is open.
    fn find(&mut self) -> Vec<Found> {
        let mut projects: HashMap<PathBuf, Arc<Project>> = HashMap::new();
        let mut all: Vec<Found> = Vec::new();
        let documents: Vec<String> = self.documents.keys().filter(|uri| !uri.ends_with(".toml")).cloned().collect();
        for uri in documents {
            let path = place::path(&uri);
            let folder = path.as_deref().and_then(Path::parent).or(self.client.folder.as_deref()).unwrap_or(Path::new("/")).to_owned();
            let known = projects.get(&folder).cloned();
            let project = known.unwrap_or_else(|| Arc::new(self.project(&folder)));
            projects.insert(folder, Arc::clone(&project));
            let found = match path {
                path if is_manifest(&uri) => self.in_manifest(&project, path.as_deref(), &uri),
                Some(path) => vec![self.on_disk(&project, &path, &uri)],
                None => vec![self.alone(&project, &uri, None)],
            };
            for found in found {
                if !all.iter().any(|known| known.key == found.key) {
                    all.push(found);
                }
            }
        }
        all
    }

    /// The settings that hold in a folder; none where they cannot be used, and that is told.
    fn project(&mut self, folder: &Path) -> Project {
        let files: Arc<dyn FileReader> = Arc::clone(&self.files) as _;
        Project::open(Arc::clone(&files), folder, false).unwrap_or_else(|error| {
            self.tell(&error);
            Project::bare(files, false)
        })
    }

    /// The configuration of a file; the file alone where its set cannot be read.
    fn on_disk(&mut self, project: &Arc<Project>, path: &Path, uri: &str) -> Found {
        let here = self.files.here();
        let path = path.strip_prefix(&here).unwrap_or(path);
        let whole = project.set_of(path).and_then(|set| Ok((project.sources(&set, largest())?, set)));
        match whole {
            Ok((sources, set)) => {
                let way = self.way(project);
                self.found(project, Some(set), sources, way)
            }
            Err(error) => {
                self.tell(&error);
                self.alone(project, uri, Some(path))
            }
        }
    }

    /// A document as a configuration of its own.
    fn alone(&mut self, project: &Arc<Project>, uri: &str, path: Option<&Path>) -> Found {
        let name = path.map_or_else(|| uri.to_owned(), |path| path.display().to_string());
        let text = self.documents.get(uri).map_or("", Document::text);
        let sources = Sources::single(name, text);
        self.found(project, None, sources, Way::Alone)
    }

    /// How the configurations of a project are checked.
    fn way(&mut self, project: &Project) -> Way {
        match project.topology(&[]) {
            Ok(paths) if paths.is_empty() => Way::Alone,
            Ok(paths) => Way::Deployed(paths),
            Err(error) => {
                self.tell(&error);
                Way::Alone
            }
        }
    }

    /// A manifest, which is checked as a whole, and the configurations in it whose bytes all have places of their own.
    fn in_manifest(&mut self, project: &Arc<Project>, path: Option<&Path>, uri: &str) -> Vec<Found> {
        let name = path.map_or_else(|| uri.to_owned(), |path| path.display().to_string());
        let text = self.documents.get(uri).map_or("", Document::text).to_owned();
        let whole = || SourceFile::new(name.as_str(), text.as_bytes().to_vec());
        let Ok((topology, _)) = guarded(|| topology::read(vec![whole()])) else { return Vec::new() };
        let mut all = vec![self.found(project, None, Sources::new(vec![whole()]), Way::Manifest)];
        for (number, configuration) in topology.configurations.iter().enumerate() {
            let places = configuration.files.iter().map(|file| match &file.place {
                Place::Embedded(embedded) if embedded.map.is_exact() => Some((**embedded).clone()),
                _ => None,
            });
            let Some(places) = places.collect::<Option<Vec<_>>>() else { continue };
            let mut found = self.found(project, None, configuration.sources(), Way::Embedded);
            match configuration.part {
                topology::Part::Whole => {}
                topology::Part::Body(kind) => found.frame.options.fragment_of = Some(kind),
                _ => continue,
            }
            found.key.1 = Some(number);
            found.key.2 = vec![PathBuf::from(&name)];
            found.manifest = Some(Manifest { file: SourceFile::new(uri, text.as_bytes().to_vec()), places });
            all.push(found);
        }
        all
    }

    fn found(&mut self, project: &Arc<Project>, set: Option<Set>, sources: Sources, way: Way) -> Found {
        // What is read in many ways is no matter of one configuration of the settings.
        let of = set.as_ref().filter(|_| way == Way::Alone);
        let options = project.options(of).unwrap_or_else(|error| {
            self.tell(&error.into());
            Options::default()
        });
        let parts: Vec<PathBuf> = match &set {
            Some(set) => set.parts().iter().map(|Part { path, .. }| self.files.whole(path)).collect(),
            None => sources.files().iter().map(|file| PathBuf::from(file.name())).collect(),
        };
        let key = (project.files.clone(), set.as_ref().and_then(Set::declared), parts.clone(), way.clone());
        let frame = Frame { project: Arc::clone(project), set, options, client: Arc::clone(&self.client), paths: parts, way };
        Found { key, frame, sources, manifest: None }
    }

    /// The names of the documents by their paths.
    fn open_paths(&self) -> HashMap<PathBuf, String> {
        self.documents.keys().filter_map(|uri| Some((self.files.whole(&place::path(uri)?), uri.clone()))).collect()
    }

    /// How the client names the files of a configuration: as it has opened them, or by their paths.
    fn names(&self, sources: &Sources, open: &HashMap<PathBuf, String>) -> Vec<String> {
        let name = |file: &SourceFile| {
            if self.documents.contains_key(file.name()) {
                return file.name().to_owned();
            }
            let path = self.files.whole(Path::new(file.name()));
            open.get(&path).cloned().unwrap_or_else(|| place::uri(&path))
        };
        sources.files().iter().map(name).collect()
    }

    /// The text of these files: that of what is open, and what was read of the rest.
    fn text(&mut self, frame: Arc<Frame>, sources: Sources, names: Vec<String>, manifest: Option<Manifest>) -> Arc<Text> {
        self.count += 1;
        let number = self.count;
        let name = |uri: String| Name { version: self.documents.get(&uri).map(|open| open.version), uri };
        if manifest.is_some() {
            let documents = names.into_iter().map(name).collect();
            return Arc::new(Text { number, sources: Arc::new(sources), documents, manifest, frame });
        }
        let files = sources.into_files().into_iter().zip(&names);
        let files = files.map(|(file, uri)| match self.documents.get(uri) {
            Some(document) if document.text().as_bytes() != file.bytes() => {
                SourceFile::new(file.name(), document.text().as_bytes().to_vec())
            }
            _ => file,
        });
        let sources = Arc::new(Sources::new(files.collect()));
        let documents = names.into_iter().map(name).collect();
        Arc::new(Text { number, sources, documents, manifest, frame })
    }

    fn set_text(&mut self, index: usize, frame: Arc<Frame>, sources: Sources, names: Vec<String>, manifest: Option<Manifest>) {
        let text = self.text(frame, sources, names, manifest);
        let configuration = &mut self.configurations[index];
        configuration.text = Arc::clone(&text);
        let _ = configuration.reader.send(reader::Told::Text(text));
    }

    /// Lets the newest text be checked.
    fn check(&self, index: usize) {
        let configuration = &self.configurations[index];
        configuration.checker.text(Arc::clone(&configuration.text));
    }

    fn begin(&mut self, key: Key, frame: Arc<Frame>, sources: Sources, names: Vec<String>, manifest: Option<Manifest>) {
        let text = self.text(frame, sources, names, manifest);
        let number = self.count;
        let reader = reader::start(Arc::clone(&text));
        let checker = Checker::start(number, Arc::clone(&self.board), self.outbox.clone());
        self.configurations.push(Configuration { number, key, text, reader, checker });
    }

    /// The configurations that can be asked about a document, and about a place in it where one is meant.
    pub(super) fn readers(&self, uri: &str, at: Option<lsp::Position>) -> Result<Vec<&mpsc::Sender<reader::Told>>, Fail> {
        let has = |configuration: &&Configuration| configuration.text.documents.iter().any(|name| name.uri == uri);
        if !is_manifest(uri) {
            let first = self.configurations.iter().find(has);
            return first.map(|first| vec![&first.reader]).ok_or_else(|| Fail::invalid(format!("`{uri}` is not open")));
        }
        let holds = |configuration: &&Configuration| {
            configuration.text.manifest.as_ref().is_some_and(|manifest| {
                let byte = |at| place::byte(&manifest.file, at, self.client.encoding.0);
                at.is_none_or(|at| manifest.cursor(byte(at)).is_some())
            })
        };
        Ok(self.configurations.iter().filter(has).filter(holds).map(|configuration| &configuration.reader).collect())
    }

    /// Puts a question to the configuration of a document, once it is checked.
    pub(super) fn ask_checked(&self, uri: &str, question: checker::Question) -> Result<(), Fail> {
        let speaks = |configuration: &&Configuration| {
            let text = &configuration.text;
            text.frame.way != Way::Embedded && text.documents.iter().any(|name| name.uri == uri)
        };
        let found = self.configurations.iter().find(speaks).ok_or_else(|| Fail::invalid(format!("`{uri}` is not open")))?;
        found.checker.ask(question);
        Ok(())
    }

    /// Everybody who can be asked.
    pub(super) fn all_readers(&self) -> Vec<&mpsc::Sender<reader::Told>> {
        let asked = self.configurations.iter().filter(|known| known.text.frame.way != Way::Manifest);
        asked.map(|configuration| &configuration.reader).collect()
    }

    /// What clients were told of colours.
    pub(super) fn colours(&self) -> Arc<Colours> {
        Arc::clone(&self.colours)
    }

    /// What the client can do.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether a file matters to what is open: as settings, or as a part.
    pub(super) fn concerns(&self, path: &Path) -> bool {
        let path = self.files.whole(path);
        let of = |configuration: &Configuration| {
            let frame = &configuration.text.frame;
            let settings = frame.project.files.iter().any(|file| self.files.whole(file) == path);
            let beside = frame.paths.iter().any(|part| part.parent() == path.parent());
            // What lies in the folders beside a topology is read by its hosts.
            let around = |named: &PathBuf| {
                let named = self.files.whole(named);
                let folder = named.parent().filter(|_| path.extension().is_some_and(|ending| ending == "cfg"));
                path.starts_with(&named) || folder.is_some_and(|folder| path.starts_with(folder))
            };
            let around = matches!(&frame.way, Way::Deployed(paths) if paths.iter().any(around));
            settings || beside || around
        };
        path.file_name().is_some_and(|name| name == haproxy_lint::settings::FILE_NAME) || self.configurations.iter().any(of)
    }

    /// Settings are read anew, so what was wrong with them may be told again.
    pub(super) fn forget(&mut self) {
        self.told.clear();
    }

    /// Tells what keeps settings or files from being used, once.
    fn tell(&mut self, error: &Error) {
        let help = error.help().map(|help| format!(": {help}")).unwrap_or_default();
        let message = shown::line(&format!("{error}{help}")).into_owned();
        if self.told.insert(message.clone()) {
            self.outbox.notify::<lsp::ShowMessageNotification>(lsp::ShowMessageParams { kind: lsp::MessageType::Warning, message });
        }
    }
}
