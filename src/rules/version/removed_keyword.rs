use crate::catalog::FaultKind;

rule! {
    /// A keyword was removed from HAProxy.
    ///
    /// ## Why
    ///
    /// HAProxy refuses what it had to drop. Nearly always there is a successor.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     reqadd X-Proto:\ https
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     http-request add-header X-Proto https
    ///     server s1 127.0.0.1:8080
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "version/removed-keyword", Error, Faults(FaultKind::Removed), mends: true
}
