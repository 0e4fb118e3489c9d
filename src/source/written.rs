//! Which words a text may hold: a quick no for rules that are about what few configurations mention.

/// The bits of the hash of three bytes: the set is small enough for the nearest memory, and few files fill it.
const BITS: u32 = 14;

/// The sequences of three bytes that texts hold, as a set of their hashes.
#[derive(Debug)]
pub(crate) struct Written {
    /// One byte for each hash: a bit would take twice the time to set.
    seen: Box<[bool; 1 << BITS]>,
}

impl Written {
    /// What these texts hold.
    pub(crate) fn of<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Self {
        let mut written = Self { seen: Box::new([false; 1 << BITS]) };
        texts.for_each(|text| written.add(text));
        written
    }

    fn add(&mut self, mut bytes: &[u8]) {
        // Eight bytes that are read at once hold six sequences.
        while let Some(eight) = bytes.first_chunk() {
            let number = u64::from_le_bytes(*eight);
            (0..6).for_each(|at| self.seen[place((number >> (8 * at)) as u32)] = true);
            bytes = bytes.get(6..).unwrap_or_default();
        }
        bytes.windows(3).for_each(|three| self.seen[place(number([three[0], three[1], three[2]]))] = true);
    }

    /// Whether `text` may be there.
    pub(crate) fn may_hold(&self, text: &[u8]) -> bool {
        text.windows(3).all(|three| self.seen[place(number([three[0], three[1], three[2]]))])
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
    use super::*;

    #[test]
    fn what_is_written_may_be_there_and_what_is_not_is_not_looked_for() {
        let text = b"frontend web\n    acl a src_http_req_rate(t) gt 1\n";
        let written = Written::of([&text[..], b"abc"].into_iter());
        for length in 1..12 {
            assert!(text.windows(length).all(|part| written.may_hold(part)));
        }
        assert!(written.may_hold(b"abc"), "in the second");
        assert!([&b"verifyhost"[..], b"track-sc", b"rate(u"].iter().all(|text| !written.may_hold(text)));
    }
}
