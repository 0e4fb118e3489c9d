//! An address; the parameter is the form that its place takes.

use crate::address::{self, Address, Family, Host, Port, Transport};

use super::{super::NameKind, as_c_int, prelude::*};

/// An address; the parameter is the form that its place takes.
pub(in crate::catalog) static TYPE: Type = Type::new(Role::Address, judge)
    .with(&[
        "bind",
        "dgram-bind",
        "server",
        "peer",
        "socks4",
        "old-peer",
        "source",
        "server-source",
        "addr",
        "dispatch",
        "nameserver",
        "mailer",
        "proxy",
        "log",
        "check",
    ])
    .alike(Alike::Endpoint);

/// What a place takes.
struct Form {
    name: &'static str,
    /// Several addresses between commas.
    list: bool,
    port: Need,
    range: bool,
    offset: bool,
    stream: bool,
    datagram: bool,
    /// A name that is none is found out while the line is read, and not at the end.
    resolved_at_once: bool,
    /// Names are not looked up: an IP address must stand there.
    numeric: bool,
    /// It may be a file descriptor.
    descriptor: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    May,
}

const FORMS: &[Form] = {
    use Need::{May, Must};
    const fn form(name: &'static str, port: Need) -> Form {
        Form {
            name,
            list: false,
            port,
            range: false,
            offset: false,
            stream: true,
            datagram: true,
            resolved_at_once: true,
            numeric: false,
            descriptor: true,
        }
    }
    &[
        Form { list: true, range: true, datagram: false, ..form("bind", Must) },
        Form { list: true, range: true, stream: false, ..form("dgram-bind", Must) },
        Form { offset: true, resolved_at_once: false, ..form("server", May) },
        form("peer", Must),
        Form { datagram: false, descriptor: false, ..form("socks4", Must) },
        // A peer up to 2.7.
        Form { offset: true, ..form("old-peer", May) },
        Form { datagram: false, descriptor: false, ..form("source", May) },
        Form { datagram: false, descriptor: false, range: true, ..form("server-source", May) },
        Form { datagram: false, descriptor: false, ..form("addr", May) },
        Form { datagram: false, descriptor: false, ..form("dispatch", Must) },
        Form { descriptor: false, ..form("nameserver", Must) },
        Form { datagram: false, ..form("mailer", Must) },
        Form { datagram: false, numeric: true, ..form("proxy", May) },
        form("log", May),
        Form { datagram: false, descriptor: false, ..form("check", May) },
    ]
};

/// The longest path of a socket: 107 bytes less 10 for the name of the one that HAProxy makes first.
const LONGEST_PATH: usize = 97;

fn judge<'r>(m: &mut Matcher<'_, 'r>, piece: Piece<'r>, place: &Place) -> Option<usize> {
    let Some(form) = FORMS.iter().find(|f| f.name == place.parameter) else { return Some(piece.at + 1) };
    let text = m.statement.word(piece.at)?.marked();
    // A word that stands for itself: no file, no socket.
    if let Some(ring) = piece.text.filter(|_| form.name == "log").and_then(|text| text.strip_prefix("ring@")) {
        m.mark(Role::Name(NameKind::Ring), Piece { text: Some(ring), ..piece }, None);
    }
    let backend = text.starts_with("backend@");
    if form.name == "log" && (matches!(text.as_ref(), "stdout" | "stderr") || text.starts_with("ring@") || backend) {
        let old = if backend { m.versions & VersionSet::before(2, 9, 0) } else { VersionSet::NONE };
        if !old.is_empty() {
            let message = format!("`{text}` is no address: logs go to backends in HAProxy 2.9 and later");
            m.fault(Fault::refused(FaultKind::InvalidAddress, piece.location, message, old));
        }
        return (old != m.versions || old.is_empty()).then_some(piece.at + 1);
    }
    let whole = std::iter::once(0..text.len());
    let elements: Vec<_> = if form.list { address::list(&text).collect() } else { whole.collect() };
    for range in elements {
        let environment = m.statement.environment();
        let address = address::parse(text.cut(range.clone()), &|name| environment.get(name));
        let element = Element { piece, start: range.start, text: text.cut(range), known: piece.text.is_some() };
        element.judge(m, &address, form)?;
    }
    Some(piece.at + 1)
}

struct Element<'r, 't> {
    piece: Piece<'r>,
    /// Where it begins in the word.
    start: usize,
    text: &'t str,
    /// Whether nothing in it is unknown, so that its parts have places.
    known: bool,
}

