//! `cookie`: how the cookie is handled is said in one way only.

use super::prelude::*;

/// `cookie`: how the cookie is handled is said in one way only.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    // The domain, or an attribute, may be called as a mode is.
    let options: Vec<usize> = Options::of(m.statement, m.first + 2).numbers().filter(|number| *number < m.end).collect();
    let found = |words: &[&str]| -> Vec<usize> { options.iter().copied().filter(|i| words.contains(&m.str(*i))).collect() };
    for words in [["rewrite", "indirect"].as_slice(), &["rewrite", "insert", "prefix"]] {
        let used = found(words);
        let different = used.iter().find(|i| m.str(**i) != m.str(used[0]));
        if let Some(second) = different.and_then(|i| m.piece(*i)) {
            let message = format!("`{}` and `{}` exclude each other", m.str(used[0]), m.str(second.at));
            return m.refuse(FaultKind::Conflict, second.location, message);
        }
    }
    if let (Some(preserve), []) = (found(&["preserve"]).first(), found(&["insert", "indirect"]).as_slice()) {
        let location = m.piece(*preserve)?.location;
        return m.refuse(FaultKind::Conflict, location, "`preserve` needs `insert` or `indirect` beside it");
    }
    Some(at)
}
