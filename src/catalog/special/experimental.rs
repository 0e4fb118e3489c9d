//! The word before is refused without `expose-experimental-directives` in `global`.

use super::{super::Piece, prelude::*};

/// The word before is refused without `expose-experimental-directives` in `global`.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    if m.line.exposes_experimental { Some(at) } else { refuse(m, piece, piece.text?) }
}

/// Says that `word`, with which `piece` begins, is experimental.
pub(in crate::catalog) fn refuse<T>(m: &mut Matcher<'_, '_>, piece: Piece<'_>, word: &str) -> Option<T> {
    let message = format!("`{} {word}` is experimental", m.path());
    let fault = Fault::refused(FaultKind::Experimental, piece.location, message, m.versions);
    m.fault(fault.help("write `expose-experimental-directives` in `global` before it"));
    None
}
