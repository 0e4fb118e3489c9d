//! Addresses as HAProxy reads them in `bind`, `server`, `peer` and elsewhere, by `grammar/address.pest`.
//!
//! The facts are those of `str2sa_range()`, `str2ip2()` and `env_expand()` of `src/tools.c` in HAProxy 2.4 to 3.5-dev5.
//! What a place accepts (a port that is mandatory, a range) is for its rule to judge: here the text is only taken apart.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use pest::Parser;

use crate::{
    cut::Cut,
    syntax::condition::{Lookup, UNKNOWN_MARK},
    version::VersionSet,
};

use grammar::{AddressParser, Rule};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/address.pest"]
    pub(super) struct AddressParser;
}

/// What carries the data, where the address says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Not said: what the place uses.
    Unsaid,
    /// `stream+`, `tcp@`, `uxst@`.
    Stream,
    /// `dgram+`, `udp@`, `uxdg@`.
    Dgram,
    /// `quic+`, `quic4@`, `quic6@`: a stream over datagrams.
    Quic,
    /// `mptcp@`.
    Mptcp,
}

/// The kind of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4 or IPv6: none said, or `ip@`, `tcp@`, `udp@`, `mptcp@`.
    Ip,
    /// `ipv4@`, `tcp4@` and the like.
    Ip4,
    /// `ipv6@`, `tcp6@` and the like.
    Ip6,
    /// `unix@`, `uxst@`, `uxdg@`, or a leading `/`.
    Unix,
    /// `abns@`.
    Abstract,
    /// `abnsz@`.
    AbstractZero,
    /// `fd@`
    Fd,
    /// `sockpair@`
    SockPair,
    /// `rhttp@`
    RHttp,
}

/// The host part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// Nothing at all, host and port included: HAProxy refuses it.
    Missing,
    /// Nothing or `*`: every IPv4 address.
    Any4,
    /// `::`, or nothing or `*` behind `ipv6@`: every IPv6 address.
    Any6,
    /// A number that HAProxy reads itself.
    Ip(IpAddr),
    /// A name to resolve. `127.1` and `0` are names too, which resolvers take for numbers: see [`Host::ip`].
    Name(String),
    /// Neither: HAProxy always refuses it. `::1` is one, as host `:` and port 1.
    Invalid(String),
    /// The path of a socket, or its abstract name.
    Path(String),
    /// The number of a file descriptor.
    Descriptor(u32),
    /// `backend/server` of `rhttp@`.
    Server(String),
    /// It depends on a variable that nobody knows.
    Unknown,
}

/// The port part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Port {
    /// No colon, or nothing behind it.
    None,
    /// One port, 0 to 65535.
    Fixed(u16),
    /// `lo-hi`
    Range(u16, u16),
    /// `+N` or `-N`
    Offset(i32),
    /// It depends on a variable that nobody knows.
    Unknown,
    /// What is no port: see [`Port::refused_by`].
    Invalid(String),
}

/// A variable in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// Its name; empty for a lone `$`.
    pub name: String,
    /// Where it is in the text, `$` and braces (or marks) included.
    pub range: Range<usize>,
    /// What it holds; what is not set counts as empty text.
    pub value: Lookup,
    /// `${NAME-default}` outside of quotes: addresses know no defaults, so `-default}` stays in the address.
    pub default: bool,
}

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What carries the data.
    pub transport: Transport,
    /// The kind of address. An unknown variable at the beginning is taken for a host.
    pub family: Family,
    /// The versions that know the prefixes it has; others read them as part of the host, and refuse it.
    pub known: VersionSet,
    /// The host part.
    pub host: Host,
    /// Where the host is in the text; a variable is in it as a whole.
    pub host_text: Range<usize>,
    /// The port part.
    pub port: Port,
    /// Where the port is in the text, without its colon; `None` where there is no colon.
    pub port_text: Option<Range<usize>>,
    /// The variables, known and unknown, in order.
    pub variables: Vec<VariableUse>,
}

/// The addresses of a `bind` line, as ranges of `text`, which is split at commas before variables are replaced.
///
/// A comma at the end is ignored, but HAProxy refuses an empty address before another one (`str2listener()`, and 2.6.12 when
/// asked: `a:1,,b:2`); those are empty ranges here, and [`Host::Missing`] when parsed.
pub fn list(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next;
        let end = text.get(start..).filter(|rest| !rest.is_empty())?.find(',').map_or(text.len(), |at| start + at);
        next = end + 1;
        Some(start..end)
    })
}

