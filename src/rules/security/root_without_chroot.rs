//! `security/root-without-chroot`.

use crate::rules::prelude::*;

rule! {
    /// HAProxy keeps the rights of root, or sees all files of the machine.
    ///
    /// ## Why
    ///
    /// HAProxy needs root to start, for low ports and to read keys, and nothing of it afterwards. `user` and `group` give the rights up;
    /// `chroot` to an empty folder leaves no file to whoever finds a hole. In a container the image and the platform do as much, and
    /// nothing is said there.
    ///
    /// ## Example
    ///
    /// ```haproxy bad select=security/root-without-chroot
    /// global
    ///     daemon
    ///     user root
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good select=security/root-without-chroot
    /// global
    ///     daemon
    ///     user daemon
    ///     group daemon
    ///     chroot /var/empty
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `chroot`, `user` and `group`; HAProxy management guide, chapter 13.
    "security/root-without-chroot", Info, World(check), quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.options.ports_are_mapped {
        return;
    }
    let is_root = |line: &Statement<'_>| matches!(line.str(1), "root" | "0");
    let of_root = ["user", "uid"].iter().find_map(|keyword| cx.config.global_line(keyword)).filter(is_root);
    if let Some(line) = of_root {
        let draft = Draft::at(line.location(), "HAProxy keeps the rights of root").label("for all its life").severity(Severity::Warning);
        out.report(draft.help("give it a user of its own, who owns nothing"));
    }
    let Some(global) = cx.config.sections().find(|s| s.kind == SectionKind::Global) else { return };
    if cx.config.global_line("chroot").is_none() && cx.config.global_line("daemon").is_some() {
        let Some(place) = global.location() else { return };
        let draft = Draft::at(place, "HAProxy sees all files of the machine").label("no `chroot`");
        out.report(draft.help("add `chroot` with an empty folder that nobody can write to"));
    }
}
