//! What a stick table stores: words of the table `stored-data` between commas.

use super::prelude::*;

/// What a stick table stores: words of the table `stored-data` between commas.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge).of_table("stored-data");

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let table = super::super::table("stored-data")?;
    let (mut start, mut depth) = (0, 0usize);
    for (at, byte) in text.bytes().chain([b',']).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 || at == text.len() => {
                let location = m.part(piece, start, at);
                if at > start {
                    m.stored(table, Piece { at: piece.at, text: Some(text.cut(start..at)), location })?;
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    Some(piece.at + 1)
}
