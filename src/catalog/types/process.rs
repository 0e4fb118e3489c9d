//! `process` of a `bind` line: processes, and perhaps `/` and threads.

use super::prelude::*;

/// `process` of a `bind` line: processes, and perhaps `/` and threads.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    match piece.text?.split_once('/') {
        Some((processes, threads)) => {
            super::processes::numbered(m, piece, processes, "process", VersionSet::since(2, 5, 0), (64, 1))?;
            super::processes::numbered(m, piece, threads, "thread", VersionSet::NONE, (64, 64))
        }
        None => super::processes::judge(m, piece, place),
    }
}
