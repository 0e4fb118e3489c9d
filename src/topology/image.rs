//! What the name of a container image tells.

use crate::version::Version;

/// An image that runs HAProxy.
#[derive(Clone, Debug, Default)]
pub(super) struct Image {
    /// The version in its tag.
    pub(super) version: Option<Version>,
    /// Whether it is one of the images that are known: their environment and user are.
    pub(super) official: bool,
    /// Whether it does not start as root.
    pub(super) unprivileged: bool,
    /// The one file that it reads if no argument says otherwise, and that it does not bring itself.
    pub(super) only: Option<&'static str>,
    /// The files that HAProxy reads in it if no argument says otherwise.
    pub(super) default_files: &'static [&'static str],
}

/// Where images have their configuration.
const USUAL: &[&str] = &["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg", "/config/haproxy.cfg", "/haproxy.cfg"];

impl Image {
    /// An image that says nothing of itself, which runs HAProxy all the same.
    pub(super) fn of_somebody() -> Self {
        Self { default_files: USUAL, ..Self::default() }
    }
}

/// Whether a file or folder that is mounted there is for HAProxy alone.
pub(super) fn is_configuration_place(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.ends_with("/haproxy.cfg") || matches!(path, "/usr/local/etc/haproxy" | "/etc/haproxy")
}

/// Images named after HAProxy that are something else, by a word in their name, and what they are.
const OTHERS: [(&str, &str); 6] = [
    ("ingress", "an ingress controller writes its configuration itself, so there is none to be read"),
    ("controller", "a controller writes its configuration itself, so there is none to be read"),
    ("exporter", "an exporter only asks HAProxy for its statistics"),
    ("sync", "it changes a HAProxy that runs elsewhere"),
    ("operator", "an operator makes pods with HAProxy and is none itself: give what it made, from `kubectl get -o yaml`"),
    ("api", "it changes a HAProxy that runs elsewhere"),
];

/// The repository and the tag of an image.
fn parts(name: &str) -> (&str, Option<&str>) {
    let name = name.split('@').next().unwrap_or(name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    }
}

/// What is said of a container that mounts a configuration, where nothing says that it runs HAProxy.
pub(super) const UNNAMED: &str = "it mounts a configuration, but neither its image nor its command speaks of HAProxy, or others mount it, too: call the container `haproxy` if it runs it";

/// Whether a container is called like HAProxy itself.
pub(super) fn is_name(name: &str) -> bool {
    name.contains("haproxy") && !OTHERS.iter().any(|(other, _)| name.contains(other))
}

/// Whether the name of an image says that it is something else that has to do with HAProxy.
pub(super) fn is_other(name: &str) -> bool {
    let last = parts(name).0.rsplit('/').next().unwrap_or(name);
    OTHERS.iter().any(|(other, _)| last.contains(other))
}

/// Why an image is not taken for HAProxy, though its name speaks of it or its pods come with it.
pub(super) fn left_out(name: &str) -> Option<&'static str> {
    let (repository, _) = parts(name);
    let last = repository.rsplit('/').next().unwrap_or(repository);
    if haproxy(name).is_some() {
        return None;
    }
    let other = || OTHERS.iter().find(|(word, _)| last.contains(word)).map(|(_, why)| *why);
    match last {
        _ if last.contains("haproxy") => other(),
        _ if last.starts_with("spilo") || last.contains("patroni") => {
            Some("Patroni runs PostgreSQL: the HAProxy before it is another container, with `haproxy` as its image or command")
        }
        _ => None,
    }
}

/// What an image name tells, where the image runs HAProxy itself: not an ingress controller or an exporter.
pub(super) fn haproxy(name: &str) -> Option<Image> {
    let (repository, tag) = parts(name);
    let last = repository.rsplit('/').next().unwrap_or(repository);
    // Operators have one repository for all that they start, such as `percona-xtradb-cluster-operator:1.14.0-haproxy`.
    let by_tag = last.ends_with("-operator") && tag.is_some_and(|tag| tag.split('-').any(|part| part.starts_with("haproxy")));
    if !by_tag && (!last.contains("haproxy") || OTHERS.iter().any(|(other, _)| last.contains(other))) {
        return None;
    }
    let library = last == "haproxy" && (!repository.contains('/') || repository.ends_with("library/haproxy"));
    let tech = repository.contains("haproxytech/");
    // The tag of another image counts its own releases.
    let version: Option<Version> = tag.filter(|_| !by_tag && !last.contains("keepalived")).and_then(|tag| tag.parse().ok());
    Some(Image {
        version,
        official: library || tech,
        only: library.then_some(USUAL[0]),
        // The official image has a user of its own since 2.4; the other one starts as root.
        unprivileged: library && !tag.is_some_and(is_before_2_4),
        default_files: if tech { &["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg"] } else { USUAL },
    })
}

/// Whether a tag is that of a HAProxy that is older than any that is known here.
fn is_before_2_4(tag: &str) -> bool {
    let mut numbers = tag.split(['.', '-']).map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < (2, 4),
        // `1` is the newest of its major version, 1.9; so is `2`.
        (Some(Ok(major)), _) => major < 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images() {
        assert_eq!(haproxy("haproxy:2.8").and_then(|i| i.version), "2.8".parse().ok());
        assert_eq!(haproxy("docker.io/haproxytech/haproxy-alpine:2.4.8").and_then(|i| i.version), "2.4.8".parse().ok());
        assert!(haproxy("registry:5000/lb/haproxy").is_some_and(|i| i.version.is_none() && !i.official));
        assert!(haproxy("haproxytech/kubernetes-ingress:1.10").is_none() && haproxy("quay.io/prometheus/haproxy-exporter").is_none());
        assert!(haproxy("nginx:1").is_none());
        let keepalived = haproxy("lb/haproxy-keepalived:2.8");
        assert!(keepalived.is_some_and(|i| !i.official && i.version.is_none()));
        assert!(haproxy("percona/percona-xtradb-cluster-operator:1.14.0-haproxy").is_some_and(|i| i.version.is_none()));
        assert!(haproxy("percona/percona-xtradb-cluster-operator:1.14.0").is_none());
        assert!(haproxy("percona/haproxy:2.8.5").is_some_and(|i| i.version.is_some()));
        let why = |name: &str| left_out(name).is_some();
        assert!(why("ghcr.io/zalando/spilo-15:3.0-p1") && why("haproxytech/kubernetes-ingress-haproxy") && why("haproxy-exporter:v0.15"));
        assert!(!why("haproxy:2.8") && !why("nginx:1") && !why("osixia/keepalived:2.0"));
        let unprivileged = |name: &str| haproxy(name).is_some_and(|i| i.unprivileged);
        assert!(unprivileged("haproxy:2.8-alpine") && unprivileged("haproxy:lts") && !unprivileged("haproxy:2.1"));
        assert!(!unprivileged("haproxy:1") && !unprivileged("haproxy:1-alpine") && unprivileged("haproxy:2"));
    }
}
