//! What is asked of the algorithms of OpenSSL: `provider=default,?fips=yes`.

use super::prelude::*;

/// What is asked of the algorithms of OpenSSL: `provider=default,?fips=yes`.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Value, judge);

pub(super) fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, _: &Place) -> Option<usize> {
    let mut start = 0;
    for clause in piece.text?.split(',') {
        if !may_be(clause.trim()) {
            let location = m.part(piece, start, start + clause.len());
            let message = format!("`{clause}` is nothing that can be asked of OpenSSL's algorithms");
            let help = "write properties like `provider=default` between commas, `?` before one that is only wished for";
            m.fault(Fault::refused(FaultKind::InvalidValue, location, message, m.versions).help(help));
            return None;
        }
        start += clause.len() + 1;
    }
    Some(piece.at + 1)
}

/// Whether a clause may be right: a name, and perhaps a value behind `=` or `!=`.
fn may_be(clause: &str) -> bool {
    let clause = clause.strip_prefix(['?', '-']).unwrap_or(clause);
    let (name, value) =
        clause.split_once('=').map_or((clause, None), |(name, value)| (name.strip_suffix('!').unwrap_or(name), Some(value)));
    let is_part =
        |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    name.trim().split('.').all(is_part) && value.is_none_or(|value| is_value(value.trim()))
}

/// Whether this is a text, or a number.
fn is_value(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    match digits.bytes().next() {
        Some(first) if first.is_ascii_digit() => digits.bytes().all(|b| b.is_ascii_hexdigit() || b == b'x'),
        first => first.is_some(),
    }
}
