//! The name before may be a log-format string, which HAProxy compiles once every file was read.

use super::prelude::*;

/// The name before may be a log-format string, which HAProxy compiles once every file was read.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let word = m.statement.word(at - 1)?;
    if word.known().is_some_and(|name| name.contains('%')) {
        m.piece(at - 1).into_iter().for_each(|piece| m.mark(Role::Format, piece, None));
        let places = Places::of_rule(m.path.first().copied().unwrap_or(""), "name", m.line.kind).unwrap_or(Places::EVERYWHERE);
        let mut faults = Vec::new();
        expression::log_format(word, Scope { versions: m.versions, places, aborts: false, at_the_end: true, http: None }, &mut faults);
        faults.into_iter().for_each(|fault| m.fault(fault));
    }
    Some(at)
}
