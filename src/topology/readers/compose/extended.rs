//! Services that extend others, of their file or of another one, and images that are built from HAProxy's.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use crate::topology::{
    image,
    model::normal,
    readers::{dockerfile::Dockerfile, env_file},
    yaml::{Value, Yaml},
};

/// How many services may extend one another.
const MAX_DEPTH: usize = 8;

/// What compose files are called that are run by themselves.
pub(super) const RUN: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// All compose files that are at hand, by their paths, and what they name of each other.
#[derive(Default)]
pub(super) struct Files<'a> {
    documents: HashMap<&'a str, &'a Rc<Yaml>>,
    /// Those that others only take services from.
    bases: HashSet<String>,
    /// The file that includes another one.
    included: HashMap<String, &'a str>,
    dockerfiles: HashMap<String, &'a Dockerfile>,
    /// Files of variables, by their paths.
    env: HashMap<String, Vec<(String, Option<String>)>>,
    /// What they name and is not at hand.
    pub(super) lacking: Vec<String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(
        all: &[(&'a str, &'a Rc<Yaml>)],
        dockerfiles: &'a [(String, Dockerfile)],
        env: HashMap<String, Vec<(String, Option<String>)>>,
    ) -> Self {
        let dockerfiles = dockerfiles.iter().map(|(path, file)| (normal(path), file)).collect();
        let mut files = Self { documents: all.iter().copied().collect(), dockerfiles, env, ..Self::default() };
        let (mut builds, mut variables): (Vec<String>, Vec<String>) = Default::default();
        for (path, document) in all {
            let services = document.get("services").map(Yaml::entries).unwrap_or_default();
            let bases = services.iter().filter_map(|(_, service)| service.str_at(&["extends", "file"]));
            files.bases.extend(bases.map(|file| beside(path, file)));
            let named = services.iter().flat_map(|(_, service)| env_files(path, service));
            variables.extend(named.filter(|path| env_file::is_one(path)));
            builds.extend(services.iter().filter_map(|(_, service)| dockerfile(path, service)));
            for include in document.list_at(&["include"]) {
                let list = include.get("path");
                let paths = include.text().or(list.and_then(Yaml::text)).into_iter();
                let paths = paths.chain(list.iter().flat_map(|list| list.list()).filter_map(|path| path.text()));
                files.included.extend(paths.map(|file| (beside(path, file), *path)));
            }
        }
        let named = files.bases.iter().chain(files.included.keys()).filter(|path| !files.documents.contains_key(path.as_str()));
        let named = named.chain(builds.iter().filter(|path| !files.dockerfiles.contains_key(*path)));
        let named = named.chain(variables.iter().filter(|path| !files.env.contains_key(*path)));
        files.lacking = named.filter(|path| !path.contains(['$', ':'])).cloned().collect();
        files.lacking.sort();
        files.lacking.dedup();
        files
    }

    /// Whether a file is there for others to take services from.
    pub(super) fn is_base(&self, path: &str) -> bool {
        self.bases.contains(&normal(path)) && !RUN.contains(&path.rsplit('/').next().unwrap_or(path))
    }

    /// The Dockerfile that the image of a service is built by.
    pub(super) fn dockerfile(&self, path: &str, service: &Yaml) -> Option<&'a Dockerfile> {
        self.dockerfiles.get(&dockerfile(path, service)?).copied()
    }

    /// The variables that the `env_file` of a service sets, the later ones last; `None` where one is not at hand.
    pub(super) fn environment(&self, path: &str, service: &Yaml) -> Option<Vec<(String, Option<String>)>> {
        let all: Option<Vec<_>> = env_files(path, service).into_iter().map(|file| self.env.get(&file).cloned()).collect();
        Some(all?.concat())
    }

    /// The file of the project that a file is a part of, if another one includes it.
    pub(super) fn project_of(&self, path: &str) -> Option<&'a str> {
        self.included.get(&normal(path)).copied()
    }
}

/// The folder that the image of a service is built in.
pub(super) fn context(service: &Yaml) -> Option<&str> {
    let build = service.get("build")?;
    Some(build.text().or_else(|| build.str_at(&["context"])).unwrap_or(".").trim_end_matches('/'))
}

