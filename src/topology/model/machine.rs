//! What stands around the nodes: machines and what VRRP runs on them.

use super::*;

/// A host that is known by its name and addresses alone.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Its names.
    pub names: Vec<String>,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// The labels of a Kubernetes Node.
    pub labels: Labels,
    /// Whether pods are kept off it unless they tolerate that.
    pub tainted: bool,
    /// Where an inventory names it.
    pub inventory: Option<Location>,
}

/// A script that keepalived asks whether its host may have the addresses that move.
#[derive(Clone, Debug)]
pub struct VrrpScript {
    /// Its name.
    pub name: String,
    /// What it runs.
    pub command: String,
    /// The place of the command.
    pub at: Location,
}
