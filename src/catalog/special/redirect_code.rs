//! The code of a redirection, read with C's `atol`.

use super::prelude::*;

/// The code of a redirection, read with C's `atol`.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        return m.refuse(FaultKind::MissingArgument, before.location, "`code` needs a status: 301, 302, 303, 307 or 308");
    };
    let text = piece.text?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if matches!(text.cut(..digits).parse(), Ok(301 | 302 | 303 | 307 | 308u16)) {
        return Some(at + 1);
    }
    let message = format!("`{text}` is no status that HAProxy redirects with");
    m.fault(
        Fault::refused(FaultKind::InvalidValue, piece.location, message, m.versions)
            .help("write 301, 302, 303, 307 or 308: 301 and 308 are permanent, 307 and 308 keep the method"),
    );
    None
}
