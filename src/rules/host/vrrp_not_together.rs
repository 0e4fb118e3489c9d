//! `host/vrrp-not-together`.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    net::IpAddr,
};

use crate::{rules::prelude::*, topology::VrrpInstance};

rule! {
    /// Two hosts are to share an address by VRRP, and take no notice of each other: both have the address.
    ///
    /// ## Why
    ///
    /// The hosts that share a virtual address know each other by `virtual_router_id`. In version 2 of VRRP, which keepalived speaks unless told
    /// otherwise, they must also have the same `auth_pass`, of which 8 letters count, the same `advert_int`, and the same addresses in
    /// `virtual_ipaddress`; and where they speak to named hosts (`unicast_peer`), to each other. What another host says is thrown away, or
    /// never comes, otherwise, so each takes itself for the only one and becomes master:
    /// clients reach now one HAProxy, now the other, whatever `priority` says.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       hostNetwork: true
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     frontend web
    ///         mode http
    ///         bind :8080
    ///   lb1.conf: |
    ///     vrrp_instance web {
    ///         state MASTER
    ///         interface eth0
    ///         virtual_router_id 51
    ///         priority 110
    ///         authentication {
    ///             auth_type PASS
    ///             auth_pass s3cret
    ///         }
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///     }
    ///   lb2.conf: |
    ///     vrrp_instance web {
    ///         state BACKUP
    ///         interface eth0
    ///         virtual_router_id 52
    ///         priority 100
    ///         authentication {
    ///             auth_type PASS
    ///             auth_pass s3cret
    ///         }
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///     }
    /// ```
    ///
    /// Here the first speaks to an address that the other does not have:
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       hostNetwork: true
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     frontend web
    ///         mode http
    ///         bind :8080
    ///   lb1.conf: |
    ///     vrrp_instance web {
    ///         state MASTER
    ///         interface eth0
    ///         unicast_src_ip 10.0.0.11
    ///         unicast_peer {
    ///             10.0.0.13
    ///         }
    ///         virtual_router_id 51
    ///         priority 110
    ///         authentication {
    ///             auth_type PASS
    ///             auth_pass s3cret
    ///         }
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///     }
    ///   lb2.conf: |
    ///     vrrp_instance web {
    ///         state BACKUP
    ///         interface eth0
    ///         unicast_src_ip 10.0.0.12
    ///         unicast_peer {
    ///             10.0.0.11
    ///         }
    ///         virtual_router_id 51
    ///         priority 100
    ///         authentication {
    ///             auth_type PASS
    ///             auth_pass s3cret
    ///         }
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///     }
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       hostNetwork: true
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     frontend web
    ///         mode http
    ///         bind :8080
    ///   lb1.conf: |
    ///     vrrp_instance web {
    ///         state MASTER
    ///         interface eth0
    ///         virtual_router_id 51
    ///         priority 110
    ///         authentication {
    ///             auth_type PASS
    ///             auth_pass s3cret
    ///         }
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///     }
    ///   lb2.conf: |
    ///     vrrp_instance web {
    ///         state BACKUP
    ///         interface eth0
    ///         virtual_router_id 51
    ///         priority 100
    ///         authentication {
    ///             auth_type PASS
    ///             auth_pass s3cret
    ///         }
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///     }
    /// ```
    ///
    /// ## Source
    ///
    /// keepalived.conf(5); RFC 3768, 7.1.
    "host/vrrp-not-together", Error, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    let instances = &mesh.topology.vrrp_instances;
    let mut sharing: BTreeMap<_, Vec<&VrrpInstance>> = BTreeMap::new();
    for instance in instances {
        instance.addresses.iter().flatten().for_each(|address| sharing.entry(address).or_default().push(instance));
    }
    let mut told: HashSet<(Location, Location)> = HashSet::new();
    for (address, instances) in sharing {
        // Several hosts of each number are several clusters, which use the same address in different networks.
        let mut with: HashMap<Option<u8>, usize> = HashMap::new();
        instances.iter().for_each(|i| *with.entry(i.id).or_default() += 1);
        let Some((first, others)) = instances.split_first() else { continue };
        for other in others.iter().filter(|other| other.text != first.text && !are_strangers(first, other)) {
            let apart = first.id != other.id && with[&first.id] > 1 && with[&other.id] > 1;
            let pair = (first.at, other.at);
            if apart || told.contains(&pair) {
                continue;
            }
            let Some((what, help)) = difference(first, other) else {
                if let Some((speaker, source)) = unheard(first, other) {
                    told.insert(pair);
                    out.report(not_sent(speaker, source, address));
                }
                continue;
            };
            told.insert(pair);
            let message = format!("both hosts have {address} at once: {what}");
            let draft = Draft::at(other.at, message).label("does not listen to the other").also(first.at, "the other");
            out.report(draft.help(help).note("each says `Entering MASTER STATE`, and stays there"));
        }
    }
}

