//! What addresses are held against: the reference, the experiments, and any text at all.

use crate::cut::Cut;

use proptest::prelude::*;

use super::*;

/// `<X>` is a mark; `IP` is set, `NONE` is not.
fn read(text: &str) -> Address {
    parse(&text.replace(['<', '>'], "\u{FFFC}"), &|name| match name {
        "IP" => Lookup::Set("192.0.2.1".to_owned()),
        "ADDR" => Lookup::Set("[::1]:80".to_owned()),
        "WHO" => Lookup::Unknown,
        _ => Lookup::Unset,
    })
}

fn ip(text: &str) -> Host {
    Host::Ip(text.parse().unwrap())
}

#[test]
fn hosts_and_ports_are_split_as_haproxy_does() {
    let (name, invalid) = (|t: &str| Host::Name(t.to_owned()), |t: &str| Host::Invalid(t.to_owned()));
    for (text, host, port) in [
        ("", Host::Missing, Port::None),
        (":", Host::Any4, Port::None),
        (":80", Host::Any4, Port::Fixed(80)),
        ("*:80", Host::Any4, Port::Fixed(80)),
        ("ipv6@:80", Host::Any6, Port::Fixed(80)),
        ("ipv6@*:80", Host::Any6, Port::Fixed(80)),
        ("ipv4@", Host::Any4, Port::None),
        (":::80", Host::Any6, Port::Fixed(80)),
        ("[::]:80", Host::Any6, Port::Fixed(80)),
        ("::1:80", ip("::1"), Port::Fixed(80)),
        ("::1", invalid(":"), Port::Fixed(1)),
        ("[::1]", ip("::1"), Port::None),
        ("[127.0.0.1]:80", ip("127.0.0.1"), Port::Fixed(80)),
        ("[localhost]:80", name("localhost"), Port::Fixed(80)),
        ("[a]:80", invalid("[a]"), Port::Fixed(80)),
        ("[::1:80", invalid("[::1"), Port::Fixed(80)),
        ("a]b:80", invalid("a]b"), Port::Fixed(80)),
        ("ipv4@::1:80", invalid("::1"), Port::Fixed(80)),
        ("ipv6@127.0.0.1:80", invalid("127.0.0.1"), Port::Fixed(80)),
        ("127.1:80", name("127.1"), Port::Fixed(80)),
        ("web.example", name("web.example"), Port::None),
        ("web:0", name("web"), Port::Fixed(0)),
        ("web:", name("web"), Port::None),
        (":80-90", Host::Any4, Port::Range(80, 90)),
        (":90-80", Host::Any4, Port::Invalid("90-80".to_owned())),
        (":80-", Host::Any4, Port::Invalid("80-".to_owned())),
        (":80a", Host::Any4, Port::Invalid("80a".to_owned())),
        (":70000", Host::Any4, Port::Invalid("70000".to_owned())),
        ("a:+5", name("a"), Port::Offset(5)),
        ("a:-5", name("a"), Port::Offset(-5)),
        ("a:+", name("a"), Port::Offset(0)),
        ("$NONE:80", Host::Any4, Port::Fixed(80)),
        ("$NONE", Host::Missing, Port::None),
        ("${IP}:80", ip("192.0.2.1"), Port::Fixed(80)),
        ("$ADDR", ip("::1"), Port::Fixed(80)),
        ("${NONE-x}:80", invalid("-x}"), Port::Fixed(80)),
        ("$:80", Host::Any4, Port::Fixed(80)),
        ("<X>:80", Host::Unknown, Port::Fixed(80)),
        ("<X>", Host::Unknown, Port::Unknown),
        ("$WHO", Host::Unknown, Port::Unknown),
        ("10.0.0.1:<X>", ip("10.0.0.1"), Port::Unknown),
        ("10.0.0.<X>:80", Host::Unknown, Port::Fixed(80)),
    ] {
        let address = read(text);
        assert_eq!((address.host, address.port), (host, port), "{text}");
    }
}

