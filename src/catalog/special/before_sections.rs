//! From 2.7 on only the first `global` sections take it.

use super::prelude::*;

/// Where no other section may stand above.
const FIRST: VersionSet = VersionSet::since(2, 7, 0);

/// From 2.7 on only the first `global` sections take it.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let versions = m.versions & FIRST;
    if !m.line.behind_sections || versions.is_empty() {
        return Some(at);
    }
    let message = format!("`{}` is refused behind the first section that is no `global`", m.path());
    let fault = Fault::refused(FaultKind::Misplaced, m.piece(at - 1)?.location, message, versions);
    m.fault(fault.help("move it to a `global` section above all other sections"));
    Some(at)
}
