//! The period of a rate: a time. HAProxy leaves out what stands behind a comma.

use super::prelude::*;

/// The period of a rate: a time. HAProxy leaves out what stands behind a comma.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Time, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let text = piece.text?;
    let end = text.find(',').unwrap_or(text.len());
    let period = Piece { at: piece.at, text: Some(text.cut(..end)), location: m.part(piece, 0, end) };
    super::time::judge(m, period, place)?;
    if end < text.len() {
        let location = m.part(piece, end, text.len());
        let message = format!("`{}` is left out: the period is `{}`", text.cut(end..), text.cut(..end));
        m.fault(Fault::silent(FaultKind::IgnoredArgument, location, message, m.versions).help("delete what HAProxy does not read"));
    }
    Some(piece.at + 1)
}
