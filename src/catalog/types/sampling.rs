//! Which messages of how many go to a log target: `1:10`, `2-3,5:10`.

use super::prelude::*;

/// Which messages of how many go to a log target: `1:10`, `2-3,5:10`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let number = |text: &str| text.parse().ok().filter(|n: &u32| *n > 0);
    let range = |part: &str| {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        Some((number(low)?, number(high)?)).filter(|(low, high)| low <= high)
    };
    let sampled = text.split_once(':').and_then(|(parts, size)| {
        let mut ranges: Vec<(u32, u32)> = parts.split(',').map(range).collect::<Option<_>>()?;
        ranges.sort_unstable();
        let apart = ranges.windows(2).all(|two| two[0].1 < two[1].0);
        Some(apart && ranges.last()?.1 <= number(size)?)
    });
    if sampled == Some(true) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` does not say which messages of how many are sent");
    let help = "write numbers or ranges that do not overlap, `:`, and the number of messages they are taken from: `1:10` is one of ten";
    m.fault(Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions).help(help));
    None
}
