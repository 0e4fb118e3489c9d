//! A port, or an expression that gives one.

use super::prelude::*;

/// A port, or an expression that gives one.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Sample, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return in_range(m, piece, text.parse().unwrap_or(i64::MAX), &Place { range: Some((1, 65_535)), ..*place });
    }
    super::sample::judge(m, piece, &Place { parameter: "one-word", ..*place })
}
