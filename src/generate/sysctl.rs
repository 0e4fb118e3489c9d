//! Files for sysctl.d, for the hosts that need one.

use std::collections::BTreeMap;

use crate::topology::{Mesh, Platform, needed::needed};

use super::{Made, Refusal, Request, marker};

/// A drop-in for each host whose HAProxy is to listen on an address that the host may not have, and for no other.
///
/// # Errors
/// Where no host is in the topology.
pub fn sysctl(mesh: &Mesh<'_>, request: &Request) -> Result<Made, Refusal> {
    if !mesh.topology.groups.iter().any(|g| g.platform == Platform::Host) {
        let help = "pods and containers need none: what they bind should be `:PORT`, which every pod has";
        return Err(Refusal::new("there is no host in the topology", help));
    }
    let mut made = Made { folder: true, mark: marker("sysctl"), ..Made::default() };
    let (mut open, mut done) = (Vec::new(), 0);
    for view in &mesh.views {
        let node = mesh.node(view);
        if !request.nodes.is_empty() && !request.nodes.contains(&node.name) {
            continue;
        }
        let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for need in needed(mesh, view).filter(|n| !n.peer_line) {
            let facts = node.facts.as_ref().filter(|f| f.persistence_known);
            let lasting = facts.is_none_or(|f| f.persistent.get(need.sysctl).is_some_and(|p| p.value.trim() == "1"));
            if need.vip.is_none() {
                open.push(format!(
                    "`{}` binds `{}`, which it has not and which nothing is known to move there",
                    node.name, need.listener.text
                ));
            } else if need.value == Some(true) && lasting {
                done += 1;
            } else {
                wanted.entry(need.sysctl).or_default().push(need.listener.text.clone());
            }
        }
        if !wanted.is_empty() {
            made.files.push((format!("{}.conf", node.name), drop_in(&node.name, wanted)).into());
        }
    }
    if made.files.is_empty() {
        let why = if done > 0 { "those that need one have it" } else { "none binds an address that moves" };
        made.notes.push(format!("no host needs a file: {why}"));
    } else {
        let hosts: Vec<&str> = made.files.iter().filter_map(|f| f.name.strip_suffix(".conf")).collect();
        made.notes.push(format!(
            "for {}: put each into /etc/sysctl.d/90-haproxy.conf of its host and run `sysctl --system` before HAProxy starts",
            hosts.join(", ")
        ));
    }
    made.notes.extend(open);
    Ok(made)
}

fn drop_in(host: &str, wanted: BTreeMap<&str, Vec<String>>) -> String {
    let mut text = format!("{}# /etc/sysctl.d/90-haproxy.conf on {host}\n", marker("sysctl"));
    for (sysctl, mut addresses) in wanted {
        addresses.dedup();
        text += &format!("# HAProxy binds {}, which keepalived may have put on another host.\n{sysctl} = 1\n", addresses.join(", "));
    }
    text
}
