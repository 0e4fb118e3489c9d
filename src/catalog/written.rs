//! Signatures as they are shown for some versions: what these do not take is left out.

use crate::version::VersionSet;

use super::{
    Role,
    signature::{Entry, Node, TABLES},
    words::noun,
};

/// How a keyword is written in some versions.
#[derive(Debug, Default)]
pub struct Written {
    /// Its arguments.
    pub arguments: String,
    /// The parts that only some versions take, whether they are shown or not.
    pub parts: Vec<(String, VersionSet)>,
}

impl Entry {
    /// How its arguments are written in any of `versions`.
    pub fn written(&self, versions: VersionSet) -> Written {
        let mut written = Written::default();
        written.arguments = written.node(&self.arguments, versions).unwrap_or_default();
        written
    }
}

impl Written {
    /// How a piece of a signature is written; nothing where these versions take none of it.
    pub fn node(&mut self, node: &Node, versions: VersionSet) -> Option<String> {
        match node {
            Node::Table(index) => Some(format!("<{}>", noun(TABLES[*index].name))),
            Node::Seq(nodes) => {
                let shown: Vec<String> = nodes.iter().filter_map(|node| self.node(node, versions)).collect();
                (!shown.is_empty()).then(|| shown.join(" "))
            }
            Node::Choice(nodes) => self.choice(nodes, versions, ["{ ", " }"]),
            Node::Optional(Node::Choice(nodes)) => self.choice(nodes, versions, ["[ ", " ]"]),
            Node::Optional(node) => self.node(node, versions).map(|shown| format!("[ {shown} ]")),
            Node::Repeat(node, once) => self.node(node, versions).map(|shown| format!("{shown}{}", if *once { "+" } else { "*" })),
            Node::Required(node) => self.node(node, versions),
            Node::Guard(set, node) => self.guarded(*set, node, versions),
            // What is looked at beyond the words is told where it is wrong.
            Node::Code(_) => None,
            Node::Place(place) if place.of.role == Role::Condition && place.kind == "if" => {
                Some("[ { if | unless } <condition> ]".to_owned())
            }
            node => Some(node.to_string()),
        }
    }

    fn guarded(&mut self, set: VersionSet, node: &Node, versions: VersionSet) -> Option<String> {
        let shown = Written::default().node(node, set)?;
        // A part without a word of its own is the same with another range.
        if has_word(&shown) && !self.parts.iter().any(|(part, known)| *part == shown && *known == set) {
            self.parts.push((shown, set));
        }
        if set.meets(versions) { self.node(node, versions) } else { None }
    }

    fn choice(&mut self, nodes: &[Node], versions: VersionSet, [open, close]: [&str; 2]) -> Option<String> {
        // Alternatives that differ in what no signature shows look the same.
        let mut shown: Vec<String> = Vec::new();
        for node in nodes {
            let one = self.node(node, versions);
            shown.extend(one.map(|one| one.trim_end_matches(" ...").to_owned()).filter(|one| !shown.contains(one)));
        }
        match &shown[..] {
            [] => None,
            [one] if open == "{ " => Some(one.clone()),
            _ => Some(format!("{open}{}{close}", shown.join(" | "))),
        }
    }
}

/// Whether a piece of a signature has a fixed word.
fn has_word(shown: &str) -> bool {
    shown.split(' ').any(|part| part.starts_with(|c: char| c.is_alphanumeric() || c == '!'))
}

/// The piece of a signature that begins with this word, and the versions that take it.
pub fn alternative(node: &'static Node, word: &str) -> Option<(&'static Node, VersionSet)> {
    let begins = |node: &Node| match node {
        Node::Literal(literal) => *literal == word,
        Node::Call(name, _) => name.trim_end_matches('(') == word,
        _ => false,
    };
    match node {
        Node::Literal(_) | Node::Call(..) => begins(node).then_some((node, VersionSet::ALL)),
        Node::Seq(nodes) if nodes.first().is_some_and(begins) => Some((node, VersionSet::ALL)),
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().find_map(|node| alternative(node, word)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Required(node) => alternative(node, word),
        Node::Guard(set, node) => alternative(node, word).map(|(node, known)| (node, known & *set)),
        Node::Table(_) | Node::Place(_) | Node::Rest | Node::Code(_) => None,
    }
}
