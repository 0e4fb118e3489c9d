use crate::catalog::FaultKind;

rule! {
    /// A log-format string cannot be read.
    ///
    /// ## Why
    ///
    /// A `%` begins a variable, a flag or an expression; a percent sign itself is written `%%`.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-Load "%zz"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-Load "100%%"
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-log-format", Error, Faults(FaultKind::InvalidLogFormat), mends: true
}
