use crate::catalog::FaultKind;

rule! {
    /// A sample expression cannot be read.
    ///
    /// ## Why
    ///
    /// Its arguments are missing or of a wrong type, a converter cannot take what comes before it, or a comma or
    /// parenthesis is missing.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-IP "%[src,ipmask]"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request set-header X-IP "%[src,ipmask(24)]"
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-expression", Error, Faults(FaultKind::InvalidExpression), mends: true
}
