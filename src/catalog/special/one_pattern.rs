//! `http-check expect` and `tcp-check expect` take one pattern.

use super::prelude::*;

/// `http-check expect` and `tcp-check expect` take one pattern.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    const PATTERNS: [&str; 12] =
        ["string", "rstring", "string-lf", "binary", "rbinary", "binary-lf", "status", "rstatus", "hdr", "fhdr", "custom", ""];
    let Some(piece) = m.piece(at) else { return Some(at) };
    let text = piece.text?;
    if !PATTERNS.contains(&text.trim_start_matches('!')) {
        return Some(at);
    }
    m.refuse(FaultKind::Conflict, piece.location, format!("`{text}` is a second pattern, and `expect` takes one"))
}
