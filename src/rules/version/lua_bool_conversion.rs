//! `version/lua-bool-conversion`.

use crate::rules::prelude::*;

rule! {
    /// Lua is loaded before HAProxy knows how it converts booleans.
    ///
    /// ## Why
    ///
    /// Sample fetches that give a boolean reach Lua as an integer, and have always done so by mistake. Since 3.2 HAProxy warns
    /// until `tune.lua.bool-sample-conversion` says which is meant: `normal`, or `pre-3.1-bug` for scripts that rely on
    /// it. The line must stand above the first `lua-load`. Versions before 3.1 do not know it.
    ///
    /// ## Example
    ///
    /// ```haproxy bad target=3.2
    /// global
    ///     lua-load /etc/haproxy/auth.lua
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good target=3.2
    /// global
    ///     tune.lua.bool-sample-conversion normal
    ///     lua-load /etc/haproxy/auth.lua
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 3.2 and 3.4.
    "version/lua-bool-conversion", Info, World(check), mentions: ["lua-load"]
}

/// The versions that warn.
const VERSIONS: VersionSet = VersionSet::since(3, 2, 0);

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global);
    let mut lines = globals.flat_map(|s| s.statements());
    let sets = |line: &Statement<'_>| line.keyword() == "tune.lua.bool-sample-conversion";
    let first = lines.find(|line| sets(line) || line.keyword().starts_with("lua-load"));
    let Some(line) = first.filter(|line| !sets(line) && line.len() > 1 && !cx.is_open()) else { return };
    let draft = Draft::at(line.location(), "Lua is loaded, and `tune.lua.bool-sample-conversion` is not set above")
        .label("HAProxy takes `pre-3.1-bug`")
        .help("write `tune.lua.bool-sample-conversion normal`, or `pre-3.1-bug`, above this line");
    out.report(draft.only(VERSIONS).warned_by(VERSIONS));
}
