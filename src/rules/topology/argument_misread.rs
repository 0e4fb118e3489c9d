//! `topology/argument-misread`.

use std::rc::Rc;

use crate::{
    rules::prelude::*,
    topology::{Misread, Misreading, Platform, edit::New, yaml::Yaml},
};

rule! {
    /// HAProxy is started with an argument that does not arrive as it is meant.
    ///
    /// ## Why
    ///
    /// Each element of `args` and `command` is one argument. HAProxy knows an option by its letter, looks no further into that
    /// argument, and takes the next one as the value: with `"-L $(POD_NAME)"` the name of the node is whatever follows, such as `-f`, and
    /// the file is a word too many.
    ///
    /// `$(POD_NAME)` is replaced by the kubelet where the container has that variable. Where it has not, a shell runs a command of
    /// that name, finds none, and leaves nothing of it: `-L` takes the option behind it as its value.
    ///
    /// systemd runs no shell for `ExecStart`. A word that begins with `$` is a variable to it, which is looked up in the environment of the
    /// unit, `$(hostname)` too; nothing is left of one that is not set, and `HOSTNAME` is not. `%H` is the host name.
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
    ///         args: ["-L $(POD_NAME)", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
    ///         env:
    ///         - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
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
    ///         command: [sh, -c, "exec haproxy -L $(POD_NAME) -W -db -f /usr/local/etc/haproxy/haproxy.cfg"]
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
    ///         args: ["-L", "$(POD_NAME)", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
    ///         env:
    ///         - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
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
    /// ## Source
    ///
    /// Observed with HAProxy 2.6, 2.8 and 3.4, and with systemd 252; Kubernetes: "Define Dependent Environment Variables"; systemd.service(5),
    /// "Command lines".
    "topology/argument-misread", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    for (at, group) in mesh.topology.groups.iter().enumerate() {
        let nodes = || mesh.topology.nodes.iter().filter(|node| node.group == at).map(|node| node.name.clone());
        for misread in &group.misread {
            out.report(draft(mesh, group, misread).nodes(nodes().collect()));
        }
    }
}

fn draft(mesh: &Mesh<'_>, group: &Group, misread: &Misread) -> Draft {
    let draft = Draft::at(misread.at, misread.what.sentence());
    match &misread.what {
        Misreading::Glued { option, value, .. } => draft
            .label("one argument")
            .help(format!("make two arguments of it: `{option}` and `{value}`"))
            .note("HAProxy prints its usage and ends, or goes by a name that is none")
            .offer_if("make two arguments of it", apart(mesh, group, misread.at, option, value)),
        Misreading::Removed(written) => draft
            .label(format!("`{written}` in here"))
            .help("write `-L %H`, which systemd replaces by the host name, or take `-L` out: HAProxy goes by the host name itself")
            .note("`-L` takes what follows as the name of the node, then, and where nothing follows, HAProxy does not start"),
        Misreading::Unset(written) => {
            let help = if group.platform == Platform::Kubernetes {
                format!("add the variable: `env: [{{name: {}, valueFrom: {{fieldRef: {{fieldPath: metadata.name}}}}}}]`", name(written))
            } else {
                format!("set `{}` for this container", name(written))
            };
            draft
                .label(format!("`{written}` in here"))
                .help(help)
                .note("`-L` takes what follows as the name of the node, then")
                .offer_if("make the variable of the pod's name", mesh.with_pod_name(group, name(written)))
        }
    }
}

fn name(written: &str) -> &str {
    written.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

/// Two arguments in the place of one.
fn apart(mesh: &Mesh<'_>, group: &Group, at: Location, option: &str, value: &str) -> Option<Vec<Edit>> {
    let container = mesh.container(group)?;
    let lists = ["args", "command"].into_iter().filter_map(|key| container.at(&[key]));
    let is_it = |item: &Rc<Yaml>| item.span == at.span;
    let list = lists.into_iter().find(|list| list.node.list().iter().any(is_it))?;
    let source = mesh.topology.sources.file(at.file).bytes();
    let line = source[..at.span.start as usize].iter().rposition(|b| *b == b'\n').map_or(0, |feed| feed + 1);
    let before = std::str::from_utf8(&source[line..at.span.start as usize]).ok()?;
    // In block style each argument has a line of its own.
    if before.trim() == "-" && value.chars().all(|c| c.is_ascii_alphanumeric() || "$()_-./".contains(c)) {
        let mut edit = mesh.scalar(at, New::text(option))?;
        edit.text += &format!("\n{before}{value}");
        return Some(vec![edit]);
    }
    let words = list.node.list().iter().flat_map(|item| match item.text() {
        Some(_) if is_it(item) => vec![New::text(option), New::text(value)],
        text => vec![New::text(text.unwrap_or(""))],
    });
    let flow = source.get(list.node.span.start as usize) == Some(&b'[');
    flow.then(|| Some(vec![list.replace(New::List(words.collect()))?])).flatten()
}
