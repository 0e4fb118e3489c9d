//! The name of a `healthcheck` section; HAProxy misses it with an alert that refuses nothing. On `default-server` lines 3.4.0 crashes.

use crate::version::Version;

use super::prelude::*;

/// The version that does not expect it on `default-server` lines.
const CRASHES: VersionSet = VersionSet::only(Version::new(3, 4, 0));

/// The name of a `healthcheck` section; HAProxy misses it with an alert that refuses nothing.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let crashes = CRASHES & m.versions;
    if m.str(m.first) == "default-server" && !crashes.is_empty() {
        let piece = m.piece(at - 1)?;
        let message = format!("`{}` of `default-server` makes HAProxy 3.4.0 crash", m.path.last()?);
        m.fault(Fault::refused(FaultKind::Misplaced, piece.location, message, crashes).help("write it on the `server` lines"));
    }
    if m.piece(at).is_some() {
        return Some(at + 1);
    }
    let before = m.piece(at - 1)?;
    let message = format!("`{}` needs the name of a `healthcheck` section", m.path());
    let fault = Fault::refused(FaultKind::MissingArgument, before.location, message, m.versions);
    m.fault(Fault { verdict: Some(Verdict::Alert), ..fault });
    None
}
