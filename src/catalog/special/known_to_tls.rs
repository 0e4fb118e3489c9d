//! A list that goes to the TLS library: something in it must look like a name of the kind. Which names a library knows is its
//! own business.

use super::prelude::*;

/// A list that goes to the TLS library: something in it must look like a name of the kind. Which names a library knows is its
/// own business. HAProxy's own HTTP client hands over what `global` says of servers, from 3.5 on; other lists go there with the
/// `bind` or `server` line they stand in, if it speaks TLS.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let versions = match m.line.kind {
        SectionKind::Global if m.str(m.first) != "stats" => m.versions & VersionSet::since(3, 5, 0),
        _ if (m.first..m.end).any(|at| m.str(at) == "ssl") && m.str(m.first) != "default-server" => m.versions,
        _ => VersionSet::NONE,
    };
    let piece = m.piece(at.checked_sub(1)?)?;
    let text = piece.text?;
    let kind = m.path.last().copied().unwrap_or("");
    if versions.is_empty() || may_be(text, kind) {
        return Some(at);
    }
    let message = format!("nothing in `{text}` is a name that a TLS library can know");
    let fault = Fault::refused(FaultKind::InvalidValue, piece.location, message, versions);
    m.fault(Fault { at_the_end: true, ..fault });
    Some(at)
}

/// Whether a list of this kind may have a name that some library knows.
fn may_be(list: &str, kind: &str) -> bool {
    let numbered = |name: &str| {
        name.len() >= 4 && name.bytes().any(|b| b.is_ascii_digit()) && name.bytes().any(|b| b.is_ascii_alphabetic()) || name == "DEFAULT"
    };
    if kind.ends_with("ciphersuites") {
        return list.split(':').any(|name| name.starts_with("TLS"));
    }
    if kind.ends_with("ciphers") {
        // `!` and `-` only take away, `+` and `@` only sort.
        let adds = |name: &&str| !name.starts_with(['!', '-', '+', '@']);
        return list.split([':', ',', ' ', ';']).filter(adds).any(cipher);
    }
    list.split([':', '/']).any(|name| numbered(name.trim_start_matches(['?', '*', '-'])))
}

/// Whether this may be the name of ciphers: all have two capitals in a row, or a digit.
fn cipher(name: &str) -> bool {
    name.bytes().any(|b| b.is_ascii_digit()) || name.as_bytes().windows(2).any(|two| two.iter().all(u8::is_ascii_uppercase))
}
