//! `host/vrrp-script-asks-vip`.

use crate::rules::prelude::*;

rule! {
    /// The script by which keepalived decides asks the address that moves.
    ///
    /// ## Why
    ///
    /// A `vrrp_script` says whether HAProxy works on this host. Asked at the virtual address, the answer on the backup is that of the
    /// master: a backup whose HAProxy is dead takes itself for healthy and becomes master when the other fails. On the other hand,
    /// while nobody has the address both fail, and nobody takes it. Ask HAProxy at `127.0.0.1`, or by its name.
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
    ///   keepalived.conf: |
    ///     vrrp_script check {
    ///         script "/usr/bin/curl -sf http://10.0.0.100:8080/"
    ///     }
    ///     vrrp_instance one {
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///         track_script {
    ///             check
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
    ///   keepalived.conf: |
    ///     vrrp_script check {
    ///         script "/usr/bin/curl -sf http://127.0.0.1:8080/"
    ///     }
    ///     vrrp_instance one {
    ///         virtual_ipaddress {
    ///             10.0.0.100
    ///         }
    ///         track_script {
    ///             check
    ///         }
    ///     }
    /// ```
    ///
    /// ## Source
    ///
    /// keepalived.conf(5), `vrrp_script`.
    "host/vrrp-script-asks-vip", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for script in &mesh.topology.vrrp_scripts {
        let Some(vip) = mesh.topology.vips.iter().find(|vip| asks(&script.command, &vip.address.to_string())) else { continue };
        let message =
            format!("`vrrp_script {}` asks {}, which another host may have: on a backup the master answers", script.name, vip.address);
        let draft = Draft::at(script.at, message)
            .label("asks the address that moves")
            .also(vip.at, "moves between hosts")
            .help("ask `127.0.0.1`, where HAProxy listens on all addresses; or whether the process is there: `killall -0 haproxy`");
        out.report(draft);
    }
}

/// Whether an address stands in a command, and not as a part of another one.
fn asks(command: &str, address: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.';
    command.match_indices(address).any(|(at, _)| {
        let (before, behind) = (command.get(..at).unwrap_or(""), command.get(at + address.len()..).unwrap_or(""));
        !before.ends_with(part) && !behind.starts_with(part)
    })
}
