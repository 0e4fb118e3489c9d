//! A regular expression.

use super::prelude::*;

/// A regular expression.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Regex, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if let Some((range, problem)) = expression::regex_problem(text) {
        let location = m.part(piece, range.start, range.end);
        return m.refuse(FaultKind::InvalidValue, location, format!("the regular expression `{text}` cannot be read: {problem}"));
    }
    Some(piece.at + 1)
}