/// Takes `text` apart. `resolve` says what a `$NAME` or `${NAME}` holds, which addresses replace even outside of quotes;
/// variables whose value was unknown before stand between two [`UNKNOWN_MARK`]s.
///
/// ```
/// use haproxy_lint::{config::address::{self, Host, Port}, syntax::condition::Lookup};
/// let address = address::parse("ipv6@$ADDR:1024", &|_| Lookup::Unset);
/// assert_eq!((address.host, address.port), (Host::Any6, Port::Fixed(1024)));
/// assert_eq!(address.host_text, 5..10);
/// ```
pub fn parse(text: &str, resolve: &dyn Fn(&str) -> Lookup) -> Address {
    // Nearly every address is plain. The grammar, which says the same, takes many times as long.
    if let Some(address) = plain(text) { address } else { by_grammar(text, resolve) }
}

/// `HOST[:PORT]` without a prefix, a variable, brackets or more than one colon; `None` for anything else.
fn plain(text: &str) -> Option<Address> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b".-_*:".contains(&b);
    if text.is_empty() || !text.bytes().all(fits) || text.bytes().filter(|b| *b == b':').count() > 1 {
        return None;
    }
    let (bare, number) = text.split_once(':').map_or((text, None), |(bare, number)| (bare, Some(number)));
    Some(Address {
        transport: Transport::Unsaid,
        family: Family::Ip,
        known: VersionSet::ALL,
        host: host(Family::Ip, bare),
        host_text: 0..bare.len(),
        port: number.map_or(Port::None, port),
        port_text: number.map(|_| bare.len() + 1..text.len()),
        variables: Vec::new(),
    })
}

fn by_grammar(text: &str, resolve: &dyn Fn(&str) -> Lookup) -> Address {
    let expanded = Expanded::new(text, resolve);
    let mut address = Address {
        transport: Transport::Unsaid,
        family: Family::Ip,
        known: VersionSet::ALL,
        host: Host::Missing,
        host_text: 0..text.len(),
        port: Port::None,
        port_text: None,
        variables: Vec::new(),
    };
    // The grammar is total; an empty text has nothing to match.
    let matched = AddressParser::parse(Rule::address, &expanded.text).ok().and_then(|mut pairs| pairs.next());
    for part in matched.filter(|_| !expanded.text.is_empty()).into_iter().flat_map(|m| m.into_inner().flatten()) {
        let (found, span) = (part.as_str(), part.as_span());
        match part.as_rule() {
            Rule::transport => address.carry(found),
            Rule::family | Rule::opaque_family => address.belong(found),
            Rule::path => {
                address.family = Family::Unix;
                address.place(opaque(Family::Unix, found), expanded.source(span.start()..span.end()));
            }
            Rule::rest => address.place(opaque(address.family, found), expanded.source(span.start()..span.end())),
            Rule::host => address.place(host(address.family, found), expanded.source(span.start()..span.end())),
            Rule::number => {
                address.port = port(found);
                address.port_text = Some(expanded.source(span.start()..span.end()));
            }
            _ => {}
        }
    }
    if address.port_text.is_none() && matches!(address.host, Host::Unknown) && address.is_network() {
        // The variable may hold a colon and a port.
        address.port = Port::Unknown;
    }
    address.variables = expanded.variables;
    address
}

impl Address {
    fn place(&mut self, host: Host, range: Range<usize>) {
        (self.host, self.host_text) = (host, range);
    }

    /// `stream+` and the like; `quic+` since 2.8.
    fn carry(&mut self, name: &str) {
        self.transport = match name {
            "stream" => Transport::Stream,
            "dgram" => Transport::Dgram,
            _ => {
                self.known = self.known & VersionSet::since(2, 8, 0);
                Transport::Quic
            }
        };
    }

    /// `tcp4@` and the like, which have the last word on the transport too. `mptcp` and `abnsz` came with 3.1, `rhttp` with 2.9.
    fn belong(&mut self, name: &str) {
        self.family = match name {
            "unix" | "uxdg" | "uxst" => Family::Unix,
            "abns" => Family::Abstract,
            "abnsz" => Family::AbstractZero,
            "fd" => Family::Fd,
            "sockpair" => Family::SockPair,
            "rhttp" => Family::RHttp,
            _ if name.ends_with('4') => Family::Ip4,
            _ if name.ends_with('6') => Family::Ip6,
            _ => Family::Ip,
        };
        match name {
            "uxdg" | "udp" | "udp4" | "udp6" => self.transport = Transport::Dgram,
            "uxst" | "tcp" | "tcp4" | "tcp6" => self.transport = Transport::Stream,
            "quic4" | "quic6" => self.transport = Transport::Quic,
            "mptcp" | "mptcp4" | "mptcp6" => self.transport = Transport::Mptcp,
            _ => {}
        }
        let since = match name {
            "rhttp" => VersionSet::since(2, 9, 0),
            "abnsz" | "mptcp" | "mptcp4" | "mptcp6" => VersionSet::since(3, 1, 0),
            _ => VersionSet::ALL,
        };
        self.known = self.known & since;
    }