#[test]
fn prefixes_say_kind_transport_and_versions() {
    let path = |t: &str| Host::Path(t.to_owned());
    for (text, transport, family, host, known) in [
        ("/run/a:80", Transport::Unsaid, Family::Unix, path("/run/a:80"), VersionSet::ALL),
        ("unix@x:80", Transport::Unsaid, Family::Unix, path("x:80"), VersionSet::ALL),
        ("uxdg@/x", Transport::Dgram, Family::Unix, path("/x"), VersionSet::ALL),
        ("abns@x", Transport::Unsaid, Family::Abstract, path("x"), VersionSet::ALL),
        ("abnsz@x", Transport::Unsaid, Family::AbstractZero, path("x"), VersionSet::since(3, 1, 0)),
        ("fd@3", Transport::Unsaid, Family::Fd, Host::Descriptor(3), VersionSet::ALL),
        ("fd@", Transport::Unsaid, Family::Fd, Host::Invalid(String::new()), VersionSet::ALL),
        ("sockpair@4", Transport::Unsaid, Family::SockPair, Host::Descriptor(4), VersionSet::ALL),
        ("rhttp@b/s", Transport::Unsaid, Family::RHttp, Host::Server("b/s".to_owned()), VersionSet::since(2, 9, 0)),
        ("quic4@:443", Transport::Quic, Family::Ip4, Host::Any4, VersionSet::ALL),
        ("quic+ipv6@:443", Transport::Quic, Family::Ip6, Host::Any6, VersionSet::since(2, 8, 0)),
        ("dgram+tcp4@:80", Transport::Stream, Family::Ip4, Host::Any4, VersionSet::since(2, 4, 0)),
        ("mptcp@:80", Transport::Mptcp, Family::Ip, Host::Any4, VersionSet::since(3, 1, 0)),
        ("unix@<X>", Transport::Unsaid, Family::Unix, Host::Unknown, VersionSet::ALL),
    ] {
        let address = read(text);
        assert_eq!((address.transport, address.family, address.host, address.known), (transport, family, host, known), "{text}");
    }
    assert!(read("rhtest.example:80").is_mistaken_for_rhttp() && !read("ipv4@rhtest:80").is_mistaken_for_rhttp());
    assert_eq!(read("unix@<X>").port, Port::None);
}

#[test]
fn ranges_point_into_the_text_as_written() {
    for (text, host, port) in [
        ("ipv4@web:80", "web", Some("80")),
        ("$IP:80", "$IP", Some("80")),
        ("tcp@${IP}:$NONE", "${IP}", Some("$NONE")),
        ("a$NONE:8$NONE", "a$NONE", Some("8$NONE")),
        ("$ADDR", "$ADDR", Some("$ADDR")),
        (":80", "", Some("80")),
        ("web:", "web", Some("")),
        ("web", "web", None),
        ("/x:$NONE", "/x:$NONE", None),
    ] {
        let address = read(text);
        assert_eq!((text.cut(address.host_text), address.port_text.map(|r| text.cut(r))), (host, port), "{text}");
    }
    let variables = read("<X>${NONE-d}:1").variables;
    assert_eq!((variables[0].name.as_str(), variables[0].range.clone(), &variables[0].value), ("X", 0..7, &Lookup::Unknown));
    assert_eq!((variables[1].name.as_str(), variables[1].range.clone(), variables[1].default), ("NONE", 7..13, true));
    assert!(!read("${NONE}-x:1").variables[0].default && !read("$NONE-x:1").variables[0].default);
}

#[test]
fn only_the_last_comma_is_free() {
    let all = |text: &str| list(text).map(|r| text.cut(r).to_owned()).collect::<Vec<_>>();
    assert_eq!(all("a:1,b:2"), ["a:1", "b:2"]);
    assert_eq!(all("a:1,"), ["a:1"]);
    assert_eq!(all(",a:1,,b:2"), ["", "a:1", "", "b:2"]);
    assert!(all("").is_empty());
}

