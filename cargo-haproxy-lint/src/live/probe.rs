//! Tries peers from this machine, as people do by hand: name, route, TCP, and the hello of the peers protocol.
//!
//! The hello gives a name that no peer can have, so the other side answers and forgets: no session is touched.

use std::{
    io::{ErrorKind, Read, Write},
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs, UdpSocket},
    time::{Duration, Instant},
};

use haproxy_lint::{
    runtime::probe::{Answer, Probe, Reached, answer, hello},
    source::Location,
};

use super::socket::within;

/// A peer to try.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) section: String,
    pub(crate) peer: String,
    /// `host:port`; the last colon is that of the port.
    pub(crate) address: String,
    pub(crate) tls: bool,
    pub(crate) at: Option<Location>,
}

/// Tries all of them at once.
pub(crate) fn all(wanted: Vec<Wanted>, timeout: Duration) -> Vec<Probe> {
    let tried: Vec<_> = wanted.into_iter().map(|w| std::thread::spawn(move || one(&w, timeout))).collect();
    tried.into_iter().filter_map(|thread| thread.join().ok()).collect()
}

fn one(wanted: &Wanted, timeout: Duration) -> Probe {
    let end = Instant::now() + timeout;
    let mut probe = Probe {
        section: wanted.section.clone(),
        peer: wanted.peer.clone(),
        address: wanted.address.clone(),
        tls: wanted.tls,
        at: wanted.at,
        resolved: Vec::new(),
        tried: None,
        from: None,
        own: false,
        took: None,
        reached: Reached::NotResolved("it is no HOST:PORT".to_owned()),
    };
    match resolve(&wanted.address, end) {
        Ok(addresses) => probe.resolved = addresses,
        Err(error) => {
            probe.reached = Reached::NotResolved(error);
            return probe;
        }
    }
    // HAProxy takes the first address, and never another.
    let Some(address) = probe.resolved.first().copied() else { return probe };
    probe.tried = Some(address);
    probe.from = source(address);
    probe.own = address.ip().is_loopback() || probe.from.is_some_and(|from| from.ip() == address.ip());
    let begun = Instant::now();
    let left = end.saturating_duration_since(begun).max(Duration::from_millis(1));
    match TcpStream::connect_timeout(&address, left) {
        Ok(stream) => {
            probe.took = Some(begun.elapsed());
            let heard = if wanted.tls { tls(stream, end) } else { greet(stream, &wanted.peer, end) };
            probe.reached = Reached::Connected(heard);
        }
        Err(error) => {
            probe.reached = match error.kind() {
                ErrorKind::ConnectionRefused => Reached::Refused,
                ErrorKind::TimedOut | ErrorKind::WouldBlock => Reached::TimedOut,
                _ => Reached::Unreachable(error.to_string()),
            };
        }
    }
    probe
}

fn resolve(address: &str, end: Instant) -> Result<Vec<SocketAddr>, String> {
    // `ipv4@`, `tcp6@` and the like only say what follows.
    let bare = address.rsplit_once('@').map_or(address, |(_, rest)| rest);
    let (host, port) = bare.rsplit_once(':').ok_or("it is no HOST:PORT")?;
    let port: u16 = port.parse().map_err(|_| "its port is no number".to_owned())?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    within(end, move || Ok((host.as_str(), port).to_socket_addrs()?.collect()))
}

/// The address that packets to `to` leave from: a UDP socket finds the route without sending anything.
fn source(to: SocketAddr) -> Option<SocketAddr> {
    let any: SocketAddr = if to.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { (std::net::Ipv6Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(to).ok()?;
    socket.local_addr().ok()
}

/// Reads until the answer is clear, it ends, or time is over.
fn hear(stream: &mut TcpStream, end: Instant) -> Answer {
    let mut heard = Vec::new();
    let mut part = [0; 512];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
            break;
        }
        let ended = match stream.read(&mut part) {
            Ok(0) => true,
            Ok(count) => {
                heard.extend_from_slice(&part[..count]);
                false
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            Err(_) => true,
        };
        if let Some(answer) = answer(&heard, ended) {
            return answer;
        }
        if ended {
            return Answer::Closed;
        }
    }
    if heard.is_empty() { Answer::Silence } else { answer(&heard, true).unwrap_or(Answer::Silence) }
}

fn greet(mut stream: TcpStream, peer: &str, end: Instant) -> Answer {
    match stream.write_all(&hello(peer, std::process::id())) {
        Ok(()) => hear(&mut stream, end),
        Err(_) => Answer::Closed,
    }
}

/// A TLS 1.2 hello, as short as it may be: whoever speaks TLS answers with a hello or an alert of its own.
fn tls(mut stream: TcpStream, end: Instant) -> Answer {
    let ciphers = [0xc0, 0x2f, 0xc0, 0x30, 0xc0, 0x2b, 0xc0, 0x2c, 0x00, 0x9c, 0x00, 0x2f];
    let extensions = [
        0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x1d, 0x00, 0x17, // groups: x25519, secp256r1
        0x00, 0x0b, 0x00, 0x02, 0x01, 0x00, // points: uncompressed
        0x00, 0x0d, 0x00, 0x08, 0x00, 0x06, 0x04, 0x01, 0x04, 0x03, 0x08, 0x04, // signatures
    ];
    let mut body = vec![3, 3];
    body.extend([0x5a; 32]);
    body.extend([0, 0, ciphers.len() as u8]);
    body.extend(ciphers);
    body.extend([1, 0, 0, extensions.len() as u8]);
    body.extend(extensions);
    let mut record = vec![0x16, 3, 1, 0, body.len() as u8 + 4, 1, 0, 0, body.len() as u8];
    record.extend(body);
    if stream.write_all(&record).is_err() {
        return Answer::Closed;
    }
    match hear(&mut stream, end) {
        Answer::Tls => Answer::Tls,
        Answer::Silence => Answer::Silence,
        Answer::Closed => Answer::Closed,
        _ => Answer::NoTls,
    }
}