    /// Whether it has a host and a port: neither a path, nor a descriptor, nor `rhttp@`.
    pub fn is_network(&self) -> bool {
        matches!(self.family, Family::Ip | Family::Ip4 | Family::Ip6)
    }

    /// Whether 2.9 and later take a name for `rhttp@` because it begins with `rht`: they compare three characters only.
    pub fn is_mistaken_for_rhttp(&self) -> bool {
        self.family == Family::Ip && matches!(&self.host, Host::Name(name) if name.starts_with("rht"))
    }

    pub(crate) fn is_datagram(&self) -> bool {
        matches!(self.transport, Transport::Dgram | Transport::Quic)
    }
}

impl Host {
    /// The number it stands for: also one that HAProxy leaves to the resolver, such as `127.1`.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(ip) => Some(ip.to_canonical()),
            Self::Name(name) => short_ipv4(name).map(IpAddr::V4),
            _ => None,
        }
    }

    /// Whether only the machine itself reaches it: 127.0.0.0/8, `::1`, `localhost`.
    pub fn is_loopback(&self) -> bool {
        let named = matches!(self, Self::Name(name) if name.trim_end_matches('.').eq_ignore_ascii_case("localhost"));
        named || self.ip().is_some_and(|ip| ip.is_loopback())
    }

    /// Whether it is every address of the machine, of one family at least.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any4 | Self::Any6) || self.ip().is_some_and(|ip| ip.is_unspecified())
    }
}

impl Port {
    /// The versions that refuse it wherever it stands. Up to 2.8 what follows the digits was ignored: `80a` was 80. Of a number
    /// HAProxy keeps 32 bits: 4294967376 is 80.
    pub fn refused_by(&self) -> VersionSet {
        let Self::Invalid(text) = self else { return VersionSet::NONE };
        let leading = |text: &str| wrapped(text.cut(..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())));
        let range = text.split_once('-').filter(|_| !text.starts_with('-')).unwrap_or((text, text));
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let passed = match (leading(range.0), leading(range.1)) {
            _ if text.starts_with(['+', '-']) => {
                text.cut(1..).starts_with(|c: char| !c.is_ascii_digit()) || leading(text.cut(1..)).is_some()
            }
            (Some(low), Some(high)) => low <= high,
            _ => false,
        };
        match passed {
            true if is_number(range.0) && is_number(range.1) => VersionSet::NONE,
            true => VersionSet::since(2, 9, 0),
            false => VersionSet::ALL,
        }
    }

    fn range(&self) -> Option<(u16, u16)> {
        match *self {
            Self::Fixed(port) => Some((port, port)),
            Self::Range(low, high) => Some((low, high)),
            _ => None,
        }
    }
}

