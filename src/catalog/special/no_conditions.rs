//! `unset-var` knows no conditions; an empty one ends them, and HAProxy looks at nothing behind it.

use super::prelude::*;

/// `unset-var` knows no conditions; an empty one ends them, and HAProxy looks at nothing behind it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    super::closed::judge(m, at)?;
    let Some((before, conditions)) = text.split_once(',') else { return Some(at) };
    let first = conditions.split([',', ')']).next().unwrap_or_default();
    if first.is_empty() {
        return Some(at);
    }
    let start = before.len() + 1;
    let message = format!("`unset-var` takes no condition, and here is `{first}`");
    m.refuse(FaultKind::UnexpectedArgument, m.part(piece, start, start + first.len()), message)
}