/// The files that set variables of a service.
fn env_files(path: &str, service: &Yaml) -> Vec<String> {
    let Some(node) = service.get("env_file") else { return Vec::new() };
    let said = |node: &Yaml| node.text().or_else(|| node.str_at(&["path"])).map(|file| beside(path, file));
    node.list().iter().filter_map(|file| said(file)).chain(said(node)).collect()
}

/// The path of the Dockerfile of a service.
fn dockerfile(path: &str, service: &Yaml) -> Option<String> {
    let build = service.get("build").filter(|build| build.get("dockerfile_inline").is_none())?;
    Some(beside(path, &format!("{}/{}", context(service)?, build.str_at(&["dockerfile"]).unwrap_or("Dockerfile"))))
}

/// The path of a file that another one names.
fn beside(path: &str, file: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) if !file.starts_with('/') => normal(&format!("{folder}/{file}")),
        _ => normal(file),
    }
}

/// The services of a file by their names.
pub(super) struct Extended<'a> {
    path: &'a str,
    services: &'a [(Rc<Yaml>, Rc<Yaml>)],
    files: &'a Files<'a>,
}

impl<'a> Extended<'a> {
    pub(super) fn of(path: &'a str, document: &'a Yaml, files: &'a Files<'a>) -> Self {
        let services = match document.get("services").map(|services| &services.value) {
            Some(Value::Map(pairs)) => pairs.as_slice(),
            _ => &[],
        };
        Self { path, services, files }
    }

    /// A service with all that those have which it extends.
    pub(super) fn whole(&self, name: &str) -> Option<Rc<Yaml>> {
        self.below(name, 0)
    }

    fn below(&self, name: &str, depth: usize) -> Option<Rc<Yaml>> {
        let (_, service) = self.services.iter().find(|(key, _)| key.text() == Some(name))?;
        let own = extended(service).filter(|base| depth < MAX_DEPTH && *base != name);
        let base = own.and_then(|base| self.below(base, depth + 1)).or_else(|| self.elsewhere(service, depth));
        Some(base.map_or_else(|| Rc::clone(service), |base| Yaml::over(service, &base)))
    }

    /// What a service extends of another file: all of it stands where that is said, and its paths are seen from there.
    fn elsewhere(&self, service: &Yaml, depth: usize) -> Option<Rc<Yaml>> {
        let extends = service.get("extends").filter(|_| depth < MAX_DEPTH)?;
        let (file, base) = extends.str_at(&["file"]).zip(extends.str_at(&["service"]))?;
        let (path, document) = self.files.documents.get_key_value(beside(self.path, file).as_str())?;
        let base = Extended::of(path, document, self.files).below(base, depth + 1)?;
        let folder = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let moved = |key: &str, text: &str| {
            let is_path = key == "volumes" && text.starts_with('.') || key == "env_file" && !text.starts_with('/');
            is_path.then(|| format!("./{folder}/{text}"))
        };
        Some(base.copied(extends.span, &moved))
    }

    /// Whether a service is there to be extended: others do, and it runs in no profile of theirs.
    pub(super) fn is_base(&self, name: &str, service: &Yaml) -> bool {
        service.get("profiles").is_some() && self.services.iter().any(|(_, other)| extended(other) == Some(name))
    }
}

/// The service of the same file that a service extends.
fn extended(service: &Yaml) -> Option<&str> {
    let extends = service.get("extends")?;
    extends.text().or_else(|| extends.str_at(&["service"]).filter(|_| extends.get("file").is_none()))
}

/// Whether an image is built from that of HAProxy: its Dockerfile says so, or what it is built from is called so.
pub(super) fn is_built_from_haproxy(service: &Yaml) -> bool {
    let Some(build) = service.get("build").filter(|_| service.get("image").is_none()) else { return false };
    if let Some(text) = build.str_at(&["dockerfile_inline"]) {
        // What runs is made of the last stage.
        let from = |line: &'_ str| {
            let mut words = line.split_ascii_whitespace().filter(|word| !word.starts_with("--"));
            words.next().filter(|word| word.eq_ignore_ascii_case("from")).and(words.next()).map(str::to_owned)
        };
        return text.lines().filter_map(from).next_back().is_some_and(|image| image::haproxy(&image).is_some());
    }
    let context = build.text().or_else(|| build.str_at(&["context"]));
    let said = [context, build.str_at(&["dockerfile"])].into_iter().flatten();
    said.filter_map(|path| path.trim_end_matches('/').rsplit('/').next()).any(image::is_name)
}
