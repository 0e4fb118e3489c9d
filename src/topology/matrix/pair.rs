//! One link: whether a node reaches another as its peer, what it would find there, and what is told of that.

use std::net::IpAddr;

use super::{
    super::{
        mesh::{Dialled, Mesh, View},
        model::{Machine, Name, Platform},
        needed::needed,
        policy::{self, Way},
        resolve::{Target, shares_network},
        summary::{Listener, PeerLine, Section},
    },
    Cause, Verdict,
};
use crate::config::{address::Host, is_public};

/// The ports of machines that Kubernetes gives to Services.
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30_000..=32_767;

/// A judgement in the making.
pub(super) type Judged = (Verdict, Cause, String);

fn broken(cause: Cause, reason: String) -> Judged {
    (Verdict::Broken, cause, reason)
}

pub(super) fn unknown(cause: Cause, reason: &str) -> Judged {
    (Verdict::Unknown, cause, reason.to_owned())
}

/// A node and another that it is to connect to, with the sections that they meet in.
pub(super) fn pair<'m, 'a>(mesh: &'m Mesh<'a>, ends: [usize; 2], mine: &'m Section, theirs: &'m Section) -> Pair<'m, 'a> {
    Pair { mesh, ends, from: &mesh.views[ends[0]], to: &mesh.views[ends[1]], mine, theirs }
}

pub(super) struct Pair<'m, 'a> {
    mesh: &'m Mesh<'a>,
    ends: [usize; 2],
    from: &'m View,
    to: &'m View,
    mine: &'m Section,
    theirs: &'m Section,
}

impl Pair<'_, '_> {
    fn name(&self, view: &View) -> &str {
        &self.mesh.node(view).title
    }

    /// What is wrong between the two counts before one that does not start: it stays when that is mended.
    pub(super) fn judge(&self) -> Judged {
        let between = self.names().or_else(|| self.path()).unwrap_or((Verdict::Fine, Cause::None, String::new()));
        match between.0 {
            Verdict::Broken => between,
            Verdict::Unknown => self.starts().unwrap_or(between),
            Verdict::Fine => self.starts().or_else(|| self.may_not_start()).unwrap_or(between),
        }
    }

    /// A node that listens for its peers on an address that may be elsewhere when it starts.
    fn may_not_start(&self) -> Option<Judged> {
        [(self.from, self.mine), (self.to, self.theirs)].into_iter().find_map(|(view, section)| {
            let listener = view.listener(section)?;
            let lacking = needed(self.mesh, view).find(|n| n.listener.at == listener.at && n.vip.is_some() && n.value.is_none())?;
            let (name, text, sysctl) = (self.name(view), &listener.text, lacking.sysctl);
            let why = format!("`{name}` listens on `{text}`, which moves: whether it starts without it, by `{sysctl}`, is not known");
            Some(unknown(Cause::MayNotStart, &why))
        })
    }

    fn starts(&self) -> Option<Judged> {
        let (view, why) = self.ends.iter().find_map(|at| Some((&self.mesh.views[*at], self.mesh.starts.get(*at)?.as_ref()?)))?;
        Some(broken(Cause::DoesNotStart, format!("`{}` does not start: {why}", self.name(view))))
    }

    /// Whether each of the two knows the other by its name.
    fn names(&self) -> Option<Judged> {
        for view in [self.from, self.to] {
            if let Some(misread) = self.mesh.group(view).misread.first() {
                let why = format!("`{}` is not started as it is meant: {}", self.name(view), misread.what.sentence());
                return Some(broken(Cause::DoesNotStart, why));
            }
        }
        let open = |view: &View, section: &Section| self.mesh.summary(view).open || section.peers.iter().any(|p| p.name.is_none());
        for (view, section) in [(self.from, self.mine), (self.to, self.theirs)] {
            if view.own(section).is_none() {
                let name = self.name(view);
                if open(view, section) {
                    return Some(unknown(Cause::NotInOwnList, "the names of the peers depend on variables that are not known"));
                }
                let called = self.mesh.node(view).local_name();
                let is_shaped = matches!(called, Name::Shaped(_));
                let fits = || section.peers.iter().filter_map(|peer| peer.name.as_ref()).any(|peer| called.may_be(peer));
                if view.local.is_none() && (called == &Name::Unknown || is_shaped && fits()) {
                    return Some(unknown(Cause::NotInOwnList, &format!("what `{name}` calls itself is not known")));
                }
                return Some(broken(
                    Cause::NotInOwnList,
                    format!("`{name}` finds no line with its own name in `{}`, and drops the section", section.name),
                ));
            }
        }
        let (Some(me), Some(it)) = (&self.from.local, &self.to.local) else {
            return Some(unknown(Cause::NotListed, "names are filled in while it runs"));
        };
        if me == it {
            return Some(broken(Cause::SameName, format!("both call themselves `{me}`")));
        }
        if self.mine.peer(it).is_none() {
            if self.theirs.peer(me).is_none()
                && self.mine.at != self.theirs.at
                && !open(self.from, self.mine)
                && !open(self.to, self.theirs)
            {
                let (a, b) = (self.name(self.from), self.name(self.to));
                return Some(broken(
                    Cause::NotRelayed,
                    format!("not shared: `{a}` and `{b}` do not list each other, and nobody passes entries on"),
                ));
            }
            return Some(match open(self.from, self.mine) {
                true => unknown(Cause::NotListed, "the names of the peers depend on variables that are not known"),
                false => broken(Cause::NotListed, format!("`{}` does not list `{it}`", self.name(self.from))),
            });
        }
        if self.theirs.peer(me).is_none() {
            return Some(match open(self.to, self.theirs) {
                true => unknown(Cause::UnknownThere, "the names of the peers depend on variables that are not known"),
                false => broken(Cause::UnknownThere, format!("`{}` does not list `{me}`, and turns it away", self.name(self.to))),
            });
        }
        None
    }

