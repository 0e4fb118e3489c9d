//! `cpu-map`: the words that name threads and processors, and whether they go together.

use std::{collections::HashSet, ops::RangeInclusive};

use crate::version::VersionSet;

use super::{
    Fault, FaultKind,
    matcher::{Matcher, Piece},
};

/// How many groups of threads, and threads in a group, can be named.
const MAX_THREADS: usize = 64;

/// How many processors Linux counts.
const MAX_PROCESSORS: usize = 1024;

/// `[auto:]GROUPS[/THREADS]`, each `all`, `odd`, `even`, a number or a range.
pub(super) fn threads(m: &mut Matcher<'_, '_>, piece: Piece<'_>) -> Option<usize> {
    let text = piece.text?;
    if text.strip_prefix("auto:").unwrap_or(text).splitn(2, '/').all(|part| threads_of(part).is_some()) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` names no threads");
    let help = "write `all`, `odd`, `even`, or a number or range from 1 to 64, for the groups and behind `/` for their threads: `1/1-4`";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}

/// Numbers and ranges of processors between commas. HAProxy wants a digit at the beginning of the word and passes over
/// what it cannot read, which before 2.8 is what stands behind a comma.
pub(super) fn processors(m: &mut Matcher<'_, '_>, piece: Piece<'_>) -> Option<usize> {
    let text = piece.text?;
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.split(',').any(|part| processors_of(part).is_none()) {
        let message = format!("`{text}` names no processors");
        let help = "write numbers from 0 to 1023 or ranges of them: `0-3` or `0,2,4-7`";
        m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
        return None;
    }
    let before = m.versions & VersionSet::before(2, 8, 0);
    if text.contains(',') && !before.is_empty() {
        let high = text.split_once('-').map_or_else(String::new, |(_, high)| format!("-{}", leading(high)));
        let message = format!("HAProxy before 2.8 knows no commas here: it reads `{text}` as `{}{high}`", leading(text));
        let help = format!("write words: `{}`", text.replace(',', " "));
        m.fault(Fault::silent(FaultKind::InvalidValue, piece.location, message, before).help(help));
    }
    Some(piece.at + 1)
}

/// `auto:` gives each group, or each thread of a group, a processor: there must be as many. Where no thread is named that is
/// all of them; what older versions, which count none then, make of 64 processors is not told.
pub(super) fn one_processor_each(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let named = m.piece(m.first + 1)?;
    let Some(text) = named.text?.strip_prefix("auto:") else { return Some(at) };
    let (groups, threads) = text.split_once('/').unwrap_or((text, "all"));
    let (groups, threads) = (threads_of(groups)?, threads_of(threads)?);
    let words = (m.first + 2..m.end).map(|at| m.piece(at)?.text).collect::<Option<Vec<_>>>()?;
    let commas = VersionSet::since(2, 8, 0);
    for (versions, apart) in [(m.versions & commas, &[','][..]), (m.versions.minus(commas), &[])] {
        let parts = words.iter().flat_map(|word| word.split(apart));
        let processors = parts.filter_map(processors_of).flatten().collect::<HashSet<_>>().len();
        if versions.is_empty() || [groups, threads].contains(&processors) {
            continue;
        }
        let message = format!(
            "`auto:{text}` takes as many processors as groups ({groups}) or as threads of a group ({threads}), and not {processors}"
        );
        let help = "name as many processors as threads, or leave out `auto:`: then each may run on any of them";
        m.fault(Fault::refused(FaultKind::InvalidValue, named.location, message, versions).help(help));
    }
    Some(at)
}

/// How many groups or threads `part` names; the end of a range may be left out.
fn threads_of(part: &str) -> Option<usize> {
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

/// The processors of a number or a range; a range without an end has all from there on.
fn processors_of(part: &str) -> Option<RangeInclusive<usize>> {
    let low = leading(part);
    let high = match part.split_once('-') {
        Some((_, "")) => MAX_PROCESSORS - 1,
        Some((_, high)) => leading(high),
        None => low,
    };
    let named = low.min(high)..=low.max(high);
    (*named.end() < MAX_PROCESSORS).then_some(named)
}

/// The number that `text` begins with; 0 where there is none.
fn leading(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).fold(0, |n: usize, b| n.saturating_mul(10).saturating_add(usize::from(b - b'0')))
}
