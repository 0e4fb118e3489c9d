//! What must hold of a layout: the same words, with the same bytes, in the same lines.

use crate::{
    source::{SourceFile, Span},
    syntax::{Tail, Tree},
};

use super::{Refused, is_blank};

/// The file `new` has the words of `file` in the same order, and what HAProxy does not read of a line is the same, too.
pub(super) fn same_words(file: &SourceFile, tree: &Tree, new: &SourceFile) -> Result<(), Refused> {
    let after = Tree::new(new);
    let mut left = filled(new, &after);
    for number in filled(file, tree) {
        let same = left.next().is_some_and(|there| Side { file, tree, number }.is_like(&Side { file: new, tree: &after, number: there }));
        if !same {
            return Err(Refused::Words(number + 1));
        }
    }
    if left.next().is_some() { Err(Refused::Words(tree.lines().len())) } else { Ok(()) }
}

/// The lines of a file with something in them.
fn filled<'a>(file: &'a SourceFile, tree: &'a Tree) -> impl Iterator<Item = usize> + 'a {
    (0..tree.lines().len()).filter(move |number| !file.slice(tree.line(*number).span).iter().all(|b| is_blank(*b)))
}

/// A line before or afterwards.
struct Side<'a> {
    file: &'a SourceFile,
    tree: &'a Tree,
    number: usize,
}

impl<'a> Side<'a> {
    fn is_like(&self, other: &Side<'_>) -> bool {
        let (own, new) = (self.tree.words(self.number), other.tree.words(other.number));
        own.len() == new.len()
            && own
                .iter()
                .zip(new.iter())
                .all(|(a, b)| a.is_quoted() == b.is_quoted() && self.file.slice(a.span()) == other.file.slice(b.span()))
            && self.tail() == other.tail()
    }

    /// What stands behind the words, without the end of the line: a comment loses its last blanks, and nothing else does.
    fn tail(&self) -> (Tail, &'a [u8]) {
        let line = self.tree.line(self.number);
        let text = self.file.slice(Span::new(line.tail_start, line.span.end));
        match line.tail {
            Tail::End | Tail::CrLf => (Tail::End, &[]),
            Tail::Comment => (Tail::Comment, &text[..text.iter().rposition(|b| !is_blank(*b)).map_or(0, |at| at + 1)]),
            other => (other, text),
        }
    }
}
