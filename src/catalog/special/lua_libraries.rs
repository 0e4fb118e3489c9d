//! `tune.lua.openlibs`: libraries between commas, before a script is loaded. `none` stands alone.

use super::prelude::*;

/// The libraries that Lua can open.
const LUA_LIBRARIES: [&str; 8] = ["table", "io", "os", "string", "math", "utf8", "package", "debug"];

/// `tune.lua.openlibs`: libraries between commas, before a script is loaded. `none` stands alone.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    let piece = m.piece(at - 1)?;
    let text = piece.text?;
    if m.line.loads_lua {
        let message = format!("`{}` stands behind a `lua-load`, which opens the libraries", m.path());
        m.fault(Fault::refused(FaultKind::Conflict, piece.location, message, m.versions).help("write it before all `lua-load` lines"));
        return None;
    }
    let mut start = 0;
    for library in text.split(',') {
        if !matches!(library, "" | "all" | "none") && !LUA_LIBRARIES.contains(&library) {
            let location = m.part(piece, start, start + library.len());
            let message = format!("Lua has no library `{library}`");
            let near = crate::nearest::nearest(library, LUA_LIBRARIES);
            let help = Help::near(location, library, near, || format!("write `all`, `none`, or some of {}", LUA_LIBRARIES.join(",")));
            m.fault(Fault::refused(FaultKind::UnknownArgument, location, message, m.versions).help(help));
            return None;
        }
        start += library.len() + 1;
    }
    if text.split(',').any(|l| l == "none") && text.split(',').any(|l| !matches!(l, "" | "none")) {
        return m.refuse(FaultKind::Conflict, piece.location, "`none` stands alone: here are other libraries beside it");
    }
    Some(at)
}
