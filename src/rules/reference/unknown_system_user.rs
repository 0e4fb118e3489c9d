//! `reference/unknown-system-user`.

use crate::{config::Wanted, rules::prelude::*};

rule! {
    /// A user or group that HAProxy is to run as does not exist on this machine.
    ///
    /// ## Why
    ///
    /// HAProxy looks up the name as it reads the line, and refuses the configuration without it. This is only looked at with
    /// `--env-checks`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad user=root
    /// global
    ///     user haproxy
    /// ```
    ///
    /// ## Use instead
    ///
    /// A user that exists, or a number with `uid` and `gid`:
    ///
    /// ```haproxy good user=haproxy
    /// global
    ///     user haproxy
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own check, observed with 2.6 and 2.8: `cannot find user id`.
    "reference/unknown-system-user", Error, World(check), needs: Machine
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(machine) = cx.options.surroundings.as_deref() else { return };
    for named in cx.config.outside() {
        let name = named.path.to_string_lossy();
        let (word, found) = match named.wanted {
            Wanted::User => ("user", machine.has_user(&name)),
            Wanted::Group => ("group", machine.has_group(&name)),
            _ => continue,
        };
        if found == Some(false) {
            let message = format!("there is no {word} `{name}` on this machine");
            out.report(Draft::at(named.location, message).help(format!("make the {word}, or check on the machine that has it")));
        }
    }
}
