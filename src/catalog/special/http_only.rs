//! A keyword that a proxy in another mode than http refuses.

use super::prelude::*;

/// A keyword that a proxy in another mode than http refuses.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.http != Some(false) {
        return Some(at);
    }
    let piece = m.piece(m.first)?;
    let message = format!("`{}` needs `mode http`, and {} is not in it", m.path(), m.line.title());
    m.fault(Fault::refused(FaultKind::Misplaced, piece.location, message, m.versions).help("write `mode http` above it"));
    None
}
