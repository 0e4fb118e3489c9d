use crate::catalog::FaultKind;

rule! {
    /// A keyword is newer than the HAProxy that is checked for.
    ///
    /// ## Why
    ///
    /// An older HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// global
    ///     stats-file /var/lib/haproxy/stats
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// global
    ///     stats timeout 30s
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "version/too-new-keyword", Error, Faults(FaultKind::TooNew), mends: true
}
