//! The number of a counter behind `track-sc`, or the last in the parentheses of `sc-inc-gpc0` and the like: there are
//! three of them, or as many as `tune.stick-counters` says, which 2.8 and later know.

use super::prelude::*;

/// The counters there are where nothing else is said.
pub(in crate::catalog) const DEFAULT_COUNTERS: u64 = 3;

/// The number of a counter behind `track-sc`, or the last in the parentheses of `sc-inc-gpc0` and the like: there are
/// three of them, or as many as `tune.stick-counters` says, which 2.8 and later know.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let number = match text.split_once('(') {
        Some((_, inner)) => inner.split(')').next()?.rsplit(',').next()?,
        None => text.strip_prefix("track-sc").unwrap_or(""),
    };
    if number.starts_with('-') {
        let message = format!("there is no counter {number}; HAProxy does not look");
        m.fault(Fault::silent(FaultKind::InvalidNumber, piece.location, message, m.versions).help("write the number of a `track-sc` rule"));
        return Some(at);
    }
    let set = VersionSet::since(2, 8, 0);
    if !m.all_in(&set) && m.split.is_some() {
        return None;
    }
    let tuned = set.covers(m.versions);
    let Some(counters) = (if tuned { m.line.stick_counters } else { Some(DEFAULT_COUNTERS) }) else { return Some(at) };
    if number.parse::<u64>().unwrap_or(0) < counters {
        return Some(at);
    }
    let message = match counters {
        0 => format!("`{text}` needs a counter, and there are none: `tune.stick-counters` is 0"),
        1 => format!("`{text}` needs counter {number}, and there is only 0"),
        _ => format!("`{text}` needs counter {number}, and there are only 0 to {}", counters - 1),
    };
    let fault = Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions);
    m.fault(if tuned { fault.help("write a larger `tune.stick-counters` in `global`, before this line") } else { fault });
    None
}
