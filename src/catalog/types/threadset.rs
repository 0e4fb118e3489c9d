//! The threads of a `bind` line. Up to 2.6 one number or range, perhaps behind the only group and `/`; then several
//! between commas.

use super::prelude::*;

/// The threads of a `bind` line. Up to 2.6 one number or range, perhaps behind the only group and `/`; then several
/// between commas.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let sets = m.all_in(&VersionSet::since(2, 7, 0));
    if m.split.is_some() {
        return None;
    }
    if !sets {
        let group = text.split_once('/').filter(|(group, _)| group.bytes().all(|b| b.is_ascii_digit()));
        let threads = group.filter(|(group, _)| *group == "1").map_or(text, |(_, threads)| threads);
        return super::processes::numbered(m, piece, threads, "thread", VersionSet::NONE, (64, 64));
    }
    let (groups, all) = if m.versions.meets(VersionSet::since(3, 2, 0)) { (32, 1024) } else { (16, 256) };
    let number =
        |text: &str, most: u64| text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u64| (1..=most).contains(&n));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let relative = text.cut(digits..).starts_with('/');
    let fits = |part: &str| {
        let (threads, most) = match (relative, part.split_once('/')) {
            (true, Some((group, threads))) if number(group, groups) => (threads, 64),
            (false, None) => (part, all),
            _ => return false,
        };
        let (low, high) = threads.split_once('-').unwrap_or((threads, ""));
        matches!(threads, "all" | "odd" | "even" | "") || low.is_empty() || number(low, most) && (high.is_empty() || number(high, most))
    };
    if text.split(',').all(fits) {
        return Some(piece.at + 1);
    }
    let message = format!("`{text}` names no threads");
    let help = format!("write `all`, `odd`, `even`, numbers or ranges from 1 to {all}, or behind a group and `/` from 1 to 64: `1/1-4`");
    m.fault(Fault::refused(FaultKind::InvalidNumber, piece.location, message, m.versions).help(help));
    None
}
