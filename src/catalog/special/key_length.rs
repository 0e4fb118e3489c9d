//! The keys of a stick table: from 3.4 on HAProxy refuses entries of 4 GiB.

use super::prelude::*;

/// The versions that count the bytes of an entry in 32 bits, and look whether they are enough.
const COUNTED: VersionSet = VersionSet::since(3, 4, 0);

/// The keys of a stick table: from 3.4 on HAProxy refuses entries of 4 GiB.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let (piece, versions) = (m.piece(at - 1)?, m.versions & COUNTED);
    let long = piece.text?.parse::<u64>().is_ok_and(|length| length >= u64::from(u32::MAX));
    if long && !versions.is_empty() {
        let message = format!("a key of {} bytes is longer than an entry of the table can be", piece.text?);
        let fault = Fault::refused(FaultKind::InvalidNumber, piece.location, message, versions);
        m.fault(Fault { at_the_end: true, ..fault });
    }
    Some(at)
}
