//! Which lines can be folded away: sections, blocks of comments, `.if` blocks.

use crate::{
    source::FileId,
    syntax::{Tail, Tree, section_kind},
};

use super::View;

/// Lines that can be folded into the first of them, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fold {
    /// The line that stays.
    pub first: usize,
    /// The last line that goes.
    pub last: usize,
    /// Whether these are comments.
    pub comment: bool,
}

/// The folds of a file, by their first lines.
pub fn folds(view: &View<'_>, file: FileId) -> Vec<Fold> {
    let Some(tree) = view.snapshot.trees.get(file.0 as usize) else { return Vec::new() };
    let text = |line: usize| tree.words(line).first().and_then(|word| view.snapshot.sources.file(file).str(word.span())).unwrap_or("");
    let mut folds = comments(tree);
    let (mut open, mut section, mut last) = (Vec::new(), None, 0);
    for line in 0..tree.lines().len() {
        let word = text(line);
        if word.is_empty() {
            continue;
        }
        match word {
            ".if" => {
                open.push(line);
                continue;
            }
            // The line with `.endif` stays where it is.
            ".else" | ".elif" | ".endif" => {
                folds.extend(open.pop().map(|first| Fold { first, last: line - 1, comment: false }));
                if word != ".endif" {
                    open.push(line);
                }
                continue;
            }
            word if section_kind(word).is_some() => {
                folds.extend(section.map(|first| Fold { first, last, comment: false }));
                section = Some(line);
            }
            _ => {}
        }
        last = line;
    }
    folds.extend(section.map(|first| Fold { first, last, comment: false }));
    folds.retain(|fold| fold.first < fold.last);
    folds.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    nested(folds)
}

/// Without those that begin in another and end behind it.
fn nested(folds: Vec<Fold>) -> Vec<Fold> {
    let mut kept: Vec<Fold> = Vec::new();
    for fold in folds {
        let crosses = |outer: &Fold| outer.first < fold.first && fold.first <= outer.last && outer.last < fold.last;
        if !kept.iter().rev().take(32).any(crosses) {
            kept.push(fold);
        }
    }
    kept
}

/// Blocks of lines that hold nothing but a comment.
fn comments(tree: &Tree) -> Vec<Fold> {
    let count = tree.lines().len();
    let is_comment = |line: usize| line < count && tree.line(line).tail == Tail::Comment && tree.words(line).is_empty();
    let mut folds = Vec::new();
    let mut line = 0;
    while line < tree.lines().len() {
        let length = (line..tree.lines().len()).take_while(|line| is_comment(*line)).count();
        if length > 1 {
            folds.push(Fold { first: line, last: line + length - 1, comment: true });
        }
        line += length.max(1);
    }
    folds
}
