//! Splits plain words by hand: those without quotes and backslashes, as most are.

use crate::eight;

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

/// Which of eight bytes may be none of a word: what is no larger than an apostrophe, and the backslash.
#[inline]
const fn odd_in(eight: u64) -> u64 {
    eight::below(eight, b'\'' + 1) | eight::equal(eight, b'\\')
}

/// Eight bytes, with line feeds behind the last one of a file.
#[inline]
fn eight_at(bytes: &[u8], at: usize) -> [u8; 8] {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut eight = [b'\n'; 8];
        eight.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
        eight
    })
}

/// Hands over the plain words of a line from byte `at` on, and gives where its tail begins; the beginning of the first word that holds
/// a quote or a backslash or goes beyond byte `end`, if one does. Eight bytes are looked at together: in most of them no word ends.
#[inline]
pub(super) fn plain_words(bytes: &[u8], at: usize, end: usize, mut word: impl FnMut(usize, usize)) -> Result<(usize, Tail), usize> {
    let (mut start, mut from) = (at, at);
    loop {
        let eight = eight_at(bytes, from);
        let mut odd = odd_in(u64::from_le_bytes(eight));
        while odd != 0 {
            let number = odd.trailing_zeros() as usize / 8;
            odd &= odd - 1;
            let (class, here) = (CLASS[usize::from(eight[number])], from + number);
            if class == Class::Word {
                continue;
            }
            if class == Class::Quote || here > end {
                return Err(start);
            }
            let ends_word = here > start;
            if ends_word {
                word(start, here);
            }
            match class {
                Class::Blank => start = here + 1,
                // Behind a blank it is one.
                Class::Return if !ends_word && here > at => start = here + 1,
                Class::Feed => return Ok((here.min(bytes.len()), Tail::End)),
                Class::Hash => return Ok((here, Tail::Comment)),
                Class::Return => return Ok((here, Tail::Cut)),
                _ => return Ok((here, Tail::Nul)),
            }
        }
        from += 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words, and how they end.
    type Split = (Vec<(usize, usize)>, Result<(usize, Tail), usize>);

    /// The same, byte by byte.
    fn by_bytes(bytes: &[u8]) -> Split {
        let (mut words, mut at) = (Vec::new(), 0);
        loop {
            let start = at;
            while class_at(bytes, at) == Class::Word {
                at += 1;
            }
            let class = class_at(bytes, at);
            if class == Class::Quote {
                return (words, Err(start));
            }
            words.extend((at > start).then_some((start, at)));
            let tail = match class {
                Class::Blank => {
                    while matches!(class_at(bytes, at), Class::Blank | Class::Return) {
                        at += 1;
                    }
                    continue;
                }
                Class::Feed => Tail::End,
                Class::Hash => Tail::Comment,
                Class::Return => Tail::Cut,
                _ => Tail::Nul,
            };
            return (words, Ok((at, tail)));
        }
    }

    #[test]
    fn eight_bytes_at_a_time_give_the_words_that_one_by_one_gives() {
        let fillings = ["abc/", "a b", "%[!& ", "\u{e9}\u{ff}", " \r ", "ab\r", "(;][  ", "\u{1}\u{7f}& "];
        for (filling, length) in fillings.iter().flat_map(|filling| (0..20).map(move |length| (filling, length))) {
            let mut bytes: Vec<u8> = filling.bytes().cycle().take(length).collect();
            for (at, byte) in (0..length).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
                let kept = std::mem::replace(&mut bytes[at], byte);
                let mut words = Vec::new();
                let ended = plain_words(&bytes, 0, usize::MAX, |from, to| words.push((from, to)));
                assert_eq!((words, ended), by_bytes(&bytes), "{bytes:?}");
                bytes[at] = kept;
            }
        }
    }
}
