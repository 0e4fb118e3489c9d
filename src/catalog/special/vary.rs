//! `process-vary` is `on` or `off`; HAProxy only warns of anything else.

use super::prelude::*;

/// `process-vary` is `on` or `off`; HAProxy only warns of anything else.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at).or_else(|| m.piece(at - 1))?;
    let word = m.str(at);
    if piece.text.is_some() && !matches!(word, "on" | "off") {
        let what = if word.is_empty() { "`process-vary` says neither".to_owned() } else { format!("`{word}` is neither") };
        let message = format!("{what} `on` nor `off`: it changes nothing");
        m.fault(
            Fault::warned(FaultKind::InvalidValue, piece.location, message, m.versions)
                .help("write `process-vary on` or `process-vary off`"),
        );
    }
    Some((at + 1).min(m.end))
}
