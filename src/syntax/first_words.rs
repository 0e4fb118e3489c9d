//! Which words the lines of a configuration begin with, as far as a few bits tell them apart.

/// A set of first words. Whoever is about rare ones learns at once that none of them is there, and is seldom sent to look in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstWords([u64; 4]);

/// What stands in such a set for a [`Problem`](super::Problem) that reading met: no line begins with it.
pub(crate) const PROBLEM: &str = "\n";

impl FirstWords {
    /// Whatever there is.
    pub const ANY: Self = Self([u64::MAX; 4]);

    /// These words.
    pub const fn of(words: &[&str]) -> Self {
        let (mut all, mut at) = (Self([0; 4]), 0);
        while at < words.len() {
            all.add(words[at]);
            at += 1;
        }
        all
    }

    /// Takes a word in.
    #[inline]
    pub(super) const fn add(&mut self, word: &str) {
        let place = place(word);
        self.0[place / 64] |= 1 << (place % 64);
    }

    /// Whether this word may be one of them.
    #[inline]
    pub(super) const fn may_have(&self, word: &str) -> bool {
        let place = place(word);
        self.0[place / 64] & 1 << (place % 64) != 0
    }

    /// Whether some word may be in both.
    #[inline]
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (&self.0, &other.0);
        a & e | b & f | c & g | d & h != 0
    }
}

/// One of 256 bits for a word. The factors keep the words that rules are about apart from those of nearly all files.
#[inline]
pub(super) const fn place(word: &str) -> usize {
    let (first, last) = match word.as_bytes() {
        [first, .., last] => (*first, *last),
        [only] => (*only, *only),
        [] => return 0,
    };
    (first as usize * 5 + last as usize * 94 + word.len() * 82) % 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_both_is_met_and_most_others_are_not() {
        let lines = FirstWords::of(&["", "frontend", "bind", "default_backend"]);
        assert!(FirstWords::ANY.meets(&lines) && FirstWords::ANY.meets(&FirstWords::of(&[""])));
        assert!(FirstWords::of(&["peers", "bind"]).meets(&lines) && lines.may_have("bind"));
        assert!(!FirstWords::of(&["peers", "cookie", PROBLEM]).meets(&lines) && !lines.may_have("peers"));
    }
}
