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
    pub(crate) fn find(&self, word: &str, known: impl Fn(usize) -> &'static str) -> Option<usize> {
        let mut at = place(word, self.slots.len())?;
        loop {
            match *self.slots.get(at)? {
                FREE => return None,
                number if known(usize::from(number)) == word => return Some(usize::from(number)),
                _ => at = (at + 1) % self.slots.len(),
            }
        }
    }
}

/// Where a word is looked for first, among so many slots.
fn place(word: &str, slots: usize) -> Option<usize> {
    let bytes = word.as_bytes();
    let number = |part: &[u8; 8]| u64::from_le_bytes(*part);
    let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => (number(first), number(last)),
        _ => (bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
    };
    let mixed = (first ^ (bytes.len() as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ last;
    let mixed = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32;
    // A power of two.
    (slots > 0).then(|| mixed as usize & (slots - 1))
}

/// The slots of these words, for the build; of equal ones the first counts.
#[allow(dead_code, reason = "only the build makes some")]
pub(crate) fn slots<'w>(words: impl ExactSizeIterator<Item = &'w str> + Clone) -> Vec<u16> {
    let mut slots = vec![FREE; (words.len() * 2).next_power_of_two()];
    for (number, word) in words.clone().enumerate() {
        let Some(mut at) = place(word, slots.len()) else { continue };
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
        const WORDS: [&str; 7] = ["a", "maxconn", "maxconns", "http-request", "http-response", "no", "a"];
        let index = Index::of(Box::leak(slots(WORDS.iter().copied()).into_boxed_slice()));
        let find = |word: &str| index.find(word, |number| WORDS[number]);
        assert_eq!(WORDS.map(|word| find(word).map(|number| WORDS[number])), WORDS.map(Some));
        assert_eq!((find("a"), find(""), find("b"), find("http-requests")), (Some(0), None, None, None));
        assert_eq!(Index::EMPTY.find("a", |_| "a"), None);
    }
}
