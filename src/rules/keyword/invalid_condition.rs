use crate::catalog::FaultKind;

rule! {
    /// An `if` or `unless` condition cannot be read.
    ///
    /// ## Why
    ///
    /// Braces are words of their own, and each opens and closes an ACL without a name.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request deny if { src 10.0.0.1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     http-request deny if { src 10.0.0.1 }
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-condition", Error, Faults(FaultKind::InvalidCondition), mends: true
}
