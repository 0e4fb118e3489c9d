//! `challenge-ready`: some of `cli`, `dns` and `delay` between commas, or `none` alone.

use super::prelude::*;

/// `challenge-ready`: some of `cli`, `dns` and `delay` between commas, or `none` alone.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    const CONDITIONS: [&str; 4] = ["cli", "dns", "delay", "none"];
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let conditions = || text.split(',').filter(|condition| !condition.is_empty());
    let wrong = conditions().find(|condition| !CONDITIONS.contains(condition));
    let fault = match wrong {
        Some(wrong) => {
            Fault::refused(FaultKind::UnknownArgument, piece.location, format!("`{}` does not know `{wrong}`", m.path()), m.versions)
        }
        None if conditions().any(|c| c == "none") && conditions().count() > 1 => {
            Fault::refused(FaultKind::Conflict, piece.location, "`none` stands alone: here are other conditions beside it", m.versions)
        }
        None => return Some(at),
    };
    m.fault(fault.help("write `none`, or some of `cli`, `dns` and `delay` between commas"));
    None
}