#[test]
fn hosts_know_what_they_reach() {
    for text in ["127.0.0.1", "127.9.9.9", "127.1", "0x7f.1", "[::1]", "localhost", "LOCALHOST.", "[::ffff:127.0.0.1]"] {
        assert!(read(text).host.is_loopback(), "{text}");
    }
    for text in ["*:80", "0:80", "0.0.0.0:80", "[::]:80", ":80"] {
        assert!(read(text).host.is_any() && !read(text).host.is_loopback(), "{text}");
    }
    for text in ["", "a", "<X>", "128.0.0.1", "256.1", "1.2.3.4.5", "1..2", "/127.0.0.1"] {
        assert!(!read(text).host.is_loopback() && !read(text).host.is_any(), "{text}");
    }
}

#[test]
fn ports_are_refused_by_version() {
    for (text, expected) in [
        (":80a", VersionSet::since(2, 9, 0)),
        (":80-90a", VersionSet::since(2, 9, 0)),
        (":+5a", VersionSet::since(2, 9, 0)),
        (":a80", VersionSet::ALL),
        (":90-80", VersionSet::ALL),
        (":80-", VersionSet::ALL),
        (":70000", VersionSet::ALL),
        (":80", VersionSet::NONE),
    ] {
        assert_eq!(read(text).port.refused_by(), expected, "{text}");
    }
}

#[test]
fn listeners_overlap_where_the_kernel_would_say_so() {
    for (a, b, expected) in [
        (":80", "192.0.2.1:80", Some(true)),
        (":80", "192.0.2.1:81", Some(false)),
        (":80-90", ":85", Some(true)),
        ("192.0.2.1:80", "192.0.2.2:80", Some(false)),
        ("127.1:80", "127.0.0.1:80", Some(true)),
        (":80", "[::1]:80", Some(false)),
        ("[::]:80", "[::1]:80", Some(true)),
        ("[::]:80", "192.0.2.1:80", None),
        ("[::]:80", ":80", None),
        ("<X>:80", ":80", None),
        ("<X>:80", ":81", Some(false)),
        (":<X>", ":80", None),
        ("a.example:80", "A.example:80", Some(true)),
        ("a.example:80", "b.example:80", None),
        ("udp@:53", "tcp@:53", Some(false)),
        ("quic4@:443", ":443", Some(false)),
        ("/a", "unix@/a", Some(true)),
        ("/a", "abns@/a", Some(false)),
        ("/a", ":80", Some(false)),
        ("fd@3", "fd@4", None),
    ] {
        assert_eq!(overlaps(&read(a), &read(b)), expected, "{a} {b}");
        assert_eq!(overlaps(&read(b), &read(a)), expected, "{b} {a}");
    }
}

proptest! {
    #[test]
    fn any_text_is_an_address(text in "(ipv6@|unix@|fd@|quic\\+|\\$IP|\\$\\{NONE\\}|\\$ADDR|\\$|<X>|<|::|0x|[\\[\\]:*,./@+a0-9-]|\\PC){0,16}") {
        let text = text.replace(['<', '>'], "\u{FFFC}");
        let address = read(&text);
        prop_assert!(text.get(address.host_text.clone()).is_some());
        prop_assert!(address.port_text.clone().is_none_or(|range| text.get(range).is_some()));
        prop_assert!(address.variables.iter().all(|v| text.get(v.range.clone()).is_some_and(|t| t.contains(&v.name))));
        prop_assert!(list(&text).all(|range| text.get(range).is_some()));
        overlaps(&address, &address);
        address.port.refused_by();
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]
    #[test]
    fn plain_addresses_are_what_the_grammar_says(text in "[a0-2.:*_-]{1,10}") {
        if let Some(address) = plain(&text) {
            proptest::prop_assert_eq!(address, by_grammar(&text, &|_| Lookup::Unset), "{}", text);
        }
    }
}
