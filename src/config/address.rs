//! Addresses as HAProxy reads them in `bind`, `server`, `peer` and elsewhere: `grammar/address.pest` (language.md §6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use pest::Parser;

use crate::syntax::{Lookup, UNKNOWN_MARK};

use grammar::{AddressParser, Rule};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/address.pest"]
    pub(super) struct AddressParser;
}

/// What stands before the `@`, or is meant where nothing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Family {
    /// Nothing, `ip@`, `tcp@`, `udp@` or `mptcp@`: IPv4 or IPv6.
    Ip,
    /// `ipv4@`, `tcp4@` and the like.
    Ip4,
    /// `ipv6@`, `tcp6@` and the like.
    Ip6,
    /// `unix@`, or a path.
    Unix,
    /// `abns@`, `abnsz@`.
    Abstract,
    /// `fd@`, `sockpair@`, `rhttp@`: no address of the network.
    Other,
}

/// The host part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// Nothing or `*`: every IPv4 address (every IPv6 address behind `ipv6@`).
    Any4,
    /// `::`: every IPv6 address, and in general every IPv4 address too.
    Any6,
    /// A numeric address.
    Ip(IpAddr),
    /// A name to be resolved, or something that HAProxy refuses as one.
    Name(String),
    /// A path or an abstract name.
    Path(String),
    /// It depends on a variable that nobody knows.
    Unknown,
}

/// The port part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Port {
    /// No colon.
    None,
    /// One port; 0 where nothing follows the colon.
    Fixed(u16),
    /// `lo-hi`.
    Range(u16, u16),
    /// `+N` or `-N`.
    Offset(i32),
    /// It depends on a variable that nobody knows.
    Unknown,
    /// Not a port.
    Invalid(String),
}

/// A variable in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub value: Lookup,
    /// Whether it is all of the host part.
    pub whole_host: bool,
}

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The family.
    pub family: Family,
    /// The host.
    pub host: Host,
    /// The port.
    pub port: Port,
    /// The variables in it, expanded or unknown.
    pub variables: Vec<VariableUse>,
}

impl Host {
    /// Whether it is this machine alone: 127.0.0.0/8, `::1` or `localhost`.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Ip(ip) => ip.is_loopback(),
            Self::Name(name) => name == "localhost",
            _ => false,
        }
    }

    /// Whether it is every address of the machine.
    pub fn is_any(&self) -> bool {
        match self {
            Self::Any4 | Self::Any6 => true,
            Self::Ip(ip) => ip.is_unspecified(),
            _ => false,
        }
    }
}

/// The elements of the comma-separated list of a `bind` line; HAProxy passes over empty ones.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|element| !element.is_empty())
}

/// Reads an address. `resolve` says what a variable outside of quotes holds; one that is not set is empty text.
/// Variables that are unknown already stand between [`UNKNOWN_MARK`]s.
///
/// ```
/// use haproxy_lint::{config::address::{Host, Port, parse}, syntax::Lookup};
/// let address = parse("[::1]:1024", &|_| Lookup::Unknown);
/// assert!(address.host.is_loopback());
/// assert_eq!(address.port, Port::Fixed(1024));
/// let address = parse("$UNSET:80", &|_| Lookup::Unset);
/// assert_eq!(address.host, Host::Any4);
/// ```
pub fn parse(text: &str, resolve: &dyn Fn(&str) -> Lookup) -> Address {
    let (expanded, mut variables) = expand(text, resolve);
    let mut address = Address { family: Family::Ip, host: Host::Unknown, port: Port::None, variables: Vec::new() };
    let matched = AddressParser::parse(Rule::address, &expanded).ok().and_then(|mut pairs| pairs.next());
    let mut host = "";
    for part in matched.into_iter().flat_map(|m| m.into_inner()) {
        match part.as_rule() {
            Rule::family => address.family = family(part.as_str()),
            Rule::path => {
                address.family = Family::Unix;
                address.host = Host::Path(part.as_str().to_owned());
            }
            Rule::host => host = part.as_span().as_str(),
            Rule::port => address.port = port(part.as_str()),
            _ => {}
        }
    }
    if address.host == Host::Unknown {
        address.host = self::host(host, &address.family);
    }
    for variable in &mut variables {
        let marked = format!("{UNKNOWN_MARK}{}{UNKNOWN_MARK}", variable.name);
        variable.whole_host = host == marked || before_port(text).is_some_and(|h| [format!("${}", variable.name), format!("${{{}}}", variable.name)].contains(&h));
    }
    address.variables = variables;
    address
}

