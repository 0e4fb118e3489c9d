//! The option before says how a key is made, which is done with `generate-dummy on` alone.

use super::prelude::*;

/// The option before says how a key is made, which is done with `generate-dummy on` alone.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let mut asked = (m.first + 1..m.end).filter(|word| m.str(*word) == "generate-dummy");
    let made = asked.any(|word| m.piece(word + 1).is_none_or(|value| value.text.is_none_or(|text| text == "on")));
    if made || (m.first..m.end).any(|word| m.piece(word).is_none_or(|piece| piece.text.is_none())) {
        return Some(at);
    }
    let piece = m.piece(at - 1)?;
    let message = "this says how a key is made, and none is made without `generate-dummy on`";
    let fault = Fault::refused(FaultKind::Conflict, piece.location, message, m.versions);
    m.fault(fault.help("write `generate-dummy on` as well, or leave it out"));
    None
}
