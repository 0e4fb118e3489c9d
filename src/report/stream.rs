//! A list of JSON that is written as it is made: a report of many findings is never in memory as a whole.

use std::cell::Cell;

use serde::{Serialize, Serializer};

/// The items of an iterator, which is used up when they are written.
pub(super) struct Stream<I>(Cell<Option<I>>);

impl<I> Stream<I> {
    pub(super) fn new(items: I) -> Self {
        Self(Cell::new(Some(items)))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Stream<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}
