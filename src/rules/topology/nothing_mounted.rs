//! `topology/nothing-mounted`.

use crate::{
    rules::prelude::*,
    topology::{Gap, Likeness, Missing, Near, Platform, edit::New},
};

rule! {
    /// A pod mounts a volume, a ConfigMap or a key that is not there, or HAProxy reads a file that nothing is mounted at.
    ///
    /// ## Why
    ///
    /// The pod does not start, or HAProxy in it ends at once, as it finds no configuration. It happens with the names that
    /// kustomize gives a new hash with every change, with a key that is called otherwise than the file, and with `-f` and
    /// `mountPath` that name two folders. With `subPath` the kubelet makes an empty folder of the name that it does not find.
    ///
    /// The official image reads `/usr/local/etc/haproxy/haproxy.cfg`, and brings no file of that name: what a compose file mounts at `/etc/haproxy`
    /// it does not look at.
    ///
    /// Of a folder that `-f` names HAProxy reads the files called `*.cfg`, in the order of their names, and passes over `10-peers.conf` without a
    /// word.
    ///
    /// A ConfigMap may be made by others, so its absence from the files is an error only where one is there that differs by its
    /// hash alone. Where it would hold the configuration of HAProxy, that is noted: nothing in it was checked.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy-5c4dkk8t2b}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy-7g5t8k2m9f}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-f, /etc/haproxy/haproxy.cfg]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: haproxy}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     args: [-f, /etc/haproxy/conf.d]
    ///     volumeMounts: [{name: config, mountPath: /etc/haproxy/conf.d}]
    ///   volumes: [{name: config, configMap: {name: haproxy}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy}
    /// data:
    ///   10-web.cfg: |
    ///     frontend web
    ///         mode http
    ///         timeout client 30s
    ///         bind :8080
    ///   20-stats.conf: |
    ///     frontend stats
    ///         mode http
    ///         timeout client 30s
    ///         bind :8404
    ///         stats enable
    /// ```
    ///
    /// ```yaml bad
    /// services:
    ///   lb1:
    ///     image: haproxy:2.8
    ///     hostname: lb1
    ///     configs: [{source: lb, target: /etc/haproxy/haproxy.cfg}]
    ///   lb2:
    ///     image: haproxy:2.8
    ///     hostname: lb2
    ///     configs: [{source: lb, target: /etc/haproxy/haproxy.cfg}]
    /// configs:
    ///   lb:
    ///     content: |
    ///       peers cluster
    ///           peer lb1 lb1:1024
    ///           peer lb2 lb2:1024
    ///
    ///       backend sessions
    ///           stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: haproxy}
    /// spec:
    ///   replicas: 2
    ///   serviceName: haproxy
    ///   podManagementPolicy: Parallel
    ///   minReadySeconds: 15
    ///   template:
    ///     metadata: {labels: {app: haproxy}}
    ///     spec:
    ///       containers:
    ///       - name: haproxy
    ///         image: haproxy:2.8
    ///         args: [-f, /usr/local/etc/haproxy/haproxy.cfg]
    ///         volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}]
    ///       volumes: [{name: config, configMap: {name: haproxy-7g5t8k2m9f}}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: haproxy}
    /// spec:
    ///   clusterIP: None
    ///   publishNotReadyAddresses: true
    ///   selector: {app: haproxy}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: haproxy-7g5t8k2m9f}
    /// data:
    ///   haproxy.cfg: |
    ///     peers cluster
    ///         peer haproxy-0 haproxy-0.haproxy:10000
    ///         peer haproxy-1 haproxy-1.haproxy:10000
    ///
    ///     backend sessions
    ///         stick-table type ip size 100k expire 30m peers cluster
    /// ```
    ///
    /// ## Source
    ///
    /// Kubernetes: "Volumes", "ConfigMaps"; kustomize: "Generating resources".
    "topology/nothing-mounted", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (at, group) in mesh.topology.groups.iter().enumerate() {
        let nodes = || mesh.topology.nodes.iter().filter(|node| node.group == at);
        // A configuration may have been given beside the manifests.
        let has = || nodes().any(|node| node.configuration.is_some());
        for gap in group.gaps.iter().filter(|gap| gap.stops || !matches!(gap.missing, Missing::Object { .. }) || !has()) {
            out.report(draft(mesh, group, gap).nodes(nodes().map(|node| node.name.clone()).collect()));
        }
    }
}

fn draft(mesh: &Mesh<'_>, group: &Group, gap: &Gap) -> Draft {
    let draft = Draft::at(gap.at, format!("{} does not start: {}", group.title(), gap.missing.sentence()));
    match &gap.missing {
        Missing::Object { kind, name, near } => object(mesh, group, gap, (*kind, name), near.as_ref()),
        Missing::Variables { kind, name, near } => variables(mesh, group, gap, (*kind, name), near.as_ref()),
        Missing::Unread { file, .. } => {
            let name = file.rsplit_once('.').map_or(file.as_str(), |(name, _)| name);
            Draft::at(gap.at, format!("{} starts without a part of its configuration: {}", group.title(), gap.missing.sentence()))
                .severity(Severity::Warning)
                .label("never read")
                .help(format!("call it `{name}.cfg`, or name it with a `-f` of its own"))
        }
        Missing::Volume(_) => draft.label("under this name").help("write the name of one of the pod's `volumes`, or add it there"),
        Missing::Key { has, sub_path, key, .. } => {
            let keys: Vec<String> = has.iter().take(SHOWN).map(|key| format!("`{key}`")).collect();
            let draft = draft.label("no such key").help(format!("it has {}", keys.join(", ")));
            let draft = if *sub_path { draft.note(format!("the kubelet mounts an empty folder called `{key}` then")) } else { draft };
            let only = has.first().filter(|_| has.len() == 1);
            draft.offer_if("mount the key that is there", only.and_then(|key| Some(vec![mesh.scalar(gap.at, New::text(key))?])))
        }
        Missing::Written { path, there, .. } => draft.label("it is written here").help(match there {
            Some(there) => format!("let it write what HAProxy reads as `{path}`, or let HAProxy read `{there}` with `-f`"),
            None => format!("mount one volume in both containers, and let it write what HAProxy reads as `{path}`"),
        }),
        Missing::Path { path, there: Some(there) } if group.platform == Platform::Compose => composed(mesh, draft, gap, (path, there)),
        Missing::Path { path, there } => path_gap(mesh, draft, gap, path, there.as_deref()),
    }
}

