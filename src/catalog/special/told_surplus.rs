//! A word too many, of which HAProxy tells as of an error, and starts all the same.

use super::prelude::*;

/// A word too many, of which HAProxy tells as of an error, and starts all the same.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if let Some(piece) = m.piece(at) {
        let message = format!("`{}` is one word too many for `{}`", piece.text?, m.path());
        let fault = Fault::refused(FaultKind::UnexpectedArgument, piece.location, message, m.versions).help("delete it");
        m.fault(Fault { verdict: Some(Verdict::Alert), ..fault });
    }
    Some(m.end)
}
