//! A value that HAProxy does not miss, as long as no condition stands in its place.

use super::prelude::*;

/// A value that HAProxy does not miss, as long as no condition stands in its place.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let before = m.piece(at - 1)?;
    let needs = |m: &Matcher<'_, '_>| format!("`{}` needs a value", m.path());
    match m.str(at) {
        "" if at >= m.end => {
            let message = format!("{}: HAProxy takes nothing for one", needs(m));
            m.fault(Fault::silent(FaultKind::MissingArgument, before.location, message, m.versions));
            Some(at)
        }
        // This one takes any word, and is refused for what follows.
        "if" | "unless" if before.text?.starts_with("set-var-fmt") && matches!(m.str(at + 1), "" | "if" | "unless") => {
            let message = format!("{}: HAProxy takes `{}` for it", needs(m), m.str(at));
            m.fault(Fault::silent(FaultKind::MissingArgument, before.location, message, m.versions));
            Some(at + 1)
        }
        "if" | "unless" => m.refuse(FaultKind::MissingArgument, before.location, format!("{} before its condition", needs(m))),
        _ => Some(at),
    }
}
