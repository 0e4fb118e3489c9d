//! `reliability/proxy-protocol-mismatch`.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    config::{
        Proxy, Server, ServerOption,
        address::{self, Address, Host, Port, overlaps},
    },
    cut::Cut,
    rules::prelude::*,
};

rule! {
    /// A server leads to a listener of this configuration, and only one of the two speaks the PROXY protocol.
    ///
    /// ## Why
    ///
    /// With `accept-proxy` a listener waits for a line that says who the client is, and closes the connection where something else
    /// comes. Without it, the line that `send-proxy` writes is no request, and is answered with 400. Both happen to every connection,
    /// and no start tells of it: the two ends are told of in different sections.
    ///
    /// ```text
    /// server inner 127.0.0.1:8443               ──► bind 127.0.0.1:8443 accept-proxy    closed
    /// server inner 127.0.0.1:8443 send-proxy-v2 ──► bind 127.0.0.1:8443                 400 Bad request
    /// ```
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend tls
    ///     mode tcp
    ///     bind :443
    ///     timeout client 30s
    ///     default_backend inner
    ///
    /// backend inner
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server inner 127.0.0.1:8080 send-proxy-v2
    ///
    /// frontend web
    ///     mode http
    ///     bind 127.0.0.1:8080
    ///     timeout client 30s
    ///     http-request return status 200
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend tls
    ///     mode tcp
    ///     bind :443
    ///     timeout client 30s
    ///     default_backend inner
    ///
    /// backend inner
    ///     mode tcp
    ///     timeout connect 5s
    ///     timeout server 30s
    ///     server inner 127.0.0.1:8080 send-proxy-v2
    ///
    /// frontend web
    ///     mode http
    ///     bind 127.0.0.1:8080 accept-proxy
    ///     timeout client 30s
    ///     http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// Measured with HAProxy 2.6.12, 2.8.25 and 3.2: all four combinations.
    "reliability/proxy-protocol-mismatch", Warning, World(check), mentions: ["send-proxy", "accept-proxy"], mends: true
}

/// A listener.
struct Listener<'a> {
    line: Statement<'a>,
    address: Address,
    accepts: bool,
}

fn check(cx: &Context<'_>, out: &mut Sink<'_>) {
    if cx.is_open() {
        return;
    }
    let frontends = || cx.config.proxies.iter().filter(|p| p.runs() && p.is_frontend());
    let listeners = Listeners::of(frontends().filter(|p| !may_expect(p, cx)).flat_map(|p| listeners(p, cx)));
    for server in cx.config.proxies.iter().filter(|p| p.runs() && p.is_backend()).flat_map(|p| &p.servers) {
        let sends = server.has(ServerOption::SendProxy);
        // Mostly all agree, and no address is to be read.
        if !listeners.some[usize::from(!sends)] {
            continue;
        }
        let Some(word) = server.address().filter(|_| !server.open && !is_elsewhere(&server)) else { continue };
        let here = listeners.reached(&cx.config.address(word));
        let Some(first) = here.first() else { continue };
        if first.accepts != sends && here.iter().all(|other| other.accepts == first.accepts) {
            out.report(draft(&server, word, first));
        }
    }
}

/// Listeners, found by what a server dials. Of those that have one address and are of one kind, the first stands for all.
struct Listeners<'a> {
    all: Vec<Listener<'a>>,
    /// The numbers of those with one port, or with a path.
    at: FxHashMap<Dialled, SmallVec<[u32; 2]>>,
    /// The numbers of those with a range of ports.
    ranges: Vec<u32>,
    /// Whether any does not accept the line, and whether any does.
    some: [bool; 2],
}

/// A host as it is compared, and a port.
type Dialled = (String, Option<u16>);

