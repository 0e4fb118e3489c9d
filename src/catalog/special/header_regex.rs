//! The header's name before `-m reg` is a regular expression.

use super::prelude::*;

/// The header's name before `-m reg` is a regular expression.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at.checked_sub(3)?)?;
    let text = piece.text?;
    if let Some((range, problem)) = expression::regex_problem(text) {
        let location = m.part(piece, range.start, range.end);
        return m.refuse(FaultKind::InvalidValue, location, format!("the regular expression `{text}` cannot be read: {problem}"));
    }
    Some(at)
}
