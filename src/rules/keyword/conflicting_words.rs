use crate::catalog::FaultKind;

rule! {
    /// Words on one line exclude each other.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// backend app
    ///     mode http
    ///     cookie SRV rewrite insert
    ///     server s1 127.0.0.1:8080 cookie s1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// backend app
    ///     mode http
    ///     cookie SRV insert
    ///     server s1 127.0.0.1:8080 cookie s1
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/conflicting-words", Error, Faults(FaultKind::Conflict), mends: true
}
