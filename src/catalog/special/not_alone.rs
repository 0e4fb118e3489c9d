//! `master-worker` from 3.5 on: alone it is refused, for the mode is chosen on the command line.

use super::prelude::*;

/// `master-worker` from 3.5 on: alone it is refused, for the mode is chosen on the command line.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at < m.end {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` is not known any more: the mode is chosen on the command line", m.path());
    let line = m.statement.whole_line();
    let fault = Fault::refused(FaultKind::Removed, piece.location, message, m.versions);
    m.fault(Fault {
        fix: Some(Fix { title: "delete the line".to_owned(), applicability: Applicability::Unsafe, edits: vec![Edit::delete(line)] }),
        ..fault.help("delete it, and start HAProxy with `-W`, or with `-Ws` from systemd")
    });
    None
}