impl<'a> Listeners<'a> {
    fn of(listeners: impl Iterator<Item = Listener<'a>>) -> Self {
        let mut known = Self { all: Vec::new(), at: FxHashMap::default(), ranges: Vec::new(), some: [false; 2] };
        for listener in listeners {
            known.some[usize::from(listener.accepts)] = true;
            let number = known.all.len() as u32;
            let Some(dialled) = dialled(&listener.address) else {
                // Of any other port nobody knows who comes there.
                if matches!(listener.address.port, Port::Range(..)) {
                    known.ranges.push(number);
                    known.all.push(listener);
                }
                continue;
            };
            let own = known.at.entry(dialled).or_default();
            let same = |other: &u32| {
                let Listener { accepts, address, .. } = &known.all[*other as usize];
                *accepts == listener.accepts
                    && (address.is_datagram(), address.family) == (listener.address.is_datagram(), listener.address.family)
            };
            if !own.iter().any(same) {
                own.push(number);
                known.all.push(listener);
            }
        }
        known
    }

    /// Those that a connection to `target` certainly comes to.
    fn reached(&self, target: &Address) -> Vec<&Listener<'a>> {
        let Some((host, port)) = dialled(target) else { return Vec::new() };
        // A wildcard of its own family takes in what comes to an address.
        let wildcard = target.host.ip().map(|ip| (any(ip.is_ipv6()).to_owned(), port));
        let keys = std::iter::once((host, port)).chain(wildcard);
        let mut numbers: Vec<u32> = keys.filter_map(|key| self.at.get(&key)).flatten().chain(&self.ranges).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let listeners = numbers.into_iter().map(|number| &self.all[number as usize]);
        listeners.filter(|listener| leads_to(target, &listener.address)).collect()
    }
}

/// All addresses of a family.
fn any(v6: bool) -> &'static str {
    if v6 { "::" } else { "0.0.0.0" }
}

/// What is dialled to come to an address; `None` where that may be several ports, or nobody knows.
fn dialled(address: &Address) -> Option<Dialled> {
    let host = match &address.host {
        Host::Any4 => any(false).to_owned(),
        Host::Any6 => any(true).to_owned(),
        Host::Path(path) => return Some((path.clone(), None)),
        Host::Descriptor(number) => return Some((format!("fd@{number}"), None)),
        host => match (host.ip(), host) {
            (Some(ip), _) => ip.to_string(),
            (_, Host::Name(name)) => name.to_ascii_lowercase(),
            _ => return None,
        },
    };
    let Port::Fixed(port) = address.port else { return None };
    Some((host, Some(port)))
}

fn draft(server: &Server<'_>, word: Word<'_>, listener: &Listener<'_>) -> Draft {
    let name = server.name().display();
    let (message, label, help) = if listener.accepts {
        (
            format!("server `{name}` says nothing by the PROXY protocol, and its listener closes such connections"),
            "sends no PROXY line",
            "write `send-proxy-v2` behind the server, or take `accept-proxy` from the `bind` line",
        )
    } else {
        (
            format!("server `{name}` begins with a PROXY line, and its listener takes that for a broken request"),
            "sends a PROXY line",
            "write `accept-proxy` behind the `bind` line, or take `send-proxy` from the server",
        )
    };
    let edit = if listener.accepts {
        Edit::replace(server.statement.end(), " send-proxy-v2")
    } else {
        Edit::replace(listener.line.end(), " accept-proxy")
    };
    Draft::at(word.location, message)
        .label(label)
        .also(listener.line.location(), "leads here")
        .help(help)
        .offer_if("let both speak it", Some(vec![edit]))
}

/// Whether rules of a frontend ask some connections for the line themselves.
fn may_expect(proxy: &Proxy<'_>, cx: &Context<'_>) -> bool {
    let asks = |line: Statement<'_>| line.words().any(|w| w.known().is_none_or(|text| text.starts_with("expect-")));
    std::iter::once(proxy).chain(cx.config.ancestors(proxy)).any(|p| p.lines(&["tcp-request", "connection"]).any(asks))
}

fn listeners<'a>(proxy: &Proxy<'a>, cx: &Context<'a>) -> Vec<Listener<'a>> {
    let known = proxy.binds.iter().filter(|bind| bind.statement.words().all(|w| w.known().is_some()));
    let own = known.filter(|bind| !bind.options().words().any(|w| matches!(w.known(), Some("namespace" | "accept-netscaler-cip"))));
    let each = own.flat_map(|bind| {
        let text = bind.address.and_then(Word::known).unwrap_or("");
        let accepts = bind.options().has("accept-proxy");
        let listen = |range| Listener {
            line: bind.statement,
            address: address::parse(text.cut(range), &|name| cx.config.reading.environment.get(name)),
            accepts,
        };
        address::list(text).map(listen).collect::<Vec<_>>()
    });
    each.collect()
}

