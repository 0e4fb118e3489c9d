//! A list that HAProxy's own HTTP client hands to the TLS library from 3.5 on: something in it must look like a name of the kind.
//! Which names a library knows is its own business.

use super::prelude::*;

/// A list that HAProxy's own HTTP client hands to the TLS library from 3.5 on: something in it must look like a name of the kind.
/// Which names a library knows is its own business.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let versions = m.versions & VersionSet::since(3, 5, 0);
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let suites = m.path().ends_with("ciphersuites");
    let may_be = |name: &str| {
        let numbered = name.len() >= 4 && name.bytes().any(|b| b.is_ascii_digit()) && name.bytes().any(|b| b.is_ascii_alphabetic());
        if suites { name.starts_with("TLS") } else { numbered || name == "DEFAULT" }
    };
    if versions.is_empty() || text.split(':').any(|part| may_be(part.trim_start_matches(['?', '*', '-', '/']))) {
        return Some(at);
    }
    let message = format!("nothing in `{text}` is a name that a TLS library can know");
    let fault = Fault::refused(FaultKind::InvalidValue, piece.location, message, versions);
    m.fault(Fault { at_the_end: true, ..fault });
    Some(at)
}
