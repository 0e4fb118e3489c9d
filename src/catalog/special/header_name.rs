//! The header named before: HAProxy 2.8 and later warn of characters that no header name can have, but for a `:` at
//! its beginning.

use super::prelude::*;

/// The header named before: HAProxy 2.8 and later warn of characters that no header name can have, but for a `:` at
/// its beginning.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.peek(at - 1)?;
    let name = piece.text?;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let bad = name.char_indices().find(|(at, c)| !(token(*c) || *at == 0 && *c == ':'));
    let versions = m.versions & VersionSet::since(2, 8, 0);
    if let Some((start, bad)) = bad
        && !versions.is_empty()
    {
        let location = m.part(piece, start, start + bad.len_utf8());
        let message = format!("`{bad}` in `{name}` cannot be part of the name of a header");
        m.fault(Fault::warned(FaultKind::InvalidValue, location, message, versions).help("write the name alone, without `:` or blanks"));
    }
    Some(at)
}
