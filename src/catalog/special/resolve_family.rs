//! The family in `do-resolve(VARIABLE,RESOLVERS,FAMILY)`: HAProxy compares as many letters as are there.

use super::prelude::*;

/// The family in `do-resolve(VARIABLE,RESOLVERS,FAMILY)`: HAProxy compares as many letters as are there.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let inner = piece.text?.split_once('(')?.1.split(')').next()?;
    for family in inner.split(',').skip(2) {
        if !"ipv4".starts_with(family) && !"ipv6".starts_with(family) {
            let message = format!("`{family}` is no family of addresses: `do-resolve` knows `ipv4` and `ipv6`");
            return m.refuse(FaultKind::UnknownArgument, piece.location, message);
        }
    }
    Some(at)
}
