//! The certificates that a container sees without their private keys, as Secrets of TLS have them: `tls.crt` and `tls.key`.

use std::{collections::HashSet, rc::Rc};

use super::{
    Object, base64,
    gaps::references,
    mounts::{Mounts, keys_of},
};
use crate::topology::{
    model::{Bare, same_namespace},
    yaml::Yaml,
};

/// The type of Secrets that have a certificate in one key and its private key in another.
const TLS: &str = "kubernetes.io/tls";

/// A file of a Secret.
struct File {
    path: String,
    /// Where only a certificate is in it.
    bare: Option<Bare>,
}

impl Mounts<'_> {
    /// The certificates beside which no private key lies as HAProxy looks for it.
    pub(super) fn bare_certificates(&self) -> Vec<Bare> {
        let files: Vec<File> = self.mounts.iter().enumerate().flat_map(|(at, _)| self.of_secrets(at)).collect();
        if files.iter().all(|file| file.bare.is_none()) {
            return Vec::new();
        }
        let paths: HashSet<String> = files.iter().map(|f| f.path.clone()).chain(self.mounted().map(|(path, ..)| path)).collect();
        let has = |path: &str| paths.contains(path) || self.mounts.iter().any(|m| m.path == path);
        let named = |bare: Bare| {
            let stem = bare.path.rsplit_once('.').filter(|(_, end)| !end.contains('/')).map_or(bare.path.as_str(), |(stem, _)| stem);
            Bare { key_by_name: has(&format!("{stem}.key")), ..bare }
        };
        files.into_iter().filter_map(|file| file.bare).filter(|bare| !has(&format!("{}.key", bare.path))).map(named).collect()
    }

    /// The files of Secrets at a mount; none where something else of it is not known.
    fn of_secrets(&self, at: usize) -> Vec<File> {
        let mount = &self.mounts[at];
        let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(mount.volume));
        let Some(volume) = volume.filter(|_| mount.node.get("subPathExpr").is_none()) else { return Vec::new() };
        let mut files = Vec::new();
        for reference in references(volume) {
            let (secret, made) = (reference.kind == "Secret", self.made_by_certificate(reference.name()));
            let object = self.cluster.find(reference.kind, &self.object.namespace, reference.name());
            let keys: Vec<&str> = match (object, made) {
                (Some(object), _) => keys_of(object),
                (None, true) if secret => vec!["tls.crt", "tls.key"],
                (None, _) => Vec::new(),
            };
            let items = reference.node.list_at(&["items"]);
            if keys.is_empty() && items.is_empty() {
                return Vec::new();
            }
            let item = |i: &Rc<Yaml>| Some((i.str_at(&["key"])?.to_owned(), i.str_at(&["path"])?.to_owned()));
            let named: Vec<(String, String)> = match items {
                [] => keys.iter().map(|key| ((*key).to_owned(), (*key).to_owned())).collect(),
                items => items.iter().filter_map(item).collect(),
            };
            for (key, file) in named {
                let path = match mount.sub_path.map(Yaml::text) {
                    None => format!("{}/{file}", mount.path),
                    Some(sub) if sub == Some(file.as_str()) => mount.path.to_owned(),
                    Some(_) => continue,
                };
                let alone = secret && object.map_or(made && key == "tls.crt", |object| is_certificate_alone(object, &key));
                let bare = || Bare {
                    path: path.clone(),
                    secret: reference.name().to_owned(),
                    key,
                    key_by_name: false,
                    at: self.object.at(mount.node.get("mountPath").unwrap_or(mount.node)),
                    volume: volume.get("secret").filter(|_| items.is_empty()).map(|_| mount.volume.to_owned()),
                };
                let bare = alone.then(bare);
                files.push(File { path, bare });
            }
        }
        files
    }

    /// Whether a `Certificate` of cert-manager makes the Secret of that name.
    fn made_by_certificate(&self, name: &str) -> bool {
        let namespaces = self.cluster.certificates.get(name);
        namespaces.is_some_and(|all| all.iter().any(|namespace| same_namespace(namespace, &self.object.namespace)))
    }
}

/// Whether a key of a Secret holds a certificate and no private key: it says so, or it is the certificate of a Secret of TLS.
fn is_certificate_alone(object: &Object, key: &str) -> bool {
    let text = match (object.node.at(&["stringData", key]), object.node.at(&["data", key])) {
        (Some(said), _) => said.text().map(|text| text.as_bytes().to_vec()),
        (None, Some(encoded)) => encoded.text().and_then(base64),
        (None, None) => return false,
    };
    let text = text.unwrap_or_default();
    let has = |what: &str| memchr::memmem::find(&text, what.as_bytes()).is_some();
    let by_type = object.node.str_at(&["type"]) == Some(TLS) && key == "tls.crt";
    !has("PRIVATE KEY") && (by_type || has("BEGIN CERTIFICATE"))
}
