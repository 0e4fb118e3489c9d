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
    /// The files that HAProxy reads in it if no argument says otherwise.
    pub(super) default_files: &'static [&'static str],
}

/// What an image name tells, where the image runs HAProxy itself: not an ingress controller or an exporter.
pub(super) fn haproxy(name: &str) -> Option<Image> {
    let name = name.split('@').next().unwrap_or(name);
    let (repository, tag) = match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    };
    let last = repository.rsplit('/').next().unwrap_or(repository);
    let other = ["ingress", "exporter", "controller", "sync", "operator", "keepalived", "api"];
    if !last.contains("haproxy") || other.iter().any(|o| last.contains(o)) {
        return None;
    }
    let library = last == "haproxy" && (!repository.contains('/') || repository.ends_with("library/haproxy"));
    let tech = repository.contains("haproxytech/");
    let version: Option<Version> = tag.and_then(|tag| tag.parse().ok());
    Some(Image {
        version,
        official: library || tech,
        // The official image has a user of its own since 2.4; the other one starts as root.
        unprivileged: library && !tag.is_some_and(is_before_2_4),
        default_files: if tech {
            &["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg"]
        } else {
            &["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg", "/config/haproxy.cfg", "/haproxy.cfg"]
        },
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
        let unprivileged = |name: &str| haproxy(name).is_some_and(|i| i.unprivileged);
        assert!(unprivileged("haproxy:2.8-alpine") && unprivileged("haproxy:lts") && !unprivileged("haproxy:2.1"));
        assert!(!unprivileged("haproxy:1") && !unprivileged("haproxy:1-alpine") && unprivileged("haproxy:2"));
    }
}
