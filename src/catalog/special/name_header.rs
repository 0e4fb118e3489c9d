//! `http-send-name-header`: from 3.4 on not a header that HAProxy has its own use for.

use super::prelude::*;

/// `http-send-name-header`: from 3.4 on not a header that HAProxy has its own use for.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    const RESERVED: [&str; 6] = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te"];
    let header = m.piece(at - 1)?;
    let refused = m.versions & VersionSet::since(3, 4, 0);
    if refused.is_empty() || !header.text.is_some_and(|t| RESERVED.iter().any(|r| r.eq_ignore_ascii_case(t))) {
        return Some(at);
    }
    let message = format!("the name of the server cannot go into `{}`, which is for HAProxy itself", m.str(at - 1));
    m.fault(Fault::refused(FaultKind::InvalidValue, header.location, message, refused));
    (refused != m.versions).then_some(at)
}
