//! `reference/missing-directory`.

use std::path::Path;

use crate::{config::Wanted, rules::prelude::*, source::Entry};

use super::missing_file::entry;

rule! {
    /// A directory that the configuration needs does not exist on this machine.
    ///
    /// ## Why
    ///
    /// HAProxy does not make directories: without that of a socket or of the `chroot` it ends as it starts, and `haproxy -c`
    /// says nothing of it. This is only looked at with `--env-checks`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad exists=/run/other/x
    /// global
    ///     chroot /var/lib/haproxy
    ///     stats socket /run/haproxy/admin.sock mode 660
    /// ```
    ///
    /// ## Use instead
    ///
    /// Make the directory before HAProxy starts, as `RuntimeDirectory=haproxy` does in a systemd unit:
    ///
    /// ```haproxy good exists=/run/haproxy/x
    /// global
    ///     stats socket /run/haproxy/admin.sock mode 660
    /// ```
    ///
    /// ## Source
    ///
    /// Observed with 2.6 and 2.8: `cannot bind UNIX socket`, `Cannot chroot`.
    "reference/missing-directory", Error, World(check), needs: Machine
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(machine) = cx.options.surroundings.as_deref() else { return };
    for named in cx.config.outside() {
        let folder = match named.wanted {
            Wanted::Directory => named.path.as_path(),
            Wanted::Made => named.path.parent().unwrap_or(Path::new("")),
            _ => continue,
        };
        // A bare name is made where HAProxy is started.
        if folder.as_os_str().is_empty() {
            continue;
        }
        let (path, keyword) = (folder.display(), named.keyword);
        let message = match entry(machine, folder) {
            Some(None) => format!("there is no directory `{path}`, which `{keyword}` needs"),
            Some(Some(Entry::File | Entry::Other)) => format!("`{path}`, which `{keyword}` needs, is no directory"),
            _ => continue,
        };
        let help = "make it before HAProxy starts, or check on the machine that has it";
        out.report(Draft::at(named.location, message).label("HAProxy does not make it").help(help));
    }
}