    /// Whether packets get there, and something that understands them listens.
    fn path(&self) -> Option<Judged> {
        let line = self.to.local.as_ref().and_then(|local| self.mine.peer(local))?;
        let Some(address) = &line.address else {
            return Some(broken(Cause::NoAddress, format!("the line of `{}` has no address", line.shown)));
        };
        let Some(listener) = self.to.listener(self.theirs) else {
            return Some(broken(Cause::NotListening, format!("`{}` has no address to listen on", self.name(self.to))));
        };
        let Some(port) = address.port() else { return Some(unknown(Cause::AddressUnknown, "the port is not known")) };
        let mut direct = true;
        let mut inner_port = port;
        let target = self.mesh.target(self.from, &address.address.host);
        let dialled = Dialled { peer: line, address, target: target.clone(), from: self.from.node };
        let headless = dialled.headless(self.mesh);
        if let Some(why) = dialled.lacks_name(self.mesh) {
            return Some(broken(Cause::Unresolvable, why));
        }
        match target {
            Target::Unknown => {
                if let Some(judged) = self.unknown_host(address) {
                    return Some(judged);
                }
                // A path through something that is not described may end anywhere: only the listener can be judged.
                return self.loopback(listener).or_else(|| {
                    let shown = &address.text;
                    self.policy(listener).or_else(|| self.tls(line, listener)).or_else(|| match &address.address.host {
                        Host::Ip(_) => {
                            let listens = || self.listens(listener, self.published(port), Some(address));
                            self.foreign(address)
                                .or_else(|| self.of_machine(address, port))
                                .or_else(listens)
                                .or_else(|| self.not_in_inventory(address))
                        }
                        Host::Name(name) if self.is_no_service(name) => {
                            let (name, to) = (name.clone(), self.name(self.to));
                            Some(broken(
                                Cause::Unresolvable,
                                format!("`{shown}` does not resolve: no service is called `{name}`, nor is `{to}`"),
                            ))
                        }
                        _ => Some(unknown(Cause::AddressUnknown, &format!("where `{shown}` leads to is not known"))),
                    })
                });
            }
            Target::Itself if self.shares_loopback() && !self.from.takes(self.mine, &address.address) => {
                return self.listens(listener, port, Some(address)).or_else(|| self.tls(line, listener));
            }
            Target::Itself => {
                let text = &address.text;
                if let Some(key) = self.mesh.group(self.from).alias_key(&address.address.host) {
                    let why = format!("`{text}` is `{}` itself by `{key}`, so it connects to itself", self.name(self.from));
                    return Some(broken(Cause::DialsItself, why));
                }
                let why = format!("`{text}` is the address of `{}` itself, so it connects to itself", self.name(self.from));
                return Some(broken(Cause::DialsItself, why));
            }
            Target::Nothing(why) => return Some(broken(Cause::Unresolvable, format!("`{}` does not resolve: {why}", address.text))),
            Target::Vip(_) => {
                let why = format!("`{}` moves between hosts, so it may be any of them", address.text);
                return Some(broken(Cause::Shared, why));
            }
            Target::Nodes(nodes) => {
                if nodes.contains(&self.to.node) && !shares_network(self.mesh.topology, self.from.node, self.to.node) {
                    let (a, b) = (self.name(self.from), self.name(self.to));
                    return Some(broken(Cause::Unresolvable, format!("`{a}` and `{b}` have no network in common")));
                }
                if !self.mesh.is_beside(self.to.node, &nodes) {
                    let other = nodes.first().map_or("another node", |n| self.mesh.topology.nodes[*n].title.as_str());
                    return Some(broken(Cause::WrongNode, format!("`{}` leads to `{other}`", address.text)));
                }
                if nodes.len() > 1 && self.mesh.answering(&nodes, &address.address, &self.mine.name).len() > 1 {
                    return Some(broken(
                        Cause::Shared,
                        format!("`{}` leads to {} nodes, one of them by chance", address.text, nodes.len()),
                    ));
                }
            }
            Target::Service(service) => match self.service(service, port) {
                Ok(target) => {
                    direct = false;
                    if let Some(judged) = self.family_of_service(service, listener) {
                        return Some(judged);
                    }
                    match target {
                        Some(target) => inner_port = target,
                        None => return self.loopback(listener).or_else(|| self.policy(listener)).or_else(|| self.tls(line, listener)),
                    }
                }
                Err(judged) => return Some(judged),
            },
        }
        if let Some(judged) = headless.and_then(|at| self.family_of_service(at, listener)) {
            return Some(judged);
        }
        let dialled = direct.then_some(address);
        self.listens(listener, inner_port, dialled)
            .or_else(|| self.policy(listener))
            .or_else(|| self.tls(line, listener))
            .or_else(|| self.no_dns(address))
    }

