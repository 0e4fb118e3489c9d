//! A word that `defaults` sections take and make nothing of, with a warning since 2.5.

use super::prelude::*;

/// A word that `defaults` sections take and make nothing of, with a warning since 2.5.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    if m.line.kind == SectionKind::Defaults {
        let message = format!("`{}` is not inherited: it has no effect in a `defaults` section", piece.text?);
        let versions = m.versions & VersionSet::since(2, 5, 0);
        m.fault(Fault::warned(FaultKind::Ignored, piece.location, message, versions).help("write it in the proxies that need it"));
    }
    Some(at)
}
