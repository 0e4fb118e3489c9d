//! `host/vrrp-script-untracked`.

use crate::rules::prelude::*;

rule! {
    /// keepalived has a script that asks whether HAProxy works, and no instance looks at what it says.
    ///
    /// ## Why
    ///
    /// A `vrrp_script` is run for the instances that name it in `track_script`, and not at all without one. When HAProxy dies, its host
    /// keeps the address, and nobody answers.
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
    ///         script "/usr/bin/killall -0 haproxy"
    ///     }
    ///     vrrp_instance web {
    ///         virtual_router_id 51
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
    ///   keepalived.conf: |
    ///     vrrp_script check {
    ///         script "/usr/bin/killall -0 haproxy"
    ///     }
    ///     vrrp_instance web {
    ///         virtual_router_id 51
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
    /// keepalived.conf(5), `vrrp_script` and `track_script`.
    "host/vrrp-script-untracked", Warning, Mesh(check)
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for script in &mesh.topology.vrrp_untracked {
        let message = format!("no instance tracks `vrrp_script {}`: it is never run, and decides nothing", script.value);
        let help = format!("write `track_script {{ {} }}` into the `vrrp_instance`, on lines of their own", script.value);
        out.report(Draft::at(script.at, message).label("never run").help(help));
    }
}
