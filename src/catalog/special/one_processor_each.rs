//! As many processors as threads in `cpu-map auto:`.

use std::collections::HashSet;

use super::{
    super::types::{processors::processors_of, threads::threads_of},
    prelude::*,
};

/// `auto:` gives each group, or each thread of a group, a processor: there must be as many. Where no thread is named that is
/// all of them; what older versions, which count none then, make of 64 processors is not told.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
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
