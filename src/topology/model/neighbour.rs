//! Containers that share the network of HAProxy.

use super::*;

/// A container beside HAProxy, in the same pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// The place of its name.
    pub at: Location,
    /// The ports that it declares.
    pub ports: Vec<Said<u16>>,
    /// Where its arguments say that it listens: the address, where it is one alone, and the port.
    pub listens: Vec<Said<(Option<IpAddr>, u16)>>,
    /// Whether it is a second HAProxy, which is started alike and mounts the same.
    pub twin: bool,
}

/// Another container that is to run before this one is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// The service.
    pub service: Said<String>,
    /// Whether it has to be healthy, or at its end, first; else it is enough that it was started.
    pub ready: bool,
}
