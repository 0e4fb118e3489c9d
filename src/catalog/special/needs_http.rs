//! The word before is for proxies in http mode only.

use super::prelude::*;

/// The word before is for proxies in http mode only.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.http != Some(false) {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` needs `mode http`, and this is a tcp proxy", m.str(at - 1));
    // HAProxy starts all the same.
    let fault = Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help("write `mode http` before it");
    m.fault(Fault { verdict: Some(Verdict::Alert), ..fault });
    Some(at)
}
