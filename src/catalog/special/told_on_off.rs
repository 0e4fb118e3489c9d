//! `on` or `off`; HAProxy only warns of anything else.

use super::prelude::*;

/// `on` or `off`; HAProxy only warns of anything else.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at).or_else(|| m.piece(at - 1))?;
    let word = if at < m.end { m.str(at) } else { "" };
    if piece.text.is_some() && !matches!(word, "on" | "off") {
        let what = if word.is_empty() { format!("`{}` says neither", m.path()) } else { format!("`{word}` is neither") };
        let message = format!("{what} `on` nor `off`: it changes nothing");
        let help = format!("write `{0} on` or `{0} off`", m.path());
        m.fault(Fault::warned(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
        return None;
    }
    Some((at + 1).min(m.end))
}
