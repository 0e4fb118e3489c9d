//! The shape of a line: which of its words speak of other places, and in which role.
//!
//! A [`Mark`] is made where the matcher holds a word against its place in the signature, so what a keyword names is written
//! down once, in its line of the data files.

use super::{Place, Role};

/// A word of a statement, or a part of one, and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The number of the word.
    pub word: u16,
    /// The number of the keyword or option that it belongs to.
    pub keyword: u16,
    /// Where in the text of the word it begins, in bytes.
    pub start: u32,
    /// Where it ends, or [`Mark::REST`]. Most marks are of whole words, and so lines that differ in names have the same marks.
    pub end: u32,
    /// What it is for.
    pub role: Role,
    /// Its place in the signature, where it has one.
    pub place: Option<&'static Place>,
}

impl Mark {
    /// The end of a mark that goes to the end of its word.
    pub const REST: u32 = u32::MAX;

    /// The bytes of a text of this length that are marked.
    pub fn within(&self, length: usize) -> std::ops::Range<usize> {
        self.start as usize..(self.end as usize).min(length)
    }
}

/// The shapes of all lines of a configuration, as far as they speak of other places.
#[derive(Debug, Default)]
pub struct Shapes {
    /// The number of a statement and where its marks are; sorted.
    lines: Vec<Line>,
    /// Lines that are alike share their marks.
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    statement: u32,
    shape: Shape,
}

/// Where the marks of a line are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    first: u32,
    count: u32,
}

impl Shapes {
    /// The marks of the statement of that number, in the order of its words.
    pub fn of(&self, statement: usize) -> &[Mark] {
        match self.lines.binary_search_by_key(&(statement as u32), |line| line.statement) {
            Ok(at) => self.marks_of(self.lines[at].shape),
            Err(_) => &[],
        }
    }

    /// The statements numbered `range` that have marks, with these.
    pub fn within(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &[Mark])> {
        let first = self.lines.partition_point(|line| (line.statement as usize) < range.start);
        let lines = self.lines[first..].iter().take_while(move |line| (line.statement as usize) < range.end);
        lines.map(|line| (line.statement as usize, self.marks_of(line.shape)))
    }

    fn marks_of(&self, shape: Shape) -> &[Mark] {
        &self.marks[shape.first as usize..(shape.first + shape.count) as usize]
    }

    /// Takes the marks of a line, and says where they are.
    pub(crate) fn keep(&mut self, marks: &mut Vec<Mark>) -> Shape {
        let shape = Shape { first: self.marks.len() as u32, count: marks.len() as u32 };
        self.marks.append(marks);
        shape
    }

    /// Says that the statement of that number, which is behind all others so far, has this shape.
    pub(crate) fn line(&mut self, statement: usize, shape: Shape) {
        if shape.count > 0 {
            self.lines.push(Line { statement: statement as u32, shape });
        }
    }

    /// Adds the shapes of later lines.
    pub(crate) fn append(&mut self, later: Self) {
        let before = self.marks.len() as u32;
        self.marks.extend(later.marks);
        let moved = |line: Line| Line { shape: Shape { first: line.shape.first + before, ..line.shape }, ..line };
        self.lines.extend(later.lines.into_iter().map(moved));
    }
}