/// What stands before the last colon of an address that is not expanded yet.
fn before_port(text: &str) -> Option<String> {
    Some(text.rsplit_once(':').map_or(text, |(host, _)| host).to_owned())
}

fn expand(text: &str, resolve: &dyn Fn(&str) -> Lookup) -> (String, Vec<VariableUse>) {
    let mut out = String::with_capacity(text.len());
    let mut variables = Vec::new();
    let mut parts = text.split(UNKNOWN_MARK);
    // Every second part is the name of a variable that the words left unknown.
    while let Some(plain) = parts.next() {
        expand_plain(plain, resolve, &mut out, &mut variables);
        if let Some(name) = parts.next() {
            out += &format!("{UNKNOWN_MARK}{name}{UNKNOWN_MARK}");
            variables.push(VariableUse { name: name.to_owned(), value: Lookup::Unknown, whole_host: false });
        }
    }
    (out, variables)
}

fn expand_plain(text: &str, resolve: &dyn Fn(&str) -> Lookup, out: &mut String, variables: &mut Vec<VariableUse>) {
    if !text.contains('$') {
        out.push_str(text);
        return;
    }
    let matched = AddressParser::parse(Rule::text, text).ok().and_then(|mut pairs| pairs.next());
    for part in matched.into_iter().flat_map(|m| m.into_inner()) {
        match part.as_rule() {
            Rule::variable => {
                let name = part.into_inner().next().map_or("", |n| n.as_str()).to_owned();
                let value = resolve(&name);
                match &value {
                    Lookup::Set(value) => out.push_str(value),
                    Lookup::Unset => {}
                    Lookup::Unknown => *out += &format!("{UNKNOWN_MARK}{name}{UNKNOWN_MARK}"),
                }
                variables.push(VariableUse { name, value, whole_host: false });
            }
            Rule::other => out.push_str(part.as_str()),
            _ => {}
        }
    }
}

fn family(name: &str) -> Family {
    match name {
        "ip" | "tcp" | "udp" | "mptcp" => Family::Ip,
        "ipv4" | "tcp4" | "udp4" | "mptcp4" | "quic4" => Family::Ip4,
        "ipv6" | "tcp6" | "udp6" | "mptcp6" | "quic6" => Family::Ip6,
        "unix" | "uxst" | "uxdg" => Family::Unix,
        "abns" | "abnsz" => Family::Abstract,
        _ => Family::Other,
    }
}

fn host(text: &str, family: &Family) -> Host {
    if matches!(family, Family::Unix | Family::Abstract | Family::Other) {
        return Host::Path(text.to_owned());
    }
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    match bare {
        _ if text.contains(UNKNOWN_MARK) => Host::Unknown,
        "" | "*" if *family == Family::Ip6 => Host::Any6,
        "" | "*" => Host::Any4,
        "::" => Host::Any6,
        _ => match bare.parse::<Ipv4Addr>() {
            Ok(ip) => Host::Ip(IpAddr::V4(ip)),
            Err(_) => bare.parse::<Ipv6Addr>().map_or_else(|_| Host::Name(text.to_owned()), |ip| Host::Ip(IpAddr::V6(ip))),
        },
    }
}

fn port(text: &str) -> Port {
    let invalid = || Port::Invalid(text.to_owned());
    if text.contains(UNKNOWN_MARK) {
        return Port::Unknown;
    }
    if text.is_empty() {
        return Port::Fixed(0);
    }
    if text.starts_with(['+', '-']) {
        return text.parse().map_or_else(|_| invalid(), Port::Offset);
    }
    match text.split_once('-') {
        Some((low, high)) => match (low.parse(), high.parse()) {
            (Ok(low), Ok(high)) => Port::Range(low, high),
            _ => invalid(),
        },
        None => text.parse().map_or_else(|_| invalid(), Port::Fixed),
    }
}

