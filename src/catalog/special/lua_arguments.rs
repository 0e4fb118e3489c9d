//! The arguments of `lua.NAME`: as many words as the script has asked for, which nobody knows here. The condition ends
//! them.

use super::prelude::*;

/// The arguments of `lua.NAME`: as many words as the script has asked for, which nobody knows here. The condition ends
/// them.
pub(in crate::catalog) fn judge(m: &mut Matcher<'_, '_>, at: usize) -> Option<usize> {
    super::lua_loaded::judge(m, at)?;
    (at..m.end).find(|at| matches!(m.str(*at), "if" | "unless")).or(Some(m.end))
}
