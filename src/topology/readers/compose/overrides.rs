//! `compose.override.yaml` and its kin, which Compose lays over the file beside them that is run by itself, and files such as
//! `compose.prod.yaml` that are no project alone: they are named behind `-f`, or they are not.

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

/// Whether a document may be one: of its services it says no more than what differs.
pub(super) fn is_one(document: &Yaml, name: &str) -> bool {
    folder(name).1.contains("compose") && document.get("services").is_some_and(|services| !services.entries().is_empty())
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
    let more: Vec<Option<usize>> = (0..compose.len()).map(|number| completed(number, &paths, compose)).collect();
    let taken: HashSet<usize> = over.iter().flatten().copied().collect();
    let rest = compose.iter().enumerate();
    let rest = rest.filter(|(number, (_, document))| !taken.contains(number) && more[*number].is_none() && is_compose(document));
    let whole = |(number, (file, document)): (usize, &(FileId, Rc<Yaml>))| {
        let lies_over = over[number].map(|at| &compose[at].1);
        let whole = lies_over.map_or_else(|| Rc::clone(document), |upper| Yaml::over(&placed(upper, document), document));
        // Whether they are named behind `-f` is not known: what the project says itself is so without them.
        let others = more.iter().zip(compose).filter(|(base, _)| **base == Some(number));
        (*file, others.fold(whole, |whole, (_, (_, upper))| Yaml::over(&whole, &placed(upper, document))))
    };
    rest.map(whole).collect()
}

/// The one project in the same folder that a file says more of, where Compose refuses that file alone: it has services of neither an
/// image nor a build, and they are services of the project.
fn completed(number: usize, paths: &[String], compose: &[(FileId, Rc<Yaml>)]) -> Option<usize> {
    let services = |at: usize| compose[at].1.get("services").map(Yaml::entries).unwrap_or_default();
    let lacks = |service: &Yaml| ["image", "build", "extends"].iter().all(|key| service.get(key).is_none());
    let open: Vec<&str> = services(number).iter().filter(|(_, service)| lacks(service)).filter_map(|(name, _)| name.text()).collect();
    let has_all = |at: &usize| {
        let there = services(*at);
        open.iter().all(|name| there.iter().any(|(key, service)| key.text() == Some(name) && !lacks(service)))
    };
    let beside = |at: &usize| *at != number && folder(&paths[*at]).0 == folder(&paths[number]).0;
    let mut projects = (0..compose.len()).filter(|at| !open.is_empty() && beside(at) && has_all(at));
    projects.next().filter(|_| projects.next().is_none() && !OVER.contains(&folder(&paths[number]).1))
}

/// A document in the place of another one: what it says stands where the service does that it is about.
fn placed(upper: &Yaml, lower: &Rc<Yaml>) -> Rc<Yaml> {
    let services = lower.get("services");
    let place =
        |name: &Yaml| services.and_then(|all| all.entry(name.text()?)).or(lower.entry("services")).map_or(lower.span, |(key, _)| key.span);
    let Value::Map(pairs) = &upper.value else { return upper.copied(lower.span, &|_, _| None) };
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
    upper.with(lower.span, pairs.collect())
}
