//! The name behind `table` of a `stick` rule. Where the line ends, HAProxy looks for a table without a name.

use super::{super::NameKind, prelude::*};

/// The name behind `table` of a `stick` rule. Where the line ends, HAProxy looks for a table without a name.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        let message = format!("`{} table` needs the name of a table", m.path());
        let fault = Fault::refused(FaultKind::MissingArgument, before.location, message, m.versions);
        m.fault(Fault { at_the_end: true, ..fault }.help("name a proxy with a `stick-table` line, or delete `table`"));
        return Some(m.end.max(at));
    };
    m.mark(Role::Name(NameKind::Table), piece, None);
    Some(at + 1)
}
