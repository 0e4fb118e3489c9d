//! The empty name of a peer with an address behind it: HAProxy reads the address, and refuses the name.

use super::prelude::*;

/// The empty name of a peer with an address behind it: HAProxy reads the address, and refuses the name.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let known = |at: usize| m.statement.word(at).and_then(|word| word.known());
    if known(at) != Some("") || known(at + 1).is_none_or(str::is_empty) {
        return Some(at);
    }
    let location = m.statement.word(at)?.location;
    m.refuse(FaultKind::MissingArgument, location, format!("`{}` needs a name, and this one is empty", m.path()))
}
