//! `crt-base` and `key-base` of a `crt-store`: they stand before what is loaded.

use super::prelude::*;

/// `crt-base` and `key-base` of a `crt-store`: they stand before what is loaded.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if !m.line.loads_certificates {
        return Some(at);
    }
    let piece = m.piece(m.first)?;
    let message = format!("`{}` stands behind a `load` line, where it comes too late", m.path());
    m.fault(
        Fault::refused(FaultKind::Conflict, piece.location, message, m.versions).help("write it before all `load` lines of the section"),
    );
    None
}
