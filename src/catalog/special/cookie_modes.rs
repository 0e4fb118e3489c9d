//! `cookie`: how the cookie is handled is said in one way only.

use super::prelude::*;

/// `cookie`: how the cookie is handled is said in one way only.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let found = |words: &[&str]| -> Vec<usize> { (m.first + 2..m.end).filter(|i| words.contains(&m.str(*i))).collect() };
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
