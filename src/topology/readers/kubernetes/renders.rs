//! Objects that stand in the files more than once: several renders of the same manifests, such as `staging` and `production`.

use std::collections::{BTreeSet, HashMap};

use super::Object;
use crate::topology::{
    file_folder,
    model::{RENDER, Topology},
};

/// Keeps the last of the objects that a folder has twice, and lets objects of folders that have the same ones know nothing of
/// each other.
pub(in crate::topology) fn part(objects: &mut Vec<Object>, topology: &mut Topology) {
    let folders: Vec<String> = objects.iter().map(|o| file_folder(topology, o.file).to_owned()).collect();
    let mut last: HashMap<(&str, &str, &str, &str), usize> = HashMap::new();
    let mut by_name: HashMap<(&str, &str, &str), BTreeSet<&str>> = HashMap::new();
    for (at, object) in objects.iter().enumerate().filter(|(_, o)| !o.name.is_empty()) {
        let (kind, namespace, name) = (object.kind.as_str(), object.namespace.as_str(), object.name.as_str());
        last.insert((&folders[at], kind, namespace, name), at);
        // Several folders speak of one machine and of one namespace.
        if !matches!(kind, "Node" | "Namespace" | "CustomResourceDefinition") {
            by_name.entry((kind, namespace, name)).or_default().insert(&folders[at]);
        }
    }
    let kept: BTreeSet<usize> = last.into_values().chain((0..objects.len()).filter(|at| objects[*at].name.is_empty())).collect();
    let mut several: Vec<_> = by_name.into_iter().filter(|(_, folders)| folders.len() > 1).collect();
    several.sort();
    let renders: BTreeSet<String> = several.iter().flat_map(|(_, folders)| roots(folders)).collect();
    if let Some(((kind, _, name), _)) = several.first() {
        let names: Vec<String> = renders.iter().map(|f| format!("`{}`", if f.is_empty() { "." } else { f })).collect();
        let more = if several.len() > 1 { format!(", like {},", crate::counted(several.len() - 1, "more object")) } else { String::new() };
        let note = format!("{kind} `{name}`{more} is in each of {}: each folder was read as a cluster of its own", names.join(", "));
        topology.notes.push(note);
    }
    for (object, folder) in objects.iter_mut().zip(&folders) {
        let inside = |render: &&String| folder.strip_prefix(render.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if let Some(render) = renders.iter().filter(inside).max_by_key(|render| render.len()) {
            object.namespace.push(RENDER);
            object.namespace += render;
        }
    }
    let mut at = 0;
    objects.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
}

/// Where the ways to these folders part: `deploy/staging` of `deploy/staging/lb` and `deploy/production/lb`.
fn roots(folders: &BTreeSet<&str>) -> Vec<String> {
    let split: Vec<Vec<&str>> = folders.iter().map(|f| f.split('/').collect()).collect();
    let common = (0..).take_while(|at| split.iter().all(|f| f.get(*at).is_some_and(|part| split[0].get(*at) == Some(part)))).count();
    split.iter().map(|f| f[..f.len().min(common + 1)].join("/")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_part_at_the_first_folder_that_differs() {
        let of = |folders: &[&str]| roots(&folders.iter().copied().collect());
        assert_eq!(of(&["d/production/lb", "d/staging/lb"]), ["d/production", "d/staging"]);
        assert_eq!(of(&["", "staging"]), ["", "staging"]);
        assert_eq!(of(&["d", "d/staging"]), ["d", "d/staging"]);
    }
}
