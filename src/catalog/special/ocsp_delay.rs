//! The delays between updates of OCSP responses: the least is not greater than the greatest.

use super::prelude::*;

/// The delays between updates of OCSP responses: the least is not greater than the greatest.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let delay = c_int(piece.text?);
    let (least, most) = m.line.ocsp_delays;
    let message = if m.path().ends_with("mindelay") {
        most.filter(|most| delay > *most).map(|most| format!("the least delay is {delay}, and the greatest {most}"))
    } else {
        least.filter(|least| delay < *least).map(|least| format!("the greatest delay is {delay}, and the least {least}"))
    };
    let Some(message) = message else { return Some(at) };
    m.fault(
        Fault::refused(FaultKind::Conflict, piece.location, message, m.versions)
            .help("where nothing is said before, the least is 300 and the greatest 3600"),
    );
    None
}
