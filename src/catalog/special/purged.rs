//! `tune.defaults.purge` from 3.5 on: `all`, `none`, or `proxies` and `servers` between commas.

use super::prelude::*;

/// `tune.defaults.purge` from 3.5 on: `all`, `none`, or `proxies` and `servers` between commas.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let help = "write `all`, `none`, `proxies`, `servers` or `proxies,servers`";
    let Some(piece) = m.piece(at) else {
        let before = m.piece(at - 1)?;
        let message = format!("`{}` needs to know what is purged", m.path());
        m.fault(Fault::refused(FaultKind::MissingArgument, before.location, message, m.versions).help(help));
        return None;
    };
    let text = piece.text?;
    let parts = || text.strip_suffix(',').unwrap_or(text).split(',');
    if matches!(text, "all" | "none") || parts().all(|part| matches!(part, "proxies" | "servers")) {
        return Some(at + 1);
    }
    let message = format!("`{}` does not know `{text}`", m.path());
    m.fault(Fault::refused(FaultKind::UnknownArgument, piece.location, message, m.versions).help(help));
    None
}
