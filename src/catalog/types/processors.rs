//! Numbers and ranges of processors between commas, as `cpu-map` takes them.

use std::ops::RangeInclusive;

use super::prelude::*;

/// Numbers and ranges of processors between commas. HAProxy wants a digit at the beginning of the word and passes over
/// what it cannot read, which before 2.8 is what stands behind a comma.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

/// How many processors Linux counts.
const MAX_PROCESSORS: usize = 1024;

fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
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

/// The processors of a number or a range; a range without an end has all from there on.
pub(in crate::catalog) fn processors_of(part: &str) -> Option<RangeInclusive<usize>> {
    let low = leading(part);
    let high = match part.split_once('-') {
        Some((_, "")) => MAX_PROCESSORS - 1,
        Some((_, high)) => leading(high),
        None => low,
    };
    let named = low.min(high)..=low.max(high);
    (*named.end() < MAX_PROCESSORS).then_some(named)
}

/// The number that `text` begins with, in the 32 bits that HAProxy keeps it in; 0 where there is none.
fn leading(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold(0, |n: u32, b| n.wrapping_mul(10).wrapping_add(u32::from(b - b'0'))) as usize
}
