//! The threads of a group stand next to each other, and a group takes no more of them than a word of the processor has bits.

use super::prelude::*;

/// How many threads a group takes.
const MOST: u32 = 64;

/// The threads of a group stand next to each other.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let mut ranges = Vec::new();
    for word in m.first + 2..at {
        let text = m.piece(word)?.text?;
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) else { return Some(at) };
        // One that goes backwards has no thread.
        ranges.extend((from <= to).then_some((from, to, word)));
    }
    ranges.sort_unstable();
    let first = ranges.first().map_or(0, |range| range.0);
    let mut end = ranges.first().map_or(0, |first| first.1);
    for pair in ranges.windows(2).filter(|pair| pair[1].0 <= pair[0].1).take(1) {
        let (message, location) = (format!("thread {} is in this group already", pair[1].0), m.piece(pair[1].2.max(pair[0].2))?.location);
        m.fault(Fault::warned(FaultKind::InvalidValue, location, message, m.versions).help("name each thread once"));
    }
    for (from, to, word) in ranges {
        if from > end.saturating_add(1) {
            let message = format!("threads {end} and {from} of this group have others between them, and a group is one range");
            return m.refuse(FaultKind::InvalidValue, m.piece(word)?.location, message);
        }
        end = end.max(to);
        // What 3.3 says of that is not known; 3.4 takes it.
        let versions = m.versions & VersionSet::before(3, 3, 0);
        if end.saturating_sub(first) >= MOST && !versions.is_empty() {
            let message = format!("a group of {} threads: it takes {MOST} at most", end.saturating_sub(first).saturating_add(1));
            m.fault(Fault::refused(FaultKind::InvalidValue, m.piece(word)?.location, message, versions));
            return None;
        }
    }
    Some(at)
}
