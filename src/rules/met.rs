//! What was found out of words: most lines of a large configuration ask for the same few again and again.

/// The word of each length that was met last, and what was found out of it.
pub(super) struct Met<'r, T>([(&'r str, T); 32]);

impl<T: Copy + Default> Default for Met<'_, T> {
    fn default() -> Self {
        Self([("", T::default()); 32])
    }
}

impl<'r, T: Copy> Met<'r, T> {
    /// What is known of `word`; `find` says it of one that was not met just now, and of the empty one the default is known.
    pub(super) fn of(&mut self, word: &'r str, find: impl FnOnce(&'r str) -> T) -> T {
        let met = &mut self.0[word.len() % 32];
        if met.0 != word {
            *met = (word, find(word));
        }
        met.1
    }
}
