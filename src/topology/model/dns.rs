//! Where the names that a pod asks for are looked up.

use super::*;
use crate::config::{address::Host, is_public};

/// `dnsPolicy` and `dnsConfig` of pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// `dnsPolicy`.
    pub policy: Option<Said<String>>,
    /// `dnsConfig.nameservers`.
    pub servers: Vec<IpAddr>,
    /// Whether `dnsConfig` says in which domains short names are looked for.
    pub searches: bool,
}

impl Group {
    /// Why its pods do not find the names of the cluster, such as `name`; `None` where they do, or where it is not known.
    pub fn lacks_names(&self, name: &str) -> Option<String> {
        if self.platform != Platform::Kubernetes || self.has_alias(name) {
            return None;
        }
        let public = || self.dns.servers.iter().all(|ip| is_public(&Host::Ip(*ip)));
        match self.dns.policy.as_ref().map(|p| p.value.as_str()) {
            None | Some("ClusterFirst") if self.host_network.is_some() => public().then(|| {
                "with `hostNetwork` a pod asks the DNS of its machine, unless `dnsPolicy` is `ClusterFirstWithHostNet`".to_owned()
            }),
            Some("Default") => public().then(|| "with `dnsPolicy: Default` a pod asks the DNS of its machine".to_owned()),
            Some("None") => self.of_own_servers(name, public()),
            _ => None,
        }
    }

    /// With `None` the servers of `dnsConfig` alone are asked, and names are completed by its `searches` alone.
    fn of_own_servers(&self, name: &str, public: bool) -> Option<String> {
        let first = self.dns.servers.first()?;
        if public {
            return Some(format!("with `dnsPolicy: None` a pod asks `{first}` alone, which knows no names of the cluster"));
        }
        let full = name.trim_end_matches('.').split('.').skip_while(|label| *label != "svc").count() > 1;
        (!full && !self.dns.searches).then(|| "without `searches` in `dnsConfig` names are not completed".to_owned())
    }
}
