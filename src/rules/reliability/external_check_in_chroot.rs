//! `reliability/external-check-in-chroot`.

use crate::rules::prelude::*;

use super::external_check_disabled::chosen;

rule! {
    /// An external check is looked for below `chroot`.
    ///
    /// ## Why
    ///
    /// HAProxy has changed its root when it starts the program of an external check, so it must lie below that folder, with its
    /// interpreter and libraries. Where it does not, every server is down, and the log says that the program cannot be started.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     external-check
    ///     insecure-fork-wanted
    ///     chroot /var/lib/haproxy
    ///
    /// backend app
    ///     option external-check
    ///     external-check command /usr/local/bin/probe
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     external-check
    ///     insecure-fork-wanted
    ///
    /// backend app
    ///     option external-check
    ///     external-check command /usr/local/bin/probe
    /// ```
    ///
    /// ## Source
    ///
    /// Tried with HAProxy 2.6 and 2.8: `Failed to exec process for external health check: No such file or directory`.
    "reliability/external-check-in-chroot", Info, World(check), about: ["chroot"], mentions: ["external-check"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(chroot) = cx.config.global_line("chroot").filter(|_| !cx.is_open()) else { return };
    let Some(folder) = chroot.word(1).and_then(Word::known).map(|folder| folder.trim_end_matches('/')).filter(|f| !f.is_empty()) else {
        return;
    };
    let mut told: Vec<Location> = Vec::new();
    for proxy in cx.config.proxies.iter().filter(|p| p.runs() && !p.in_force.open) {
        let Some(command) = chosen(proxy).and_then(|_| proxy.in_force.get("external-check command")?.word(2)) else { continue };
        let Some(program) = command.known().filter(|program| program.starts_with('/')) else { continue };
        // What `defaults` say is told once.
        if told.contains(&command.location) {
            continue;
        }
        told.push(command.location);
        let draft = Draft::at(command.location, format!("this program is looked for in `{folder}{program}`: HAProxy has changed its root"))
            .label("below `chroot`")
            .also(chroot.location(), "the root when checks run")
            .help("put it there with all that it needs, or do without `chroot`");
        out.report(draft);
    }
}
