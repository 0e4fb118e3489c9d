//! Algorithms between colons: `!` before one takes it away. What `ALL` begins with stands for all of them.

use super::prelude::*;

/// Algorithms between colons: `!` before one takes it away. What `ALL` begins with stands for all of them.
pub(in crate::catalog) static TYPE: Type = Type { parameters: None, ..Type::new(Role::Value, judge) };

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let mut start = 0;
    for part in text.split(':') {
        let name = part.strip_prefix('!').unwrap_or(part);
        if !"ALL".starts_with(name) && !place.parameter.split(' ').any(|known| known == name) {
            let from = start + part.len() - name.len();
            return super::unlisted(m, piece, from..from + name.len(), place.parameter, ":");
        }
        start += part.len() + 1;
    }
    Some(piece.at + 1)
}