/// How many keys are named.
const SHOWN: usize = 6;

/// A configuration that a compose file mounts elsewhere than HAProxy reads.
fn composed(mesh: &Mesh<'_>, draft: Draft, gap: &Gap, (path, there): (&str, &str)) -> Draft {
    let written = mesh.topology.sources.file(gap.at.file).text(gap.at.span);
    let written = written.trim_matches(['"', '\'']);
    let parts = || written.rsplit_once(there).filter(|(_, options)| options.is_empty() || options.starts_with(':'));
    let text = parts().filter(|_| there.ends_with(".cfg")).map(|(source, options)| format!("{source}{path}{options}"));
    let edit = text.and_then(|text| mesh.scalar(gap.at, New::text(text)));
    draft
        .label("mounted here")
        .help(format!("mount it at `{path}`, or start HAProxy with `command: haproxy -f {there}`"))
        .offer_if("mount it where HAProxy reads", edit.map(|edit| vec![edit]))
}

fn path_gap(mesh: &Mesh<'_>, draft: Draft, gap: &Gap, path: &str, there: Option<&str>) -> Draft {
    let inside = there.is_some_and(|there| there.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')));
    let help = match there {
        Some(_) if inside => "call the key NAME.cfg: of a folder HAProxy reads nothing else".to_owned(),
        Some(there) if path.strip_prefix(there).is_some_and(|rest| rest.starts_with('/')) => {
            format!("the file takes the place of the whole folder: write `mountPath: {path}`, or leave `subPath` out")
        }
        Some(there) => format!("let `-f` and `mountPath` name one place: `{path}` or `{there}`"),
        None => format!("mount the configuration at `{path}`"),
    };
    // The file goes to where HAProxy reads, or HAProxy reads where it is: what is written at the place is the one of both that changes.
    let written = mesh.topology.sources.file(gap.at.file).text(gap.at.span);
    let written = written.trim_matches(['"', '\'']);
    let instead = match there {
        Some(there) if written == path && !inside => Some(there),
        Some(there) if written == there => Some(path),
        _ => None,
    };
    let edit = instead.and_then(|text| mesh.scalar(gap.at, New::text(text))).map(|edit| vec![edit]);
    let draft = draft.label("nothing is there").help(help).offer_if("let both name one place", edit);
    if gap.stops {
        return draft;
    }
    draft.severity(Severity::Warning).confidence(Confidence::Medium).note("unless the image itself brings the file, HAProxy does not start")
}

/// A ConfigMap or Secret with variables that is not in the files; as others make objects, too, that alone is no fault.
fn variables(mesh: &Mesh<'_>, group: &Group, gap: &Gap, (kind, name): (&str, &str), near: Option<&Near>) -> Draft {
    let message = format!("{} takes variables from {kind} `{name}`, which is not in these files", group.title());
    let draft = Draft::at(gap.at, message).label("not here").confidence(Confidence::Medium);
    let Some(near) = near else {
        return draft.severity(Severity::Info).help(format!("give the file with {kind} `{name}` as well: what it sets is not known"));
    };
    draft
        .severity(Severity::Warning)
        .also(near.at, "nobody takes its variables")
        .help(format!("write `{}`, if that is meant", near.name))
        .note(format!("where {kind} `{name}` is not in the cluster either, the pod does not start"))
        .offer_if("take those that are here", mesh.scalar(gap.at, New::text(near.name.as_str())).map(|edit| vec![edit]))
}

/// A ConfigMap or Secret that is not in the files: an error only where another one shows that its name is wrong.
fn object(mesh: &Mesh<'_>, group: &Group, gap: &Gap, (kind, name): (&str, &str), near: Option<&Near>) -> Draft {
    let title = group.title();
    let Some(near) = near else {
        return Draft::at(
            gap.at,
            format!("{title} reads {kind} `{name}`, which is not in these files, so its configuration was not checked"),
        )
        .severity(Severity::Info)
        .label("not here")
        .help(format!("give the file with {kind} `{name}` as well"));
    };
    let (what, help, severity) = match &near.why {
        Likeness::Hash => {
            ("this one is", format!("write `{}`, or render again: kustomize changes the name with the content", near.name), Severity::Error)
        }
        Likeness::Namespace(other) => (
            "this one is in another namespace",
            format!("a pod mounts what is in its own namespace, and not in `{other}`"),
            Severity::Warning,
        ),
        Likeness::Unread => ("no pod mounts this one", format!("write `{}`, if that is meant", near.name), Severity::Warning),
    };
    let draft = Draft::at(gap.at, format!("{title} mounts {kind} `{name}`, which is not here"))
        .severity(severity)
        .label("not here")
        .help(help)
        .also(near.at, what);
    let draft = if severity == Severity::Error { draft } else { draft.confidence(Confidence::Medium) };
    if matches!(near.why, Likeness::Namespace(_)) {
        return draft;
    }
    draft.offer_if("mount the one that is here", mesh.scalar(gap.at, New::text(near.name.as_str())).map(|edit| vec![edit]))
}
