//! A password of 80 bytes at most; a `server` line is taken all the same, with an alert.

use super::prelude::*;

/// A password of 80 bytes at most; a `server` line is taken all the same, with an alert.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    if piece.text?.len() <= 80 {
        return Some(at);
    }
    let message = format!("the password of `{}` is longer than 80 bytes", m.path());
    let fault = Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions);
    let verdict = if m.str(m.first) == "bind" { Verdict::Reject } else { Verdict::Alert };
    m.fault(Fault { verdict: Some(verdict), ..fault });
    None
}