    /// An address that is none of the node's own. Public ones may be translated on their way.
    fn foreign(&self, address: &Listener) -> Option<Judged> {
        let known = self.mesh.node(self.to).addresses.as_ref().filter(|_| self.mesh.group(self.to).platform == Platform::Host)?;
        let ip = address.address.host.ip().filter(|ip| !known.contains(ip))?;
        if is_public(&address.address.host) {
            return Some(unknown(Cause::AddressUnknown, &format!("whether `{ip}` leads there is not known")));
        }
        Some(broken(Cause::WrongNode, format!("`{ip}` is no address of `{}`", self.name(self.to))))
    }

    /// The address of a machine that pods run on, which is not theirs: a `hostPort` leads on to them.
    fn of_machine(&self, address: &Listener, port: u16) -> Option<Judged> {
        let group = self.mesh.group(self.to);
        let ip = address.address.host.ip().filter(|_| group.platform == Platform::Kubernetes && group.host_network.is_none())?;
        let machine = self.mesh.topology.machines.iter().find(|m| !m.labels.is_empty() && m.addresses.contains(&ip))?;
        if group.host_ports.iter().any(|(outside, _)| *outside == port) {
            return None;
        }
        // Services lead on as well, with a port of the machine's or, by programs beside Kubernetes, with their own.
        let selecting = self.mesh.topology.services.iter().filter(|s| s.selects(&group.namespace, &group.labels, None));
        if NODE_PORTS.contains(&port) || selecting.filter(|s| !s.headless).flat_map(|s| &s.ports).any(|p| p.port == port) {
            return Some(unknown(Cause::AddressUnknown, &format!("where port {port} of machine `{ip}` leads to is not known")));
        }
        let (machine, to) = (machine.names.get(1).or(machine.names.first()).map_or("", String::as_str), group.title());
        let why = format!("`{ip}` is the address of machine `{machine}`, and no `hostPort` {port} leads on to the pods of {to}");
        Some(broken(Cause::NoHostPort, why))
    }

    /// An address that an inventory does not know of a host of which nobody has told more.
    fn not_in_inventory(&self, address: &Listener) -> Option<Judged> {
        let node = self.mesh.node(self.to);
        let is_it = |m: &&Machine| m.inventory.is_some() && m.names.iter().any(|name| node.names.contains(name));
        let known = self.mesh.topology.machines.iter().find(is_it).filter(|_| node.addresses.is_none())?.addresses.first()?;
        let (text, to) = (&address.text, self.name(self.to));
        let why = format!("whether `{text}` leads to `{to}` is not known: the inventory has `{known}` for it");
        Some(unknown(Cause::NotInInventory, &why))
    }

    /// Whether a name is that of nothing in the compose file that describes both ends.
    fn is_no_service(&self, name: &str) -> bool {
        let (from, to) = (self.mesh.group(self.from), self.mesh.group(self.to));
        to.platform == Platform::Compose && from.namespace == to.namespace && from.is_no_service(name)
    }

