//! `crt` must not stand twice in a line.

use super::prelude::*;

/// `crt` must not stand twice in a line.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    // Behind another keyword it is the name of something.
    let names = |word: usize| matches!(m.str(word - 1), "crt" | "key" | "alias" | "ocsp" | "issuer" | "sctl" | "acme" | "domains");
    let second = (m.first + 1..at).filter(|word| m.str(*word) == "crt" && !names(*word)).nth(1);
    let Some(piece) = second.and_then(|word| m.piece(word)) else { return Some(at) };
    m.refuse(FaultKind::Conflict, piece.location, "`crt` stands twice in this line")
}
