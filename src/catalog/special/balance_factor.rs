//! `hash-balance-factor`: 0, or more than 100.

use super::prelude::*;

/// `hash-balance-factor`: 0, or more than 100.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text.cut(..digits).parse().unwrap_or(if digits > 0 { u64::MAX } else { 0 });
    let negative = text.strip_prefix('-').is_some_and(|rest| rest.bytes().take_while(u8::is_ascii_digit).any(|b| b != b'0'));
    if !negative && (value == 0 || value > 100) {
        return Some(at);
    }
    let message = format!("the percent is `{text}`, and must be 0 or greater than 100");
    m.refuse(FaultKind::InvalidNumber, piece.location, message)
}
