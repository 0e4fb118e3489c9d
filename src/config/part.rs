//! Lists of many sections in one: each section has a part of it. Most are short, and there are many; a list for each would be made,
//! and thrown away, one by one.

use std::{ops::Range, sync::Arc};

/// A part of a list that others have parts of, too.
#[derive(Debug)]
pub(super) struct Part<L> {
    /// `None` as long as the list grows, and where the part is empty.
    all: Option<Arc<L>>,
    first: u32,
    count: u32,
}

impl<L> Default for Part<L> {
    fn default() -> Self {
        Self { all: None, first: 0, count: 0 }
    }
}

impl<L> Clone for Part<L> {
    fn clone(&self) -> Self {
        Self { all: self.all.clone(), ..*self }
    }
}

impl<L> Part<L> {
    /// Says which list it is a part of.
    pub(super) fn share(&mut self, all: &Arc<L>) {
        self.all = (self.count > 0).then(|| Arc::clone(all));
    }

    /// The list that it is a part of, unless it is empty.
    #[inline]
    pub(super) fn all(&self) -> Option<&L> {
        self.all.as_deref()
    }

    /// The places in the list that it has.
    #[inline]
    pub(super) fn places(&self) -> Range<usize> {
        self.first as usize..self.first as usize + self.len()
    }

    /// How many these are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }
}

/// A list that grows by parts.
#[derive(Debug)]
pub(super) struct Parts<T> {
    all: Vec<T>,
    /// Where the newest part begins.
    first: usize,
}

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self { all: Vec::new(), first: 0 }
    }
}

impl<T> Parts<T> {
    /// Adds to the newest part.
    pub(super) fn push(&mut self, one: T) {
        self.all.push(one);
    }

    /// The last of all.
    pub(super) fn last(&self) -> Option<&T> {
        self.all.last()
    }

    /// The newest part, as far as it is known.
    pub(super) fn newest(&mut self) -> &mut [T] {
        &mut self.all[self.first..]
    }

    /// Ends the newest part, and begins another one.
    pub(super) fn end<L>(&mut self) -> Part<L> {
        let first = std::mem::replace(&mut self.first, self.all.len());
        Part { all: None, first: first as u32, count: (self.first - first) as u32 }
    }

    /// What all parts have.
    pub(super) fn all(mut self) -> Vec<T> {
        self.all.shrink_to_fit();
        self.all
    }
}

impl<T: Clone> Parts<T> {
    /// A copy of the newest part, in a list of its own, which `list` makes.
    pub(super) fn copy<L>(&mut self, list: impl FnOnce(Vec<T>) -> L) -> Part<L> {
        let own = self.newest().to_vec();
        let mut part = Part { all: None, first: 0, count: own.len() as u32 };
        part.share(&Arc::new(list(own)));
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_part() {
        let mut parts = Parts::default();
        parts.push('a');
        parts.push('b');
        parts.newest()[1] = 'c';
        let copy = parts.copy(|own| own);
        let mut first = parts.end();
        let mut none = parts.end();
        parts.push('d');
        let mut second = parts.end();
        let all = Arc::new(parts.all());
        [&mut first, &mut none, &mut second].into_iter().for_each(|part| part.share(&all));
        let read = |part: &Part<Vec<char>>| part.all().map_or(Vec::new(), |all| all[part.places()].to_vec());
        assert_eq!([first, none, second, copy].each_ref().map(read), [vec!['a', 'c'], vec![], vec!['d'], vec!['a', 'c']]);
    }
}
