//! Eight bytes looked at together, as one number of which the first byte is the lowest. What is asked is answered by the highest bit
//! of each byte, and exactly: nothing is borrowed from a neighbour, and nothing carried over to one.

/// The highest bit of each byte.
const HIGHEST: u64 = each(0x80);

/// A byte eight times.
#[inline]
const fn each(byte: u8) -> u64 {
    byte as u64 * u64::from_le_bytes([1; 8])
}

/// Which of eight bytes are below `limit`, which is 128 at most.
#[inline]
pub(crate) const fn below(eight: u64, limit: u8) -> u64 {
    !((eight | HIGHEST) - each(limit)) & !eight & HIGHEST
}

/// Which of eight bytes are this one.
#[inline]
pub(crate) const fn equal(eight: u64, byte: u8) -> u64 {
    let other = eight ^ each(byte);
    !(((other & !HIGHEST) + !HIGHEST) | other) & HIGHEST
}

/// Which of eight bytes are no ASCII.
#[inline]
pub(crate) const fn beyond_ascii(eight: u64) -> u64 {
    eight & HIGHEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_answered_for_whatever_its_neighbours_are() {
        let answer = |bytes: [u8; 8], is: &dyn Fn(u8) -> bool| u64::from_le_bytes(bytes.map(|byte| if is(byte) { 0x80 } else { 0 }));
        let neighbours = [0, 1, b'\n', b' ', b'\'', b'(', b'\\', 0x7F, 0x80, 0xFF];
        for (byte, neighbour) in (0..=255).flat_map(|byte| neighbours.map(|neighbour| (byte, neighbour))) {
            for at in 0..8 {
                let mut bytes = [neighbour; 8];
                bytes[at] = byte;
                let eight = u64::from_le_bytes(bytes);
                assert_eq!(beyond_ascii(eight), answer(bytes, &|b| b > 0x7F), "{bytes:?}");
                for limit in [0, 1, b' ', b'(', 0x7F, 0x80] {
                    assert_eq!(below(eight, limit), answer(bytes, &|b| b < limit), "{bytes:?} below {limit}");
                }
                for other in neighbours {
                    assert_eq!(equal(eight, other), answer(bytes, &|b| b == other), "{bytes:?} and {other}");
                }
            }
        }
    }
}
