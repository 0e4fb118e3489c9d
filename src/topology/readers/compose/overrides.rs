//! `compose.override.yaml` and its kin, which Compose lays over the file beside them that is run by itself.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::{extended::RUN, is_compose};
use crate::{
    source::FileId,
    topology::{
        model::{Topology, normal},
        yaml::{Value, Yaml},
    },
};

/// What they are called; the first that is there counts.
const OVER: [&str; 4] = ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

fn folder(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Whether a document is one: of its services it says no more than what differs.
pub(super) fn is_one(document: &Yaml, name: &str) -> bool {
    OVER.contains(&folder(name).1) && document.get("services").is_some_and(|services| !services.entries().is_empty())
}

/// The paths of those that may lie over a file.
pub(super) fn of(path: &str) -> Vec<String> {
    let (folder, name) = folder(path);
    let beside = |over: &&str| if folder.is_empty() { (*over).to_owned() } else { format!("{folder}/{over}") };
    if RUN.contains(&name) { OVER.iter().map(beside).collect() } else { Vec::new() }
}

/// The files, each with what lies over it.
pub(super) fn merged(compose: &[(FileId, Rc<Yaml>)], topology: &Topology) -> Vec<(FileId, Rc<Yaml>)> {
    let paths: Vec<String> = compose.iter().map(|(file, _)| normal(topology.sources.file(*file).name())).collect();
    let at: HashMap<&str, usize> = paths.iter().enumerate().rev().map(|(at, path)| (path.as_str(), at)).collect();
    let over: Vec<Option<usize>> = paths.iter().map(|path| of(path).iter().find_map(|over| at.get(over.as_str()).copied())).collect();
    let taken: HashSet<usize> = over.iter().flatten().copied().collect();
    let rest = compose.iter().enumerate().filter(|(number, (_, document))| {
        let is_over = OVER.contains(&folder(&paths[*number]).1);
        !taken.contains(number) && (!is_over || is_compose(document))
    });
    let whole = |(number, (file, document)): (usize, &(FileId, Rc<Yaml>))| {
        let lies_over = over[number].map(|at| &compose[at].1);
        (*file, lies_over.map_or_else(|| Rc::clone(document), |upper| laid(upper, document)))
    };
    rest.map(whole).collect()
}

/// One document over another. What it says stands where the service does that it is about.
fn laid(upper: &Yaml, lower: &Rc<Yaml>) -> Rc<Yaml> {
    let services = lower.get("services");
    let place =
        |name: &Yaml| services.and_then(|all| all.entry(name.text()?)).or(lower.entry("services")).map_or(lower.span, |(key, _)| key.span);
    let Value::Map(pairs) = &upper.value else { return Rc::clone(lower) };
    let pairs = pairs.iter().map(|(key, value)| match &value.value {
        Value::Map(all) if key.text() == Some("services") => {
            let services = all.iter().map(|(name, service)| {
                let at = place(name);
                (name.copied(at, &|_, _| None), service.copied(at, &|_, _| None))
            });
            (key.copied(place(key), &|_, _| None), value.with(place(key), services.collect()))
        }
        _ => (key.copied(place(key), &|_, _| None), value.copied(place(key), &|_, _| None)),
    });
    Yaml::over(&upper.with(lower.span, pairs.collect()), lower)
}
