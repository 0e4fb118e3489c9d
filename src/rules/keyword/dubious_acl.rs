use crate::catalog::FaultKind;

rule! {
    /// An ACL is read, and can hardly be meant as it stands.
    ///
    /// ## Why
    ///
    /// An ACL without a pattern never matches, and a matching method that is given twice is overwritten.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     acl admin path_beg
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// frontend web
    ///     mode http
    ///     bind :8080
    ///     acl admin path_beg /admin
    /// ```
    ///
    /// ## Source
    ///
    /// The keyword tables of HAProxy 2.4 to 3.5, read from its sources and measured with its binaries (docs/catalog.md).
    "keyword/dubious-acl", Warning, Faults(FaultKind::DubiousAcl), mends: true
}
