use crate::catalog::FaultKind;

rule! {
    /// A converter does not exist.
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
    ///     http-request set-header X-Host %[hdr(host),lowercase]
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-Host %[hdr(host),lower]
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/unknown-converter", Error, Faults(FaultKind::UnknownConverter), mends: true
}
