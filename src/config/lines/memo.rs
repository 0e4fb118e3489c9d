//! Lines that were found to be sound, with their shapes. Configurations repeat themselves, and a line that repeats another one in
//! the same state of its section is understood already.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::{
    catalog::{Shape, State},
    syntax::Statement,
};

use super::forms::FormKey;

/// How many lines are remembered at most; each new one takes the place of an older one.
const SLOTS: usize = 1024;

/// A memory of sound lines, of a fixed size.
pub(super) struct Memo<'r> {
    slots: Vec<(Key<'r>, Shape)>,
    /// A number for each state that was met.
    states: FxHashMap<State, u32>,
    /// The last one, with its number.
    last: Option<(State, u32)>,
    /// Whether the next one may be another one.
    may_differ: bool,
}

/// A line and the state it is read in: lines of equal keys are understood alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<'r> {
    text: &'r [u8],
    state: u32,
}

impl<'r> Key<'r> {
    /// What lines of the same form have in common before their words are looked at.
    pub(super) fn of_form(self, statement: Statement<'r>) -> FormKey {
        FormKey { keyword: statement.keyword_number(), words: statement.len(), state: self.state }
    }
}

impl<'r> Memo<'r> {
    /// A memory for a configuration of so many `lines`.
    pub(super) fn new(lines: usize) -> Self {
        let slots = lines.next_power_of_two().min(SLOTS);
        Self {
            slots: vec![(Key { text: &[], state: 0 }, Shape::default()); slots],
            states: FxHashMap::default(),
            last: None,
            may_differ: true,
        }
    }

    /// The key of a line; what holds quotes or variables has none.
    pub(super) fn key(&mut self, statement: Statement<'r>, state: &State) -> Option<Key<'r>> {
        Some(Key { text: statement.plain_text()?, state: self.number(state) })
    }

    /// Says that the state of the next line may be another one.
    pub(super) fn changed(&mut self) {
        self.may_differ = true;
    }

    fn number(&mut self, state: &State) -> u32 {
        let may_differ = std::mem::take(&mut self.may_differ);
        match &self.last {
            // Sections of one kind begin alike.
            Some((last, number)) if !may_differ || last == state => *number,
            _ => {
                let next = self.states.len() as u32;
                let number = *self.states.entry(*state).or_insert(next);
                self.last = Some((*state, number));
                number
            }
        }
    }

    fn slot(&self, key: Key<'r>) -> usize {
        FxBuildHasher.hash_one(key.text) as usize & (self.slots.len() - 1)
    }

    /// The shape of such a line, if it was found to be sound.
    pub(super) fn shape(&self, key: Key<'r>) -> Option<Shape> {
        let (known, shape) = self.slots[self.slot(key)];
        (known == key).then_some(shape)
    }

    /// Remembers a line that is sound.
    pub(super) fn learn(&mut self, key: Key<'r>, shape: Shape) {
        let slot = self.slot(key);
        self.slots[slot] = (key, shape);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Config,
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    /// The lines, from 1, that have a fault.
    fn faulty(text: &str) -> Vec<usize> {
        let sources = Sources::single("f", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let model = Config::new(&readings[0]);
        model.faults.iter().map(|f| sources.file(f.location.file).line_of(f.location.span.start) + 1).collect()
    }

    #[test]
    fn every_line_is_judged_where_it_stands() {
        assert_eq!(faulty("backend a\nbalance none\nbackend b\nbalance none\n"), [2, 4], "a fault is told wherever it is repeated");
        let rule = "http-request deny if { src 10.0.0.1 }";
        assert_eq!(faulty(&format!("backend a\n{rule}\nresolvers r\n{rule}\nbackend c\n{rule}\n")), [4], "sections differ");
        let rule = "http-request normalize-uri path-merge-slashes";
        let text = format!("backend a\n{rule}\nglobal\nexpose-experimental-directives\nbackend b\n{rule}\n");
        assert_eq!(faulty(&text), [2], "what was read before differs");
        let servers = "backend a\nserver s1 10.0.0.1:80 check\nserver s2 10.0.0.2:80 check\nserver s3 10.0.0.256:80 check\nserver s/4 10.0.0.4:80 check\nserver s5 10.0.0.5 check\n";
        assert_eq!(faulty(servers), [4, 5], "names and addresses that are alike, and others");
        let rules = "frontend a\nuse_backend b1 if { hdr(host) -i a1.example.com }\nuse_backend b2 if { hdr(host) -i a2.example.com }\nuse_backend b3 if { hdr(host) -i -x }\nuse_backend b4 if { hdr(host) -i && }\nuse_backend %[x] if { hdr(host) -i a5 }\n";
        assert_eq!(faulty(rules), [4, 5, 6], "patterns");
        assert_eq!(faulty("frontend a\nuse_backend b if x1\nuse_backend b if x2\nuse_backend b if or\n"), [4], "conditions");
        let texts = "frontend a\nacl a src lower a\nacl a hdr(x) a1\nacl a hdr(x) a2\nacl a src,lower a1\nacl a src,lower lowe(r\n";
        assert_eq!(faulty(texts), faulty(&texts.replace("a2", "a1")));
        assert_eq!(faulty("backend a\nacl x src \"$A\"\nacl x src \"$A\"\nacl y sr 1\nacl y sr 1\n"), [4, 5]);
    }
}
