//! `option httpchk METHOD URI VERSION`: headers hidden behind the version were warned of by 2.6.12 and are refused from 2.7 on.

use super::prelude::*;

/// `option httpchk METHOD URI VERSION`: headers hidden behind the version were warned of by 2.6.12 and are refused from 2.7 on.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let version = m.piece(at - 1)?;
    let Some(start) = version.text.and_then(|text| text.find("\r\n")) else { return Some(at) };
    let location = m.part(version, start, version.text.map_or(0, str::len));
    let refused = m.versions & VersionSet::since(2, 7, 0);
    let help = "write them as `http-check send hdr NAME VALUE`";
    if !refused.is_empty() {
        let message = "headers cannot stand behind the version of the check any more";
        m.fault(Fault::refused(FaultKind::InvalidValue, location, message, refused).help(help));
    }
    let warned = m.versions & VersionSet::branch_since(2, 6, 0);
    if !warned.is_empty() {
        let message = "headers behind the version of the check are deprecated: 2.7 and later refuse them";
        m.fault(Fault::warned(FaultKind::InvalidValue, location, message, warned).help(help));
    }
    (refused != m.versions).then_some(at)
}
