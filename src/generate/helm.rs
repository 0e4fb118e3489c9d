//! Values for the chart haproxytech/haproxy.
//!
//! The chart knows Deployments and DaemonSets only, whose pods have random names. So each peer is a release of its own with
//! one pod, whose name is given by `-L`, and whose Service is the address of that peer.

use super::{
    Cluster, Made, Member, Refusal, Style, ha,
    manifests::{file_of_section, with_section},
    marker, peers,
    yaml::{Node, map},
};

/// The values of one release for each member.
pub(super) fn values(mut cluster: Cluster<'_>) -> Result<Made, Refusal> {
    let mark = marker("manifests");
    // The Service of a release is called like the release.
    let namespace = crate::topology::rendered(&cluster.group.namespace).0;
    let host = |name: &str| if namespace.is_empty() { name.to_owned() } else { format!("{name}.{namespace}.svc") };
    let members = cluster.members.iter().map(|m| Member { host: host(&m.name), ..m.clone() }).collect();
    (cluster.members, cluster.style) = (members, Style::Services);
    let mut made = Made { notes: peers::notes(&cluster, true), mark: mark.clone(), folder: true, ..Made::default() };
    let file = cluster.configuration(cluster.group).and_then(|configuration| file_of_section(configuration, &cluster));
    for own in &cluster.members {
        let text = match file {
            Some(file) => with_section(&file.bytes, &cluster, Some(own))?,
            None => ha::whole(&cluster, Some(own)).to_string(),
        };
        made.files.push((format!("values-{}.yaml", own.name), format!("{mark}{}", release(&cluster, own, text, file.is_none()))).into());
    }
    let namespace = if namespace.is_empty() { String::new() } else { format!(" -n {namespace}") };
    made.notes.push(format!(
        "the chart has no StatefulSet: install it once for each file, `helm install NAME haproxytech/haproxy{namespace} -f YOURS.yaml -f \
         values-NAME.yaml`"
    ));
    if file.is_none() {
        made.notes.push("the servers of `backend app` are an example: write your own".to_owned());
    }
    Ok(made)
}

fn release(cluster: &Cluster<'_>, own: &Member, config: String, is_example: bool) -> Node {
    let mut ports = map([("peers", cluster.port.into())]);
    if is_example {
        // A key that the chart has is taken away by null.
        let Node::Map(peers) = ports else { return map([]) };
        ports = map([("http", 8080.into()), ("https", Node::null()), ("stat", Node::null())]);
        peers.into_iter().for_each(|(key, value)| ports.set(&key, value));
    }
    map([
        ("fullnameOverride", own.name.as_str().into()),
        ("kind", "Deployment".into()),
        ("replicaCount", 1.into()),
        // Two pods of one name would take each other's place.
        ("strategy", map([("type", "Recreate".into())])),
        ("minReadySeconds", 15.into()),
        ("args", map([("extraArgs", ["-L", own.name.as_str()].into())])),
        ("containerPorts", ports),
        ("config", config.into()),
    ])
}