impl<'r> Element<'r, '_> {
    fn judge(&self, m: &mut Matcher<'_, 'r>, address: &Address, form: &Form) -> Option<()> {
        if self.text.is_empty() {
            return m.refuse(FaultKind::InvalidAddress, self.piece.location, "an address is missing between the commas");
        }
        let unknown = m.versions.minus(address.known);
        if !unknown.is_empty() {
            let message = format!("`{}` begins with a prefix that HAProxy {} does not know", self.text, address.known.complement());
            // They look for a host of that name; where no port follows, that is what they complain of at once.
            let fault = if form.port == Need::Must { Fault::refused } else { Fault::silent };
            m.fault(fault(FaultKind::InvalidAddress, self.piece.location, message, unknown));
            if unknown == m.versions {
                return None;
            }
        }
        self.carrier(m, address, form)?;
        self.experimental(m, address, form)?;
        if !address.is_network() {
            return self.socket(m, address, form);
        }
        self.host(m, address, form)?;
        self.port(m, address, form)
    }

    /// Datagrams where connections are wanted, or the other way round.
    fn carrier(&self, m: &mut Matcher<'_, 'r>, address: &Address, form: &Form) -> Option<()> {
        let (refused, what) = match address.transport {
            Transport::Dgram => (!form.datagram, "datagrams"),
            Transport::Stream | Transport::Mptcp | Transport::Quic => (!form.stream, "connections"),
            _ => (false, ""),
        };
        if refused {
            return m.refuse(
                FaultKind::InvalidAddress,
                self.piece.location,
                format!("`{}` is an address for {what}, which this place does not take", self.text),
            );
        }
        if form.name == "peer" && address.transport == Transport::Dgram {
            let message = format!("`{}` is an address for datagrams, and peers take connections", self.text);
            return self.refuse_at_the_end(m, message, VersionSet::since(3, 4, 0));
        }
        Some(())
    }

    /// These versions refuse it once all lines are read.
    fn refuse_at_the_end(&self, m: &mut Matcher<'_, 'r>, message: String, versions: VersionSet) -> Option<()> {
        let versions = m.versions & versions;
        if !versions.is_empty() {
            let fault = Fault::refused(FaultKind::InvalidAddress, self.piece.location, message, versions);
            m.fault(Fault { at_the_end: true, ..fault });
        }
        Some(())
    }

    /// Connections the wrong way round, and QUIC to servers.
    fn experimental(&self, m: &mut Matcher<'_, 'r>, address: &Address, form: &Form) -> Option<()> {
        let versions = match (address.family, address.transport) {
            (Family::RHttp, _) => VersionSet::since(2, 9, 0),
            (_, Transport::Quic) if form.name == "server" => VersionSet::since(3, 3, 0),
            _ => VersionSet::NONE,
        } & m.versions;
        if versions.is_empty() || m.line.exposes_experimental {
            return Some(());
        }
        let message = format!("`{}` is an experimental kind of address", self.text);
        let fault = Fault::refused(FaultKind::Experimental, self.piece.location, message, versions);
        m.fault(fault.help("write `expose-experimental-directives` in `global` before it"));
        (versions != m.versions).then_some(())
    }

    fn socket(&self, m: &mut Matcher<'_, 'r>, address: &Address, form: &Form) -> Option<()> {
        match (&address.host, address.family) {
            (_, Family::Fd) if form.name == "server" => {
                m.refuse(FaultKind::InvalidAddress, self.piece.location, "a server has an address, and this is a file descriptor")
            }
            (_, Family::Fd) if !form.descriptor => {
                m.refuse(FaultKind::InvalidAddress, self.piece.location, "an address must stand here, and this is a file descriptor")
            }
            (Host::Path(path), Family::Unix) if path.len() > LONGEST_PATH => m.refuse(
                FaultKind::InvalidAddress,
                self.place(m, address.host_text.clone()),
                format!("the path `{path}` is longer than {LONGEST_PATH} bytes"),
            ),
            _ if form.name == "mailer" => m.refuse(
                FaultKind::InvalidAddress,
                self.piece.location,
                format!("`{}` is a socket of this machine, and mail goes to an IP address or a name", self.text),
            ),
            (Host::Invalid(text), Family::Fd | Family::SockPair) => {
                m.refuse(FaultKind::InvalidAddress, self.place(m, address.host_text.clone()), format!("`{text}` is no file descriptor"))
            }
            (_, Family::Unix | Family::Abstract) if form.name == "nameserver" && address.transport != Transport::Stream => {
                self.nameserver(m)
            }
            _ => Some(()),
        }
    }

    /// Up to 3.0 HAProxy cannot ask a socket of this machine.
    fn nameserver(&self, m: &mut Matcher<'_, 'r>) -> Option<()> {
        let message = format!("`{}` is a socket of this machine, and a name server has an IP address", self.text);
        self.refuse_at_the_end(m, message, VersionSet::before(3, 1, 0))
    }

    fn host(&self, m: &mut Matcher<'_, 'r>, address: &Address, form: &Form) -> Option<()> {
        if address.host == Host::Missing {
            let message = format!("nothing is left of `{}`: its variables are not set", self.text);
            return m.refuse(FaultKind::InvalidAddress, self.piece.location, message);
        }
        let bad = match &address.host {
            Host::Invalid(text) => Some(text),
            // What ends in a number is no name, and this is no number either.
            Host::Name(name) if form.numeric || address.host.ip().is_none() && ends_in_number(name) => Some(name),
            _ => None,
        };
        if let Host::Name(name) = &address.host
            && form.name == "server"
            && has_empty_label(name)
        {
            let message = format!("`{name}` cannot be resolved: a part of it between dots is empty");
            let fault = Fault::refused(FaultKind::InvalidAddress, self.place(m, address.host_text.clone()), message, m.versions);
            m.fault(fault.help("write the whole name; a variable in it may be unset"));
            return None;
        }
        let Some(bad) = bad else { return Some(()) };
        let mut fault = Fault::refused(
            FaultKind::InvalidAddress,
            self.place(m, address.host_text.clone()),
            if form.numeric { format!("`{bad}` is no IP address") } else { format!("`{bad}` is neither an IP address nor a name") },
            m.versions,
        );
        if !form.resolved_at_once {
            let forgiven = (m.first..m.end).any(|at| matches!(m.str(at), "init-addr" | "resolvers"));
            if forgiven || m.line.forgives_names {
                return Some(());
            }
            fault.at_the_end = true;
            m.fault(fault);
            return Some(());
        }
        m.fault(fault);
        None
    }

    fn port(&self, m: &mut Matcher<'_, 'r>, address: &Address, form: &Form) -> Option<()> {
        let message = match &address.port {
            Port::None if form.port == Need::Must => Some(format!("`{}` has no port", self.text)),
            // 2.6.12 takes it for peers.
            Port::Fixed(0) if form.port == Need::Must && (form.name != "peer" || !m.versions.meets(VersionSet::before(2, 8, 0))) => {
                Some(format!("the port of `{}` is 0, and must be from 1 to 65535", self.text))
            }
            Port::Range(0, _) if form.port == Need::Must => {
                Some(format!("the ports of `{}` begin with 0, and must be from 1 to 65535", self.text))
            }
            Port::Range(..) if !form.range => Some(format!("`{}` has a range of ports, which this place does not take", self.text)),
            Port::Offset(_) if !form.offset && (form.name != "peer" || !m.versions.meets(VersionSet::before(2, 8, 0))) => {
                Some(format!("`{}` has an offset for a port, which only servers take", self.text))
            }
            _ => None,
        };
        let place = address.port_text.clone().unwrap_or(address.host_text.clone());
        if let Some(message) = message {
            let location = self.place(m, place);
            let help =
                if form.port == Need::Must && !form.range { "write `ADDRESS:PORT`" } else { "write `ADDRESS:PORT`, `:PORT` or `*:PORT`" };
            m.fault(Fault::refused(FaultKind::InvalidAddress, location, message, m.versions).help(help));
            return None;
        }
        let Port::Invalid(text) = &address.port else { return Some(()) };
        // Where the digits are left that it begins with, they may not be 0.
        let zero = form.port == Need::Must && form.name != "peer" && as_c_int(leading_number(text).0) == 0;
        let refused = if zero { m.versions } else { address.port.refused_by() & m.versions };
        if !refused.is_empty() {
            let message = format!("`{text}` is no port: a port is a number from 1 to 65535");
            m.fault(Fault::refused(FaultKind::InvalidAddress, self.place(m, place), message, refused));
        }
        let silent = m.versions.minus(refused);
        if !silent.is_empty() && refused == VersionSet::NONE {
            let why = if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                "keeps 32 bits of it"
            } else {
                "reads the digits it begins with and leaves out the rest"
            };
            let message = format!("`{text}` is no port: HAProxy {why}");
            m.fault(Fault::silent(
                FaultKind::InvalidAddress,
                self.place(m, address.port_text.clone().unwrap_or_default()),
                message,
                silent,
            ));
        }
        (refused != m.versions).then_some(())
    }

    /// The place of a part of the address.
    fn place(&self, m: &Matcher<'_, 'r>, range: std::ops::Range<usize>) -> crate::source::Location {
        if !self.known || range.is_empty() {
            return self.piece.location;
        }
        m.part(self.piece, self.start + range.start, self.start + range.end)
    }
}

/// Whether a name begins with a dot, or has two in a row; one at its end is fine.
fn has_empty_label(name: &str) -> bool {
    name.strip_suffix('.').unwrap_or(name).split('.').any(str::is_empty)
}

/// Whether the last part of a name is a number: then no resolver takes it for a name.
fn ends_in_number(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()))
}