/// Whether two listeners want the same address and port; `None` where nobody knows: a name, a variable, or IPv6's wildcard
/// against IPv4, which `v6only`, `v4v6` and a sysctl decide. Interfaces and namespaces are not looked at.
pub fn overlaps(a: &Address, b: &Address) -> Option<bool> {
    if a.is_network() != b.is_network() || a.is_datagram() != b.is_datagram() {
        return Some(false);
    }
    if !a.is_network() {
        return same_socket(a, b);
    }
    let ports = match (a.port.range(), b.port.range()) {
        (Some(a), Some(b)) => Some(a.0 <= b.1 && b.0 <= a.1),
        _ => None,
    };
    match (ports, hosts_overlap(&a.host, &b.host)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn same_socket(a: &Address, b: &Address) -> Option<bool> {
    if a.family != b.family || a.family == Family::RHttp {
        return Some(false);
    }
    match (&a.host, &b.host) {
        (Host::Path(a), Host::Path(b)) => Some(a == b),
        // Two descriptors may be one socket.
        (Host::Descriptor(a), Host::Descriptor(b)) => (a == b).then_some(true),
        _ => None,
    }
}

/// An address as a wildcard or one number, and whether it is of IPv6; `None` for names and what is unknown.
fn reach(host: &Host) -> Option<(bool, Option<IpAddr>)> {
    match host {
        Host::Any4 => Some((false, None)),
        Host::Any6 => Some((true, None)),
        _ => host.ip().map(|ip| (ip.is_ipv6(), (!ip.is_unspecified()).then_some(ip))),
    }
}

fn hosts_overlap(a: &Host, b: &Host) -> Option<bool> {
    let (Some((a_v6, a_ip)), Some((b_v6, b_ip))) = (reach(a), reach(b)) else {
        return matches!((a, b), (Host::Name(a), Host::Name(b)) if a.eq_ignore_ascii_case(b)).then_some(true);
    };
    match (a_ip, b_ip) {
        (Some(a), Some(b)) => Some(a == b),
        _ if a_v6 == b_v6 => Some(true),
        // IPv6's wildcard may reach IPv4 too; IPv4's never reaches IPv6.
        (None, _) if a_v6 => None,
        (_, None) if b_v6 => None,
        _ => Some(false),
    }
}

/// A text with its variables replaced, and where each part of it comes from.
struct Expanded {
    text: String,
    /// Ranges of `text`, and of the text before; a replaced variable has [`Part::whole`].
    parts: Vec<Part>,
    variables: Vec<VariableUse>,
}

struct Part {
    at: Range<usize>,
    from: Range<usize>,
    /// It cannot be split: what is in it comes from all of it.
    whole: bool,
}

impl Expanded {
    fn new(text: &str, resolve: &dyn Fn(&str) -> Lookup) -> Self {
        let mut expanded = Self { text: String::with_capacity(text.len()), parts: Vec::new(), variables: Vec::new() };
        if !text.contains(['$', UNKNOWN_MARK]) {
            expanded.push(text, 0..text.len(), false);
            return expanded;
        }
        let matched = AddressParser::parse(Rule::text, text).ok().and_then(|mut pairs| pairs.next());
        for part in matched.into_iter().flat_map(|m| m.into_inner()) {
            let range = part.as_span().start()..part.as_span().end();
            match part.as_rule() {
                Rule::plain => expanded.push(part.as_str(), range, false),
                Rule::mark => {
                    let name = part.as_str().trim_matches(UNKNOWN_MARK).to_owned();
                    expanded.push(part.as_str(), range.clone(), true);
                    expanded.variables.push(VariableUse { name, range, value: Lookup::Unknown, default: false });
                }
                Rule::variable => {
                    let default =
                        part.as_str().starts_with("${") && !part.as_str().ends_with('}') && text.cut(range.end..).starts_with('-');
                    let name = part.into_inner().next().map_or("", |name| name.as_str());
                    expanded.replace(name, range, default, resolve(name));
                }
                _ => {}
            }
        }
        expanded
    }

    fn push(&mut self, text: &str, from: Range<usize>, whole: bool) {
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push(Part { at: start..self.text.len(), from, whole });
    }

    fn replace(&mut self, name: &str, range: Range<usize>, default: bool, value: Lookup) {
        match &value {
            Lookup::Set(value) => self.push(value, range.clone(), true),
            Lookup::Unset => self.push("", range.clone(), true),
            Lookup::Unknown => self.push(&format!("{UNKNOWN_MARK}{name}{UNKNOWN_MARK}"), range.clone(), true),
        }
        self.variables.push(VariableUse { name: name.to_owned(), range, value, default });
    }

    /// Where `range` of the expanded text comes from: variables at its ends are in it as a whole, even those that hold nothing.
    fn source(&self, range: Range<usize>) -> Range<usize> {
        let touched = |part: &&Part| part.at.start < range.end && range.start < part.at.end || part.whole && touches(&part.at, &range);
        let mut parts = self.parts.iter().filter(touched);
        let Some(first) = parts.next() else {
            // Nothing, at the border of parts that cannot be empty.
            let place = self.parts.iter().find(|p| p.at.start <= range.start && range.start <= p.at.end);
            let at = place.map_or(0, |p| p.from.start + range.start - p.at.start);
            return at..at;
        };
        let last = parts.next_back().unwrap_or(first);
        let start = if first.whole { first.from.start } else { first.from.start + range.start.saturating_sub(first.at.start) };
        let end = if last.whole { last.from.end } else { last.from.start + range.end.min(last.at.end) - last.at.start };
        start..end
    }
}

/// Whether a replaced variable without text stands in `range` or at one of its ends.
fn touches(at: &Range<usize>, range: &Range<usize>) -> bool {
    at.is_empty() && range.start <= at.start && at.start <= range.end
}

/// A path, a descriptor, or `backend/server`.
fn opaque(family: Family, text: &str) -> Host {
    match family {
        _ if text.contains(UNKNOWN_MARK) => Host::Unknown,
        Family::Fd | Family::SockPair => {
            text.parse::<i32>().ok().and_then(|n| u32::try_from(n).ok()).map_or_else(|| Host::Invalid(text.to_owned()), Host::Descriptor)
        }
        Family::RHttp => Host::Server(text.to_owned()),
        _ => Host::Path(text.to_owned()),
    }
}

/// What `str2ip2()` makes of a host: brackets may enclose anything from four characters on.
fn host(family: Family, text: &str) -> Host {
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').filter(|_| (4..48).contains(&text.len())),
        None => Some(text),
    };
    let (v4, v6) = (family != Family::Ip6, family != Family::Ip4);
    match bare {
        _ if text.contains(UNKNOWN_MARK) => Host::Unknown,
        Some("" | "*") if v4 => Host::Any4,
        Some("" | "*") => Host::Any6,
        Some("::") if v6 => Host::Any6,
        Some(bare) => bare
            .parse::<Ipv6Addr>()
            .ok()
            .filter(|_| v6)
            .map(IpAddr::V6)
            .or_else(|| bare.parse::<Ipv4Addr>().ok().filter(|_| v4).map(IpAddr::V4))
            .map_or_else(|| name(bare, text, v4), Host::Ip),
        None => Host::Invalid(text.to_owned()),
    }
}

/// A name, if it passes `resolv_hostname_validation()`; a number of IPv4 cannot be resolved for IPv6.
fn name(bare: &str, text: &str, v4: bool) -> Host {
    let label = |label: &str| label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let number = !v4 && short_ipv4(bare).is_some();
    if bare.len() <= 255 && bare.split('.').all(label) && !number { Host::Name(bare.to_owned()) } else { Host::Invalid(text.to_owned()) }
}

/// What HAProxy makes of the digits of a port: strtol() and 32 bits of what comes out, if that is one.
#[allow(clippy::cast_possible_truncation, reason = "this is what C does")]
fn wrapped(digits: &str) -> Option<u16> {
    let number = if digits.is_empty() { return None } else { digits.parse::<i64>().unwrap_or(i64::MAX) };
    u16::try_from(number as i32).ok()
}

fn port(text: &str) -> Port {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u16>().ok()).flatten();
    let invalid = || Port::Invalid(text.to_owned());
    match text.as_bytes().first() {
        None => Port::None,
        _ if text.contains(UNKNOWN_MARK) => Port::Unknown,
        // strtol() makes 0 of nothing.
        Some(b'+' | b'-') if text.len() == 1 => Port::Offset(0),
        Some(b'+' | b'-') if text.cut(1..).bytes().all(|b| b.is_ascii_digit()) => text.parse().map_or_else(|_| invalid(), Port::Offset),
        Some(_) => match text.split_once('-').map_or((number(text), None), |(low, high)| (number(low), Some(number(high)))) {
            (Some(port), None) => Port::Fixed(port),
            (Some(low), Some(Some(high))) if low <= high => Port::Range(low, high),
            _ => invalid(),
        },
    }
}

/// What C's inet_aton() reads: one to four numbers, the last of which fills what is left; `0x` and `0` as in C.
fn short_ipv4(text: &str) -> Option<Ipv4Addr> {
    let number = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        _ if !part.starts_with(|c: char| c.is_ascii_digit()) || part.contains('+') => None,
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None if part.len() > 1 && part.starts_with('0') => u64::from_str_radix(part, 8).ok(),
        None => part.parse::<u64>().ok(),
    };
    let parts: Vec<u64> = text.split('.').take(5).map(number).collect::<Option<_>>()?;
    let (last, firsts) = parts.split_last()?;
    let room = 8 * 4usize.checked_sub(firsts.len()).filter(|left| *left > 0)?;
    if firsts.iter().any(|part| *part > 255) || *last >> room != 0 {
        return None;
    }
    let high = firsts.iter().fold(0, |all, part| all << 8 | part);
    u32::try_from(high << room | last).ok().map(Ipv4Addr::from)
}

#[cfg(test)]
mod tests;
