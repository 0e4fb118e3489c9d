//! Ports of a node that something beside HAProxy counts on.

use super::*;

/// A port that is asked, or led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The port, as the container of HAProxy has it.
    pub port: u16,
    /// Where it is said.
    pub at: Location,
    /// By whom.
    pub by: Asker,
}

/// Who counts on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A probe of the kubelet, such as `readinessProbe`.
    Probe(&'static str),
    /// Whoever connects to this port of the machine.
    Published(u16),
}
