//! `stats show-desc` shows its own words, or else the `description` of `global` above it.

use super::prelude::*;

/// `stats show-desc` shows its own words, or else the `description` of `global` above it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at >= m.end && !m.line.described {
        let piece = m.piece(at - 1)?;
        let message = "`stats show-desc` has nothing to show: neither words of its own nor a `description` in `global` above it";
        let fault = Fault::warned(FaultKind::MissingArgument, piece.location, message, m.versions);
        m.fault(fault.help("write the description behind it"));
    }
    Some(at)
}
