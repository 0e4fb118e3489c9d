//! What of several things goes on with a word, and how far a repetition goes.

use super::*;

/// Whether a node can begin with a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    Yes,
    /// A place would take it, but any word that fits better goes first.
    Perhaps,
    No,
}

impl<'m, 'r> Matcher<'m, 'r> {
    /// Whether one more of `node` begins at word `at`; `None` where that is not known.
    pub(super) fn goes_on(&mut self, node: &'static Node, at: usize) -> Option<bool> {
        if at >= self.end {
            return Some(false);
        }
        let begins = self.begins(node, at)?;
        let ends = self.conditional && matches!(self.str(at), "if" | "unless");
        Some(begins == Begins::Yes || begins == Begins::Perhaps && !ends)
    }

    /// The node of a choice that the word begins.
    pub(super) fn choose(&mut self, nodes: &'static [Node], at: usize) -> Option<Option<&'static Node>> {
        let mut fallback = None;
        for node in nodes {
            match self.begins(node, at)? {
                Begins::Yes => return Some(Some(node)),
                Begins::Perhaps => fallback = fallback.or(Some(node)),
                Begins::No => {}
            }
        }
        Some(fallback)
    }

    fn begins(&mut self, node: &'static Node, at: usize) -> Option<Begins> {
        let Some(piece) = self.piece(at) else { return Some(Begins::No) };
        let yes = |is: bool| Some(if is { Begins::Yes } else { Begins::No });
        match node {
            Node::Literal(word) => yes(piece.text? == *word),
            Node::Call(name, _) => yes(piece.text?.starts_with(name)),
            Node::Place(place) if place.of.role == Role::Condition => yes(matches!(piece.text?, "if" | "unless")),
            Node::Place(_) | Node::Code(_) => Some(Begins::Perhaps),
            Node::Table(index) => yes(!TABLES[*index].find(piece.text?).is_empty()),
            Node::Seq(nodes) => {
                for node in *nodes {
                    let begins = self.begins(node, at)?;
                    if begins != Begins::No || !matches!(node, Node::Optional(_) | Node::Repeat(_, false) | Node::Guard(..)) {
                        return Some(begins);
                    }
                }
                Some(Begins::No)
            }
            Node::Choice(nodes) => {
                let mut best = Begins::No;
                for node in *nodes {
                    match self.begins(node, at)? {
                        Begins::Yes => return Some(Begins::Yes),
                        Begins::Perhaps => best = Begins::Perhaps,
                        Begins::No => {}
                    }
                }
                Some(best)
            }
            Node::Optional(node) | Node::Repeat(node, _) | Node::Required(node) => self.begins(node, at),
            Node::Guard(set, node) => {
                let begins = self.begins(node, at)?;
                if begins == Begins::No || self.all_in(set) {
                    return Some(begins);
                }
                if self.split.is_some() { None } else { Some(Begins::No) }
            }
            Node::Rest => Some(Begins::No),
        }
    }

    pub(super) fn repeat(&mut self, inner: &'static Node, once: bool, mut at: usize) -> Option<usize> {
        let start = at;
        let mut seen = 0u64;
        while self.goes_on(inner, at)? {
            if let Node::Choice(nodes) = inner {
                let chosen = self.choose(nodes, at)?;
                seen |= nodes.iter().position(|n| chosen.is_some_and(|c| std::ptr::eq(c, n))).map_or(0, |n| 1 << (n % 64));
            }
            let depth = self.path.len();
            let next = self.node(inner, at)?;
            self.path.truncate(depth);
            if next <= at {
                break;
            }
            at = next;
        }
        self.stopped = Some((at, inner));
        if self.query.is_some() && at >= self.end {
            let lacking = |(number, node): (usize, &Node)| matches!(node, Node::Required(_)) && seen >> (number % 64) & 1 == 0;
            let needed = matches!(inner, Node::Choice(nodes) if nodes.iter().enumerate().any(lacking));
            self.record(inner, needed || once && at == start);
            return Some(at);
        }
        if once && at == start {
            return if at < self.end { self.unknown(inner, at) } else { self.missing(inner, at) };
        }
        if let Node::Choice(nodes) = inner {
            for (number, node) in nodes.iter().enumerate() {
                if matches!(node, Node::Required(_)) && seen >> (number % 64) & 1 == 0 {
                    return if at < self.end { self.unknown(inner, at) } else { self.lacks(node) };
                }
            }
        }
        Some(at)
    }
}
