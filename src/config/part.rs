//! Lists of many sections in one: each section has a part of it. Most are short, and there are many; a list for each would be made,
//! and thrown away, one by one.

use std::{ops::Deref, sync::Arc};

/// A part of a list that others have parts of, too. It is read as a slice.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// `None` as long as the list grows, and where the part is empty.
    all: Option<Arc<Vec<T>>>,
    first: u32,
    count: u32,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { all: None, first: 0, count: 0 }
    }
}

impl<T> Part<T> {
    /// Says which list it is a part of.
    pub(super) fn share(&mut self, all: &Arc<Vec<T>>) {
        self.all = (self.count > 0).then(|| Arc::clone(all));
    }
}

impl<T> Deref for Part<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.all {
            Some(all) => &all[self.first as usize..][..self.count as usize],
            None => &[],
        }
    }
}

impl<'a, T> IntoIterator for &'a Part<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
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

    /// The newest part, as far as it is known.
    pub(super) fn newest(&mut self) -> &mut [T] {
        &mut self.all[self.first..]
    }

    /// Ends the newest part, and begins another one.
    pub(super) fn end(&mut self) -> Part<T> {
        let first = std::mem::replace(&mut self.first, self.all.len());
        Part { all: None, first: first as u32, count: (self.first - first) as u32 }
    }

    /// The list that all parts are of.
    pub(super) fn all(mut self) -> Arc<Vec<T>> {
        self.all.shrink_to_fit();
        Arc::new(self.all)
    }
}

impl<T: Clone> Parts<T> {
    /// A copy of the newest part, in a list of its own.
    pub(super) fn copy(&mut self) -> Part<T> {
        let own = self.newest().to_vec();
        let mut part = Part { all: None, first: 0, count: own.len() as u32 };
        part.share(&Arc::new(own));
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
        let copy = parts.copy();
        let mut first = parts.end();
        let mut none = parts.end();
        parts.push('d');
        let mut second = parts.end();
        let all = parts.all();
        [&mut first, &mut none, &mut second].into_iter().for_each(|part| part.share(&all));
        assert_eq!((&*first, &*none, &*second, &*copy), (&['a', 'c'][..], &[][..], &['d'][..], &['a', 'c'][..]));
    }
}
