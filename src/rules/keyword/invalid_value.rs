use crate::catalog::FaultKind;

rule! {
    /// A value does not fit its place.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request replace-path (/.* /\1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request replace-path (/.*) /x\1
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-value", Error, Faults(FaultKind::InvalidValue), mends: true
}
