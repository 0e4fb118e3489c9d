//! `security/root-without-chroot`.

use crate::rules::prelude::*;

rule! {
    /// HAProxy keeps the rights of root, or sees all files of the machine.
    ///
    /// ## Why
    ///
    /// HAProxy needs root to start, for low ports and to read keys, and nothing of it afterwards. `user` and `group` give the rights up,
    /// each its own: with `user` alone HAProxy stays in the group of root, as was measured with 2.6, 2.8 and 3.4.
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
    "security/root-without-chroot", Info, World(check), about: ["user", "uid", "daemon"], quiet: true
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() || cx.options.ports_are_mapped {
        return;
    }
    let of = |keywords: [&str; 2]| keywords.iter().find_map(|keyword| cx.config.global_line(keyword));
    let (user, group) = (of(["user", "uid"]), of(["group", "gid"]));
    let help = "give it a user of its own, who owns nothing, with `user` and `group`";
    let is_root = |line: &Statement<'_>| matches!(line.str(1), "root" | "0");
    if let Some(line) = user.filter(is_root) {
        let draft = Draft::at(line.location(), "HAProxy keeps the rights of root").label("for all its life");
        out.report(draft.severity(Severity::Warning).help(help));
    } else if let Some(line) = user.filter(|_| group.is_none()) {
        let draft = Draft::at(line.location(), "HAProxy keeps the group that it is started with: that of root").label("`group` is missing");
        out.report(draft.help("write `group`, too: `user` alone changes the user and not the group"));
    }
    let Some(global) = cx.config.sections().find(|s| s.kind == SectionKind::Global) else { return };
    if cx.config.global_line("chroot").is_none() && cx.config.global_line("daemon").is_some() {
        let Some(place) = global.location() else { return };
        let draft = match user {
            Some(_) => Draft::at(place, "HAProxy sees all files of the machine").label("no `chroot`"),
            None => Draft::at(place, "HAProxy keeps the rights that it is started with, and sees all files of the machine")
                .label("no `user` and no `chroot`")
                .note(help),
        };
        out.report(draft.help("add `chroot` with an empty folder that nobody can write to"));
    }
}
