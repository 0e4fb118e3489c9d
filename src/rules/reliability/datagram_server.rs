//! `reliability/datagram-server`.

use crate::{
    address::{Family, Transport, parse},
    config::Mode,
    rules::prelude::*,
    syntax::Lookup,
};

rule! {
    /// A server that takes connections has an address for datagrams.
    ///
    /// ## Why
    ///
    /// Addresses that begin with `udp@` or `uxdg@` are for log messages: for the servers of a backend with `mode log`, and from 3.4 on
    /// for those of a ring. HAProxy opens connections to all other servers, and refuses such an address there. In a ring it is the
    /// other way round from 3.4 on: its servers have IP addresses, no sockets of this machine.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend resolvers
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one udp@192.0.2.1:53
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend resolvers
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server one 192.0.2.1:53
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's own checks, observed with 2.6 to 3.5: `_srv_check_proxy_mode()` of server.c since 2.9.
    "reliability/datagram-server", Error, World(check)
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    let connects = |mode: Mode| matches!(mode, Mode::Tcp | Mode::Http | Mode::Spop);
    // A prefix of the address says so: few configurations have one.
    let proxies = if cx.config.reading.may_mention("@") && !cx.is_open() { &*cx.config.proxies } else { &[] };
    for proxy in proxies.iter().filter(|p| p.runs() && p.is_backend() && connects(p.traffic())) {
        for server in &proxy.servers {
            let Some(address) = server.address().filter(|word| is_for_datagrams(*word)) else { continue };
            let message = format!("server `{}` is to take connections, and has an address for datagrams", server.name().display());
            out.report(refused(address, message, VersionSet::ALL));
        }
    }
    for section in cx.config.sections().filter(|s| s.kind == SectionKind::Ring) {
        for line in section.statements().filter(|line| line.keyword() == "server") {
            let Some(address) = line.word(2) else { continue };
            if is_for_datagrams(address) {
                let versions = VersionSet::before(3, 3, 0);
                let message = format!("server `{}` of a ring is to take connections, and has an address for datagrams", line.str(1));
                out.report(refused(address, message, versions));
            }
            if is_socket(address) {
                let message = format!("server `{}` of a ring has no IP address", line.str(1));
                let draft = Draft::at(address.location, message).label("a socket").only(VersionSet::since(3, 4, 0));
                let draft = draft.help("name an IP address, or write `log` lines with the socket instead");
                out.report(draft.stage(Stage::Whole).rejected_by(VersionSet::since(3, 4, 0)));
            }
        }
    }
}

/// Whether this is a socket of this machine.
fn is_socket(word: Word<'_>) -> bool {
    let says = |text: &str| matches!(parse(text, &|_| Lookup::Unknown).family, Family::Unix | Family::Abstract | Family::AbstractZero);
    word.known().is_some_and(says)
}

/// Whether HAProxy sends datagrams to this address.
fn is_for_datagrams(word: Word<'_>) -> bool {
    let says = |text: &str| text.contains('@') && parse(text, &|_| Lookup::Unknown).transport == Transport::Dgram;
    word.known().is_some_and(says)
}

fn refused(address: Word<'_>, message: String, versions: VersionSet) -> Draft {
    let draft = Draft::at(address.location, message).label("for datagrams").only(versions);
    draft.help("leave the prefix out").stage(Stage::Whole).rejected_by(versions)
}