/// Whether a server is dialled in another way than by its address.
fn is_elsewhere(server: &Server<'_>) -> bool {
    server.template || server.statement.words().any(|w| matches!(w.known(), Some("namespace" | "socks4" | "disabled")))
}

/// Whether a connection to `target` certainly comes to `listener`.
fn leads_to(target: &Address, listener: &Address) -> bool {
    let own = !target.is_network() || target.host.is_loopback() || !listener.host.is_any();
    let fixed = !target.is_network() || matches!(target.port, Port::Fixed(_));
    own && fixed && target.host.ip().is_none_or(|ip| !ip.is_unspecified()) && overlaps(target, listener) == Some(true)
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Options, check},
        source::Sources,
        syntax::Lookup,
    };

    use super::*;

    const LISTENERS: [&str; 12] = [
        ":80",
        "*:80",
        "127.0.0.1:80",
        "127.0.0.1:79-81",
        "10.0.0.1:80",
        "10.0.0.1:443",
        "[::]:80",
        "[::1]:80",
        "[2001:db8::1]:80",
        "web.example:80",
        "unix@/run/a.sock",
        "127.0.0.1:443",
    ];
    const DIALLED: [&str; 14] = [
        "127.0.0.1:80",
        "127.0.0.2:80",
        "127.1:80",
        "10.0.0.1:80",
        "10.0.0.1:443",
        "10.0.0.2:80",
        "[::1]:80",
        "[2001:db8::1]:80",
        "localhost:80",
        "WEB.example:80",
        "/run/a.sock",
        "/run/b.sock",
        "0.0.0.0:80",
        "10.0.0.1",
    ];

    #[test]
    fn what_is_found_by_what_is_dialled_is_what_a_look_at_all_finds() {
        let sources = Sources::single("f", "frontend f\n");
        let trees = [crate::syntax::Tree::new(&sources.files()[0])];
        let readings = crate::syntax::read(&sources, &trees, &crate::syntax::ReadOptions::default());
        let parse = |text: &str| address::parse(text, &|_: &str| Lookup::Unknown);
        let each = || LISTENERS.iter().map(|text| Listener { line: readings[0].statement(0), address: parse(text), accepts: false });
        let (found, all) = (Listeners::of(each()), each().collect::<Vec<_>>());
        let mut some = 0;
        for target in DIALLED.map(parse) {
            let here = |listener: &&Listener<'_>| leads_to(&target, &listener.address);
            let mut expected: Vec<&Address> = all.iter().filter(here).map(|listener| &listener.address).collect();
            // `:80` and `*:80` are one address.
            expected.dedup_by(|a, b| a.host == b.host && a.port == b.port);
            let own = found.reached(&target);
            assert_eq!(own.iter().map(|listener| &listener.address).collect::<Vec<_>>(), expected, "{target:?}");
            some += usize::from(!expected.is_empty());
        }
        assert!(some > 7, "{some}");
    }

    #[test]
    fn of_listeners_that_disagree_nothing_is_said() {
        let told = |binds: &str| {
            let text = format!(
                "frontend f\n mode tcp\n timeout client 5s\n default_backend b\n{binds}backend b\n mode tcp\n timeout connect 5s\n timeout server 5s\n server s 127.0.0.1:80\n"
            );
            check(&Sources::single("f", text), &Options::default()).findings.iter().filter(|f| f.rule.name == RULE.name).count()
        };
        assert_eq!(told(" bind :80 accept-proxy\n bind :80 accept-proxy\n"), 1);
        assert_eq!(told(" bind :80 accept-proxy\n bind 127.0.0.1:80\n"), 0);
        assert_eq!(told(" bind :80\n bind :80 accept-proxy\n"), 0, "the first of both kinds is kept");
        assert_eq!(told(" bind :80\n"), 0);
    }
}
