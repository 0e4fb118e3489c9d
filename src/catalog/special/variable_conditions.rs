//! The conditions in the parentheses of `set-var` and `set-var-fmt`; an empty one ends them.

use super::prelude::*;

/// What `set-var(NAME,CONDITION…)` knows as conditions.
const CONDITIONS: [&str; 8] = ["ifexists", "ifnotexists", "ifempty", "ifnotempty", "ifset", "ifnotset", "ifgt", "iflt"];

/// The conditions in the parentheses of `set-var` and `set-var-fmt`; an empty one ends them.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    super::closed::judge(m, at)?;
    let inner = text.split_once('(')?.1;
    let mut start = text.len() - inner.len();
    let conditions = inner.trim_end_matches(')').split(',');
    for (number, condition) in conditions.enumerate().take_while(|(number, c)| *number == 0 || !c.is_empty()) {
        let location = m.part(piece, start, start + condition.len());
        start += condition.len() + 1;
        if number > 0 && !CONDITIONS.contains(&condition) {
            let message = format!("`{condition}` is no condition for setting a variable");
            let near = crate::nearest::nearest(condition, CONDITIONS);
            let help = Help::near(location, condition, near, || format!("write one of {}", CONDITIONS.join(", ")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
    }
    Some(at)
}
