//! `reference/missing-file`.

use std::{io, path::Path};

use crate::{config::Wanted, rules::prelude::*, source::Entry, surroundings::Surroundings};

rule! {
    /// A file that the configuration names does not exist on this machine.
    ///
    /// ## Why
    ///
    /// HAProxy does not start without its certificates, lists of patterns, maps, error pages and Lua programs. This is only
    /// looked at with `--env-checks`, since a configuration is often checked where it does not run. Names that are not
    /// absolute begin with `crt-base`, `ca-base` and `default-path`, and else where HAProxy is started: here that is the
    /// working directory.
    ///
    /// ## Example
    ///
    /// ```haproxy bad exists=/etc/haproxy/certs/other.pem
    /// global
    ///     crt-base /etc/haproxy/certs
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt site.pem
    ///     http-request deny if { src -f /etc/haproxy/blocked.lst }
    ///     http-request return status 204
    ///     timeout client 30s
    /// ```
    ///
    /// ## Use instead
    ///
    /// The file, where it is expected:
    ///
    /// ```haproxy good exists=/etc/haproxy/certs/site.pem
    /// global
    ///     crt-base /etc/haproxy/certs
    /// frontend web
    ///     mode http
    ///     bind :443 ssl crt site.pem
    ///     http-request return status 204
    ///     timeout client 30s
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 and 2.8.
    "reference/missing-file", Error, World(check), needs: Machine
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some(machine) = cx.options.surroundings.as_deref() else { return };
    for named in cx.config.outside() {
        let path = named.path.display();
        let is_there = match named.wanted {
            Wanted::File | Wanted::OptionalFile => exists(machine, &named.path),
            Wanted::Certificate => exists(machine, &named.path) || bundle(machine, &named.path),
            _ => continue,
        };
        if is_there {
            continue;
        }
        let message = format!("there is no file `{path}`, which `{}` names", named.keyword);
        let from = if named.path.is_relative() { ", from the working directory" } else { "" };
        let mut draft = Draft::at(named.location, message).label(format!("this file does not exist here{from}"));
        draft = match named.wanted {
            Wanted::OptionalFile => draft.severity(Severity::Warning).help("put it there, or check on the machine that has it"),
            _ => draft.help("put it there, or check on the machine that has it: HAProxy does not start without it"),
        };
        if named.path.is_relative() {
            draft = draft.confidence(Confidence::Medium);
        }
        out.report(draft);
    }
}

/// Whether there is something at `path`; what may not be looked at counts as being there.
pub(super) fn exists(machine: &dyn Surroundings, path: &Path) -> bool {
    entry(machine, path).is_none_or(|entry| entry.is_some())
}

/// What is at `path`; `None` where that cannot be told.
pub(super) fn entry(machine: &dyn Surroundings, path: &Path) -> Option<Option<Entry>> {
    match machine.entry(path) {
        Ok(entry) => Some(Some(entry)),
        Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => Some(None),
        Err(_) => None,
    }
}

/// Whether HAProxy finds the certificate under the name with its kind behind it.
fn bundle(machine: &dyn Surroundings, path: &Path) -> bool {
    [".rsa", ".ecdsa", ".dsa"].iter().any(|kind| {
        let mut name = path.as_os_str().to_owned();
        name.push(kind);
        exists(machine, Path::new(&name))
    })
}
