use crate::catalog::FaultKind;

rule! {
    /// An ACL cannot be read.
    ///
    /// ## Why
    ///
    /// Its flags, its matching method or its patterns do not fit what it matches.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     bind :8080
    ///     acl local src -m regexp 10.0.0.30
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     bind :8080
    ///     acl local src 10.0.0.30
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/invalid-acl", Error, Faults(FaultKind::InvalidAcl), mends: true
}
