//! Finds a word in a list that the build has made. The build script has this file too: where it puts a word, it is looked for.

/// Where each word of a list is. Nothing is made of it when the program starts, and most words are found at the first try.
#[derive(Debug)]
pub(crate) struct Index {
    /// Numbers of words, each as near behind the place that its hash names as was free; twice as many as words, a power of two.
    slots: &'static [u16],
}

/// No word is here, and none behind.
const FREE: u16 = u16::MAX;

impl Index {
    /// Of no words.
    pub(crate) const EMPTY: Self = Self { slots: &[] };

    /// What the build has made.
    pub(crate) const fn of(slots: &'static [u16]) -> Self {
        Self { slots }
    }

    /// The number of a word, where `known` says which word a number stands for.
    #[inline]
    pub(crate) fn find(&self, word: &str, known: impl Fn(usize) -> &'static str) -> Option<usize> {
        let own = Sign::of(word);
        let mut at = own.place(self.slots.len())?;
        loop {
            match *self.slots.get(at)? {
                FREE => return None,
                number if own.is_of(known(usize::from(number)), word) => return Some(usize::from(number)),
                _ => at = (at + 1) % self.slots.len(),
            }
        }
    }
}

/// The first and the last bytes of a word: all of them, of words that are not long.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sign {
    first: u64,
    last: u64,
    length: usize,
}

impl Sign {
    /// So many bytes are all in it.
    const ALL: usize = 16;

    #[inline]
    fn of(word: &str) -> Self {
        let (bytes, length) = (word.as_bytes(), word.len());
        let four = |part: &[u8; 4]| u64::from(u32::from_le_bytes(*part));
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => (four(first) | four(last) << 32, 0),
                _ => (bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
            },
        };
        Self { first, last, length }
    }

    /// Where the word is looked for first, among so many slots, which are a power of two.
    #[inline]
    fn place(self, slots: usize) -> Option<usize> {
        let mixed = (self.first ^ (self.length as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.last;
        let mixed = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32;
        (slots > 0).then(|| mixed as usize & (slots - 1))
    }

    /// Whether `known` is `word`, whose sign this is.
    #[inline]
    fn is_of(self, known: &str, word: &str) -> bool {
        known.len() == self.length && Self::of(known) == self && (self.length <= Self::ALL || known == word)
    }
}

/// The slots of these words, for the build; of equal ones the first counts.
#[allow(dead_code, reason = "only the build makes some")]
pub(crate) fn slots<'w>(words: impl ExactSizeIterator<Item = &'w str> + Clone) -> Vec<u16> {
    let mut slots = vec![FREE; (words.len() * 2).next_power_of_two()];
    for (number, word) in words.clone().enumerate() {
        let Some(mut at) = Sign::of(word).place(slots.len()) else { continue };
        while slots[at] != FREE && words.clone().nth(usize::from(slots[at])) != Some(word) {
            at = (at + 1) % slots.len();
        }
        if slots[at] == FREE {
            slots[at] = number as u16;
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_no_others() {
        const WORDS: [&str; 9] =
            ["a", "maxconn", "maxconns", "http-request", "http-response", "no", "a", "http-check send-state", "http-check rcvd-state"];
        let index = Index::of(Box::leak(slots(WORDS.iter().copied()).into_boxed_slice()));
        let find = |word: &str| index.find(word, |number| WORDS[number]);
        assert_eq!(WORDS.map(|word| find(word).map(|number| WORDS[number])), WORDS.map(Some));
        assert_eq!((find("a"), find(""), find("b"), find("http-requests")), (Some(0), None, None, None));
        assert_eq!(Index::EMPTY.find("a", |_| "a"), None);
    }
}
