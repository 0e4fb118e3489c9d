//! Which texts a configuration may hold: a quick no for rules that are about what few configurations mention.

use super::{Value, reading::Reading};

/// The bits of the hash of three bytes: the set is small enough for the nearest memory, and few files fill it.
const BITS: u32 = 14;

/// The sequences of three bytes that files hold, as a set of their hashes.
#[derive(Debug)]
pub(crate) struct Written {
    /// One byte for each hash: a bit would take twice the time to set.
    seen: Box<[bool; 1 << BITS]>,
    /// Whether a value that is not known may hold anything.
    open: bool,
}

impl Written {
    /// What is in the files of a reading, and in what quotes, escapes and variables make of words.
    pub(super) fn of(reading: &Reading<'_>) -> Self {
        let mut written = Self { seen: Box::new([false; 1 << BITS]), open: false };
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
        // Four bytes are read at once, and the last left out.
        for four in bytes.windows(4) {
            let number = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
            self.seen[place(number)] = true;
        }
        bytes.last_chunk().into_iter().for_each(|three| self.seen[place(number(*three))] = true);
    }

    /// Whether `text` may be there.
    pub(super) fn may_hold(&self, text: &[u8]) -> bool {
        self.open || text.windows(3).all(|three| self.seen[place(number([three[0], three[1], three[2]]))])
    }
}

fn number([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// Where the first three bytes of a number are in the set.
fn place(number: u32) -> usize {
    ((number << 8).wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
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