    /// What is known of a host that depends on variables.
    fn unknown_host(&self, address: &Listener) -> Option<Judged> {
        (address.address.host == Host::Unknown).then(|| {
            let names: Vec<String> = address.variables().map(|v| format!("`{v}`")).collect();
            unknown(Cause::AddressUnknown, &format!("the address depends on {}, which is not known", names.join(" and ")))
        })
    }

    /// The port of the pod that a Service leads to; `None` where it is not known.
    fn service(&self, at: usize, port: u16) -> Result<Option<u16>, Judged> {
        let service = &self.mesh.topology.services[at];
        let name = &service.name;
        let nodes = self.mesh.selected(at);
        if nodes.is_empty() && !service.has_endpoints {
            let why = if service.selector.is_none() { "has no selector" } else { "selects no pod of this topology" };
            return match service.selector {
                None => Err(broken(Cause::NoEndpoints, format!("Service `{name}` {why}, so connections are refused"))),
                Some(_) => Err(broken(Cause::NoEndpoints, format!("Service `{name}` {why}"))),
            };
        }
        if !nodes.is_empty() && !nodes.contains(&self.to.node) {
            let other = &self.mesh.topology.nodes[nodes[0]].title;
            return Err(broken(Cause::WrongNode, format!("Service `{name}` leads to `{other}`")));
        }
        if nodes.len() > 1 {
            return Err(broken(Cause::Shared, format!("Service `{name}` leads to {} pods, one of them by chance", nodes.len())));
        }
        let Some(found) = service.ports.iter().find(|p| p.port == port && p.tcp) else {
            return Err(broken(Cause::NoServicePort, format!("Service `{name}` has no port {port}")));
        };
        let named = |name: &String| self.mesh.group(self.to).named_ports.iter().find(|p| p.0 == *name).map(|p| p.1);
        match &found.target_name {
            Some(target) => match named(target) {
                Some(port) => Ok(Some(port)),
                None => {
                    Err(broken(Cause::NoServicePort, format!("Service `{name}` leads to the port `{target}`, which the pod does not have")))
                }
            },
            None => Ok(found.target),
        }
    }

    fn shares_loopback(&self) -> bool {
        self.mesh.shares_loopback((self.from, self.mine), (self.to, self.theirs))
    }

    fn loopback(&self, listener: &Listener) -> Option<Judged> {
        // What is dialled at a Service, or at the name of a pod, arrives at the address of its machine.
        let on_host = |view: &View| self.mesh.group(view).platform != Platform::Kubernetes && self.mesh.group(view).host_network.is_some();
        let shared = on_host(self.from) && on_host(self.to) || self.shares_loopback();
        (listener.address.host.is_loopback() && !shared).then(|| {
            broken(Cause::Loopback, format!("`{}` listens on `{}`, which no other node can reach", self.name(self.to), listener.text))
        })
    }

    /// Whether the node dialled listens where the packets arrive.
    fn listens(&self, listener: &Listener, port: u16, dialled: Option<&Listener>) -> Option<Judged> {
        if let Some(judged) = self.loopback(listener) {
            return Some(judged);
        }
        let (to, group) = (self.name(self.to), self.mesh.group(self.to));
        if let Some(own) = listener.port()
            && own != port
        {
            return Some(broken(Cause::OtherPort, format!("`{to}` listens on port {own}, not on {port}")));
        }
        let wanted = dialled.and_then(|d| d.address.host.ip());
        if let Some(judged) = dialled.and_then(|_| self.family(listener, wanted)) {
            return Some(judged);
        }
        match self.mesh.target(self.to, &listener.address.host) {
            Target::Service(service) => {
                let name = &self.mesh.topology.services[service].name;
                let why = format!("`{to}` is to listen on the address of Service `{name}`, where no packet arrives");
                Some(broken(Cause::NotListening, why))
            }
            // An address of another node, or one of several of its own.
            Target::Nodes(nodes) if !nodes.contains(&self.to.node) => {
                Some(broken(Cause::NotListening, format!("`{to}` is to listen on `{}`, which is not its address", listener.text)))
            }
            _ => match (listener.address.host.ip(), wanted) {
                (Some(own), Some(wanted)) if !own.is_unspecified() && own != wanted && group.platform != Platform::Compose => {
                    Some(broken(Cause::OtherAddress, format!("`{to}` listens on `{own}` alone, not on `{wanted}`")))
                }
                _ => None,
            },
        }
    }

    /// The port inside of a container that a published port of its machine leads to.
    fn published(&self, port: u16) -> u16 {
        let group = self.mesh.group(self.to);
        group.published.iter().chain(&group.host_ports).find(|(host, _)| *host == port).map_or(port, |(_, inner)| *inner)
    }

