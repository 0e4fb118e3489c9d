//! How QUIC avoids congestion: an algorithm, and perhaps its greatest window in parentheses.

use super::prelude::*;

/// How QUIC avoids congestion: an algorithm, and perhaps its greatest window in parentheses.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let text = piece.text?;
    let exact = m.all_in(&VersionSet::since(3, 1, 0));
    if !exact && m.split.is_some() {
        return None;
    }
    let name = text.split('(').next().unwrap_or(text);
    let known: &[&str] = if exact { &["newreno", "cubic", "bbr", "nocc"] } else { &["newreno", "cubic", "nocc"] };
    // Up to 3.0 the word only began with an algorithm.
    if !known.iter().any(|algorithm| if exact { name == *algorithm } else { name.starts_with(algorithm) }) {
        let location = m.part(piece, 0, name.len());
        let message = format!("`{}` does not know the algorithm `{name}`", m.path());
        let help = Help::near(location, name, nearest(name, known.iter().copied()), || "write `cubic` or `newreno`".to_owned());
        m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
        return None;
    }
    // 2.7 and 2.8 knew no window.
    let sized = m.all_in(&VersionSet::since(2, 9, 0));
    if !sized && m.split.is_some() {
        return None;
    }
    if name.starts_with("nocc") && !m.line.exposes_experimental {
        return crate::catalog::special::experimental::refuse(m, piece, name);
    }
    let Some(inner) = text.cut(name.len()..).strip_prefix('(').filter(|_| sized && known.contains(&name)) else {
        return Some(piece.at + 1);
    };
    // Up to 3.0 nothing but a window stood in the parentheses.
    if !exact && (inner.starts_with(')') || inner.contains(',')) {
        return m.refuse(FaultKind::InvalidValue, piece.location, format!("`{text}` has no window in its parentheses"));
    }
    if !exact {
        return window(m, piece, inner);
    }
    // 3.1 knew a second argument, behind a comma.
    if !m.all_in(&VersionSet::since(3, 2, 0)) {
        return if m.split.is_some() { None } else { Some(piece.at + 1) };
    }
    window(m, piece, inner)
}

/// Judges `WINDOW)`, as it stands behind the parenthesis; what follows the closing one is left out.
fn window<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, inner: &str) -> Option<usize> {
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let unit = inner.as_bytes().get(digits).copied();
    let shift = match unit {
        Some(b'k') => 10,
        Some(b'm') => 20,
        Some(b'g') => 30,
        _ => 0,
    };
    let rest = inner.cut(digits + usize::from(shift > 0)..);
    if inner.starts_with(')') || inner.starts_with(",)") {
        return Some(piece.at + 1);
    }
    // Hexadecimal and octal numbers are left to HAProxy.
    if inner.starts_with('0') && digits + usize::from(shift > 0) < inner.len() {
        return Some(piece.at + 1);
    }
    let size = inner.cut(..digits).parse::<u64>().unwrap_or(0).saturating_mul(1 << shift);
    let message = if !(10_240..=4 << 30).contains(&size) {
        format!("the greatest window in `{}` is not a size from 10k to 4g", piece.text?)
    } else if !rest.starts_with(')') && !rest.starts_with(",)") {
        format!("`)` is missing behind the window in `{}`", piece.text?)
    } else {
        return Some(piece.at + 1);
    };
    m.refuse(FaultKind::InvalidValue, piece.location, message)
}
