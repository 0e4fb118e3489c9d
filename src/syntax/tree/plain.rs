//! Splits plain words by hand: those without quotes and backslashes, as most are.

use super::Tail;

/// What a byte means to the splitter of plain words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Word,
    Blank,
    Return,
    Feed,
    Nul,
    Hash,
    Quote,
}

const CLASS: [Class; 256] = {
    let mut class = [Class::Word; 256];
    class[b' ' as usize] = Class::Blank;
    class[b'\t' as usize] = Class::Blank;
    class[0x0B] = Class::Blank;
    class[0x0C] = Class::Blank;
    class[b'\r' as usize] = Class::Return;
    class[b'\n' as usize] = Class::Feed;
    class[0] = Class::Nul;
    class[b'#' as usize] = Class::Hash;
    class[b'"' as usize] = Class::Quote;
    class[b'\'' as usize] = Class::Quote;
    class[b'\\' as usize] = Class::Quote;
    class
};

pub(super) fn class_at(bytes: &[u8], at: usize) -> Class {
    bytes.get(at).map_or(Class::Feed, |b| CLASS[*b as usize])
}

/// How many bytes of a word follow, eight at a time: most words are one such step.
#[inline]
fn length_of_word(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(eight) = bytes[length..].first_chunk() {
        let odd = odd_in(u64::from_le_bytes(*eight));
        length += (odd.trailing_zeros() / 8) as usize;
        if odd != 0 {
            if CLASS[usize::from(bytes[length])] != Class::Word {
                return length;
            }
            length += 1;
        }
    }
    length + bytes[length..].iter().take_while(|b| CLASS[usize::from(**b)] == Class::Word).count()
}

/// The highest bit of each of eight bytes that may be none of a word, up to the first of them: what is no larger than an apostrophe, and
/// the backslash. What is behind the first may be wrong, as borrowing goes.
#[inline]
const fn odd_in(eight: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);
    const ABOVE: u64 = u64::from_le_bytes([b'\'' + 1; 8]);
    let low = eight.wrapping_sub(ABOVE) & !eight;
    let slash = eight ^ u64::from_le_bytes([b'\\'; 8]);
    (low | slash.wrapping_sub(ONES) & !slash) & HIGHEST
}

/// Hands over the plain words of a line from byte `at` on, and gives where its tail begins; the beginning of the first word that holds
/// a quote or a backslash or goes beyond byte `end`, if one does.
#[inline]
pub(super) fn plain_words(bytes: &[u8], mut at: usize, end: usize, mut word: impl FnMut(usize, usize)) -> Result<(usize, Tail), usize> {
    loop {
        let start = at;
        at += length_of_word(&bytes[at..]);
        let class = class_at(bytes, at);
        if class == Class::Quote || at > end {
            return Err(start);
        }
        if at > start {
            word(start, at);
        }
        match class {
            Class::Blank => {
                while matches!(class_at(bytes, at), Class::Blank | Class::Return) {
                    at += 1;
                }
            }
            Class::Feed => return Ok((at.min(bytes.len()), Tail::End)),
            Class::Hash => return Ok((at, Tail::Comment)),
            Class::Return => return Ok((at, Tail::Cut)),
            _ => return Ok((at, Tail::Nul)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_its_first_other_byte_is_whatever_stands_before_and_behind() {
        let by_table = |bytes: &[u8]| bytes.iter().take_while(|b| CLASS[usize::from(**b)] == Class::Word).count();
        let fillings = [*b"abc/", *b"%[!&", [0xC3, 0xA9, 0xFF, 0x80], *b"(;][", [1, 0x7F, 0x28, 0x26]];
        for (filling, length) in fillings.iter().flat_map(|filling| (0..40).map(move |length| (filling, length))) {
            let mut bytes: Vec<u8> = filling.iter().copied().cycle().take(length).collect();
            assert_eq!(length_of_word(&bytes), length, "{bytes:?}");
            for (at, byte) in (0..length).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
                let kept = std::mem::replace(&mut bytes[at], byte);
                assert_eq!(length_of_word(&bytes), by_table(&bytes), "{bytes:?}");
                bytes[at] = kept;
            }
        }
    }
}
