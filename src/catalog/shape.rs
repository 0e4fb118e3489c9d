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
    /// The number of the first statement that has a shape.
    first: usize,
    /// The shape of it, and of each statement behind it: there are many lines, and few shapes.
    near: Vec<u8>,
    /// The statements whose shape is [`FAR`], with this.
    far: Vec<(u32, Shape)>,
    /// Where the marks of each shape end. Lines that are alike share their shape; the first has no marks.
    ends: Vec<u32>,
    marks: Vec<Mark>,
}

/// Stands for all shapes of larger numbers.
const FAR: u8 = u8::MAX;

/// The number of a shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape(u32);

impl Shape {
    /// Its number among the shapes, 0 being the one without marks.
    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }
}

impl Shapes {
    /// The marks of the statement of that number, in the order of its words.
    pub fn of(&self, statement: usize) -> &[Mark] {
        match self.shape_of(statement) {
            Shape(0) => &[],
            shape => self.marks_of(shape),
        }
    }

    #[inline]
    fn shape_of(&self, statement: usize) -> Shape {
        let near = statement.checked_sub(self.first).and_then(|at| self.near.get(at)).copied().unwrap_or(0);
        self.shape(statement, near)
    }

    /// The statements numbered `range` that have marks, with these.
    pub fn within(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &[Mark])> {
        self.each_within(range).map(|(statement, shape)| (statement, self.marks_of(shape)))
    }

    /// The statements numbered `range` that have marks, with their shapes. Those of one shape say the same, or differ in words alone
    /// that are judged alike.
    pub(crate) fn each_within(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, Shape)> {
        let place = |number: usize| number.saturating_sub(self.first).min(self.near.len());
        let begin = place(range.start);
        let lines = self.near[begin..place(range.end).max(begin)].iter().enumerate().filter(|(_, near)| **near > 0);
        lines.map(move |(at, near)| (self.first + begin + at, self.shape(self.first + begin + at, *near)))
    }

    /// The shape of a statement beside which this is kept.
    fn shape(&self, statement: usize, near: u8) -> Shape {
        if near != FAR {
            return Shape(near.into());
        }
        let far = self.far.binary_search_by_key(&(statement as u32), |(line, _)| *line);
        far.map_or_else(|_| Shape::default(), |at| self.far[at].1)
    }

    /// The marks of the lines of a shape, in the order of their words.
    pub(crate) fn marks_of(&self, shape: Shape) -> &[Mark] {
        let at = shape.0 as usize;
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.marks[begin..self.ends[at] as usize]
    }

    /// Takes the marks of a line, and says where they are.
    pub(crate) fn keep(&mut self, marks: &mut Vec<Mark>) -> Shape {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        if marks.is_empty() {
            return Shape::default();
        }
        self.marks.append(marks);
        self.ends.push(self.marks.len() as u32);
        Shape(self.ends.len() as u32 - 1)
    }

    /// Says that the statement of that number, which is behind all others so far, has this shape.
    pub(crate) fn line(&mut self, statement: usize, shape: Shape) {
        if shape == Shape::default() {
            return;
        }
        if self.near.is_empty() {
            self.first = statement;
        }
        self.near.resize(statement - self.first, 0);
        let near = u8::try_from(shape.0).unwrap_or(FAR);
        self.near.push(near);
        if near == FAR {
            self.far.push((statement as u32, shape));
        }
    }

    /// The shape of a statement of another world; `renumbered` has the number here of each that is copied already.
    pub(crate) fn copy(&mut self, other: &Self, statement: usize, renumbered: &mut Vec<Option<Shape>>) -> Shape {
        let shape = other.shape_of(statement);
        if shape == Shape::default() {
            return shape;
        }
        renumbered.resize(other.ends.len(), None);
        let known = &mut renumbered[shape.0 as usize];
        *known.get_or_insert_with(|| self.keep(&mut other.marks_of(shape).to_vec()))
    }

    /// Adds the shapes of later lines.
    pub(crate) fn append(&mut self, later: Self) {
        let (marks, shapes) = (self.marks.len() as u32, self.ends.len() as u32);
        self.marks.extend(later.marks);
        self.ends.extend(later.ends.into_iter().map(|end| end + marks));
        let mut far = later.far.into_iter();
        for (statement, near) in (later.first..).zip(later.near) {
            let shape = if near == FAR { far.next().map_or(0, |(_, shape)| shape.0) } else { near.into() };
            self.line(statement, Shape(if shape == 0 { 0 } else { shape + shapes }));
        }
    }
}
