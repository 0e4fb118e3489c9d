//! `add-acl` and the like without parentheses: HAProxy takes whatever the memory behind the word holds for the file's name.
//! It compares the first seven letters only.

use super::prelude::*;

/// `add-acl` and the like without parentheses: HAProxy takes whatever the memory behind the word holds for the file's name.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    let name = text.cut(..7);
    let message = if name == text {
        format!("`{text}` has no file in parentheses behind it, and HAProxy does not notice")
    } else {
        format!("HAProxy takes `{text}` for `{name}`, and what stands behind its eighth letter, less the last one, for the file")
    };
    m.fault(
        Fault::silent(FaultKind::MissingArgument, piece.location, message, m.versions)
            .help(format!("write `{name}(FILE)`, the file as the ACL or map has it")),
    );
    Some(at)
}
