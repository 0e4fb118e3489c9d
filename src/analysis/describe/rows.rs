//! The rows of a description: where, in which versions, with which words, and what notes say.

use crate::{
    catalog::{Entry, Node, Note, Place, Route, words},
    syntax::SectionKind,
    version::VersionSet,
};

use super::Description;

/// The versions in words; a set that is all of them is not worth a range.
pub(super) fn in_words(versions: VersionSet) -> String {
    match versions {
        VersionSet::ALL => "2.4 and later".to_owned(),
        VersionSet::NONE => "none from 2.4 on".to_owned(),
        some => some.to_string(),
    }
}

/// Where it stands: the sections, and where it does nothing.
pub(super) fn place(ways: &[Route], entries: &[&Entry], versions: VersionSet) -> String {
    const PROXIES: [SectionKind; 4] = [SectionKind::Defaults, SectionKind::Frontend, SectionKind::Listen, SectionKind::Backend];
    let bits = |pick: fn(&Entry) -> u8| entries.iter().fold(0, |all, entry| all | pick(entry));
    let (taken, ignored) = (bits(|e| e.sections.taken), bits(|e| e.sections.ignored));
    let named = entries.iter().all(|entry| entry.sections.named_defaults_only) || ways.iter().all(|way| way.named);
    let (mut in_force, mut without_effect) = (Vec::new(), Vec::new());
    let known = |kind: &&SectionKind| kind.spec().versions.meets(versions);
    let any = ways.iter().flat_map(|way| &way.sections).any(|kind| known(&kind));
    for kind in ways.iter().flat_map(|way| &way.sections).filter(|kind| !any || known(kind)) {
        let bit = PROXIES.iter().position(|proxy| proxy == kind);
        let name = if *kind == SectionKind::Defaults && named { "defaults with a name" } else { kind.keyword() };
        match bit {
            Some(bit) if taken >> bit & 1 == 0 && ignored >> bit & 1 == 1 => without_effect.push(name),
            Some(bit) if taken >> bit & 1 == 0 => {}
            _ if !in_force.contains(&name) => in_force.push(name),
            _ => {}
        }
    }
    let mut text = if in_force.is_empty() { "nowhere".to_owned() } else { in_force.join(", ") };
    if !without_effect.is_empty() {
        text += &format!("; without effect, and with a warning, in {}", without_effect.join(", "));
    }
    text
}

/// The parts that not all of the versions take, by the versions that do.
pub(super) fn parts(parts: &[(String, VersionSet)], versions: VersionSet) -> Vec<(&'static str, String)> {
    let mut sets: Vec<(VersionSet, Vec<String>)> = Vec::new();
    for (part, set) in parts.iter().filter(|(_, set)| !set.covers(versions)) {
        let part = format!("`{}`", part.trim_end_matches(" ..."));
        match sets.iter_mut().find(|(known, _)| known == set) {
            Some((_, parts)) if parts.contains(&part) => {}
            Some((_, parts)) => parts.push(part),
            None => sets.push((*set, vec![part])),
        }
    }
    sets.sort_by_key(|(set, _)| set.iter().next());
    let row = |(set, parts): (VersionSet, Vec<String>)| {
        let name = match (set.meets(versions), set.iter().next() > versions.iter().next()) {
            (true, _) => "parts",
            (false, true) => "later",
            (false, false) => "earlier",
        };
        (name, format!("{set}: {}", parts.join(", ")))
    };
    sets.into_iter().map(row).collect()
}

/// The places for words in these versions, but for those in other tables.
fn places(node: &'static Node, versions: VersionSet, found: &mut Vec<&'static Place>) {
    match node {
        Node::Place(place) => found.push(place),
        Node::Call(_, arguments) => found.extend(arguments.iter().map(|argument| &argument.place)),
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|node| places(node, versions, found)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Required(node) => places(node, versions, found),
        Node::Guard(set, node) if set.meets(versions) => places(node, versions, found),
        Node::Guard(..) | Node::Literal(_) | Node::Table(_) | Node::Rest | Node::Code(_) => {}
    }
}

/// What a word at a place has to be; nothing where any word will do.
fn said_of(place: &Place) -> Option<String> {
    let mut text = words("type", place.kind, "")?.text.trim_end_matches('.').to_owned();
    match place.range {
        Some((i64::MIN, to)) => text += &format!(", at most {to}"),
        Some((from, i64::MAX)) => text += &format!(", at least {from}"),
        Some((from, to)) => text += &format!(" from {from} to {to}"),
        None => {}
    }
    let parameters = place.parameter.split(' ').filter(|word| !word.is_empty() && !word.contains(".."));
    match place.kind {
        "time" | "delay" | "timer" => {
            text += if place.parameter == "s" { ", in seconds without a unit" } else { ", in milliseconds without a unit" }
        }
        "listed" | "anycase" | "decryption" => text += &format!(": {}", parameters.collect::<Vec<_>>().join(", ")),
        _ if place.parameter.ends_with("nonzero") => text += ", and not 0",
        _ => {}
    }
    Some(text)
}

impl Description {
    pub(super) fn add_arguments(&mut self, node: &'static Node, versions: VersionSet) {
        let mut found = Vec::new();
        places(node, versions, &mut found);
        for place in found {
            let Some(text) = said_of(place) else { continue };
            let text = format!("<{}> is {text}", place.label);
            if !self.rows.iter().any(|(_, known)| *known == text) {
                self.rows.push(("argument", text));
            }
        }
    }

    pub(super) fn add_notes(&mut self, entry: &Entry) {
        for remark in entry.notes.iter().filter_map(Note::remark) {
            if !self.rows.contains(&remark) {
                self.rows.push(remark);
            }
        }
    }

    /// What the one version says that is asked about.
    pub(super) fn add_verdict(&mut self, known: VersionSet, versions: VersionSet) {
        let mut all = versions.iter();
        if let (Some(target), None) = (all.next(), all.next()) {
            let taken = if known.contains(target) { "takes it" } else { "refuses it" };
            self.rows.push(("target", format!("HAProxy {target} {taken}")));
        }
    }
}
