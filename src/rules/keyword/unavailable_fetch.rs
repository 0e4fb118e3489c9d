use crate::catalog::FaultKind;

rule! {
    /// A sample fetch has nothing to fetch in this place.
    ///
    /// ## Why
    ///
    /// A request rule knows nothing of the response yet, and a rule at connection time nothing of the request.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-Status %[status]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-response set-header X-Status %[status]
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/unavailable-fetch", Error, Faults(FaultKind::UnavailableFetch), mends: true
}
