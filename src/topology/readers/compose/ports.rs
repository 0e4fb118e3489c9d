//! Ports of the machine that containers are reached at.

use std::{collections::HashMap, rc::Rc};

use super::{around::Service, interpolated};
use crate::{
    source::{FileId, Location},
    topology::{
        model::{Asked, Asker, Clash, Said},
        yaml::Yaml,
    },
};

/// A port of the machine, and its protocol.
type Port = (u16, String);

/// The ports that the services of a file publish.
pub(super) struct Ports<'a> {
    /// Swarm refuses the file: what it says is what `docker compose` makes of it.
    of_compose: bool,
    taken: HashMap<Port, Vec<Taken<'a>>>,
}

/// One of them.
struct Taken<'a> {
    service: &'a str,
    at: Location,
    /// The address of the machine; `None` for all.
    address: Option<String>,
}

impl<'a> Ports<'a> {
    pub(super) fn of(services: &[Service<'a>], file: FileId) -> Self {
        let mut taken: HashMap<Port, Vec<Taken<'a>>> = HashMap::new();
        for service in services.iter().filter(|service| !service.may_run_apart()) {
            let ports = service.published(file).into_iter();
            ports.for_each(|(port, at, address)| taken.entry(port).or_default().push(Taken { service: service.name, at, address }));
        }
        Self { of_compose: services.iter().any(|service| service.is_refused_by_swarm()), taken }
    }

    /// What a service publishes that another one publishes as well, or another container of its own.
    pub(super) fn clashes(&self, service: Service<'_>, file: FileId) -> Vec<Clash> {
        if service.may_run_apart() {
            return Vec::new();
        }
        // In Swarm all containers of a service share the port that it publishes.
        let replicas = service.node.at(&["deploy", "replicas"]).filter(|_| self.of_compose);
        let several = replicas.or(service.node.get("scale")).and_then(Yaml::number).is_some_and(|n| n > 1);
        let clash = |(port, at, address): (Port, Location, Option<String>)| {
            let mut others = self.taken.get(&port).into_iter().flatten().filter(|taken| taken.service != service.name);
            let other = others.find(|taken| meet(&address, &taken.address));
            let other = other.map(|taken| Said { value: taken.service.to_owned(), at: taken.at });
            (several || other.is_some()).then_some(Clash { at, port: port.0, other })
        };
        service.published(file).into_iter().filter_map(clash).collect()
    }
}

impl Service<'_> {
    /// Whether it need not run beside the others of its file, or is not all there.
    fn may_run_apart(self) -> bool {
        self.node.get("profiles").is_some() || self.node.get("extends").is_some()
    }

    /// Whether it says what `docker stack deploy` takes for a mistake.
    fn is_refused_by_swarm(self) -> bool {
        let is_map = |key: &str| self.node.get(key).is_some_and(|value| !value.entries().is_empty());
        let builds = self.node.get("build").is_some() && self.node.get("image").is_none();
        ["profiles", "extends", "scale"].iter().any(|key| self.node.get(key).is_some()) || is_map("depends_on") || builds
    }

    /// The ports of the machine that it publishes, where, and of which address.
    fn published(self, file: FileId) -> Vec<(Port, Location, Option<String>)> {
        let on_machine = self.node.get("network_mode").is_none();
        let ports = self.node.list_at(&["ports"]).iter().filter(|_| on_machine);
        ports.filter_map(|node| taken(node).map(|(port, address)| (port, Location { file, span: node.span }, address))).collect()
    }
}

/// The port that an entry takes, and the address of it.
fn taken(node: &Rc<Yaml>) -> Option<(Port, Option<String>)> {
    // One of a single machine in Swarm, which may run each service on another.
    if node.str_at(&["mode"]) == Some("host") {
        return None;
    }
    let text = |key: &str| node.str_at(&[key]).map(str::to_owned);
    if let Some(port) = node.get("published") {
        let port = port.text().and_then(|text| text.parse().ok()).or_else(|| u16::try_from(port.number()?).ok())?;
        return Some(((port, text("protocol").unwrap_or_else(|| "tcp".to_owned())), text("host_ip")));
    }
    let text = interpolated(node.text()?);
    let (ports, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
    let (outer, _) = ports.rsplit_once(':')?;
    let (address, port) = outer.rsplit_once(':').map_or((None, outer), |(address, port)| (Some(address.to_owned()), port));
    Some(((port.parse().ok()?, protocol.to_owned()), address))
}

/// Whether the same port of both cannot be had on one machine.
fn meet(one: &Option<String>, other: &Option<String>) -> bool {
    let all = |address: &Option<String>| address.as_deref().is_none_or(|a| matches!(a, "0.0.0.0" | "::" | "[::]"));
    one == other || all(one) || all(other)
}

/// The port of the container that an entry publishes, where it is one of TCP.
pub(super) fn asked(node: &Rc<Yaml>, file: FileId) -> Option<Asked> {
    let protocol = node.str_at(&["protocol"]).or_else(|| node.text()?.split_once('/').map(|(_, protocol)| protocol));
    let (outside, port) = published(node).filter(|_| protocol.is_none_or(|protocol| protocol == "tcp"))?;
    Some(Asked { port, at: Location { file, span: node.span }, by: Asker::Published(outside) })
}

/// The port of the machine and the port of the container: `8080:80`, `127.0.0.1:8080:80/tcp`, or the long form.
pub(super) fn published(node: &Rc<Yaml>) -> Option<(u16, u16)> {
    if let Some(target) = node.get("target").and_then(Yaml::number) {
        let outer = node.get("published").and_then(Yaml::number)?;
        return Some((u16::try_from(outer).ok()?, u16::try_from(target).ok()?));
    }
    let text = interpolated(node.text()?);
    let mut parts = text.split('/').next()?.rsplit(':');
    let inner = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, inner))
}
