//! The threads of a group stand next to each other.

use super::prelude::*;

/// The threads of a group stand next to each other.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let mut ranges = Vec::new();
    for word in m.first + 2..at {
        let text = m.piece(word)?.text?;
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) else { return Some(at) };
        ranges.push((from.min(to), from.max(to), word));
    }
    ranges.sort_unstable();
    let mut end = ranges.first().map_or(0, |first| first.1);
    for (from, to, word) in ranges {
        if from > end.saturating_add(1) {
            let message = format!("threads {end} and {from} of this group have others between them, and a group is one range");
            return m.refuse(FaultKind::InvalidValue, m.piece(word)?.location, message);
        }
        end = end.max(to);
    }
    Some(at)
}
