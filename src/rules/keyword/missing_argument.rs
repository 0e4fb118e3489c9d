use crate::catalog::FaultKind;

rule! {
    /// A keyword lacks something that must follow it.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :8080
    ///     maxconn
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :8080
    ///     maxconn 1000
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/missing-argument", Error, Faults(FaultKind::MissingArgument), mends: true
}
