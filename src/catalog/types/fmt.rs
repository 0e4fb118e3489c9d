//! A log-format string.

use super::prelude::*;

/// A log-format string.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Format, judge).alike(Alike::Text);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let word = m.statement.word(piece.at)?;
    let mut scope = scope(m);
    // A backend logs nothing: the formats of its log are never compiled, those of errors and of ids are.
    let logs = matches!(m.path.first(), Some(&("log-format" | "log-format-sd")));
    let unused = scope.at_the_end && logs && m.line.kind == SectionKind::Backend;
    scope.at_the_end |= m.line.kind == SectionKind::FcgiApp;
    // Which backend or server it names is worked out at the end, its condition at once.
    scope.at_the_end |= matches!(m.path.first(), Some(&("use_backend" | "use-server")));
    let mut faults = Vec::new();
    expression::log_format(word, scope, &mut faults);
    if unused {
        faults.iter_mut().for_each(|fault| fault.verdict = None);
    }
    take(m, faults)?;
    Some(piece.at + 1)
}
