//! `http-check send` takes one `hdr host`.

use super::prelude::*;

/// `http-check send` takes one `hdr host`.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let mut hosts = 0;
    // `hdr` has two words behind it, `comment` and the others one.
    let mut here = m.first + 2;
    while here < m.end {
        let header = m.str(here) == "hdr";
        hosts += usize::from(header && m.str(here + 1).eq_ignore_ascii_case("host"));
        if hosts > 1 {
            let piece = m.piece(here + 1)?;
            return m.refuse(FaultKind::UnexpectedArgument, piece.location, "a second `Host` header: the request has one");
        }
        here += if header { 3 } else { 2 };
    }
    Some(at)
}
