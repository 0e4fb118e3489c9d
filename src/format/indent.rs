//! What a file itself indents by.

use crate::{source::SourceFile, syntax::Tree};

use super::{is_blank, layout::Row, style::Indent};

/// The widest indentation that is taken over, in spaces and in tabs: nobody means more, and a file must not grow without bounds.
const WIDEST: [usize; 2] = [16, 4];

/// How deep lines are indented at most: HAProxy has a limit of its own for conditions in conditions.
const DEEPEST: usize = 33;

/// The indentation of each depth.
pub(super) struct Steps {
    text: String,
    one: usize,
}

impl Steps {
    /// What `wanted` means for a file.
    pub(super) fn new(wanted: Indent, file: &SourceFile, tree: &Tree, rows: &[Row]) -> Self {
        let (blank, one) = match wanted {
            Indent::Auto => of_file(file, tree, rows),
            Indent::Spaces(count) => (' ', usize::from(count).min(WIDEST[0])),
            Indent::Tab => ('\t', 1),
        };
        Self { text: blank.to_string().repeat(one * DEEPEST), one }
    }

    /// The blanks before a line of this depth.
    pub(super) fn of(&self, depth: usize) -> &str {
        self.text.get(..self.one * depth.min(DEEPEST)).unwrap_or(&self.text)
    }
}

/// What most of the indented lines have that stand directly in a section. Of two that are as frequent the more usual one counts.
fn of_file(file: &SourceFile, tree: &Tree, rows: &[Row]) -> (char, usize) {
    let (mut spaces, mut tabs) = ([0u32; WIDEST[0] + 1], [0u32; WIDEST[1] + 1]);
    for (_, line) in rows.iter().zip(tree.lines()).filter(|(row, _)| row.is_plain()) {
        let bytes = file.slice(line.span);
        let count = |blank: u8| bytes.iter().take_while(|b| **b == blank).count();
        let (space, tab) = (count(b' '), count(b'\t'));
        let more = |width: usize| bytes.get(width).is_some_and(|b| is_blank(*b));
        match (space, tab) {
            (1.., 0) if space < spaces.len() && !more(space) => spaces[space] += 1,
            (0, 1..) if tab < tabs.len() && !more(tab) => tabs[tab] += 1,
            _ => {}
        }
    }
    let usual = [(' ', 4), (' ', 2), ('\t', 1), (' ', 8)];
    let others = (1..spaces.len()).map(|n| (' ', n)).chain((1..tabs.len()).map(|n| ('\t', n)));
    let seen = |(blank, width): &(char, usize)| if *blank == ' ' { spaces[*width] } else { tabs[*width] };
    // Of equal ones `max_by_key` gives the last.
    let mut all: Vec<(char, usize)> = usual.into_iter().chain(others).collect();
    all.reverse();
    all.into_iter().max_by_key(seen).unwrap_or((' ', 4))
}
