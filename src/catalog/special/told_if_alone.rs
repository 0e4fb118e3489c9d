//! What must follow is missing, and HAProxy only warns of it.

use super::prelude::*;

/// What must follow is missing, and HAProxy only warns of it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at < m.end {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` says nothing: it changes nothing", m.path());
    m.fault(
        Fault::warned(FaultKind::MissingArgument, piece.location, message, m.versions).help("write what belongs behind it, or delete it"),
    );
    None
}
