use crate::catalog::FaultKind;

rule! {
    /// A sample fetch does not exist.
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
    ///     http-request set-header X-IP %[srcc]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-IP %[src]
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/unknown-fetch", Error, Faults(FaultKind::UnknownFetch), mends: true
}
