//! `tune.idletimer` is at most 65535 ms.

use super::prelude::*;

/// `tune.idletimer` is at most 65535 ms.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let scale = match text.cut(digits..) {
        unit if unit.starts_with("us") => return Some(at),
        unit if unit.is_empty() || unit.starts_with("ms") => 1,
        unit if unit.starts_with('s') => 1_000,
        unit if unit.starts_with('m') => 60_000,
        _ => 3_600_000,
    };
    if text.cut(..digits).parse().is_ok_and(|n: u64| n.saturating_mul(scale) <= 65_535) {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidTime, piece.location, format!("the time `{text}` is more than 65535 ms"))
}
