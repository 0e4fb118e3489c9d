//! What came of trying a peer by hand, from the machine this runs on. The trying itself is for the command; here is what it means.

use std::{net::SocketAddr, time::Duration};

use crate::source::Location;

use super::dump::Status;

/// What a peer answered to a hello from somebody it cannot know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The status of the peers protocol.
    Status(Status),
    /// It accepted the hello: some peer goes by the name that cannot be.
    Accepted,
    /// It said nothing in time.
    Silence,
    /// It closed the connection.
    Closed,
    /// It speaks something else; the beginning of that.
    Banner(String),
    /// It speaks TLS: what is behind it cannot be seen.
    Tls,
    /// It was to speak TLS, and does not.
    NoTls,
}

/// How far one came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// The name does not resolve.
    NotResolved(String),
    /// There is no way there.
    Unreachable(String),
    /// The connection was refused.
    Refused,
    /// No packet came back in time.
    TimedOut,
    /// The connection stands.
    Connected(Answer),
}

/// One peer, tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The section.
    pub section: String,
    /// The name that the peer was called by.
    pub peer: String,
    /// The address as it is configured.
    pub address: String,
    /// The line that names the address.
    pub at: Option<Location>,
    /// Whether TLS is configured for it.
    pub tls: bool,
    /// Every address that it resolves to.
    pub resolved: Vec<SocketAddr>,
    /// The one that was tried.
    pub tried: Option<SocketAddr>,
    /// The address of this machine that packets leave from.
    pub from: Option<SocketAddr>,
    /// Whether the address is one of this machine's own.
    pub own: bool,
    /// How long the connection took.
    pub took: Option<Duration>,
    /// What came of it.
    pub reached: Reached,
}

impl Probe {
    /// Whether the right HAProxy listens there: it knows the name that it was called by, and not ours, which cannot be.
    pub fn is_good(&self) -> bool {
        match self.reached {
            Reached::Connected(Answer::Status(Status::Unknown)) => true,
            Reached::Connected(Answer::Tls) => self.tls,
            _ => false,
        }
    }

    /// Whether a TCP connection came about.
    pub fn connected(&self) -> bool {
        matches!(self.reached, Reached::Connected(_))
    }

    /// What it means, in one sentence.
    pub fn meaning(&self) -> String {
        let (peer, address) = (&self.peer, self.tried.map_or_else(|| self.address.clone(), |a| a.to_string()));
        match &self.reached {
            Reached::NotResolved(error) => format!("`{}` does not resolve: {error}", self.address),
            Reached::Unreachable(error) => format!("there is no way to {address}: {error}"),
            Reached::Refused => format!("{address} refuses the connection: nobody listens there"),
            Reached::TimedOut => format!("{address} does not answer: packets are dropped on the way"),
            Reached::Connected(Answer::Status(Status::Unknown)) => {
                format!("the process at {address} goes by `{peer}` (504 to a name that it cannot know): the right HAProxy listens there")
            }
            Reached::Connected(Answer::Status(Status::Name)) => {
                format!("the process at {address} is a HAProxy that does not go by `{peer}` (503)")
            }
            Reached::Connected(Answer::Status(Status::Protocol)) => format!("the process at {address} does not understand the hello (501)"),
            Reached::Connected(Answer::Status(Status::Version)) => {
                format!("the process at {address} refuses the version of the protocol (502)")
            }
            Reached::Connected(Answer::Status(status)) => format!("the process at {address} answers {}", status.letters()),
            Reached::Connected(Answer::Accepted) => format!("the process at {address} accepts anybody (200): that is no HAProxy"),
            Reached::Connected(Answer::Silence) => {
                format!("{address} accepts the connection and does not answer the hello: a TLS listener, a hung process or something else")
            }
            Reached::Connected(Answer::Closed) => {
                format!("{address} accepts the connection and closes it: a TLS listener, a balancer without servers, or something else")
            }
            Reached::Connected(Answer::Banner(banner)) => format!("something else listens at {address}: it says {banner:?}"),
            Reached::Connected(Answer::Tls) if !self.tls => {
                format!("{address} speaks TLS, and the connection to it does not: write `ssl` on both sides or on neither")
            }
            Reached::Connected(Answer::Tls) => format!("{address} speaks TLS, as configured; what is behind it was not asked"),
            Reached::Connected(Answer::NoTls) => format!("{address} does not speak TLS, and TLS is configured for it"),
        }
    }
}

/// The name that a probe gives itself: HAProxy refuses `/` in the name of a peer, so nobody can list it.
pub const NAME: &str = "haproxy-lint/probe";

/// The hello of the peers protocol, to a peer that is called `peer`.
pub fn hello(peer: &str, pid: u32) -> Vec<u8> {
    format!("HAProxyS 2.1\n{peer}\n{NAME} {pid} 1\n").into_bytes()
}

/// What the first bytes of an answer say; `None` while there are too few.
pub fn answer(bytes: &[u8], ended: bool) -> Option<Answer> {
    let line = bytes.iter().position(|b| *b == b'\n').map(|end| &bytes[..end]);
    let is_status = |line: &[u8]| line.len() == 3 && line.iter().all(u8::is_ascii_digit);
    match line {
        Some(line) if is_status(line) => Some(match line {
            b"200" => Answer::Accepted,
            b"300" => Answer::Status(Status::Retry),
            b"501" => Answer::Status(Status::Protocol),
            b"502" => Answer::Status(Status::Version),
            b"503" => Answer::Status(Status::Name),
            b"504" => Answer::Status(Status::Unknown),
            _ => Answer::Banner(shown(line)),
        }),
        // An alert or a hello of TLS.
        _ if matches!(bytes, [0x15 | 0x16, 3, ..]) => Some(Answer::Tls),
        Some(line) => Some(Answer::Banner(shown(line))),
        None if bytes.is_empty() => ended.then_some(Answer::Closed),
        None => (ended || bytes.len() > 200).then(|| Answer::Banner(shown(bytes))),
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).take(60).collect()
}
