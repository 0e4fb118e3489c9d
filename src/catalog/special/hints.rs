//! `early-hints` of a cache: `on`, `off` or `only`; HAProxy only warns of anything else.

use super::prelude::*;

/// `early-hints` of a cache: `on`, `off` or `only`; HAProxy only warns of anything else.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at).or_else(|| m.piece(at - 1))?;
    let word = if at < m.end { m.str(at) } else { "" };
    if piece.text.is_some() && !matches!(word, "on" | "off" | "only") {
        let what = if word.is_empty() { format!("`{}` says nothing", m.path()) } else { format!("`{word}` is not known here") };
        let help = "write `early-hints on`, `early-hints off` or `early-hints only`";
        m.fault(Fault::warned(FaultKind::InvalidValue, piece.location, format!("{what}: it changes nothing"), m.versions).help(help));
    }
    Some((at + 1).min(m.end))
}
