//! A frontend has no use for it, of which HAProxy warns; behind `no` it reads no further.

use super::prelude::*;

/// A frontend has no use for it, of which HAProxy warns; behind `no` it reads no further.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.first == 0 {
        let piece = m.piece(at - 1)?;
        let message = format!("`{}` does nothing in {}, which sends nothing to servers", m.path(), m.line.title());
        let fault = Fault::warned(FaultKind::Ignored, piece.location, message, m.versions);
        m.fault(fault.help("delete it, or move it to a section that uses it"));
    }
    Some(m.end.max(at))
}
