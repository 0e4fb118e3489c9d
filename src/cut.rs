//! Parts of texts that cannot panic. What comes from a file may hold any byte, and what was read of it replacement characters:
//! an offset found in one of them may lie within a letter of the other.

use std::ops::{Bound, RangeBounds};

/// A part of a text by its bytes.
pub(crate) trait Cut {
    /// The bytes of `range`, as far as they are there; a place within a letter is the beginning of that letter.
    fn cut(&self, range: impl RangeBounds<usize>) -> &str;
}

impl Cut for str {
    fn cut(&self, range: impl RangeBounds<usize>) -> &str {
        let place = |at: usize| (0..=at.min(self.len())).rev().find(|at| self.is_char_boundary(*at)).unwrap_or(0);
        let start = match range.start_bound() {
            Bound::Included(at) => place(*at),
            Bound::Excluded(at) => place(at.saturating_add(1)),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(at) => place(at.saturating_add(1)),
            Bound::Excluded(at) => place(*at),
            Bound::Unbounded => self.len(),
        };
        self.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offsets_give_a_text() {
        let text = "a\u{FFFD}b";
        assert_eq!((text.cut(1..4), text.cut(..1), text.cut(4..), text.cut(..=0)), ("\u{FFFD}", "a", "b", "a"));
        for from in 0..7 {
            for to in 0..7 {
                assert!(text.contains(text.cut(from..to)));
                assert!(text.contains(text.cut(from..)) && text.contains(text.cut(..to)));
            }
        }
        assert_eq!(text.cut(9..), "");
    }
}
