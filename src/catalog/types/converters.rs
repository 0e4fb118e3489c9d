//! Converters alone, one behind the other: a text that is there already is what they convert.

use super::prelude::*;

/// Converters alone, one behind the other.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let word = m.statement.word(piece.at)?;
    let mut faults = Vec::new();
    expression::converters(word, scope(m), &mut faults);
    if m.line.kind == SectionKind::Defaults || m.line.logs != Some(true) {
        // They are compiled for the backends that inherit them, and only for those that balance logs.
        faults.iter_mut().for_each(|fault| fault.verdict = None);
    }
    take(m, faults)?;
    Some(piece.at + 1)
}
