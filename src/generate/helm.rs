//! Values for the chart haproxytech/haproxy.
//!
//! The chart knows Deployments and DaemonSets only, whose pods have random names. So each peer is a release of its own with
//! one pod, whose name is given by `-L`, and whose Service is the address of that peer.

use super::{
    Cluster, Made, Member, Style, ha, marker, peers,
    yaml::{Node, map},
};

/// The values of one release for each member.
pub(super) fn values(cluster: &Cluster<'_>) -> Made {
    let mark = marker("manifests");
    // The Service of a release is called like the release.
    let namespace = &cluster.group.namespace;
    let host = |name: &str| if namespace.is_empty() { name.to_owned() } else { format!("{name}.{namespace}.svc") };
    let members = cluster.members.iter().map(|m| Member { host: host(&m.name), ..m.clone() }).collect();
    let cluster = Cluster { members, style: Style::Services, section: cluster.section.clone(), kept: cluster.kept.clone(), ..*cluster };
    let mut made = Made { notes: peers::notes(&cluster), mark: mark.clone(), folder: true, ..Made::default() };
    made.files.extend(cluster.members.iter().map(|own| {
        let values = release(&cluster, own);
        (format!("values-{}.yaml", own.name), format!("{mark}{values}")).into()
    }));
    let namespace = if namespace.is_empty() { String::new() } else { format!(" -n {namespace}") };
    made.notes.push(format!(
        "the chart has no StatefulSet: install it once for each file, `helm install NAME haproxytech/haproxy{namespace} -f values-NAME.yaml`"
    ));
    made.notes.push("the servers of `backend app` are an example: write your own".to_owned());
    made
}

fn release(cluster: &Cluster<'_>, own: &Member) -> Node {
    map([
        ("fullnameOverride", own.name.as_str().into()),
        ("kind", "Deployment".into()),
        ("replicaCount", 1.into()),
        // Two pods of one name would take each other's place.
        ("strategy", map([("type", "Recreate".into())])),
        ("minReadySeconds", 15.into()),
        ("args", map([("extraArgs", ["-L", own.name.as_str()].into())])),
        (
            "containerPorts",
            map([
                ("http", 8080.into()),
                ("https", Node::Plain("null".to_owned())),
                ("stat", Node::Plain("null".to_owned())),
                ("peers", cluster.port.into()),
            ]),
        ),
        ("config", ha::whole(cluster, Some(own)).to_string().into()),
    ])
}
