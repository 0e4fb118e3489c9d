//! A variable: a scope, a dot, a name.

use super::prelude::*;

/// A variable: a scope, a dot, a name.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Variable, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let (whole, word) = (m.statement.word(piece.at)?, piece.text?);
    // In parentheses the variable is a part of the word.
    let start = whole.known()?.find(word)?;
    let scope = scope(m);
    let mut faults = Vec::new();
    expression::variable(whole, start..start + word.len(), scope, &mut faults);
    take(m, faults)?;
    Some(piece.at + 1)
}
