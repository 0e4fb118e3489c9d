//! `unix-bind` takes one prefix; HAProxy says so and goes on.

use super::prelude::*;

/// `unix-bind` takes one prefix; HAProxy says so and goes on.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let second = (m.first + 1..at).step_by(2).filter_map(|n| m.piece(n)).filter(|p| p.text == Some("prefix")).nth(1);
    if let Some(second) = second {
        let fault = Fault::refused(FaultKind::Conflict, second.location, "a second `prefix` is left out", m.versions);
        m.fault(Fault { verdict: Some(Verdict::Alert), ..fault.help("delete one of them") });
    }
    Some(at)
}
