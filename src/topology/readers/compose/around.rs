//! What the services of one file are to each other. It is made once for all of them.

use std::{collections::HashMap, rc::Rc, sync::Arc};

use super::{interpolated, is_open, ports::Ports};
use crate::{
    source::FileId,
    topology::{
        model::{Netns, Siblings},
        yaml::Yaml,
    },
};

/// How many services are followed that are each on the network of the next one.
const MAX_GUESTS: usize = 8;

/// A service with the file that it is in.
#[derive(Clone, Copy)]
pub(super) struct Service<'a> {
    pub(super) document: &'a Yaml,
    pub(super) node: &'a Yaml,
    pub(super) name: &'a str,
}

/// All services of a file.
pub(super) struct Around<'a> {
    pub(super) siblings: Arc<Siblings>,
    pub(super) ports: Ports<'a>,
    /// The images and names of the services that are on the network of another container, by what they call that.
    guests: HashMap<&'a str, Vec<String>>,
}

impl<'a> Around<'a> {
    pub(super) fn new(document: &'a Yaml, file: FileId) -> Self {
        let services = document.get("services").map(Yaml::entries).unwrap_or_default();
        let services: Vec<Service<'a>> =
            services.into_iter().filter_map(|(name, node)| Some(Service { document, node, name: name.text()? })).collect();
        let mut siblings = Siblings::default();
        let mut guests: HashMap<&str, Vec<String>> = HashMap::new();
        for service in &services {
            siblings.add(service.name, service.network_names(), service.called());
            if let Some(host) = service.guest_of() {
                guests.entry(host).or_default().push(format!("{} {}", service.node.str_at(&["image"]).unwrap_or(""), service.name));
            }
        }
        Self { siblings: Arc::new(siblings), ports: Ports::of(&services, file), guests }
    }

    /// The services that share its network, and thereby its loopback addresses; another one's network may hold anything.
    pub(super) fn companions(&self, service: Service<'_>) -> Vec<String> {
        let own = [Some(service.name), service.node.str_at(&["container_name"]).filter(|name| *name != service.name)];
        let joined = own.into_iter().flatten().filter_map(|name| self.guests.get(name)).flatten().cloned();
        joined.chain(service.guest_of().map(str::to_owned)).collect()
    }
}

impl<'a> Service<'a> {
    /// The container whose network it is on, as it calls that.
    fn guest_of(self) -> Option<&'a str> {
        let mode = self.node.str_at(&["network_mode"])?;
        mode.strip_prefix("service:").or(mode.strip_prefix("container:"))
    }

    /// The network namespace that its containers are in, through any number of others that are in one of another service.
    pub(super) fn netns(self) -> Netns {
        let mut at = self;
        for _ in 0..MAX_GUESTS {
            let Some(host) = at.guest_of() else {
                return match at.node.str_at(&["network_mode"]) {
                    Some("host") => Netns::Machine,
                    _ if at.name == self.name => Netns::Own,
                    _ => Netns::Of(at.name.to_owned()),
                };
            };
            match at.called_so(host) {
                Some(service) => at = service,
                None => return Netns::Of(host.to_owned()),
            }
        }
        Netns::Own
    }

    /// The service of its file that is called so, or whose container is.
    fn called_so(self, name: &str) -> Option<Self> {
        let services = self.document.get("services")?.entries();
        let is_it = |key: &Yaml, node: &Yaml| key.text() == Some(name) || node.str_at(&["container_name"]) == Some(name);
        let (key, node) = services.into_iter().find(|(key, node)| is_it(key, node))?;
        Some(Self { name: key.text()?, node, ..self })
    }

    /// What it is called beside its name.
    fn called(self) -> Vec<String> {
        let said = ["container_name", "hostname"].into_iter().filter_map(|key| self.node.str_at(&[key]));
        let networks = self.node.get("networks").map(Yaml::entries).unwrap_or_default();
        let aliases = networks.iter().flat_map(|(_, n)| n.list_at(&["aliases"])).filter_map(|alias: &Rc<Yaml>| alias.text());
        said.chain(aliases).map(str::to_owned).collect()
    }

    /// The networks by their real names; none where they are not known.
    pub(super) fn network_names(self) -> Vec<String> {
        match self.node.str_at(&["network_mode"]) {
            // Its loopback is a network that nobody else is on.
            Some("none") => vec![format!("none of {}", self.name)],
            Some(mode) => {
                let other = mode.strip_prefix("service:").filter(|other| *other != self.name);
                let service = other.and_then(|name| Some(Self { name, node: self.document.get("services")?.get(name)?, ..self }));
                // It is on the network of another container, wherever that is.
                let direct = service.filter(|service| service.node.get("network_mode").is_none());
                direct.map_or_else(Vec::new, Self::network_names)
            }
            None => {
                let real = |key: String| {
                    let said = self.document.get("networks").and_then(|all| all.get(&key)?.str_at(&["name"]).map(interpolated));
                    said.filter(|name| !is_open(name)).unwrap_or(key)
                };
                self.networks().into_iter().map(|(key, _)| real(key)).collect()
            }
        }
    }

    /// The networks, with what is said of the service in each.
    pub(super) fn networks(self) -> Vec<(String, Option<&'a Yaml>)> {
        // Another container's network may be any.
        if self.node.get("network_mode").is_some() {
            return Vec::new();
        }
        let Some(node) = self.node.get("networks") else { return vec![("default".to_owned(), None)] };
        let of_map = node.entries().into_iter().filter_map(|(k, v)| Some((k.text()?.to_owned(), Some(v))));
        of_map.chain(node.list().iter().filter_map(|n| Some((n.text()?.to_owned(), None)))).collect()
    }

    /// Whether Docker chooses the addresses of its containers: its networks are plain ones, and none has a range or an address of it.
    pub(super) fn is_numbered_by_docker(self) -> bool {
        let networks = self.networks();
        let is_plain = |key: &str| {
            let said = self.document.get("networks").and_then(|all| all.get(key));
            !self.is_external(key) && said.is_none_or(|network| network.get("ipam").is_none())
        };
        let fixed = |said: &Yaml| ["ipv4_address", "ipv6_address"].iter().any(|key| said.get(key).is_some());
        !networks.is_empty() && networks.iter().all(|(key, said)| is_plain(key) && !said.is_some_and(fixed))
    }

    /// Whether containers of other projects may be on a network.
    pub(super) fn is_external(self, network: &str) -> bool {
        let node = self.document.get("networks").and_then(|n| n.get(network));
        node.is_some_and(|n| {
            n.get("external").is_some() || n.get("name").is_some() || n.get("driver").is_some_and(|d| d.text() != Some("bridge"))
        })
    }
}

/// Whether a file is a stack of Swarm: something in it means nothing to `docker compose`.
pub(super) fn is_of_swarm(document: &Yaml) -> bool {
    let deploys = |service: &Yaml| {
        let says = |key: &&str| service.at(&["deploy", key]).is_some();
        ["mode", "placement", "update_config", "rollback_config", "endpoint_mode"].iter().any(says)
    };
    let entries = |key: &str| document.get(key).map(Yaml::entries).unwrap_or_default();
    let overlay = |network: &Yaml| network.str_at(&["driver"]) == Some("overlay");
    entries("services").iter().any(|(_, service)| deploys(service)) || entries("networks").iter().any(|(_, n)| overlay(n))
}
