use crate::catalog::FaultKind;

rule! {
    /// A keyword stands in a section that does not take it.
    ///
    /// ## Why
    ///
    /// HAProxy refuses the configuration.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     acl local src 127.0.0.1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :8080
    ///     acl local src 127.0.0.1
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/misplaced-keyword", Error, Faults(FaultKind::Misplaced), mends: true
}
