//! `resolvers` without a name: in proxies HAProxy looks for a section without one, elsewhere it asks nobody.

use super::prelude::*;

/// `resolvers` without a name: in proxies HAProxy looks for a section without one, elsewhere it asks nobody.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    if at < m.end || !m.line.kind.is_proxy() {
        return Some(at);
    }
    let before = m.piece(at - 1)?;
    m.refuse(FaultKind::MissingArgument, before.location, format!("`{}` needs the name of a `resolvers` section", m.path()))
}
