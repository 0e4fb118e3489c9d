//! The groups and threads of `cpu-map`: `[auto:]GROUPS[/THREADS]`, each `all`, `odd`, `even`, a number or a range.

use super::prelude::*;

/// `[auto:]GROUPS[/THREADS]`, each `all`, `odd`, `even`, a number or a range.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

/// How many groups of threads, and threads in a group, can be named.
const MAX_THREADS: usize = 64;

fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    if text.strip_prefix("auto:").unwrap_or(text).splitn(2, '/').all(|part| threads_of(part).is_some()) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` names no threads");
    let help = "write `all`, `odd`, `even`, or a number or range from 1 to 64, for the groups and behind `/` for their threads: `1/1-4`";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// How many groups or threads `part` names; the end of a range may be left out.
pub(in crate::catalog) fn threads_of(part: &str) -> Option<usize> {
    let number = |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None };
    let (low, high) = match part {
        "all" => return Some(MAX_THREADS),
        "odd" | "even" => return Some(MAX_THREADS / 2),
        _ => part.split_once('-').unwrap_or((part, part)),
    };
    let (low, high) = (number(low)?, if high.is_empty() { MAX_THREADS } else { number(high)? });
    let named = low.min(high)..=low.max(high);
    (*named.start() >= 1 && *named.end() <= MAX_THREADS).then(|| named.count())
}
