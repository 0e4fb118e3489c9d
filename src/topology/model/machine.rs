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

/// An instance of VRRP: what keepalived is to have together with the keepalived of other hosts.
#[derive(Clone, Debug)]
pub struct VrrpInstance {
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub at: Location,
    /// Where the text begins that it is in: there is one for each host.
    pub text: Location,
    /// `virtual_router_id`.
    pub id: Option<u8>,
    /// `advert_int`, as it is written.
    pub interval: String,
    /// What counts of `auth_pass`, which nothing may show.
    pub password: Option<String>,
    /// Whether it speaks version 3 of VRRP, which has neither passwords nor intervals that must be the same.
    pub version_3: bool,
    /// `virtual_ipaddress`; `None` where an address of it is not known.
    pub addresses: Option<Vec<IpAddr>>,
    /// `unicast_src_ip` and `unicast_peer`.
    pub unicast: (Option<String>, Vec<String>),
}
