//! `tune.ssl.default-dh-param`: 1024 or more. What is negative counts as very much.

use super::prelude::*;

/// `tune.ssl.default-dh-param`: 1024 or more. What is negative counts as very much.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if text.starts_with('-') && text != "-0" || text.cut(..digits).parse().unwrap_or(if digits > 0 { u64::MAX } else { 0 }) >= 1024 {
        return Some(at);
    }
    m.refuse(FaultKind::InvalidNumber, piece.location, format!("the bits are `{text}`, and must be 1024 or more"))
}