/// Whether two listening addresses would share a port; `None` where nobody knows. Paths and descriptors never do.
pub fn overlaps(a: &Address, b: &Address) -> Option<bool> {
    let network = |a: &Address| matches!(a.family, Family::Ip | Family::Ip4 | Family::Ip6) && !matches!(a.host, Host::Path(_));
    if !network(a) || !network(b) {
        return Some(false);
    }
    let ports = ports_meet(&a.port, &b.port);
    let hosts = match (&a.host, &b.host) {
        (Host::Unknown | Host::Name(_), other) | (other, Host::Unknown | Host::Name(_)) if !other.is_any() => {
            if a.host == b.host && a.host != Host::Unknown { Some(true) } else { None }
        }
        (Host::Any6, _) | (_, Host::Any6) => Some(true),
        (x, y) if x.is_any() || y.is_any() => Some(!is_v6(x) && !is_v6(y)),
        (x, y) => Some(x == y),
    };
    match (ports, hosts) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn is_v6(host: &Host) -> bool {
    matches!(host, Host::Ip(IpAddr::V6(_)))
}

fn ports_meet(a: &Port, b: &Port) -> Option<bool> {
    let range = |port: &Port| match *port {
        Port::Fixed(port) => Some((port, port)),
        Port::Range(low, high) => Some((low, high)),
        _ => None,
    };
    let ((a_low, a_high), (b_low, b_high)) = (range(a)?, range(b)?);
    Some(a_low <= b_high && b_low <= a_high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Address {
        parse(text, &|name| if name == "IP" { Lookup::Set("192.0.2.1".into()) } else { Lookup::Unset })
    }

    #[test]
    fn hosts_and_ports_are_told_apart_as_haproxy_does() {
        let ip = |text: &str| Host::Ip(text.parse().unwrap());
        for (text, host, port) in [
            (":80", Host::Any4, Port::Fixed(80)),
            ("*:80", Host::Any4, Port::Fixed(80)),
            ("192.0.2.1", ip("192.0.2.1"), Port::None),
            ("192.0.2.1:+1", ip("192.0.2.1"), Port::Offset(1)),
            ("ipv6@:80", Host::Any6, Port::Fixed(80)),
            ("[::1]:1024", ip("::1"), Port::Fixed(1024)),
            ("::1:80", ip("::1"), Port::Fixed(80)),
            (":::80", Host::Any6, Port::Fixed(80)),
            ("::1", Host::Name(":".into()), Port::Fixed(1)),
            ("2001:db8::1:18103", ip("2001:db8::1"), Port::Fixed(18103)),
            ("web.example:80-90", Host::Name("web.example".into()), Port::Range(80, 90)),
            ("host:80a", Host::Name("host".into()), Port::Invalid("80a".into())),
            ("$IP:80", ip("192.0.2.1"), Port::Fixed(80)),
            ("${NONE}:80", Host::Any4, Port::Fixed(80)),
            ("/run/haproxy.sock", Host::Path("/run/haproxy.sock".into()), Port::None),
            ("unix@/x:y", Host::Path("/x:y".into()), Port::None),
            ("abns@name", Host::Path("name".into()), Port::None),
            ("\u{FFFC}X\u{FFFC}:80", Host::Unknown, Port::Fixed(80)),
            ("host:\u{FFFC}X\u{FFFC}", Host::Name("host".into()), Port::Unknown),
        ] {
            let address = read(text);
            assert_eq!((address.host, address.port), (host, port), "{text}");
        }
        assert!(read("$IP:80").variables[0].whole_host && !read("x$IP:80").variables[0].whole_host);
    }

    #[test]
    fn listeners_overlap_where_wildcards_reach() {
        let both = |a: &str, b: &str| overlaps(&read(a), &read(b));
        assert_eq!(both(":80", "192.0.2.1:80"), Some(true));
        assert_eq!(both(":80", "192.0.2.1:81"), Some(false));
        assert_eq!(both(":80", "[::1]:80"), Some(false));
        assert_eq!(both(":::80", "192.0.2.1:80"), Some(true));
        assert_eq!(both("192.0.2.1:80", "192.0.2.2:80"), Some(false));
        assert_eq!(both("a.example:80", "192.0.2.2:80"), None);
        assert_eq!(both("a.example:80", ":80"), Some(true));
        assert_eq!(both(":80-90", ":85"), Some(true));
    }

    proptest! {
        #[test]
        fn any_text_is_an_address(text in "[a-z0-9:.\\[\\]@+/$\\{\\}\u{FFFC}é-]{0,30}") {
            let address = read(&text);
            overlaps(&address, &address);
        }
    }
}
