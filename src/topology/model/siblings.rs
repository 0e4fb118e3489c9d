//! The services of a compose file, as far as they know each other by name. All groups of the file share them.

use std::collections::{HashMap, HashSet};

/// The services of a compose file.
#[derive(Clone, Debug, Default)]
pub struct Siblings {
    /// Everything that the file calls a container, in its order.
    pub names: Vec<String>,
    /// The same in lower case.
    lower: HashSet<String>,
    /// Whether some name depends on a variable.
    open: bool,
    /// The networks of each service; none where they are not known.
    networks: HashMap<String, Vec<String>>,
    /// The services that go by a name which need not be their own.
    called: HashMap<String, Vec<String>>,
}

impl Siblings {
    /// Adds a service with its `networks`, and what else it is `called` there.
    pub fn add(&mut self, service: &str, networks: Vec<String>, called: Vec<String>) {
        for name in std::iter::once(service).chain(called.iter().map(String::as_str)) {
            self.lower.insert(name.to_ascii_lowercase());
            self.open |= name.contains(['$', '{']);
            self.names.push(name.to_owned());
        }
        for name in called {
            self.called.entry(name).or_default().push(service.to_owned());
        }
        self.networks.insert(service.to_owned(), networks);
    }

    /// Whether the file has one service alone.
    pub fn is_one(&self) -> bool {
        self.networks.len() == 1
    }

    /// Whether a container may go by this name: services and their numbered containers, which Compose calls PROJECT-SERVICE-NUMBER,
    /// with `_` in earlier versions.
    pub fn may_know(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let numbered = |mark: char| {
            let Some((head, _)) = name.rsplit_once(mark).filter(|(_, number)| number.parse::<u32>().is_ok()) else { return false };
            let behind = head.match_indices(mark).filter_map(|(at, mark)| head.get(at + mark.len()..));
            std::iter::once(head).chain(behind).any(|service| self.lower.contains(service))
        };
        self.open || self.lower.contains(&name) || ['-', '_'].into_iter().any(numbered)
    }

    /// Whether `name` is a service on none of these networks, and nothing that is on one goes by it.
    pub fn is_apart(&self, name: &str, networks: &[String]) -> bool {
        let is_apart = |service: &str| {
            let there = self.networks.get(service).map_or(&[][..], Vec::as_slice);
            !networks.is_empty() && !there.is_empty() && !there.iter().any(|network| networks.contains(network))
        };
        let others = || self.called.get(name).into_iter().flatten().filter(|other| *other != name);
        self.networks.contains_key(name) && is_apart(name) && others().all(|other| is_apart(other))
    }
}
