//! `security/insecure-wanted`.

use crate::rules::prelude::*;

rule! {
    /// A guard of HAProxy against its own holes is switched off.
    ///
    /// ## Why
    ///
    /// HAProxy lets itself start no further processes, and no program with the rights of another user, so that a hole in it is worth
    /// less. `insecure-fork-wanted` and `insecure-setuid-wanted` take that back. External checks need the first; a Lua script or library
    /// that does should say so.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/insecure-wanted
    /// global
    ///     insecure-fork-wanted
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/insecure-wanted
    /// global
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `insecure-fork-wanted`.
    "security/insecure-wanted", Warning, World(check), about: ["insecure-fork-wanted", "insecure-setuid-wanted"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let external = cx.config.proxies.iter().any(|p| p.in_force.get("check").is_some_and(|line| line.str(1) == "external-check"));
    for keyword in ["insecure-fork-wanted", "insecure-setuid-wanted"] {
        // What checks servers by a program needs the first.
        let Some(line) = cx.config.global_line(keyword).filter(|_| keyword != "insecure-fork-wanted" || !external) else { continue };
        let draft = Draft::at(line.location(), format!("`{keyword}` switches a protection of HAProxy off")).label("nothing here needs it");
        out.report(draft.help("delete it, unless a Lua script or a library starts programs"));
    }
}
