//! A complete small configuration that survives the loss of a node.

use std::net::IpAddr;

use crate::{
    syntax::SectionKind,
    topology::{Mesh, Platform},
};

use super::{Cluster, Config, Line, Made, Refusal, Request, Section, Word, header, marker, peers};

/// A complete configuration for the cluster in `mesh`: one file for all nodes, or one for each.
///
/// # Errors
/// Where the topology does not say enough, with what to add.
pub fn config(mesh: &Mesh<'_>, request: &Request) -> Result<Made, Refusal> {
    let cluster = Cluster::new(mesh, request, false)?;
    let mut made = Made { notes: peers::notes(&cluster, false), folder: request.per_node, mark: marker("config"), ..Made::default() };
    made.notes.push("the servers of `backend app` are an example: write your own".to_owned());
    if request.per_node {
        let files = cluster.members.iter().map(|own| (format!("haproxy-{}.cfg", own.name), whole(&cluster, Some(own)).to_string()).into());
        made.files.extend(files);
    } else {
        made.files.push(("haproxy.cfg".to_owned(), whole(&cluster, None).to_string()).into());
    }
    Ok(made)
}

/// The configuration, with the section as `own` reads it, or as all can.
pub(super) fn whole(cluster: &Cluster<'_>, own: Option<&super::Member>) -> Config {
    let host = cluster.group.platform == Platform::Host;
    header("config")
        .section(global(host))
        .blank()
        .section(Section::new(SectionKind::Defaults).lines([
            "mode http",
            "log global",
            "option httplog",
            "option dontlognull",
            "timeout connect 5s",
            "timeout client 50s",
            "timeout server 50s",
            "timeout http-request 10s",
            "timeout http-keep-alive 10s",
            "timeout queue 30s",
        ]))
        .blank()
        .section(peers::section(cluster, own))
        .blank()
        .section(frontend(cluster, host))
        .blank()
        .section(
            Section::named(SectionKind::Backend, "app")
                .line("balance leastconn")
                .line("option httpchk")
                .line("http-check send meth GET uri /")
                .comment("Each client stays with its server, whichever node it comes through.")
                .line(Line::new("stick-table type ipv6 size 100k expire 30m peers").word(&cluster.section))
                .line("stick on src")
                .comment("Put your own servers here, under the same names and in the same order on every node.")
                .line("server app1 192.0.2.21:8080 check")
                .line("server app2 192.0.2.22:8080 check"),
        )
}

fn global(host: bool) -> Section {
    let section = Section::new(SectionKind::Global);
    if host {
        section.lines([
            "log /dev/log local0",
            "user haproxy",
            "group haproxy",
            "stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners",
        ])
    } else {
        // In a container nothing but /tmp is sure to be writable, and nobody else is there.
        section.lines(["log stdout format raw local0", "stats socket /tmp/haproxy.sock mode 600 level admin expose-fd listeners"])
    }
}

fn frontend(cluster: &Cluster<'_>, host: bool) -> Section {
    let section = Section::named(SectionKind::Frontend, "web");
    let section = if host { binds(cluster, section) } else { section.line("bind :8080") };
    section.line("option forwardfor").line("monitor-uri /healthz").line("default_backend app")
}

/// Where hosts listen. An address that moves can be bound only where it is, or with `ip_nonlocal_bind`.
fn binds(cluster: &Cluster<'_>, mut section: Section) -> Section {
    let mut vips: Vec<IpAddr> = cluster.mesh.topology.vips.iter().map(|v| v.address).collect();
    vips.sort_unstable();
    vips.dedup();
    let allowed = |vip: &&IpAddr| cluster.members.iter().all(|m| m.node.is_some_and(|node| may_bind(cluster.mesh, node, **vip)));
    let (free, other): (Vec<&IpAddr>, Vec<&IpAddr>) = vips.iter().partition(allowed);
    if vips.is_empty() || !other.is_empty() {
        for vip in other {
            let text = format!(
                "`bind {}` would keep HAProxy from starting where keepalived has not put {vip} at the moment,\nunless {} is 1 \
                 there. Without an address it takes whatever arrives.",
                at_port(*vip, 80),
                nonlocal(*vip)
            );
            section = section.comment(text);
        }
        return section.line("bind :80");
    }
    for vip in free {
        section =
            section.comment(format!("keepalived moves {vip}: {} is 1 on every host, so the standby can bind it too.", nonlocal(*vip)));
        section = section.line(Line::new("bind").word(Word::from(at_port(*vip, 80))));
    }
    section
}

fn at_port(ip: IpAddr, port: u16) -> String {
    std::net::SocketAddr::new(ip, port).to_string()
}

/// The sysctl that lets a socket have an address that the host has not.
pub(super) fn nonlocal(ip: IpAddr) -> &'static str {
    if ip.is_ipv6() { "net.ipv6.ip_nonlocal_bind" } else { "net.ipv4.ip_nonlocal_bind" }
}

/// Whether a host can bind an address that it has not, now and after its next start.
fn may_bind(mesh: &Mesh<'_>, node: usize, vip: IpAddr) -> bool {
    let node = &mesh.topology.nodes[node];
    let is_set = |value: &str| value.trim() == "1";
    let now = mesh.topology.groups[node.group].sysctl(nonlocal(vip)).is_some_and(|s| is_set(&s.value));
    let later =
        node.facts.as_ref().is_none_or(|f| !f.persistence_known || f.persistent.get(nonlocal(vip)).is_some_and(|p| is_set(&p.value)));
    now && later
}
