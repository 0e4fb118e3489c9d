//! `lua.NAME`: only scripts register that.

use super::prelude::*;

/// `lua.NAME`: only scripts register that.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if m.line.loads_lua {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = format!("`{}` is not known: no `lua-load` before it loads a script", piece.text?);
    m.fault(
        Fault::refused(FaultKind::UnknownArgument, piece.location, message, m.versions)
            .help("write `lua-load` and the script's file in `global`"),
    );
    None
}