/// Which of two speaks to named hosts and not to the other, which speaks to it: and the address of that.
fn unheard<'i>(one: &'i VrrpInstance, other: &'i VrrpInstance) -> Option<(&'i VrrpInstance, &'i str)> {
    let source = |instance: &'i VrrpInstance| instance.unicast.0.as_deref();
    let (a, b) = (source(one).filter(|_| one.id == other.id)?, source(other)?);
    let names = |instance: &VrrpInstance, source: &str| instance.unicast.1.iter().any(|peer| peer == source);
    match (names(one, b), names(other, a)) {
        (false, true) if !one.unicast.1.is_empty() => Some((one, b)),
        (true, false) if !other.unicast.1.is_empty() => Some((other, a)),
        _ => None,
    }
}

fn not_sent(speaker: &VrrpInstance, source: &str, address: &IpAddr) -> Draft {
    let said = speaker.unicast.1.iter().map(|peer| format!("`{peer}`")).collect::<Vec<_>>().join(", ");
    let message = format!("`unicast_peer` has {said} and not `{source}`: the host there never hears who has {address}");
    Draft::at(speaker.at, message)
        .label("speaks to others alone")
        .help(format!("write `{source}` into `unicast_peer`, where the other host listens"))
        .note("who hears nothing says `Entering MASTER STATE`, and both hosts have the address")
}

/// Whether both speak to named hosts alone, and not to each other: they are of different clusters.
fn are_strangers(one: &VrrpInstance, other: &VrrpInstance) -> bool {
    let speaks_to = |one: &VrrpInstance, other: &VrrpInstance| other.unicast.0.as_ref().is_none_or(|source| one.unicast.1.contains(source));
    let by_name = |one: &VrrpInstance| !one.unicast.1.is_empty();
    by_name(one) && by_name(other) && !speaks_to(one, other) && !speaks_to(other, one)
}

/// Why two instances throw away what the other says.
fn difference(one: &VrrpInstance, other: &VrrpInstance) -> Option<(String, &'static str)> {
    let (a, b) = one.id.zip(other.id)?;
    if a != b {
        let what = format!("`virtual_router_id` is {a} on one and {b} on the other");
        return Some((what, "write the same `virtual_router_id` on both"));
    }
    if one.version_3 || other.version_3 {
        return None;
    }
    if one.password != other.password {
        return Some(("`auth_pass` differs".to_owned(), "write the same `authentication` on both; of `auth_pass` 8 letters count"));
    }
    if one.interval != other.interval {
        let what = format!("`advert_int` is {} on one and {} on the other", one.interval, other.interval);
        return Some((what, "write the same `advert_int` on both"));
    }
    let sorted = |instance: &VrrpInstance| {
        let mut all = instance.addresses.clone();
        all.iter_mut().for_each(|all| all.sort());
        all
    };
    let (a, b) = sorted(one).zip(sorted(other))?;
    (a.len() != b.len()).then(|| ("`virtual_ipaddress` has more addresses on one".to_owned(), "write the same addresses on both"))
}
