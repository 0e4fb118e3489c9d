//! The word behind an expression, which 3.2.0 goes over.

use super::prelude::*;
use crate::version::Version;

/// The word behind an expression, which 3.2.0 goes over, be it `if`; behind a plain time it does not.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let loses = m.versions.minus(VersionSet::only(Version::new(3, 2, 0))).is_empty();
    let plain = m.str(at - 1).starts_with(|c: char| c.is_ascii_digit());
    Some(if loses && !plain { (at + 1).min(m.end) } else { at })
}
