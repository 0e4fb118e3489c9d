//! Which texts a configuration may hold: a quick no for rules that are about what few configurations mention.

use super::{Value, reading::Reading};

/// The bits of the set.
const BITS: u32 = 16;

/// The words that hold them.
const WORDS: usize = 1 << (BITS - 6);

/// The sequences of three bytes that files hold, as a set of their hashes.
#[derive(Debug)]
pub(crate) struct Written {
    seen: Box<[u64; WORDS]>,
    /// Whether a value that is not known may hold anything.
    open: bool,
}

impl Written {
    /// What is in the files of a reading, and in what quotes, escapes and variables make of words.
    pub(super) fn of(reading: &Reading<'_>) -> Self {
        let mut written = Self { seen: Box::new([0; WORDS]), open: false };
        for file in reading.sources.files() {
            written.add(file.bytes());
        }
        for (_, value) in &reading.evaluated {
            match value {
                Value::Known(text) => written.add(text.as_bytes()),
                _ => written.open = true,
            }
        }
        written
    }

    fn add(&mut self, bytes: &[u8]) {
        let mut number = 0;
        for byte in bytes {
            number = number << 8 & 0xff_ffff | u32::from(*byte);
            let (word, bit) = place(number);
            // The first two bytes end no sequence, and stand for one that is not there: a yes too many does no harm.
            self.seen[word] |= bit;
        }
    }

    /// Whether `text` may be there.
    pub(super) fn may_hold(&self, text: &[u8]) -> bool {
        let seen = |three: &[u8]| {
            let (word, bit) = place(three.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)));
            self.seen[word] & bit != 0
        };
        self.open || text.windows(3).all(seen)
    }
}

/// Where three bytes, as one number, are in the set.
fn place(number: u32) -> (usize, u64) {
    let hash = number.wrapping_mul(0x9e37_79b1) >> (32 - BITS);
    // The hash has so many bits only; said again, nobody has to look whether it is within the set.
    (hash as usize >> 6 & (WORDS - 1), 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use crate::{
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    #[test]
    fn what_is_written_may_be_there_and_what_is_not_is_not_looked_for() {
        let text = "frontend web\n    acl a src_http_req_rate(t) gt 1\n    acl \"b\" str(a'b'c)\n";
        let sources = Sources::single("f", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let reading = &readings[0];
        for length in 1..12 {
            assert!(text.as_bytes().windows(length).all(|part| reading.may_mention(std::str::from_utf8(part).unwrap())));
        }
        assert!(reading.may_mention("abc"), "a word without its quotes");
        assert!(["ssl", "track-sc", "rate(u"].iter().all(|text| !reading.may_mention(text)));
        let written = reading.written.get().unwrap();
        assert!(!written.may_hold(b"verifyhost") && !written.open, "it is not looked for in the text");
    }
}
