//! Processes, of which there has been one only since 2.5: `all`, `odd`, `even`, a number or a range.

use super::prelude::*;

/// Processes, of which there has been one only since 2.5: `all`, `odd`, `even`, a number or a range.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    numbered(m, piece, piece.text?, "process", VersionSet::since(2, 5, 0), (64, 1))
}

/// `all`, `odd`, `even`, a number or a range, up to the second of `most` in the versions `since`, the first before.
pub(super) fn numbered<'r>(
    m: &mut Matcher<'_, 'r>,
    piece: Piece<'r>,
    text: &str,
    what: &str,
    since: VersionSet,
    most: (u64, u64),
) -> Option<usize> {
    let later = m.all_in(&since);
    if m.split.is_some() {
        return None;
    }
    let most = if later { most.1 } else { most.0 };
    let number =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().unwrap_or(if text.is_empty() { 0 } else { u64::MAX }));
    let fits = matches!(text, "all" | "odd" | "even") || {
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        let high = if high.is_empty() && text.contains('-') { Some(most) } else { number(high) };
        matches!((number(low), high), (Some(low), Some(high)) if low.min(high) >= 1 && low.max(high) <= most)
    };
    if fits {
        return Some(piece.at + 1);
    }
    let range = if most == 1 { "1".to_owned() } else { format!("a number or range from 1 to {most}") };
    let message = format!("`{text}` is no number of a {what}");
    let help = format!("write `all`, `odd`, `even` or {range}");
    m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    None
}
