//! The name of a `healthcheck` section; HAProxy misses it with an alert that refuses nothing.

use super::prelude::*;

/// The name of a `healthcheck` section; HAProxy misses it with an alert that refuses nothing.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.piece(at).is_some() {
        return Some(at + 1);
    }
    let before = m.piece(at - 1)?;
    let message = format!("`{}` needs the name of a `healthcheck` section", m.path());
    let fault = Fault::refused(FaultKind::MissingArgument, before.location, message, m.versions);
    m.fault(Fault { verdict: Some(Verdict::Alert), ..fault });
    None
}