    /// Whether the node listens on the kind of address that it is dialled at: `:PORT` and `*:PORT` take IPv4 alone, `:::PORT`
    /// takes both, unless `v6only` is said.
    fn family(&self, listener: &Listener, wanted: Option<IpAddr>) -> Option<Judged> {
        let addresses = self.mesh.node(self.to).addresses.as_deref().unwrap_or_default();
        let all = |v6: bool| !addresses.is_empty() && addresses.iter().filter(|ip| !ip.is_loopback()).all(|ip| ip.is_ipv6() == v6);
        let v6 = wanted.map(|ip| ip.is_ipv6()).or(if all(true) { Some(true) } else { all(false).then_some(false) })?;
        self.other_family(listener, v6).map(|why| broken(Cause::OtherAddress, why))
    }

    /// The same for the addresses that a Service is said to have.
    fn family_of_service(&self, service: usize, listener: &Listener) -> Option<Judged> {
        let families = &self.mesh.topology.services[service].families;
        let only = |family: &str| !families.is_empty() && families.iter().all(|f| f == family);
        let v6 = if only("IPv6") { true } else { only("IPv4").then_some(false)? };
        self.other_family(listener, v6).map(|why| broken(Cause::Family, why))
    }

    /// Why a node does not listen where it is dialled by IPv6, or by IPv4.
    fn other_family(&self, listener: &Listener, v6: bool) -> Option<String> {
        let own = listener.address.host.ip();
        let only_v4 = matches!(listener.address.host, Host::Any4) || own.is_some_and(|ip| ip.is_ipv4() && ip.is_unspecified());
        let any_v6 = matches!(listener.address.host, Host::Any6) || own.is_some_and(|ip| ip.is_ipv6() && ip.is_unspecified());
        let (has, lacks) = match v6 {
            true if only_v4 => ("IPv4", "IPv6"),
            false if any_v6 && listener.v6only => ("IPv6", "IPv4"),
            _ => return None,
        };
        let (to, text) = (self.name(self.to), &listener.text);
        Some(format!("`{to}` listens on `{text}`, which is {has} alone, and the connection comes by {lacks}"))
    }

    /// Whether NetworkPolicies let it through.
    fn policy(&self, listener: &Listener) -> Option<Judged> {
        let blocked = policy::between(self.mesh, self.from, self.to, listener)?;
        let (side, view) = if blocked.way == Way::In { ("to", self.to) } else { ("from", self.from) };
        let (name, port) = (&self.mesh.topology.policies[blocked.policy].name, listener.port()?);
        let why = format!("NetworkPolicy `{name}` lets no TCP of port {port} {side} `{}`", self.name(view));
        Some(broken(Cause::Policy(blocked), why))
    }

    /// Whether policies keep the node from asking for the name that it dials.
    fn no_dns(&self, address: &Listener) -> Option<Judged> {
        let Host::Name(host) = &address.address.host else { return None };
        let blocked = policy::names(self.mesh, self.from).filter(|_| !self.mesh.group(self.from).has_alias(host))?;
        let (name, me) = (&self.mesh.topology.policies[blocked.policy].name, self.name(self.from));
        let why = format!("NetworkPolicy `{name}` lets `{me}` ask no DNS, so `{host}` does not resolve");
        Some(broken(Cause::Policy(blocked), why))
    }

    /// What `verify required` makes of a connection that shows no certificate.
    fn certificate(&self, line: &PeerLine) -> Option<Judged> {
        let (from, to) = (self.name(self.from), self.name(self.to));
        (line.tls && self.theirs.demands.certificate && !line.certificate).then(|| {
            let why = format!("`{to}` asks for a certificate there (`verify required`), and `{from}` connects without one");
            broken(Cause::Certificate, why)
        })
    }

    fn proxy(&self, line: &PeerLine) -> Option<Judged> {
        let (from, to) = (self.name(self.from), self.name(self.to));
        // Whether it is sent to those who do not wait for it depends on the version.
        (self.theirs.demands.proxy && !line.proxy).then(|| {
            let why = format!("`{to}` waits for the PROXY protocol there (`accept-proxy`), and `{from}` does not send it");
            broken(Cause::Proxy, why)
        })
    }

    fn tls(&self, line: &PeerLine, listener: &Listener) -> Option<Judged> {
        match (line.tls, listener.tls) {
            (true, false) => {
                Some(broken(Cause::Tls, format!("`{}` does not speak TLS there, but the other side does", self.name(self.to))))
            }
            (false, true) => Some(broken(Cause::Tls, format!("`{}` speaks TLS there, but the other side does not", self.name(self.to)))),
            _ => self.certificate(line).or_else(|| self.proxy(line)),
        }
    }
}
