//! A name that was given to the wrong node: another one goes by it, and the list has a line for what this one is called.

use std::ops::Range;

use crate::{
    cut::Cut,
    finding::Edit,
    source::{Location, Span},
};

use super::super::{
    edit::New,
    mesh::{Mesh, View},
    model::{Group, Platform},
    summary::Section,
};

impl Mesh<'_> {
    /// The line of a section that is meant for a node which goes by another name: nobody goes by what the node, its service or its
    /// workload is called, and the name that it has is that of another one.
    pub(crate) fn meant_as<'m>(&'m self, view: &View, section: &Section) -> Option<&'m str> {
        let local = view.local.as_deref().filter(|_| !view.by_localpeer)?;
        let own = self.own_name(view, section)?;
        let is_owner = |other: &&View| other.node != view.node && other.local.as_deref() == Some(local);
        let has_owner = self.near(view).filter(is_owner).any(|other| self.own_name(other, section) == Some(local));
        (own != local && has_owner && self.called(view, Some(own)).is_none()).then_some(own)
    }

    /// What a node, or what starts it alone, is called, as far as the section has a line of that name.
    fn own_name<'m>(&'m self, view: &View, section: &Section) -> Option<&'m str> {
        let (node, group) = (&self.topology.nodes[view.node], &self.topology.groups[self.topology.nodes[view.node].group]);
        let of_group = Some(group.name.as_str()).filter(|_| self.size(group) == 1);
        let names = [Some(node.name.as_str()), of_group, node.host_name.known()].into_iter().flatten();
        names.chain(node.names.iter().map(String::as_str)).find(|name| section.peer(name).is_some())
    }

    /// Where the one node of a group, and no other one, gets its name from: `-L`, or its host name.
    pub(crate) fn named_at(&self, group: &Group) -> Option<Location> {
        let place = |group: &Group| {
            let said = group.option_l.as_ref().or(group.host_name.as_ref()).map(|said| said.at);
            said.or((group.platform == Platform::Host).then_some(group.at))
        };
        // What several have in common is written once.
        let alone = |at: &Location| self.topology.groups.iter().filter(|other| place(other) == Some(*at)).nth(1).is_none();
        place(group).filter(|at| self.size(group) == 1 && alone(at))
    }

    /// Another name at that place.
    pub(crate) fn call(&self, group: &Group, old: &str, new: &str) -> Option<Edit> {
        let at = self.named_at(group).filter(|_| super::is_plain(old) && super::is_plain(new))?;
        let text = self.topology.sources.file(at.file).text(at.span);
        if text.trim_matches(['"', '\'']) == old {
            return self.scalar(at, New::text(new));
        }
        let place = behind_option_l(&text, old).filter(|_| group.option_l.is_some())?;
        let from = at.span.start;
        let span = Span::new(from + place.start as u32, from + place.end as u32);
        Some(Edit::replace(Location { file: at.file, span }, new))
    }
}

/// Where the one `-L` of a command line, or of a list of words, has this name.
fn behind_option_l(text: &str, name: &str) -> Option<Range<usize>> {
    let is_between = |c: char| c.is_whitespace() || "\"',-".contains(c);
    let mut found = text.match_indices("-L").filter_map(|(at, option)| {
        let behind = text.cut(at + option.len()..);
        let word = behind.trim_start_matches(is_between);
        let rest = word.strip_prefix(name).filter(|_| word.len() < behind.len())?;
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let start = text.len() - word.len();
        ends.then_some(start..start + name.len())
    });
    found.next().filter(|_| found.next().is_none())
}
