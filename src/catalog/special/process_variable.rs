//! `set-var` and `set-var-fmt` of the global section: only variables of the process live so long.

use super::prelude::*;

/// `set-var` and `set-var-fmt` of the global section: only variables of the process live so long.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(m.first + 1)?;
    let text = piece.text?;
    if text.starts_with("proc.") {
        return Some(at);
    }
    let message = format!("`{text}` is no variable of the process, and others cannot be set in `global`");
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help("write `proc.` and its name"));
    None
}
