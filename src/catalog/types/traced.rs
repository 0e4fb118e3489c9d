//! A word of those that a source of traces has: the parameter is the table that has a line for each source.

use super::{
    super::{matcher::Found, signature::Node},
    prelude::*,
};

/// A word of those that a source of traces has: the parameter is the table that has a line for each source.
pub(in crate::catalog) static TYPE: Type = Type { parameters: None, ..Type::new(Role::Value, judge) };

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let source = *m.path.get(1)?;
    let entry = match m.find(super::super::table(place.parameter)?, source) {
        Found::Entry(entry) => entry,
        Found::Split => return None,
        // The source has been judged before.
        _ => return Some(piece.at + 1),
    };
    // Signs before an event switch it on or off.
    let name = if place.parameter == "trace-event" { text.trim_start_matches(['!', '-', '+']) } else { text };
    if name.is_empty() {
        let message = format!("`{text}` names nothing: it changes nothing");
        let fault = Fault::warned(FaultKind::MissingArgument, piece.location, message, m.versions);
        m.fault(fault.help("write the name behind the sign, or delete it"));
        return None;
    }
    let general = name.len() < text.len() && is_general(m.path.last().copied()?, name);
    let versions = if general { VersionSet::ALL } else { knowing(&entry.arguments, name) };
    if m.all_in(&versions) {
        return Some(piece.at + 1);
    }
    if m.split.is_some() {
        return None;
    }
    let mut known = Vec::new();
    words(&entry.arguments, &mut |word, versions| known.extend(versions.meets(m.versions).then_some(word)));
    let location = m.part(piece, text.len() - name.len(), text.len());
    let message = format!("`{source}` has no {} `{name}`", place.label);
    let help = Help::near(location, name, nearest(name, known.iter().copied()), || match known.is_empty() {
        true => "write `any`, `none` or `now`".to_owned(),
        false => format!("write one of {}", known.join(", ")),
    });
    m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
    None
}

/// Whether this is no event of a source, but a word that the keyword takes for each.
fn is_general(keyword: &str, name: &str) -> bool {
    let step = super::super::table("trace-step").map_or(&[][..], |table| table.find(keyword));
    let mut is = false;
    step.iter().for_each(|entry| words(&entry.arguments, &mut |word, _| is |= word == name));
    is
}

/// The versions in which `node` has this word.
fn knowing(node: &'static Node, name: &str) -> VersionSet {
    let mut set = VersionSet::NONE;
    words(node, &mut |word, versions| {
        if word == name {
            set = set | versions;
        }
    });
    set
}

/// The fixed words of `node`, and the versions that have them.
fn words(node: &'static Node, found: &mut impl FnMut(&'static str, VersionSet)) {
    match node {
        Node::Literal(word) => found(word, VersionSet::ALL),
        Node::Guard(set, Node::Literal(word)) => found(word, *set),
        Node::Choice(nodes) | Node::Seq(nodes) => nodes.iter().for_each(|node| words(node, found)),
        _ => {}
    }
}
