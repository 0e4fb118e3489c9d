//! `security/admin-socket-open`.

use crate::{config::address, rules::prelude::*};

rule! {
    /// The socket of the runtime API is open to others than who runs HAProxy.
    ///
    /// ## Why
    ///
    /// Whoever can write to a `stats socket` with `level admin` can do all that HAProxy can: replace certificates, send servers
    /// elsewhere, read tables. It knows no passwords. On an address of the network it is open to all who get there, and with `mode 666`
    /// or `777` to every process of the machine.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     stats socket ipv4@0.0.0.0:9999 level admin
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     stats socket /run/haproxy/admin.sock mode 660 level admin
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, `stats socket`; HAProxy management guide, chapter 9.3.
    "security/admin-socket-open", Warning, World(check), about: ["stats"]
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let globals = cx.config.sections().filter(|s| s.kind == SectionKind::Global).flat_map(|s| s.statements());
    for line in globals.filter(|line| line.starts_with(&["stats", "socket"]) && line.is_known()) {
        let options = Options::of_bind(line, 3);
        let Some(word) = line.word(2).filter(|_| options.value("level").is_some_and(|level| level.is("admin"))) else { continue };
        let text = word.known().unwrap_or("");
        let address = address::parse(text, &|name| cx.config.reading.environment.get(name));
        let mode = options.value("mode").filter(|mode| mode.known().is_some_and(is_for_all));
        let own = address.host.ip().is_some_and(|ip| ip.is_loopback());
        let named = matches!(address.host, address::Host::Name(_) | address::Host::Unknown);
        if address.is_network() && !own && !named && !options.has("verify") {
            let message = format!("whoever reaches `{text}` controls this HAProxy: the runtime API asks for no password");
            let help = "use the path of a Unix socket, or `127.0.0.1`; over a network, `ssl` with `verify required`";
            out.report(Draft::at(word.location, message).label("on the network, with `level admin`").help(help));
        } else if let Some(mode) = mode.filter(|_| text.starts_with('/') || text.starts_with("unix@")) {
            let message = format!("every process that gets to `{text}` controls this HAProxy: all users may write to it");
            let draft = Draft::at(mode.location, message).label("for all users").also(word.location, "with `level admin`");
            // The folder may keep others out.
            out.report(draft.severity(Severity::Info).help("write `mode 660`, and `group` for those who may"));
        }
    }
}

/// Whether all users may write.
fn is_for_all(mode: &str) -> bool {
    u32::from_str_radix(mode, 8).is_ok_and(|bits| bits & 0o002 != 0)
}
