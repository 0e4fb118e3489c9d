//! `topology/certificate-without-key`.

use std::collections::BTreeMap;

use crate::{
    rules::prelude::*,
    topology::{Bare, Group, Kind, NamedFile, Place, edit::New},
};

rule! {
    /// The certificate that the configuration names is mounted without its private key as HAProxy looks for it.
    ///
    /// ## Why
    ///
    /// A Secret of the type `kubernetes.io/tls`, which cert-manager and `kubectl create secret tls` make, has the certificate in `tls.crt`
    /// and the private key in `tls.key`. HAProxy takes both from the file that `crt` names, and looks for a key that is not in it in a file of
    /// the same name with `.key` behind it: `tls.crt.key`. It ends with `No Private Key found in '/certs/tls.crt.key'`. Of a folder it
    /// reads every file so, `ca.crt` included, and passes over those that end in `.key`.
    ///
    /// ## Example
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}, {name: certs, mountPath: /certs}]
    ///   volumes: [{name: config, configMap: {name: web}}, {name: certs, secret: {secretName: web-tls}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web}
    /// spec: {secretName: web-tls, dnsNames: [www.example.com], issuerRef: {name: ca}}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web}
    /// data:
    ///   haproxy.cfg: |
    ///     defaults
    ///         mode http
    ///         timeout client 30s
    ///         timeout connect 5s
    ///         timeout server 30s
    ///     frontend web
    ///         bind :8443 ssl crt /certs/
    ///         http-request return status 200
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers:
    ///   - name: haproxy
    ///     image: haproxy:2.8
    ///     volumeMounts: [{name: config, mountPath: /usr/local/etc/haproxy}, {name: certs, mountPath: /certs}]
    ///   volumes:
    ///   - {name: config, configMap: {name: web}}
    ///   - name: certs
    ///     secret:
    ///       secretName: web-tls
    ///       items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.crt.key}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web}
    /// spec: {secretName: web-tls, dnsNames: [www.example.com], issuerRef: {name: ca}}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web}
    /// data:
    ///   haproxy.cfg: |
    ///     defaults
    ///         mode http
    ///         timeout client 30s
    ///         timeout connect 5s
    ///         timeout server 30s
    ///     frontend web
    ///         bind :8443 ssl crt /certs/
    ///         http-request return status 200
    /// ```
    ///
    /// `ssl-load-extra-del-ext` in `global` makes HAProxy look for `tls.key` beside `tls.crt`, where `crt` names the file. From 3.0 on `load
    /// crt tls.crt key tls.key` in a `crt-store` names both. cert-manager makes a file of both, `tls-combined.pem`, where the `Certificate`
    /// has `additionalOutputFormats: [{type: CombinedPEM}]`.
    ///
    /// ## Source
    ///
    /// Kubernetes: "Secrets", "TLS Secrets"; observed with HAProxy 2.6 and 2.8.
    "topology/certificate-without-key", Error, Mesh(check), mends: true
}

fn check(mesh: &Mesh<'_>, out: &mut Sink<'_>) {
    // What pods of one group read alike is told once for all of them.
    let mut readers: BTreeMap<(usize, usize), Vec<&View>> = BTreeMap::new();
    for view in mesh.views.iter().filter(|view| !mesh.group(view).bare.is_empty()) {
        readers.entry((mesh.node(view).group, view.summary)).or_default().push(view);
    }
    for ((group, summary), views) in readers {
        let (group, summary) = (&mesh.topology.groups[group], &mesh.summaries[summary]);
        // Nothing of a Secret is shown.
        let files = &mesh.topology.configurations[summary.configuration].files;
        if summary.open || files.iter().any(|f| matches!(&f.place, Place::Embedded(embedded) if embedded.secret)) {
            continue;
        }
        // A `crt-store` names the key of a certificate itself.
        let is_stored = |bare: &Bare| summary.files.iter().any(|file| !file.certificate && file.path == bare.path);
        let has_key = |bare: &Bare| summary.keys_by_name && bare.key_by_name || is_stored(bare);
        // Those of authorities have no key.
        for named in summary.files.iter().filter(|named| named.certificate && named.keyword == "crt") {
            let Some(bare) = group.bare.iter().find(|bare| !has_key(bare) && reads(named, bare)) else { continue };
            out.report(draft(mesh, group, named, bare).nodes(mesh.node_names(views.iter().copied())));
        }
    }
}

/// Whether HAProxy reads a file as the certificate that is named, or as one of the folder that is.
fn reads(named: &NamedFile, bare: &Bare) -> bool {
    // Of a folder these are what goes with certificates.
    let goes_with = [".key", ".ocsp", ".sctl", ".issuer", ".dh"].iter().any(|end| bare.path.ends_with(end));
    let hidden = |file: &str| file.starts_with('.');
    match bare.path.strip_prefix(&named.path) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('/').is_some_and(|file| !file.contains('/') && !goes_with && !hidden(file)),
        None => false,
    }
}

fn draft(mesh: &Mesh<'_>, group: &Group, named: &NamedFile, bare: &Bare) -> Draft {
    let Bare { path, secret, key, .. } = bare;
    let message = if *path == named.path {
        format!("`{}` names `{path}`, which is `{key}` of Secret `{secret}`: a certificate without its private key", named.keyword)
    } else {
        format!(
            "`{}` names the folder `{}`, in which `{key}` of Secret `{secret}` is a certificate without its private key",
            named.keyword, named.path
        )
    };
    let file = path.rsplit('/').next().unwrap_or(path);
    let items = format!("`items: [{{key: {key}, path: {file}}}, {{key: tls.key, path: {file}.key}}]`");
    let help = match bare.key_by_name && *path == named.path {
        true => {
            format!("mount the key beside it with {items}, or write `ssl-load-extra-del-ext` in `global`: HAProxy then takes `tls.key`")
        }
        false => format!("mount the key beside it with {items}"),
    };
    Draft::at(named.at, message)
        .label(format!("the key is looked for in `{path}.key`"))
        .help(help)
        .note(format!("HAProxy ends with `No Private Key found in '{path}.key'`"))
        .also(bare.at, format!("Secret `{secret}` is mounted here"))
        .offer_if("mount the key as `tls.crt.key`", renamed(mesh, group, bare))
}

/// Lets the volume have the certificate and its key under the names that HAProxy looks for.
fn renamed(mesh: &Mesh<'_>, group: &Group, bare: &Bare) -> Option<Vec<Edit>> {
    let volume = bare.volume.as_deref().filter(|_| bare.key == "tls.crt" && bare.path.ends_with("/tls.crt"))?;
    let path: &[&str] = if group.kind == Kind::Pod { &["spec", "volumes"] } else { &["spec", "template", "spec", "volumes"] };
    let volumes = mesh.object(group.at)?.at(path)?.items();
    let volume = volumes.into_iter().find(|v| v.node.str_at(&["name"]) == Some(volume))?;
    let item = |key: &str, path: &str| New::map([("key", New::text(key)), ("path", New::text(path))]);
    let items = New::List(vec![item("tls.crt", "tls.crt"), item("tls.key", "tls.crt.key")]);
    Some(vec![volume.set(&["secret", "items"], items, "secretName")?])
}
