//! Bytes of a file, and the lines and columns of an editor.
//!
//! Only a line feed ends a line, as in HAProxy; a carriage return before it belongs to neither line. Any place that an editor
//! names is a place of the file: what is past the end of a line is its end, what is past the last line is the end of the file,
//! and what is amid a letter is its beginning.

use crate::source::{SourceFile, Span};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: two for letters beyond the first 65,536.
    Utf16,
    /// Unicode scalars.
    Utf32,
}

/// A place as an editor names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 0.
    pub line: u32,
    /// The column, from 0.
    pub column: u32,
}

impl Encoding {
    /// How many units a letter of that many bytes takes. What is no UTF-8 is one replacement character.
    fn units(self, letter: char, bytes: usize) -> usize {
        match self {
            Self::Utf8 => bytes,
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The bytes of a line that an editor shows.
fn shown(file: &SourceFile, line: usize) -> Span {
    let span = file.line_span(line);
    let carriage_return = file.slice(span).last() == Some(&b'\r');
    Span::new(span.start, span.end - u32::from(carriage_return))
}

/// The letters of a line, each with the number of its bytes.
fn letters(bytes: &[u8]) -> impl Iterator<Item = (char, usize)> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let invalid = (!chunk.invalid().is_empty()).then_some((char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
        chunk.valid().chars().map(|letter| (letter, letter.len_utf8())).chain(invalid)
    })
}

/// The place of a byte.
pub fn line_column(file: &SourceFile, offset: u32, encoding: Encoding) -> LineColumn {
    let line = file.line_of(offset.min(file.bytes().len() as u32));
    let span = shown(file, line);
    let wanted = (offset.clamp(span.start, span.end) - span.start) as usize;
    let (mut at, mut column) = (0, 0);
    for (letter, bytes) in letters(file.slice(span)) {
        if at + bytes > wanted {
            break;
        }
        at += bytes;
        column += encoding.units(letter, bytes);
    }
    LineColumn { line: line as u32, column: column as u32 }
}

/// The byte at a place.
pub fn offset(file: &SourceFile, place: LineColumn, encoding: Encoding) -> u32 {
    let span = file.line_span(place.line as usize);
    span.start + offset_in_line(file.slice(span), place.column, encoding) as u32
}

/// The byte at a column of a line, which comes without its line feed.
pub fn offset_in_line(line: &[u8], column: u32, encoding: Encoding) -> usize {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (mut at, mut before) = (0, 0);
    for (letter, bytes) in letters(line) {
        before += encoding.units(letter, bytes);
        if before > column as usize {
            break;
        }
        at += bytes;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn at(line: u32, column: u32) -> LineColumn {
        LineColumn { line, column }
    }

    #[test]
    fn a_letter_counts_as_the_encoding_says() {
        let file = SourceFile::new("f", "x\né😀b\r\n".as_bytes().to_vec());
        let before_b = 2 + 2 + 4;
        for (encoding, column) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            assert_eq!(line_column(&file, before_b, encoding), at(1, column), "{encoding:?}");
            assert_eq!(offset(&file, at(1, column), encoding), before_b, "{encoding:?}");
        }
        assert_eq!(offset(&file, at(1, 2), Encoding::Utf16), 4, "amid a pair");
        assert_eq!(line_column(&file, 3, Encoding::Utf8), at(1, 0), "amid a letter");
    }

    #[test]
    fn what_is_past_an_end_is_the_end() {
        let file = SourceFile::new("f", b"ab\r\nc".to_vec());
        for encoding in ALL {
            assert_eq!(offset(&file, at(0, 99), encoding), 2);
            assert_eq!(offset(&file, at(9, 0), encoding), 5);
            assert_eq!(line_column(&file, 3, encoding), at(0, 2));
            assert_eq!(line_column(&file, 99, encoding), at(1, 1));
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b'\r')], 0..60), wanted in 0u32..70) {
            let file = SourceFile::new("f", bytes);
            for encoding in ALL {
                let place = line_column(&file, wanted, encoding);
                let found = offset(&file, place, encoding);
                prop_assert!(found <= wanted.max(found) && found <= file.bytes().len() as u32);
                prop_assert_eq!(line_column(&file, found, encoding), place);
                prop_assert_eq!(offset(&file, line_column(&file, found, encoding), encoding), found);
            }
        }

        #[test]
        fn any_place_is_in_its_line(text in "[aé😀\r\n]{0,40}", line in 0u32..9, column in 0u32..20) {
            let file = SourceFile::new("f", text.into_bytes());
            for encoding in ALL {
                let found = offset(&file, at(line, column), encoding);
                let back = line_column(&file, found, encoding);
                prop_assert!(back <= at(line, column) || line as usize >= file.line_starts().len());
            }
        }
    }
}
